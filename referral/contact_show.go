package referral

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/referral/contact"
)

// ContactView is one number or e-mail address with what is safe about it, always together, and what the gate says about it now.
// Where the gate lets this viewer use it at no hour, where it leads is not shown.
type ContactView struct {
	ID            uuid.UUID `json:"id"`
	Channel       string    `json:"channel"`
	Value         *string   `json:"value"` // nil: blocked; blocked says why
	SafeCall      string    `json:"safe_call"`
	SafeText      string    `json:"safe_text"`
	SafeVoicemail string    `json:"safe_voicemail"`
	SafeEmail     string    `json:"safe_email"`
	KeptView
}

// AddressView is one address and whether one may come, likewise.
type AddressView struct {
	ID            uuid.UUID `json:"id"`
	Street        *string   `json:"street"`
	City          *string   `json:"city"`
	Zip           *string   `json:"zip"`
	SafeMail      string    `json:"safe_mail"`
	SafeToVisit   string    `json:"safe_to_visit"`
	AnnouncedOnly bool      `json:"announced_only"`
	KeptView
}

// KeptView is what the view of every way has.
type KeptView struct {
	Whose        string        `json:"whose"`
	Hours        contact.Hours `json:"hours"`
	AskFor       string        `json:"ask_for"`
	CodeWord     string        `json:"code_word"`
	WhoMayAnswer string        `json:"who_may_answer"`
	Remarks      string        `json:"remarks"`
	VerifiedAt   *time.Time    `json:"verified_at"`
	ExpiresAt    time.Time     `json:"expires_at"`
	Blocked      *BlockedView  `json:"blocked"` // why where it leads is not shown
	Now          []UseView     `json:"now"`     // what may be done by it now
}

// UseView is the gate's word about one use of a way by whoever looks.
type UseView struct {
	Use     contact.Channel `json:"use"`
	Allowed bool            `json:"allowed"`
	Blocked *BlockedView    `json:"blocked"`
}

// BlockedView says why not, and what to do instead.
type BlockedView struct {
	Reason  contact.Reason `json:"reason"`
	Text    string         `json:"text"`
	Instead string         `json:"instead"`
}

// SearchView is one place at which the hub looks for a way to her.
type SearchView struct {
	Place     string     `json:"place"`
	BeganAt   time.Time  `json:"began_at"`
	Outcome   *string    `json:"outcome"`
	SettledAt *time.Time `json:"settled_at"`
}

// showReach fills in the ways to her as the gate shows them to this actor. It reads as the hub, since the gate weighs what an agency
// may not read: call it last, when the actor's own role has shown the family.
func (w *work) showReach(v *CaseView, c Case) error {
	if err := w.tx.AsHub("the gate weighs what several sources said; the family was read in the actor's own role"); err != nil {
		return err
	}
	f, err := w.store.family(c)
	if err != nil {
		return err
	}
	her, err := w.reachable(c, &f)
	if err != nil {
		return err
	}
	v.Family.DoNotContact, v.Family.Sharing = f.client.DoNotContact, sharingNow(f.consents)
	slices.Reverse(f.contacts) // the newest first, the preferred before all
	slices.SortStableFunc(f.contacts, func(a, b ContactMethod) int { return order(b.Preferred) - order(a.Preferred) })
	for _, x := range f.contacts {
		way := x.way(w.svc.contactDays)
		shown := contact.Show(w.tx.Now, her, way, by(w.tx.Actor))
		kept, err := w.showKept(her, way, shown, x.Kept, ContactMethod{}.TableName())
		if err != nil {
			return err
		}
		v.Family.Contacts = append(v.Family.Contacts, ContactView{x.ID, x.Channel, opened(shown, way, x.Value), x.SafeCall, x.SafeText, x.SafeVoicemail, x.SafeEmail, kept})
	}
	for _, x := range f.addresses {
		way := x.way(w.svc.contactDays)
		shown := contact.Show(w.tx.Now, her, way, by(w.tx.Actor))
		kept, err := w.showKept(her, way, shown, x.Kept, Address{}.TableName())
		if err != nil {
			return err
		}
		v.Family.Addresses = append(v.Family.Addresses, AddressView{x.ID, opened(shown, way, x.Street), opened(shown, way, x.City), x.Zip, x.SafeMail, x.SafeToVisit,
			x.AnnouncedOnly, kept})
	}
	if !w.tx.Actor.SeesAll() {
		return nil
	}
	searches, err := w.store.searches(c.ID)
	for _, x := range searches {
		v.Searches = append(v.Searches, SearchView{x.Place, x.BeganAt, x.Outcome, x.SettledAt})
	}
	return err
}

func order(first bool) int {
	if first {
		return 1
	}
	return 0
}

// opened is where a way leads, nil when the gate does not show it or nobody knows.
func opened(shown contact.Answer, way contact.Way, text contact.Private) *string {
	return optional(shown.Reveal(way, text))
}

// showKept fills in what every way has. What is to be asked and remarked can tell as much as the number.
func (w *work) showKept(her contact.Family, way contact.Way, shown contact.Answer, k Kept, table string) (KeptView, error) {
	v := KeptView{Whose: k.Whose, Hours: append(contact.Hours{}, k.Hours...), VerifiedAt: k.VerifiedAt, ExpiresAt: way.Expires, Blocked: blocked(shown), Now: []UseView{}}
	for _, channel := range contact.Channels() {
		answer := contact.May(w.tx.Now, her, way, contact.Purpose{By: by(w.tx.Actor), Channel: channel, Announced: true})
		if answer.Reason != contact.WrongWay {
			v.Now = append(v.Now, UseView{channel, answer.Allowed, blocked(answer)})
		}
	}
	if !shown.Allowed {
		return v, nil
	}
	n, err := k.notes(w.tx.Keys(), table, way.ID)
	v.AskFor, v.CodeWord, v.WhoMayAnswer, v.Remarks = n.asking.AskFor, n.asking.CodeWord, n.asking.WhoMayAnswer, n.remarks
	return v, err
}

func blocked(a contact.Answer) *BlockedView {
	if a.Allowed {
		return nil
	}
	return &BlockedView{a.Reason, a.Text, a.Instead}
}
