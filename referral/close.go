package referral

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// CompleteForm says which version of the case its writer had before their eyes.
type CompleteForm struct {
	Version int `json:"version" validate:"min=0"`
}

func (in CompleteForm) seen() int { return in.Version }

// Complete ends an enrollment at the program's own end: the family was served.
func (s *Service) Complete(ctx context.Context, actor auth.Actor, id uuid.UUID, in CompleteForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseComplete, id, ActComplete, in, func(m *moving) error {
		if _, err := m.serves(); err != nil {
			return err
		}
		m.c.CompletedAt = &m.tx.Now
		return m.end(m.c.CaregiverID, Served, "completed", nil)
	})
}

// CloseForm ends a case before the program's end. An enrolled family needs how its enrollment ended; every other the disposition.
type CloseForm struct {
	Version int `json:"version" validate:"min=0"`

	Disposition   string `json:"disposition" validate:"omitempty,oneof=said_no_for_now asked_not_to_be_contacted not_reached no_safe_way no_program_fits no_place_in_time already_served other_jurisdiction information_given pregnancy_ended child_died client_died"`
	EnrollmentEnd string `json:"enrollment_end" validate:"omitempty,oneof=her_choice lost_contact moved no_longer_eligible child_not_with_her pregnancy_ended child_died client_died"`
	Changeable    *bool  `json:"changeable"` // could we have changed it?
}

func (in CloseForm) seen() int { return in.Version }

// Close ends a case. Nobody closes a family as "not reached" before the pack's attempts were made, and no agency closes one
// that it does not hold. Faults: Conflict with what is still missing; Invalid.
func (s *Service) Close(ctx context.Context, actor auth.Actor, id uuid.UUID, in CloseForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseClose, id, ActClose, in, func(m *moving) error {
		if m.c.Status == Enrolled {
			return m.closeEnrolled(in)
		}
		return m.closeOpen(in)
	})
}

func (m *moving) closeEnrolled(in CloseForm) error {
	if _, err := m.serves(); err != nil && !m.tx.Actor.SeesAll() {
		return err
	}
	var problems []fault.Field
	if in.EnrollmentEnd == "" {
		problems = append(problems, fault.Field{Pointer: "/enrollment_end", Code: "required", Detail: "Say how the enrollment ended."})
	}
	if in.Changeable == nil {
		problems = append(problems, fault.Field{Pointer: "/changeable", Code: "required", Detail: "Say whether we could have changed it."})
	}
	if err := fault.Problems(problems); err != nil {
		return err
	}
	disposition := Served
	if slices.Contains([]string{PregnancyEnded, ChildDied, ClientDied}, in.EnrollmentEnd) {
		disposition = in.EnrollmentEnd
	}
	return m.end(m.c.CaregiverID, disposition, in.EnrollmentEnd, in.Changeable)
}

func (m *moving) closeOpen(in CloseForm) error {
	if in.Disposition == "" {
		return fault.Problems([]fault.Field{{Pointer: "/disposition", Code: "required", Detail: "Say how the case ended."}})
	}
	since := m.c.ReceivedAt
	if !m.tx.Actor.SeesAll() {
		claim, err := m.holds()
		if err != nil {
			return err
		}
		since = claim.ClaimedAt
	} else if err := m.noAlarmOpen(); err != nil {
		return err
	}
	if in.Disposition == NotReached {
		attempts, err := m.store.attempts(m.c.ID, m.tx.Actor.OrgID, since)
		if err != nil {
			return err
		}
		cal, err := m.calendar(m.tx.Actor.OrgID)
		if err != nil {
			return err
		}
		rule := m.svc.safety.Clocks().Attempts
		if clocks := m.clocks(); clocks != nil {
			rule = clocks.Attempts
		}
		if gaps := protocolGaps(rule, cal, attempts); gaps != nil {
			return fault.New(fault.Conflict, "She may be called not reached only after enough tries. Still missing: %s.", strings.Join(gaps, "; "))
		}
		if err := m.feedback(milestoneNotReached); err != nil {
			return err
		}
	}
	return m.end(m.c.CaregiverID, in.Disposition, "", nil)
}

// casePromises are the promises that end with the case. The ladder of an alarm is not among them: it ends with its alarm; nor is
// the look at a connection: help that was promised goes on.
func casePromises() []jobs.Kind {
	return []jobs.Kind{jobs.OfferExpire, jobs.OutreachDue, jobs.ReviewDue, jobs.WaitlistTouch, jobs.WaitlistExit, jobs.WindowClosing,
		jobs.FirstAttemptDue, jobs.NextAttemptDue, jobs.FirstVisitDue, jobs.VisitDrought, jobs.CompletionCheck, jobs.HoldReview,
		jobs.HandoverUnanswered, jobs.ContactRecheck}
}

// end closes the case and everything that hangs on it: offers, claim, enrollment, promises and tasks.
func (m *moving) end(client uuid.UUID, disposition, enrollmentEnd string, changeable *bool) error {
	m.detail["disposition"] = disposition
	offersEnd := "withdrawn"
	if disposition == SaidNoForNow || disposition == AskedNotToBeContacted {
		offersEnd = "she_said_no"
	}
	if err := m.leaveOffers(offersEnd); err != nil {
		return err
	}
	m.store.endOpenLine(m.c.ID, disposition, enrollmentEnd, changeable, m.id)
	m.store.leave(m.c.ID, nil, waitCaseClosed, m.id)
	m.store.forgetHandover(m.c.ID, m.id)
	if m.was.Status.served() { // a walk-in has a place and never had a claim
		if err := m.tellLines(m.id); err != nil {
			return err
		}
	}
	if err := m.jobs.CancelCase(&m.id, m.c.ID, casePromises()...); err != nil {
		return err
	}
	m.store.closeCaseTasks(m.c.ID, m.id)
	switch disposition {
	case AskedNotToBeContacted:
		if _, err := m.store.stopSends(client); err != nil {
			return err
		}
		m.store.refuseContact(client)
	case PregnancyEnded, ChildDied, ClientDied:
		if err := m.stopHer(disposition); err != nil {
			return err
		}
		if disposition != ClientDied {
			break
		}
		if err := m.afterHerDeath(); err != nil {
			return err
		}
	}
	m.c.Status, m.c.ReviewReasons, m.c.ClosedAt, m.c.Disposition = Closed, nil, &m.tx.Now, &disposition
	m.c.NextStep, m.c.NextDueAt = stepNothing, nil
	if disposition == NotReached {
		return nil // its own news was promised
	}
	return m.feedback(milestoneClosed)
}
