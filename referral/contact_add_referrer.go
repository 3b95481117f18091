package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// WayReceipt tells a referrer that its word was taken, and nothing of the case.
type WayReceipt struct {
	ID        uuid.UUID `json:"id"`
	Reference string    `json:"reference"`
	Text      string    `json:"text"`
}

const wayHeardText = "Thank you. Whoever works with this family sees it now."

// HeardWayForm is a way to reach her that a referrer knows.
type HeardWayForm struct {
	ContactMethod *SubmittedContact `json:"contact_method"` // one of the two
	Address       *SubmittedAddress `json:"address"`
}

func (in HeardWayForm) way() WayForm {
	return WayForm{ContactMethod: in.ContactMethod, Address: in.Address, ToldBy: byReferrer}
}

func (in HeardWayForm) meaning() []fault.Field { return in.way().meaning() }

// AddWayHeard is AddWay by a referrer, about one of its own referrals: a new number, mail or home, as the referrer's word. It ends the
// hub's question for one. Where nothing is worked any more the hub's desk reads it. Faults: NotFound for any other's; Invalid.
func (s *Service) AddWayHeard(ctx context.Context, actor auth.Actor, id uuid.UUID, in HeardWayForm) (WayReceipt, error) {
	if err := actor.Require(auth.ReferralAdd); err != nil {
		return WayReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return WayReceipt{}, err
	}
	receipt, err := pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (WayReceipt, error) {
		w := s.work(tx)
		r, err := w.sent(id)
		if err != nil {
			return WayReceipt{}, err
		}
		m, err := w.lockLive(r.CaseID, ActContact)
		if err != nil {
			return WayReceipt{}, err
		}
		contacts, addresses, err := m.readWay(in.way())
		if err != nil {
			return WayReceipt{}, err
		}
		out := WayReceipt{r.ID, r.Reference, wayHeardText}
		if !m.c.open() { // which the answer must not tell
			return out, m.noteOf(r, in.words())
		}
		return out, m.wayHeard(in, contacts, addresses)
	})
	if pg.IsUnique(err, "contact_methods_one") {
		return WayReceipt{}, fault.New(fault.Conflict, "Somebody wrote this number just now. Look at the referral again.")
	}
	return receipt, err
}

// sent is a referral of the actor's own organization; any other is NotFound.
func (w *work) sent(id uuid.UUID) (Referral, error) {
	r, err := w.store.referral(id)
	if err == nil && r.OrgID != w.tx.Actor.OrgID {
		err = fault.New(fault.NotFound, "There is no such referral.")
	}
	return r, err
}

func (m *moving) wayHeard(in HeardWayForm, contacts []ContactMethod, addresses []Address) error {
	_, err := m.finish(func(m *moving) error {
		f, err := m.family()
		if err != nil {
			return err
		}
		said := word{flagged: f.safetyFlag(m.rulesAnyway())}
		for _, c := range contacts {
			c.ToldBy = byReferrer
			if err := m.addContact(f, c, in.ContactMethod.notes(), said); err != nil {
				return err
			}
		}
		for _, a := range addresses {
			a.ToldBy = byReferrer
			if err := m.addAddress(f, a, in.Address.notes(), said); err != nil {
				return err
			}
		}
		past, err := m.store.searches(m.c.ID)
		if err != nil {
			return err
		}
		for _, look := range past {
			if look.Place == "referrer_asks" && look.Outcome == nil {
				m.store.settleSearch(look.ID, "found")
			}
		}
		if err := m.tx.Flush(); err != nil { // what was written just now is read below
			return err
		}
		m.loaded = nil
		if f, err = m.family(); err != nil {
			return err
		}
		if err := m.recheckLess(f); err != nil {
			return err
		}
		return m.lookForAWay(f)
	})
	return err
}

// words are the way as a note.
func (in HeardWayForm) words() string {
	if c := in.ContactMethod; c != nil {
		return "New way to reach her: " + c.Value + " (call " + orUnknown(c.SafeCall) + ", text " + orUnknown(c.SafeText) + ", voicemail " + orUnknown(c.SafeVoicemail) + "). " + c.Remarks
	}
	a := in.Address
	return "New address: " + a.Street + " " + a.City + " " + a.Zip + " (visit " + orUnknown(a.SafeToVisit) + "). " + a.Remarks
}
