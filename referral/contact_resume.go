package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// ResumeForm is her own later act, or her fresh yes to a named person. Nobody else's word lifts it.
type ResumeForm struct {
	Said    string    `json:"said" validate:"required,oneof=she_called she_came she_wrote fresh_yes entered_in_error"`
	How     string    `json:"how" validate:"required,oneof=in_person phone text email letter"`
	HeardBy uuid.UUID `json:"heard_by" validate:"required"` // one of the actor's own people
}

// ResumeContact lifts do-not-contact in full: contact is allowed again, and a case that waited for her word goes where the rules say.
// What she had before, her place in line and the agency that has her, she has still.
// Faults: Conflict when nothing is to be lifted, and for a case that stands on another; Invalid for a person that does not work here; Forbidden for a wrong entry that no
// supervisor takes back; NotFound for a family that the agency does not have.
func (s *Service) ResumeContact(ctx context.Context, actor auth.Actor, id uuid.UUID, in ResumeForm) (Receipt, error) {
	return s.wishMove(ctx, actor, id, ActResumeContact, in, func(m *moving, f *family) error {
		if m.c.StandsOn != nil && in.Said != byError { // a wrong entry is taken back where it stands
			return errGoesOn()
		}
		if !f.client.DoNotContact {
			return fault.New(fault.Conflict, "It is not written that she asked not to be contacted.")
		}
		if in.Said == byError && !auth.May(actor.Role, auth.CaseCorrect) {
			return fault.New(fault.Forbidden, "Only a supervisor of the hub takes back a wrong entry of this kind.")
		}
		if in.Said == byError && !f.stoppedHere {
			return fault.New(fault.Conflict, "It is written on another of her records. Take it back on that record's case.")
		}
		if err := m.ownPerson(in.HeardBy); err != nil {
			return err
		}
		m.store.allowContact(m.c.CaregiverID)
		f.client.DoNotContact = false
		if err := m.wish("resume", in.Said, in.How, in.HeardBy); err != nil {
			return err
		}
		if in.Said != byError {
			if err := m.contactAgain(f, in.How); err != nil {
				return err
			}
			return m.goesOn(f)
		}
		return m.goesOnWithoutError(f)
	})
}

// goesOnWithoutError: the wrong entry is gone. What she said on another of her records stands, and the case waits for her word as before.
func (m *moving) goesOnWithoutError(f *family) (err error) {
	if err := m.tx.Flush(); err != nil {
		return err
	}
	if f.client.DoNotContact, err = m.store.neverToBeContacted(m.c.CaregiverID); err != nil || f.client.DoNotContact {
		return err
	}
	return m.goesOn(f)
}

// ownPerson: she spoke to somebody with a name.
func (m *moving) ownPerson(id uuid.UUID) error {
	if id == m.tx.Actor.ID {
		return nil
	}
	member, err := m.store.member(id, m.tx.Actor.OrgID)
	if err == nil && !member {
		err = fault.Problems([]fault.Field{{Pointer: "/heard_by", Code: "unknown", Detail: "Name one of your own people, who heard it from her."}})
	}
	return err
}

// contactAgain writes her yes at gate 2, so that an older no does not outlive it.
func (m *moving) contactAgain(f *family, how string) error {
	taken := map[string]string{"in_person": "in_person", "phone": "phone", "text": "phone"}[how]
	if taken == "" {
		taken = "link" // in writing, from afar
	}
	c := Consent{Gate: GateContact, Answer: yes, Basis: herAnswer, How: taken}
	m.stampConsent(&c)
	f.consents = append(f.consents, c)
	return m.tx.Insert(&c)
}

// goesOn lets the case go on from where her word stopped it.
func (m *moving) goesOn(f *family) error {
	if err := m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskNotNeeded, taskStopped, taskStopHeard); err != nil {
		return err
	}
	switch {
	case m.c.Status == Closed:
		return nil
	case !m.c.Status.served():
		return m.retriage("contact_resumed")
	}
	agency, subject, err := m.whoHasHer()
	if err != nil {
		return err
	}
	if err := m.jobs.CloseTasks(&m.id, subject, jobs.TaskNotNeeded, taskStopped); err != nil {
		return err
	}
	if m.c.NextStep != stepHerWord {
		return nil
	}
	cal, err := m.calendar(agency)
	if err != nil {
		return err
	}
	return m.next(stepAgencyCalls, jobs.NextAttemptDue, subject, agency, nextTry(cal, m.tx.Now))
}
