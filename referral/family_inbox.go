package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// How a request of a family ended.
const (
	RequestConfirmed = "confirmed" // they said it themselves, and it was written down
	RequestNotHers   = "not_hers"  // they did not ask for it: somebody else has their page
	RequestCouldNot  = "could_not"
)

// RequestRow is one that nobody has settled, as the inbox lists it: what it says is read one at a time.
type RequestRow struct {
	ID      uuid.UUID  `json:"id"`
	CaseID  uuid.UUID  `json:"case_id"`
	Kind    string     `json:"kind"`
	AskedAt time.Time  `json:"asked_at"`
	OwnerID *uuid.UUID `json:"owner_id"`
	Owner   *string    `json:"owner"` // nil: nobody has it yet
}

// RequestEnd says how one ended.
type RequestEnd struct {
	As string `json:"as" validate:"required,oneof=confirmed not_hers could_not"`
}

// FamilyRequests lists what families asked for on their pages and nobody has settled, the oldest first; a hundred is a page.
func (s *Service) FamilyRequests(ctx context.Context, actor auth.Actor) (Page[RequestRow], error) {
	return read(ctx, s, actor, auth.FamilyRequestRead, func(w *work) (Page[RequestRow], error) {
		out := Page[RequestRow]{}
		var err error
		if out.Items, err = w.store.openRequests(); err != nil {
			return out, err
		}
		var shown []uuid.UUID
		for _, r := range out.Items {
			shown = append(shown, r.CaseID)
		}
		return out, w.audit.Listed("list family requests", shown)
	})
}

// TakeFamilyRequest makes the actor answer for it, also where a colleague did. Faults: NotFound; Conflict when it was settled.
func (s *Service) TakeFamilyRequest(ctx context.Context, actor auth.Actor, id uuid.UUID) (RequestRow, error) {
	return s.onRequest(ctx, actor, id, "take family request", func(w *work, r familyRequest) error {
		w.store.ownRequest(r.ID)
		return nil
	})
}

// SettleFamilyRequest says how it ended, and ends its task. Nothing of the family changes by it: whoever confirmed it wrote down what they said.
// Faults: NotFound; Conflict when it was settled before.
func (s *Service) SettleFamilyRequest(ctx context.Context, actor auth.Actor, id uuid.UUID, in RequestEnd) (RequestRow, error) {
	if err := s.checkForm(in); err != nil {
		return RequestRow{}, err
	}
	return s.onRequest(ctx, actor, id, "settle family request", func(w *work, r familyRequest) error {
		if r.OwnerID == nil {
			w.store.ownRequest(r.ID)
		}
		w.store.settleRequest(r.ID, in.As)
		as := jobs.TaskDone
		if in.As == RequestCouldNot {
			as = "could_not"
		}
		return w.jobs.CloseTasks(nil, r.ID, as, "family."+r.Kind)
	})
}

func (s *Service) onRequest(ctx context.Context, actor auth.Actor, id uuid.UUID, action string, do func(*work, familyRequest) error) (RequestRow, error) {
	if err := actor.Require(auth.FamilyRequestRead); err != nil {
		return RequestRow{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (RequestRow, error) {
		w := s.work(tx)
		r, err := w.store.lockRequest(id)
		if err != nil {
			return RequestRow{}, err
		}
		if r.SettledAt != nil {
			return RequestRow{}, fault.New(fault.Conflict, "Somebody settled this request already.")
		}
		if err := do(w, r); err != nil {
			return RequestRow{}, err
		}
		out := RequestRow{ID: r.ID, CaseID: *r.CaseID, Kind: r.Kind, AskedAt: r.AskedAt, OwnerID: &actor.ID}
		return out, w.audit.Record(audit.Event{Action: action, CaseID: r.CaseID, Subject: "family request", SubjectID: &r.ID})
	})
}
