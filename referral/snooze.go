package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// SnoozeForm puts cases off for some business days; 0 brings them back.
type SnoozeForm struct {
	Cases []uuid.UUID `json:"cases" validate:"required,min=1,max=100,unique"`
	Days  int         `json:"days" validate:"min=0,max=10"`
}

// SnoozeReceipt says until when.
type SnoozeReceipt struct {
	Cases int        `json:"cases"`
	Until *time.Time `json:"until"` // nil: they are back
}

// Snooze puts cases out of the hub's queue, all or none. It moves nothing: every clock runs on, and whatever happens to a case
// brings it back. Faults: NotFound; Conflict for a closed case and for one with an alarm that nobody answered.
func (s *Service) Snooze(ctx context.Context, actor auth.Actor, in SnoozeForm) (SnoozeReceipt, error) {
	if err := actor.Require(auth.CaseSnooze); err != nil {
		return SnoozeReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return SnoozeReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (SnoozeReceipt, error) {
		w := s.work(tx)
		out := SnoozeReceipt{Cases: len(in.Cases)}
		found, err := w.store.casesByID(in.Cases)
		if err != nil {
			return out, err
		}
		if len(found) < len(in.Cases) {
			return out, fault.New(fault.NotFound, "There is no such case.")
		}
		alarms, err := w.store.openAlarms(1000)
		if err != nil {
			return out, err
		}
		for _, c := range found {
			switch {
			case in.Days == 0:
			case !c.open():
				return out, fault.New(fault.Conflict, "This case is closed.")
			case slices.ContainsFunc(alarms, func(a Alarm) bool { return a.CaseID == c.ID }):
				return out, fault.New(fault.Conflict, "A case with an open alarm cannot be put off. Write the outcome first.")
			}
		}
		if in.Days == 0 {
			w.store.wake(in.Cases)
		} else {
			_, cal, err := w.desk()
			if err != nil {
				return out, err
			}
			until := cal.AddBusinessDays(tx.Now, in.Days)
			out.Until = &until
			w.store.snooze(in.Cases, until)
		}
		return out, w.audit.Record(audit.Event{Action: "snooze", Subject: "list", Detail: map[string]any{"cases": in.Cases, "days": in.Days}})
	})
}
