package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/referral/contact"
)

// WayChange says something new of a way that is known; what is left out stays. Where it leads never changes: that is another way.
type WayChange struct {
	WayID  uuid.UUID `json:"way_id" validate:"required"`
	ToldBy string    `json:"told_by" validate:"required,oneof=her referrer other"`
	Safe   SafeUses  `json:"safe"`

	AnnouncedOnly *bool          `json:"announced_only"`
	Whose         string         `json:"whose" validate:"omitempty,oneof=hers guardian trusted"`
	Hours         *contact.Hours `json:"hours" validate:"omitempty,max=14,dive"`
	AskFor        string         `json:"ask_for" validate:"max=100"`
	CodeWord      string         `json:"code_word" validate:"max=100"`
	WhoMayAnswer  string         `json:"who_may_answer" validate:"max=200"`
	Remarks       string         `json:"remarks" validate:"max=500"`
}

func (in WayChange) meaning() []fault.Field {
	if in.Hours != nil {
		if wrong := in.Hours.Wrong(); wrong != "" {
			return []fault.Field{{Pointer: "/hours", Code: "order", Detail: wrong}}
		}
	}
	return nil
}

// ChangeWay writes what is said now of a way. Her own word stands; anybody else's can only make it stricter, so that of two sources
// the stricter holds until she speaks. Nobody asks why.
// Faults: NotFound for a family that the agency does not have; Invalid for a way that is not hers any more.
func (s *Service) ChangeWay(ctx context.Context, actor auth.Actor, id uuid.UUID, in WayChange) (Receipt, error) {
	return s.wayMove(ctx, actor, auth.CaseContact, id, in, func(m *moving, f *family) error {
		return m.changeWay(f, in, word{hers: in.ToldBy == byHer, flagged: f.safetyFlag(m.rulesAnyway())})
	})
}

// changeWay ends the row and writes the one that follows it.
func (m *moving) changeWay(f *family, in WayChange, w word) error {
	said := notes{in.Remarks, Asking{in.AskFor, in.CodeWord, in.WhoMayAnswer}}
	if was, is := find(f.contacts, func(c ContactMethod) bool { return c.ID == in.WayID }); is {
		was = f.ownWord(was)
		before, err := was.notes(m.tx.Keys(), "contact_methods", was.ID)
		if err != nil {
			return err
		}
		c := was
		c.ID = pg.NewID()
		c.after(was.Kept, was.ID)
		c.SafeCall, c.SafeText = w.heard(was.SafeCall, in.Safe.Call), w.heard(was.SafeText, in.Safe.Text)
		c.SafeVoicemail, c.SafeEmail = w.heard(was.SafeVoicemail, in.Safe.Voicemail), w.heard(was.SafeEmail, in.Safe.Email)
		in.rest(&c.Kept, w)
		if err := m.endWay(f, was.ID, "replaced"); err != nil {
			return err
		}
		return m.writeContact(f, c, said.over(before), w)
	}
	was, is := find(f.addresses, func(a Address) bool { return a.ID == in.WayID })
	if !is {
		return errNoWay()
	}
	was = f.ownWordOfHome(was)
	before, err := was.notes(m.tx.Keys(), "addresses", was.ID)
	if err != nil {
		return err
	}
	a := was
	a.ID = pg.NewID()
	a.after(was.Kept, was.ID)
	a.SafeMail, a.SafeToVisit = w.heard(was.SafeMail, in.Safe.Mail), w.heard(was.SafeToVisit, in.Safe.Visit)
	if in.AnnouncedOnly != nil {
		a.AnnouncedOnly = w.announced(was.AnnouncedOnly, *in.AnnouncedOnly)
	}
	in.rest(&a.Kept, w)
	if err := m.endWay(f, was.ID, "replaced"); err != nil {
		return err
	}
	return m.writeAddress(f, a, said.over(before), w)
}

// rest is what every kind of way has.
func (in WayChange) rest(k *Kept, w word) {
	k.ToldBy, k.Whose = in.ToldBy, w.owner(k.Whose, in.Whose)
	if in.Hours != nil {
		k.Hours = w.hours(k.Hours, *in.Hours)
	}
}

func errNoWay() error {
	return fault.Problems([]fault.Field{{Pointer: "/way_id", Code: "unknown", Detail: "This is not a way to reach this family, or not any more."}})
}
