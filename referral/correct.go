package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// CorrectForm puts right a case that was closed wrongly: it opens it again, or names the end that was meant. Or it takes back what was
// recorded of a family and never happened.
type CorrectForm struct {
	Version     int         `json:"version" validate:"min=0"`
	TakeBack    string      `json:"take_back" validate:"omitempty,oneof=birth loss child_death client_death caregiver"`
	Infants     []uuid.UUID `json:"infants" validate:"max=9,unique"` // with child_death and caregiver
	Reopen      bool        `json:"reopen"`
	Disposition string      `json:"disposition" validate:"omitempty,oneof=served said_no_for_now asked_not_to_be_contacted not_reached no_safe_way no_program_fits no_place_in_time already_served other_jurisdiction information_given pregnancy_ended child_died client_died entered_in_error"`
	Reason      string      `json:"reason" validate:"required,oneof=wrong_case wrong_reason entered_in_error"`
}

func (f CorrectForm) seen() int { return f.Version }

func (f CorrectForm) meaning() []fault.Field {
	about := f.TakeBack == "child_death" || f.TakeBack == "caregiver"
	switch {
	case f.TakeBack == "" && f.Reopen == (f.Disposition != ""):
		return []fault.Field{{Pointer: "/disposition", Code: "one", Detail: "Either open the case again, or name the end that was meant."}}
	case f.TakeBack != "" && (f.Reopen || f.Disposition != ""):
		return []fault.Field{{Pointer: "/take_back", Code: "one", Detail: "One correction at a time."}}
	case about != (len(f.Infants) > 0):
		return []fault.Field{{Pointer: "/infants", Code: "required", Detail: "Name the children, and only where a child is taken back."}}
	}
	return nil
}

// byError is the reason with which also her refusal of contact is taken back: she never said it.
const byError = "entered_in_error"

// Correct puts right how a case was closed, at any time. Her refusal to be contacted stands through it, unless it was entered in
// error. What goes on anew is no correction: it is a new case. It also takes back a birth, a loss, a death or a change of caregiver
// that was recorded by mistake (see neverHappened).
// Faults: Conflict for a case that is open and nothing to take back, when a newer case of this family is open, or when the new end
// cannot be true; Stale when the case changed since the form was filled in.
func (s *Service) Correct(ctx context.Context, actor auth.Actor, id uuid.UUID, in CorrectForm) (Receipt, error) {
	r, err := s.move(ctx, actor, auth.CaseCorrect, id, ActCorrect, in, func(m *moving) error {
		m.detail["reason"] = in.Reason
		if m.c.StandsOn != nil {
			return fault.New(fault.Conflict, "This case goes on as another of the same person. Undo the link instead.")
		}
		if in.TakeBack != "" {
			return m.neverHappened(in)
		}
		if m.c.open() {
			return fault.New(fault.Conflict, "This case is open. Only what was recorded in error can be taken back on it.")
		}
		m.detail["was"] = *m.c.Disposition
		if *m.c.Disposition == AskedNotToBeContacted && in.Disposition != AskedNotToBeContacted && in.Reason == byError {
			m.store.undoRefusal(m.c.CaregiverID, m.c.ID)
			m.store.revokeRefusal(m.c.ID)
			if err := m.tx.Flush(); err != nil { // her answers are read below
				return err
			}
		}
		if *m.c.Disposition == ClientDied {
			if in.Reopen {
				return fault.New(fault.Conflict, "It is recorded that she died. If that is wrong, take it back.")
			}
			m.store.clientLives(m.c.CaregiverID)
		}
		if in.Reopen {
			return m.reopen()
		}
		return m.endsOtherwise(in.Disposition)
	})
	if pg.IsUnique(err, "cases_one_open") {
		return Receipt{}, fault.New(fault.Conflict, "A new case of this family was opened since. Go on with that one.")
	}
	return r, err
}

// reopen puts the case before a person: nobody has her, whoever had her before.
func (m *moving) reopen() error {
	closing, err := m.store.newestMove(m.c.ID)
	if err != nil {
		return err
	}
	if err := m.jobs.WithdrawMessages(m.c.ID, closing.ID); err != nil { // the news of an end that was none
		return err
	}
	m.store.revoke(m.c.ID, nil, "full", m.id)
	m.c.ClosedAt, m.c.CompletedAt, m.c.Disposition = nil, nil, nil
	f, err := m.family()
	if err != nil {
		return err
	}
	v, err := m.decide(f, "correct")
	if err != nil {
		return err
	}
	reasons, err := m.alarmFirst(reviewCorrected)
	if err != nil {
		return err
	}
	if err := m.reviewHoldsAgain(); err != nil {
		return err
	}
	return m.toReview(reasons, v.clocks)
}

// reviewHoldsAgain: the holds outlived the closing, the promises to look at them did not.
func (m *moving) reviewHoldsAgain() error {
	holds, err := m.store.openHolds(m.c.ID)
	if err != nil {
		return err
	}
	for _, h := range holds {
		if err := m.reviewHold(h); err != nil {
			return err
		}
	}
	return nil
}

func (m *moving) endsOtherwise(disposition string) error {
	switch {
	case disposition == *m.c.Disposition:
		return fault.New(fault.Conflict, "The case ended so already.")
	case disposition == Served && m.c.EnrolledAt == nil:
		return fault.New(fault.Conflict, "She was never enrolled, so she was not served.")
	case disposition == AskedNotToBeContacted:
		if _, err := m.store.stopSends(m.c.CaregiverID); err != nil {
			return err
		}
		m.store.refuseContact(m.c.CaregiverID)
	case disposition == ClientDied:
		if err := m.stopHer(ClientDied); err != nil {
			return err
		}
		if err := m.afterHerDeath(); err != nil {
			return err
		}
	}
	m.c.Disposition = &disposition
	m.detail["disposition"] = disposition
	return nil
}
