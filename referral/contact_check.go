package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// How a way was known to be right. The database holds the same list.
const (
	checkReached      = "reached"
	checkVisitKept    = "visit_kept"
	checkSheSaid      = "she_said"
	checkReferrerSaid = "referrer_said"
	checkSafeWay      = "safe_way"
)

// WayCheck says that somebody asked whether a way is still right.
type WayCheck struct {
	WayID uuid.UUID `json:"way_id" validate:"required"`
	With  string    `json:"with" validate:"required,oneof=her referrer"`
}

// CheckWay writes that a way is still right; nothing of what is safe about it changes.
// Faults: NotFound for a family that the agency does not have; Invalid for a way that is not hers any more.
func (s *Service) CheckWay(ctx context.Context, actor auth.Actor, id uuid.UUID, in WayCheck) (Receipt, error) {
	return s.wayMove(ctx, actor, auth.CaseContact, id, in, func(m *moving, f *family) error {
		u, err := f.wayByID(in.WayID, m.svc.contactDays)
		if err != nil {
			return err
		}
		how := checkReferrerSaid
		if in.With == byHer {
			how = checkSheSaid
		}
		f.renewed(u, m.tx.Now)
		return m.checked(u, how, m.tx.Now)
	})
}

// wayByID is a current way.
func (f *family) wayByID(id uuid.UUID, days int) (used, error) {
	for _, c := range f.contacts {
		if c.ID == id {
			return used{c.way(days), true}, nil
		}
	}
	for _, a := range f.addresses {
		if a.ID == id {
			return used{way: a.way(days)}, nil
		}
	}
	return used{}, errNoWay()
}

// renewed keeps f in step with a check.
func (f *family) renewed(u used, at time.Time) {
	for i := range f.contacts {
		if f.contacts[i].ID == u.way.ID {
			f.contacts[i].VerifiedAt = &at
		}
	}
	for i := range f.addresses {
		if f.addresses[i].ID == u.way.ID {
			f.addresses[i].VerifiedAt = &at
		}
	}
}

// contactCheck is one row of who knew when that a way is right.
type contactCheck struct {
	ID              uuid.UUID
	CaseID          uuid.UUID
	ContactMethodID *uuid.UUID
	AddressID       *uuid.UUID
	How             string
	CheckedAt       time.Time
	CheckedBy       uuid.UUID
	OrgID           uuid.UUID
}

// TableName is gorm's.
func (contactCheck) TableName() string { return "contact_checks" }

// checked writes that a way was right at a moment; from then it counts anew.
func (m *moving) checked(u used, how string, at time.Time) error {
	if u.way.ID == uuid.Nil {
		return nil
	}
	m.store.checkWay(u.methodID(), u.addressID(), at)
	m.detail["way"], m.detail["way_checked"] = u.way.ID, how
	return m.tx.Insert(&contactCheck{ID: pg.NewID(), CaseID: m.c.ID, ContactMethodID: u.methodID(), AddressID: u.addressID(), How: how,
		CheckedAt: at, CheckedBy: m.tx.Actor.ID, OrgID: m.tx.Actor.OrgID})
}

func (u used) methodID() *uuid.UUID { return u.is(true) }

func (u used) addressID() *uuid.UUID { return u.is(false) }

func (u used) is(method bool) *uuid.UUID {
	if u.way.ID == uuid.Nil || u.method != method {
		return nil
	}
	return &u.way.ID
}
