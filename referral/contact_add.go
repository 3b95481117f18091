package referral

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// WayForm is a way to reach her that was not known, in full. It may take the place of one that is.
type WayForm struct {
	ContactMethod *SubmittedContact `json:"contact_method"` // one of the two
	Address       *SubmittedAddress `json:"address"`
	Replaces      *uuid.UUID        `json:"replaces"` // ends this one
	ToldBy        string            `json:"told_by" validate:"required,oneof=her referrer other"`
}

func (in WayForm) meaning() []fault.Field {
	if (in.ContactMethod == nil) == (in.Address == nil) {
		return []fault.Field{{Pointer: "/contact_method", Code: "one", Detail: "Give one number or e-mail address, or one address."}}
	}
	return nil
}

// AddWay writes a new way to reach her. A number that is known already becomes what both sources say of it, the stricter of each.
// Faults: NotFound for a family that the agency does not have; Invalid.
func (s *Service) AddWay(ctx context.Context, actor auth.Actor, id uuid.UUID, in WayForm) (Receipt, error) {
	return s.wayMove(ctx, actor, auth.CaseContact, id, in, func(m *moving, f *family) error {
		contacts, addresses, err := m.readWay(in)
		if err != nil {
			return err
		}
		if in.Replaces != nil {
			if err := m.endWay(f, *in.Replaces, "replaced"); err != nil {
				return err
			}
		}
		w := word{hers: in.ToldBy == byHer, flagged: f.safetyFlag(m.rulesAnyway())}
		for _, c := range contacts {
			c.ToldBy, c.ReplacesID = in.ToldBy, in.Replaces
			err = m.addContact(f, c, in.ContactMethod.notes(), w)
		}
		for _, a := range addresses {
			a.ToldBy, a.ReplacesID = in.ToldBy, in.Replaces
			err = m.addAddress(f, a, in.Address.notes(), w)
		}
		return err
	})
}

func (in SubmittedContact) notes() notes {
	return notes{in.Remarks, Asking{in.AskFor, in.CodeWord, in.WhoMayAnswer}}
}

func (in SubmittedAddress) notes() notes {
	return notes{in.Remarks, Asking{in.AskFor, in.CodeWord, in.WhoMayAnswer}}
}

// wayMove is the frame of what changes the ways to her: the family is the actor's, and afterwards somebody looks for a way if none
// is left.
func (s *Service) wayMove(ctx context.Context, actor auth.Actor, p auth.Permission, id uuid.UUID, form any, change func(*moving, *family) error) (Receipt, error) {
	r, err := s.move(ctx, actor, p, id, ActContact, form, func(m *moving) error {
		if err := m.hasFamily(); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := change(m, f); err != nil {
			return err
		}
		if len(f.elsewhere.contacts)+len(f.elsewhere.addresses) > 0 { // another record may speak of what was written just now
			if err := m.tx.Flush(); err != nil {
				return err
			}
			m.loaded = nil
			if f, err = m.family(); err != nil {
				return err
			}
		}
		if err := m.recheckLess(f); err != nil {
			return err
		}
		return m.lookForAWay(f)
	})
	if pg.IsUnique(err, "contact_methods_one") {
		return Receipt{}, fault.New(fault.Conflict, "Somebody wrote this number just now. Look at the case again.")
	}
	return r, err
}

// readWay checks it as a referral's ways are checked.
func (m *moving) readWay(in WayForm) ([]ContactMethod, []Address, error) {
	c, err := m.familyDates()
	if err != nil {
		return nil, nil, err
	}
	var sub Submission
	if in.ContactMethod != nil {
		sub.ContactMethods = []SubmittedContact{*in.ContactMethod}
	} else {
		sub.Addresses = []SubmittedAddress{*in.Address}
	}
	contacts, addresses := c.contacts(&sub), c.addresses(&sub)
	for i, p := range c.problems {
		c.problems[i].Pointer = strings.NewReplacer("/contact_methods/0", "/contact_method", "/addresses/0", "/address").Replace(p.Pointer)
	}
	return contacts, addresses, fault.Problems(c.problems)
}

// addContact writes a number as w says it; where it is known, the new row takes the old one's place.
func (m *moving) addContact(f *family, c ContactMethod, n notes, w word) error {
	c.ID, c.ClientID = pg.NewID(), m.c.CaregiverID
	known := ContactMethod{SafeCall: unknown, SafeText: unknown, SafeVoicemail: unknown, SafeEmail: unknown, Kept: Kept{Whose: c.Whose, Hours: c.Hours}}
	if have, is := find(f.contacts, func(have ContactMethod) bool { return have.Value == c.Value }); is {
		before, err := have.notes(m.tx.Keys(), "contact_methods", have.ID)
		if err != nil {
			return err
		}
		have = f.ownWord(have)
		known, n, c.ClientID = have, n.over(before), have.ClientID // of a linked record it stays there
		c.after(have.Kept, have.ID)
		if err := m.endWay(f, have.ID, "replaced"); err != nil {
			return err
		}
	}
	c.SafeCall, c.SafeText = w.heard(known.SafeCall, c.SafeCall), w.heard(known.SafeText, c.SafeText)
	c.SafeVoicemail, c.SafeEmail = w.heard(known.SafeVoicemail, c.SafeVoicemail), w.heard(known.SafeEmail, c.SafeEmail)
	c.Whose, c.Hours = w.owner(known.Whose, c.Whose), w.hours(known.Hours, c.Hours)
	return m.writeContact(f, c, n, w)
}

func (m *moving) addAddress(f *family, a Address, n notes, w word) error {
	a.ID, a.ClientID = pg.NewID(), m.c.CaregiverID
	a.SafeMail = w.heard(unknown, a.SafeMail)
	if w.flagged && !w.hers { // nobody else's word opens a door where coming may hurt her
		a.SafeToVisit, a.AnnouncedOnly = no, true
	}
	return m.writeAddress(f, a, n, w)
}

// writeContact writes the row, says who gave it, and counts her own word as a check of it.
func (m *moving) writeContact(f *family, c ContactMethod, n notes, w word) error {
	m.stampWay(&c.Kept, w)
	if err := c.seal(m.tx.Keys(), "contact_methods", c.ID, n); err != nil {
		return err
	}
	f.contacts = append(f.contacts, c)
	m.madeWay(c.ID)
	if err := m.tx.Insert(&c); err != nil || !w.hers {
		return err
	}
	return m.checked(used{c.way(m.svc.contactDays), true}, checkSheSaid, m.tx.Now)
}

func (m *moving) writeAddress(f *family, a Address, n notes, w word) error {
	m.stampWay(&a.Kept, w)
	if err := a.seal(m.tx.Keys(), "addresses", a.ID, n); err != nil {
		return err
	}
	f.addresses = append([]Address{a}, f.addresses...)
	m.madeWay(a.ID)
	if err := m.tx.Insert(&a); err != nil || !w.hers {
		return err
	}
	return m.checked(used{way: a.way(m.svc.contactDays)}, checkSheSaid, m.tx.Now)
}

// madeWay: the receipt names the way, where the way is what the move is about.
func (m *moving) madeWay(id uuid.UUID) {
	if m.action == ActContact {
		m.created, m.detail["way"] = &id, id
	}
}

func (m *moving) stampWay(k *Kept, w word) {
	k.GivenBy, k.GivenByOrg = &m.tx.Actor.ID, &m.tx.Actor.OrgID
	if w.hers { // of two records about one way her newer word counts: it is dated when she says it, not when the way was first given
		k.GivenAt, k.VerifiedAt, k.VerifiedBy = m.tx.Now, &m.tx.Now, &m.tx.Actor.ID
	}
}
