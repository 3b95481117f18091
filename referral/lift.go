package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// LiftForm says why what goes to her may go on.
type LiftForm struct {
	Reason string `json:"reason" validate:"required,oneof=reviewed she_said safe_again entered_in_error"`
}

// LiftHold ends one hold. With the last one, promises to her run again with the time that was left.
// Faults: NotFound for a hold of a family that the actor does not see in full; Conflict when it was lifted before, or when an
// agency would lift what another organization placed.
func (s *Service) LiftHold(ctx context.Context, actor auth.Actor, id uuid.UUID, in LiftForm) (Receipt, error) {
	if err := actor.Require(auth.CaseHold); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		w := s.work(tx)
		h, err := w.store.heldBy(id)
		if err != nil {
			return Receipt{}, err
		}
		m, err := w.lock(h.CaseID, ActLift)
		if err != nil {
			return Receipt{}, err
		}
		if h, err = w.store.heldBy(id); err != nil { // as it is under the lock
			return Receipt{}, err
		}
		switch {
		case h.LiftedAt != nil:
			return Receipt{}, fault.New(fault.Conflict, "This hold was lifted at %s.", h.LiftedAt.Format("2006-01-02 15:04 MST"))
		case h.OrgID != actor.OrgID && !actor.SeesAll():
			return Receipt{}, fault.New(fault.Conflict, "Another organization placed this hold. Ask the hub to lift it.")
		}
		if err := CheckAction(m.c.Status, ActLift); err != nil {
			return Receipt{}, err
		}
		return m.finish(func(m *moving) error { return m.lift(h, in.Reason) })
	})
}

func (m *moving) lift(h Hold, reason string) error {
	m.store.liftHold(h.ID)
	m.detail["hold"], m.detail["hold_kind"], m.detail["reason"] = h.ID, h.Kind, reason
	if err := m.jobs.Keep(&m.id, h.ID, jobs.HoldReview); err != nil {
		return err
	}
	if err := m.jobs.CloseTasks(&m.id, h.ID, jobs.TaskDone, taskHoldReview); err != nil {
		return err
	}
	if err := m.tx.Flush(); err != nil { // what is still open is read below
		return err
	}
	open, err := m.store.openHolds(m.c.ID)
	if err != nil || len(open) > 0 {
		return err
	}
	m.c.HeldSince = nil
	m.jobs.Resume(m.c.ID)
	return m.dueAgain()
}

// dueAgain tells the case when its next step is due now: the step keeps the promise that was held.
func (m *moving) dueAgain() error {
	kinds := map[string][]jobs.Kind{stepHubReaches: {jobs.OutreachDue}, stepSheChooses: {jobs.OutreachDue}, stepWaits: {jobs.WaitlistTouch},
		stepAgencyCalls: {jobs.FirstAttemptDue, jobs.NextAttemptDue}}[m.c.NextStep]
	if kinds == nil {
		return nil // the step is not to her: its clock ran on
	}
	if err := m.tx.Flush(); err != nil {
		return err
	}
	due, err := m.jobs.NextDue(m.c.ID, kinds...)
	if due != nil {
		m.c.NextDueAt = due
	}
	return err
}
