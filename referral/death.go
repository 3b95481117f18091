package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// DeathForm says who died. Nobody asks of what, and there is no place for it.
type DeathForm struct {
	Version  int        `json:"version" validate:"min=0"`
	Who      string     `json:"who" validate:"required,oneof=infant caregiver"`
	InfantID *uuid.UUID `json:"infant_id"`                                   // with infant
	On       string     `json:"on" validate:"omitempty,datetime=2006-01-02"` // a child's; of a caregiver no day is kept
}

// RecordDeath writes the death of a child, and all is as after a loss; or of the caregiver, and the case closes: nothing leaves
// to her any more, and a person at the hub looks after the children and after her other cases.
// Faults: Conflict when it was recorded before; Invalid for a child that is not of this case; NotFound for a family that the
// agency does not have; Unavailable when a send to her did not end in time.
func (s *Service) RecordDeath(ctx context.Context, actor auth.Actor, id uuid.UUID, in DeathForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseFamily, id, ActDeath, in, func(m *moving) error {
		if err := m.hasFamily(); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		m.detail["who"] = in.Who
		if in.Who == "infant" {
			return m.infantDied(f, in)
		}
		return m.caregiverDied()
	})
}

func (in DeathForm) seen() int { return in.Version }

func (in DeathForm) meaning() []fault.Field {
	switch {
	case in.Who == "infant" && in.InfantID == nil:
		return []fault.Field{{Pointer: "/infant_id", Code: "required", Detail: "Say which child."}}
	case in.Who == "caregiver" && in.InfantID != nil:
		return []fault.Field{{Pointer: "/infant_id", Code: "contradiction", Detail: "A child is named, and the caregiver said to have died."}}
	case in.Who == "caregiver" && in.On != "":
		return []fault.Field{{Pointer: "/on", Code: "not_kept", Detail: "The day of a caregiver's death is not kept here. Leave it out."}}
	}
	return nil
}

func (m *moving) infantDied(f *family, in DeathForm) error {
	named := func(child Infant) bool { return child.ID == *in.InfantID }
	i := slices.IndexFunc(f.infants, named)
	switch {
	case i < 0 && slices.ContainsFunc(f.died, named):
		return fault.New(fault.Conflict, "The death of this child is recorded already.")
	case i < 0:
		return fault.Problems([]fault.Field{{Pointer: "/infant_id", Code: "unknown", Detail: "This is not a child of this case."}})
	}
	child := f.infants[i]
	c, err := m.familyDates()
	if err != nil {
		return err
	}
	on := c.past("/on", in.On)
	if on != nil && child.BornOn != nil && on.Before(*child.BornOn) {
		c.refuse("/on", "before_birth", "This is before the birth. One of the two dates is wrong.")
	}
	if err := fault.Problems(c.problems); err != nil {
		return err
	}
	m.store.infantDied(child.ID, on)
	f.infants, f.died = slices.Delete(f.infants, i, i+1), append(f.died, child)
	return m.bereave(f, "death")
}

// caregiverDied closes this case. What follows from it follows however her death was written: see end.
func (m *moving) caregiverDied() error {
	return m.end(m.c.CaregiverID, ClientDied, ClientDied, new(false))
}

// afterHerDeath: her other cases stand under other locks, so that each is a task; any agency that has one learns it from the hub. A
// person looks after the children.
func (m *moving) afterHerDeath() error {
	f, err := m.family()
	if err != nil {
		return err
	}
	cases, err := m.store.casesOfHer(m.c.CaregiverID)
	if err != nil {
		return err
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.ID == m.c.ID || !c.open() {
			continue
		}
		err := m.askAbout(c.ID, hub.ID, auth.TriageSupervisor, taskDeath, true)
		if err == nil {
			err = m.jobs.CloseTasks(nil, c.ID, jobs.TaskNotNeeded, taskSafety)
		}
		if err != nil {
			return err
		}
	}
	if len(f.infants) == 0 {
		return nil
	}
	return m.ask(hub.ID, auth.TriageSupervisor, taskInfants, m.c.ID, true)
}
