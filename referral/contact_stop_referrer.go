package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// StopReceipt tells a referrer that it was heard, and nothing of the case.
type StopReceipt struct {
	ID        uuid.UUID `json:"id"`
	Reference string    `json:"reference"`
	Text      string    `json:"text"`
}

// StopContactHeard is StopContact by the referrer to whom she said it, about one of its own referrals. Said twice it is said once.
// Faults: NotFound for any other's referral; Unavailable when a send to her did not end in time.
func (s *Service) StopContactHeard(ctx context.Context, actor auth.Actor, id uuid.UUID, in StopForm) (StopReceipt, error) {
	if err := actor.Require(auth.ReferralStop); err != nil {
		return StopReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return StopReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (StopReceipt, error) {
		w := s.work(tx)
		r, err := w.store.referral(id)
		if err == nil && r.OrgID != actor.OrgID {
			err = fault.New(fault.NotFound, "There is no such referral.")
		}
		if err != nil {
			return StopReceipt{}, err
		}
		m, err := w.lock(r.CaseID, ActStopContact)
		if err != nil {
			return StopReceipt{}, err
		}
		f, err := m.family()
		if err != nil {
			return StopReceipt{}, err
		}
		out := StopReceipt{r.ID, r.Reference, "Nobody contacts her any more until she asks for it herself."}
		if f.client.DoNotContact && f.stoppedHere {
			return out, nil
		}
		_, err = m.stopsByReferrer(in)
		return out, err
	})
}

// stopsByReferrer is apart from the agencies' fence: a referral is the referrer's own, and proved it.
func (m *moving) stopsByReferrer(in StopForm) (Receipt, error) {
	if m.c.Status != Closed {
		if err := CheckAction(m.c.Status, m.action); err != nil {
			return Receipt{}, err
		}
	}
	return m.wished(func(m *moving, f *family) error { return m.stopContact(f, in) })
}
