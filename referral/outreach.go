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
	NextAt          *time.Time `json:"next_at"` // when to try again; empty: as the protocol proposes
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
		if !mayContact(f.consents) || f.client.DoNotContact {
			return fault.New(fault.Conflict, "She did not allow contact.")
		}
		a, err := m.attempt(f, in)
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

// attempt checks that the route is safe, writes the try, and marks the family as reached when she was.
func (m *moving) attempt(f *family, in AttemptForm) (Attempt, error) {
	if m.c.HeldSince != nil && in.Channel != "in_person" {
		return Attempt{}, fault.New(fault.Conflict, "A hold of this case stops everything that goes to her. Review the hold first.")
	}
	if f.client.DeathRecordedAt != nil && in.Channel != "in_person" {
		return Attempt{}, fault.New(fault.Conflict, "It is recorded that she died. Nothing goes to her or to her numbers; if that is wrong, have it corrected.")
	}
	if err := routeAllowed(f, in); err != nil {
		return Attempt{}, err
	}
	if in.NextAt != nil {
		if err := ahead("/next_at", *in.NextAt, m.tx.Now); err != nil {
			return Attempt{}, err
		}
	}
	a := Attempt{ID: pg.NewID(), CaseID: m.c.ID, OrgID: m.tx.Actor.OrgID, ByID: m.tx.Actor.ID, At: m.tx.Now, Channel: in.Channel,
		Outcome: in.Outcome, ContactMethodID: in.ContactMethodID, NextAt: in.NextAt}
	a.RemarksSealed = m.tx.Keys().Seal("attempts", "remarks_sealed", a.ID, []byte(in.Remarks))
	if in.Outcome == "reached" {
		a.NextAt = nil
		if err := m.reached(); err != nil {
			return a, err
		}
	} else if a.NextAt == nil {
		cal, err := m.calendar(a.OrgID)
		if err != nil {
			return a, err
		}
		next := nextTry(cal, m.tx.Now)
		a.NextAt = &next
	}
	m.created = &a.ID
	m.detail["channel"], m.detail["outcome"] = in.Channel, in.Outcome
	return a, m.tx.Insert(&a)
}

// reached marks the milestone once, whoever reached her first, and tells the referrers that may know.
func (m *moving) reached() error {
	if m.c.ReachedAt != nil {
		return nil
	}
	m.c.ReachedAt = &m.tx.Now
	return m.feedback(milestoneReached)
}

// routeAllowed blocks, not warns: a call or message by a way that she did not call safe may hurt her.
func routeAllowed(f *family, in AttemptForm) error {
	switch in.Channel {
	case "in_person":
		return nil // she came, or they met
	case "visit":
		return visitAllowed(f)
	case "letter":
		if _, ok := find(f.addresses, func(a Address) bool { return a.SafeMail == yes }); !ok {
			return fault.New(fault.Conflict, "No address of this family is marked safe for mail.")
		}
		return nil
	}
	if in.ContactMethodID == nil {
		return fault.Problems([]fault.Field{{Pointer: "/contact_method_id", Code: "required", Detail: "Say which number or address: only one that is safe may be used."}})
	}
	method, known := find(f.contacts, func(c ContactMethod) bool { return c.ID == *in.ContactMethodID })
	if !known {
		return fault.Problems([]fault.Field{{Pointer: "/contact_method_id", Code: "unknown", Detail: "This is not a way to reach this family."}})
	}
	if method.safeFor(in.Channel, f.safetyFlag()) {
		return nil
	}
	return fault.New(fault.Conflict, "This way is not marked safe for %s. Use another way, or ask her referrer for a safe one.", in.Channel)
}

// visitAllowed: nobody stands at her door unless she said that one may come.
func visitAllowed(f *family) error {
	if _, ok := find(f.addresses, func(a Address) bool { return a.SafeToVisit == yes }); ok {
		return nil
	}
	return fault.New(fault.Conflict, "No address of this family is marked safe to visit. Meet elsewhere, or ask her first.")
}
