package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
)

// RecordAttempt notes a try of the agency that has claimed or enrolled the family. Until the first visit is planned it moves the
// clocks: reached starts the time to the first visit, anything else promises the next try.
func (s *Service) RecordAttempt(ctx context.Context, actor auth.Actor, id uuid.UUID, in AttemptForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseAttempt, id, ActAttempt, in, func(m *moving) error {
		if m.c.Status == Enrolled {
			e, err := m.serves()
			if err != nil {
				return err
			}
			f, err := m.family()
			if err != nil {
				return err
			}
			_, err = m.attempt(f, in, e.EnrolledAt)
			return err
		}
		claim, err := m.holds()
		if err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		a, err := m.attempt(f, in, claim.ClaimedAt)
		if err != nil || m.c.Status == Accepted {
			return err
		}
		if in.Outcome == "could_not" {
			return nil // a try that was not made keeps no promise
		}
		if err := m.tried(claim); err != nil {
			return err
		}
		if in.Outcome == "reached" {
			return m.firstVisitClock(claim)
		}
		return m.next(stepAgencyCalls, jobs.NextAttemptDue, claim.ID, claim.OrgID, *a.NextAt)
	})
}

// tried ends what was promised about reaching her.
func (m *moving) tried(claim Claim) error {
	if err := m.jobs.Keep(&m.id, claim.ID, jobs.FirstAttemptDue, jobs.NextAttemptDue); err != nil {
		return err
	}
	return m.jobs.CloseTasks(&m.id, claim.ID, jobs.TaskNotNeeded, taskFirstAttempt, taskNextAttempt)
}

// firstVisitClock promises the first visit within the pack's time from the moment she was reached.
func (m *moving) firstVisitClock(claim Claim) error {
	cal, err := m.calendar(claim.OrgID)
	if err != nil {
		return err
	}
	by := cal.AddBusinessDays(m.tx.Now, 10)
	if clocks := m.clocks(); clocks != nil {
		by = deadline(clocks.FirstVisit, cal, m.tx.Now)
	}
	if err := m.jobs.Keep(&m.id, claim.ID, jobs.FirstVisitDue); err != nil {
		return err
	}
	return m.next(stepPlanVisit, jobs.FirstVisitDue, claim.ID, claim.OrgID, by)
}
