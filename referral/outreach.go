package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// AttemptForm is one try to reach her, by the hub or by the agency that claimed her.
type AttemptForm struct {
	Channel         string     `json:"channel" validate:"required,oneof=call text voicemail email letter visit in_person"`
	Outcome         string     `json:"outcome" validate:"required,oneof=reached no_answer left_message wrong_number not_in_service not_home unsafe_to_continue could_not"`
	ContactMethodID *uuid.UUID `json:"contact_method_id"`
	AddressID       *uuid.UUID `json:"address_id"` // of a letter or visit; empty: the first that is safe for it
	Announced       bool       `json:"announced"`  // of a visit: she was told before
	MadeAt          *time.Time `json:"made_at"`    // when it was made, if it is written down later; empty: now
	NextAt          *time.Time `json:"next_at"`    // when to try again; empty: as the protocol proposes
	Remarks         string     `json:"remarks" validate:"max=2000"`
}

// RecordOutreach notes a try of the hub. When she was reached she chooses next; else the next try is promised.
// Faults: Conflict when contact is not allowed or the route is not safe.
func (s *Service) RecordOutreach(ctx context.Context, actor auth.Actor, id uuid.UUID, in AttemptForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseReach, id, ActOutreach, in, func(m *moving) error {
		f, err := m.family()
		if err != nil {
			return err
		}
		a, err := m.attempt(f, in, m.c.ReceivedAt)
		if err != nil {
			return err
		}
		if m.c.Status != Outreach || in.Outcome == "could_not" {
			return nil // in review its own clock runs on; a try that was not made keeps no promise
		}
		hub, err := m.hub()
		if err != nil {
			return err
		}
		if err := m.kept(); err != nil {
			return err
		}
		if in.Outcome == "reached" {
			cal, err := m.calendar(hub.ID)
			if err != nil {
				return err
			}
			return m.next(stepSheChooses, jobs.OutreachDue, m.c.ID, hub.ID, cal.AddBusinessDays(m.tx.Now, 1))
		}
		return m.next(stepHubReaches, jobs.OutreachDue, m.c.ID, hub.ID, *a.NextAt)
	})
}

// writtenUp is how long after a try it may still be written down. Source: local policy.
const writtenUp = 48 * time.Hour

// made is the moment of a try. since is when whoever made it could first have done so.
func (in AttemptForm) made(since, now time.Time) (time.Time, error) {
	if in.MadeAt == nil {
		return now, nil
	}
	at := in.MadeAt.UTC().Truncate(time.Microsecond)
	wrong := ""
	switch {
	case at.After(now):
		wrong = "This lies ahead. Write a try down when it was made."
	case at.Before(since):
		wrong = "You did not have this family then."
	case at.Before(now.Add(-writtenUp)):
		wrong = "A try can be written down for two days. Say it in the remarks of the next one."
	}
	if wrong != "" {
		return at, fault.Problems([]fault.Field{{Pointer: "/made_at", Code: "range", Detail: wrong}})
	}
	return at, nil
}

// attempt asks the gate, writes the try, keeps what it taught about the way, and marks the family as reached when she was.
func (m *moving) attempt(f *family, in AttemptForm, since time.Time) (Attempt, error) {
	at, err := in.made(since, m.tx.Now)
	if err != nil {
		return Attempt{}, err
	}
	by, err := m.wayOf(f, in, at)
	if err != nil {
		return Attempt{}, err
	}
	if in.NextAt != nil {
		if err := ahead("/next_at", *in.NextAt, m.tx.Now); err != nil {
			return Attempt{}, err
		}
	}
	a := Attempt{ID: pg.NewID(), CaseID: m.c.ID, OrgID: m.tx.Actor.OrgID, ByID: m.tx.Actor.ID, At: at, Channel: in.Channel,
		Outcome: in.Outcome, ContactMethodID: by.methodID(), AddressID: by.addressID(), Announced: in.Announced, NextAt: in.NextAt, OpenedMove: &m.id}
	before := f.checkedBefore(by)
	a.CheckedBefore, a.CheckedBeforeBy = before.VerifiedAt, before.VerifiedBy
	a.RemarksSealed = m.tx.Keys().Seal("attempts", "remarks_sealed", a.ID, []byte(in.Remarks))
	if in.Outcome == "reached" {
		a.NextAt = nil
		if err := m.reached(at); err != nil {
			return a, err
		}
	} else if a.NextAt == nil {
		cal, err := m.calendar(a.OrgID)
		if err != nil {
			return a, err
		}
		next := nextTry(cal, at)
		if !next.After(m.tx.Now) {
			next = nextTry(cal, m.tx.Now)
		}
		a.NextAt = &next
	}
	m.created = &a.ID
	m.detail["channel"], m.detail["outcome"] = in.Channel, in.Outcome
	if err := m.tx.Insert(&a); err != nil {
		return a, err
	}
	return a, m.learned(f, by, in, at)
}

// reached marks the milestone once, whoever reached her first, and tells the referrers that may know.
func (m *moving) reached(at time.Time) error {
	if m.c.ReachedAt != nil {
		return nil
	}
	m.c.ReachedAt = &at
	return m.feedback(milestoneReached)
}
