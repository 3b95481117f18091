package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
	"doorstep/providers"
	"doorstep/triage"
)

// toWaitlisted gives a family for which no place is free to somebody at the hub by name: they tell her so, and stay in touch.
// Where nobody is at the desk, the case waits for a person instead.
func (m *moving) toWaitlisted(f *family, clocks *triage.Clocks) error {
	if m.was.Status == Waitlisted {
		return nil // she keeps her owner, her place and her clocks
	}
	hub, cal, err := m.desk()
	if err != nil {
		return err
	}
	owner, err := m.store.freeOwner(hub.ID, m.c.OwnerID)
	if err != nil {
		return err
	}
	if owner == uuid.Nil {
		return m.toReview([]string{reviewNoPlace}, clocks)
	}
	m.c.OwnerID = &owner
	by, err := m.touch(f, cal)
	if err != nil {
		return err
	}
	if err := m.kept(); err != nil {
		return err
	}
	if m.was.Status == Offered {
		if err := m.leaveOffers("withdrawn"); err != nil {
			return err
		}
	}
	m.c.Status, m.c.ReviewReasons = Waitlisted, nil
	// A place that was freed while this transaction ran saw nobody waiting: the rules look once more behind the commit.
	if err := m.jobs.Enqueue(jobs.CaseTriage, m.c.ID); err != nil {
		return err
	}
	return m.next(stepInLine, jobs.WaitlistTouch, m.c.ID, hub.ID, by)
}

// touch is when she must next hear from the hub: as soon as any family when nobody told her of the wait, else the pack's month
// after she last said that she waits.
func (m *moving) touch(f *family, cal providers.Calendar) (time.Time, error) {
	soon := m.firstAttemptDue(f, cal, 1)
	if m.fresh {
		return soon, nil
	}
	entries, err := m.store.waiting(m.c.ID)
	if err != nil || len(entries) == 0 {
		return soon, err
	}
	last := entries[0].ConfirmedAt
	for _, e := range entries {
		last = later(last, e.ConfirmedAt)
	}
	return later(touchBy(m.clocks(), cal, last), m.tx.Now), nil
}

// touchBy is a month after the last touch, or what the pack says.
func touchBy(clocks *triage.Clocks, cal providers.Calendar, last time.Time) time.Time {
	if clocks == nil {
		return last.AddDate(0, 1, 0)
	}
	return deadline(clocks.WaitlistTouch, cal, last)
}

// TouchWaiting is the follow-up behind case.waitlist_touch: her owner asks whether she still waits, and she has the pack's time
// to answer.
func (s *Service) TouchWaiting(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
		if err := m.ask(promise.OwedBy, auth.TriageCoordinator, taskWaitlistTouch, m.c.ID, false); err != nil {
			return err
		}
		if err := m.routeLeft(); err != nil {
			return err
		}
		exit := m.tx.Now.AddDate(0, 0, 14)
		if clocks := m.clocks(); clocks != nil {
			cal, err := m.calendar(promise.OwedBy)
			if err != nil {
				return err
			}
			exit = deadline(clocks.WaitlistExit, cal, m.tx.Now)
		}
		if err := m.writeToHer(jobs.StillWaiting); err != nil {
			return err
		}
		return m.promise(jobs.WaitlistExit, m.c.ID, promise.OwedBy, exit)
	})
}

// LeaveUnanswered is the follow-up behind case.waitlist_exit: she did not say that she still waits. Her entries end, and a
// person decides what becomes of the case: no rule closes it.
func (s *Service) LeaveUnanswered(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, _ jobs.FollowUp) error {
		if m.c.Status != Waitlisted {
			return nil
		}
		m.action = ActExpire
		m.store.leave(m.c.ID, nil, waitNoAnswer, m.id)
		if err := m.toReview([]string{reviewUnanswered}, m.clocks()); err != nil {
			return err
		}
		return m.save()
	})
}
