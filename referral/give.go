package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// GiveForm says who at the hub answers for these cases from now on.
type GiveForm struct {
	Cases []uuid.UUID `json:"cases" validate:"required,min=1,max=100,unique"`
	To    uuid.UUID   `json:"to" validate:"required"`
}

// What became of one case.
const (
	Given        = "given"
	GivenAlready = "already" // that person answered for it before
	GivenClosed  = "closed"
	GivenMissing = "missing"
	GivenFailed  = "failed" // try it again
)

// GivenCase says what became of one.
type GivenCase struct {
	CaseID uuid.UUID `json:"case_id"`
	Result string    `json:"result"`
}

// GiveReceipt says it of each, in the order of the form.
type GiveReceipt struct {
	To    string      `json:"to"`
	Items []GivenCase `json:"items"`
}

// GiveCases makes a person at the hub's desk answer for cases, each in a transaction of its own under its own lock: one that cannot be given stops no
// other, and the same form once more finds its work done. It moves nothing. Faults: Invalid when To is not at the desk.
func (s *Service) GiveCases(ctx context.Context, actor auth.Actor, in GiveForm) (GiveReceipt, error) {
	if err := actor.Require(auth.CaseGive); err != nil {
		return GiveReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return GiveReceipt{}, err
	}
	out := GiveReceipt{Items: []GivenCase{}}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		hub, err := w.hub()
		if err != nil {
			return err
		}
		there, err := w.store.deskMember(in.To, hub.ID)
		if err != nil {
			return err
		}
		if !there {
			return fault.Problems([]fault.Field{{Pointer: "/to", Code: "unknown", Detail: "Choose a coordinator or supervisor of the hub."}})
		}
		name, err := w.store.nameOf(&in.To)
		if name != nil {
			out.To = *name
		}
		return err
	})
	if err != nil {
		return out, err
	}
	for _, id := range in.Cases {
		result := ""
		err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
			result, err = s.work(tx).give(id, in.To)
			return err
		})
		if ctx.Err() != nil { // the request is over: nobody hears the rest
			return out, ctx.Err()
		}
		if err != nil {
			result = GivenFailed
		}
		out.Items = append(out.Items, GivenCase{id, result})
	}
	return out, nil
}

func (w *work) give(id, to uuid.UUID) (string, error) {
	c, err := w.store.lockCase(id)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return GivenMissing, nil
	case err != nil:
		return "", err
	case !c.open():
		return GivenClosed, nil
	case c.OwnerID != nil && *c.OwnerID == to:
		return GivenAlready, nil
	}
	w.store.giveCase(id, to)
	return Given, w.audit.Record(audit.Event{Action: "give case", CaseID: &id, Subject: "user", SubjectID: &to})
}
