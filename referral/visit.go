package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// VisitForm is a visit as held.
type VisitForm struct {
	HeldAt time.Time `json:"held_at" validate:"required"`
	Place  string    `json:"place" validate:"required,oneof=home other_place virtual hospital"`
}

// RecordVisit notes a visit of an enrolled family and starts the drought clock again.
func (s *Service) RecordVisit(ctx context.Context, actor auth.Actor, id uuid.UUID, in VisitForm) (Receipt, error) {
	return s.move(ctx, actor, auth.VisitRecord, id, ActVisit, in, func(m *moving) error {
		e, err := m.serves()
		if err != nil {
			return err
		}
		held := in.HeldAt.UTC().Truncate(time.Microsecond)
		if err := heldBetween(held, e.EnrolledAt, m.tx.Now); err != nil {
			return err
		}
		visit := Visit{ID: pg.NewID(), CaseID: m.c.ID, OrgID: e.OrgID, Place: in.Place, Status: "completed", HeldAt: &held, RecordedBy: m.tx.Actor.ID}
		if err := m.tx.Insert(&visit); err != nil {
			return err
		}
		m.created = &visit.ID
		last, err := m.store.lastVisit(m.c.ID)
		if err != nil {
			return err
		}
		if last.After(held) { // written up late: the newer visit keeps its clock
			return nil
		}
		return m.nextVisit(e, held)
	})
}
