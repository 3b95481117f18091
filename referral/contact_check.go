package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral/contact"
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

// SafeWayForm is what hub and referrer, or she herself, found to be safe.
type SafeWayForm struct {
	WayID     uuid.UUID `json:"way_id" validate:"required"`
	FoundWith string    `json:"found_with" validate:"required,oneof=her referrer"`
	Safe      SafeUses  `json:"safe"`
}

// RecordSafeWay writes that a safe way was found: the only thing but her own word that opens a way where a wrong call may hurt her.
// What she refused stays refused until she speaks.
// Faults: Invalid for a way that is not hers any more.
func (s *Service) RecordSafeWay(ctx context.Context, actor auth.Actor, id uuid.UUID, in SafeWayForm) (Receipt, error) {
	return s.wayMove(ctx, actor, auth.CaseFindWay, id, in, func(m *moving, f *family) error {
		change := WayChange{WayID: in.WayID, ToldBy: in.FoundWith, Safe: in.Safe}
		if err := m.changeWay(f, change, word{hers: in.FoundWith == byHer}); err != nil {
			return err
		}
		u, err := f.wayByID(*m.created, m.svc.contactDays)
		if err != nil {
			return err
		}
		f.renewed(u, m.tx.Now)
		return m.checked(u, checkSafeWay, m.tx.Now)
	})
}

// SafeUses is what is said of each use of a way; what is left out was not asked.
type SafeUses struct {
	Call      string `json:"call" validate:"omitempty,oneof=yes no unknown"`
	Text      string `json:"text" validate:"omitempty,oneof=yes no unknown"`
	Voicemail string `json:"voicemail" validate:"omitempty,oneof=yes no unknown"`
	Email     string `json:"email" validate:"omitempty,oneof=yes no unknown"`
	Mail      string `json:"mail" validate:"omitempty,oneof=yes no unknown"`
	Visit     string `json:"visit" validate:"omitempty,oneof=yes no unknown"`
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

// learned keeps what a try taught about the way: she was reached by it, it is another person's, or it is not safe.
func (m *moving) learned(f *family, u used, in AttemptForm) error {
	if u.way.ID == uuid.Nil {
		return nil
	}
	switch in.Outcome {
	case "reached":
		f.renewed(u, m.tx.Now)
		if err := m.checked(u, checkReached, m.tx.Now); err != nil {
			return err
		}
		return m.recheckLess(f)
	case "wrong_number": // whoever answered is not to hear of her again
		if err := m.endWay(f, u.way.ID, "wrong_number"); err != nil {
			return err
		}
	case "unsafe_to_continue":
		if err := m.unsafe(f, u, contact.Channel(in.Channel)); err != nil {
			return err
		}
	default:
		return nil
	}
	return m.lookForAWay(f)
}

// unsafe shuts that use of the way until she speaks. The attempt's id stays what the use case made.
func (m *moving) unsafe(f *family, u used, channel contact.Channel) error {
	made := m.created
	change := WayChange{WayID: u.way.ID, ToldBy: "other"}
	switch channel {
	case contact.Call:
		change.Safe.Call = no
	case contact.Text:
		change.Safe.Text = no
	case contact.Voicemail:
		change.Safe.Voicemail = no
	case contact.Write:
		change.Safe.Email = no
	case contact.Letter:
		change.Safe.Mail = no
	case contact.Visit:
		change.Safe.Visit = no
	}
	err := m.changeWay(f, change, word{})
	m.created = made
	return err
}

// recheckLess ends the visitor's task when none of the ways to an enrolled family is too old any more.
func (m *moving) recheckLess(f *family) error {
	if m.c.Status != Enrolled || f.oldWays(m.svc.contactDays, m.tx.Now) {
		return nil
	}
	e, err := m.store.openEnrollment(m.c.ID)
	if err != nil {
		return err
	}
	return m.jobs.CloseTasks(&m.id, e.ID, jobs.TaskDone, taskRecheck)
}
