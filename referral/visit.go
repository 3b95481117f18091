package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// VisitForm is a visit as held.
type VisitForm struct {
	HeldAt time.Time `json:"held_at" validate:"required"`
	Place  string    `json:"place" validate:"required,oneof=home other_place virtual hospital"`

	AddressID *uuid.UUID `json:"address_id"` // of a visit at home; empty: the first where one may come
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
		home, err := m.keptAt(in)
		if err != nil {
			return err
		}
		visit := Visit{ID: pg.NewID(), CaseID: m.c.ID, OrgID: e.OrgID, Place: in.Place, AddressID: home, Status: "completed", HeldAt: &held, RecordedBy: m.tx.Actor.ID}
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

// keptAt is the address of a visit that was held at home, which is right then. What was held is written whatever the gate says: she
// opened the door.
func (m *moving) keptAt(in VisitForm) (*uuid.UUID, error) {
	if in.Place != "home" {
		return nil, nil //nolint:nilnil // she was met elsewhere
	}
	f, err := m.family()
	if err != nil {
		return nil, err
	}
	for _, a := range f.addresses {
		if in.AddressID != nil && a.ID == *in.AddressID || in.AddressID == nil && a.SafeToVisit == yes {
			u := used{way: a.way(m.svc.contactDays)}
			f.renewed(u, in.HeldAt)
			if err := m.checked(u, checkVisitKept, in.HeldAt.UTC().Truncate(time.Microsecond)); err != nil {
				return nil, err
			}
			return u.addressID(), m.recheckLess(f)
		}
	}
	if in.AddressID != nil {
		return nil, fault.Problems([]fault.Field{{Pointer: "/address_id", Code: "unknown", Detail: "This is not an address of this family, or not any more."}})
	}
	return nil, nil //nolint:nilnil // no address is known
}
