package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral/contact"
)

// ContactDays is how long a way counts as right without anybody having checked it. Source: local policy; it is configuration.
const ContactDays = 90

// writeUp is how long after her hours a try that was made within them may still be written down. Source: local policy.
const writeUp = 30 * time.Minute

// reachable is what the gate reads of a family.
func (w *work) reachable(c Case, f *family) (contact.Family, error) {
	_, cal, err := w.desk()
	return contact.Family{Died: f.client.DeathRecordedAt != nil, DoNotContact: f.client.DoNotContact, Permission: mayContact(f.consents),
		Held: c.HeldSince != nil, Loss: f.bereft(), Safety: f.safetyFlag(w.rulesAnyway()), Enrolled: c.Status == Enrolled, Zone: cal.Zone}, err
}

// by is who an actor is to the gate.
func by(actor auth.Actor) contact.By {
	switch {
	case actor.Role == auth.SystemRole:
		return contact.Machine
	case actor.SeesAll():
		return contact.Hub
	}
	return contact.Agency
}

// ways are all current ways to her, phones and mail first.
func (f *family) ways(days int) []contact.Way {
	var out []contact.Way
	for _, m := range f.contacts {
		out = append(out, m.way(days))
	}
	return append(out, f.addressWays(days)...)
}

func (f *family) addressWays(days int) []contact.Way {
	var out []contact.Way
	for _, a := range f.addresses {
		out = append(out, a.way(days))
	}
	return out
}

// refusal says in the gate's words why not, and what instead.
func refusal(a contact.Answer) error {
	if a.Allowed {
		return nil
	}
	return fault.New(fault.Conflict, "%s %s", a.Text, a.Instead)
}

// used is the way by which an attempt was made; its zero value is none.
type used struct {
	way    contact.Way
	method bool // a number or mail, not an address
}

// wayOf asks the gate about an attempt, at the moment at which it was made. A try within her hours may be written down a little later.
func (m *moving) wayOf(f *family, in AttemptForm, at time.Time) (used, error) {
	her, err := m.reachable(m.c, f)
	if err != nil {
		return used{}, err
	}
	p := contact.Purpose{By: by(m.tx.Actor), Channel: contact.Channel(in.Channel), Announced: in.Announced}
	ask := func(w contact.Way) contact.Answer {
		answer := contact.May(at, her, w, p)
		if answer.Reason == contact.OutsideHours {
			return contact.May(at.Add(-writeUp), her, w, p)
		}
		return answer
	}
	days := m.svc.contactDays
	switch p.Channel {
	case contact.InPerson:
		return used{}, refusal(ask(contact.Way{}))
	case contact.Letter, contact.Visit:
		w, err := firstAllowed(f.addressWays(days), in.AddressID, ask)
		return used{way: w}, err
	}
	if in.ContactMethodID == nil {
		if shut := ask(contact.Way{}); shut.Reason != contact.WrongWay { // no way at all would do
			return used{}, refusal(shut)
		}
		return used{}, fault.Problems([]fault.Field{{Pointer: "/contact_method_id", Code: "required", Detail: "Say which number or address: only one that is safe may be used."}})
	}
	method, known := find(f.contacts, func(c ContactMethod) bool { return c.ID == *in.ContactMethodID })
	if !known {
		return used{}, fault.Problems([]fault.Field{{Pointer: "/contact_method_id", Code: "unknown", Detail: "This is not a way to reach this family, or not any more."}})
	}
	return used{method.way(days), true}, refusal(ask(method.way(days)))
}

// homeFor asks the gate about a visit at home that was agreed with her; nil where she is met elsewhere.
func (m *moving) homeFor(f *family, place string, address *uuid.UUID) (*uuid.UUID, error) {
	her, err := m.reachable(m.c, f)
	if err != nil {
		return nil, err
	}
	if place != "home" {
		return nil, refusal(contact.May(m.tx.Now, her, contact.Way{}, contact.Purpose{By: by(m.tx.Actor), Channel: contact.InPerson}))
	}
	w, err := firstAllowed(f.addressWays(m.svc.contactDays), address, func(w contact.Way) contact.Answer {
		return contact.May(m.tx.Now, her, w, contact.Purpose{By: by(m.tx.Actor), Channel: contact.Visit, Announced: true})
	})
	return &w.ID, err
}

// firstAllowed is the way that was named, or the first that the gate allows. Where none is, the gate's word about the first says why.
func firstAllowed(ways []contact.Way, named *uuid.UUID, ask func(contact.Way) contact.Answer) (contact.Way, error) {
	if named != nil {
		w, known := find(ways, func(w contact.Way) bool { return w.ID == *named })
		if !known {
			return w, fault.Problems([]fault.Field{{Pointer: "/address_id", Code: "unknown", Detail: "This is not an address of this family, or not any more."}})
		}
		return w, refusal(ask(w))
	}
	if len(ways) == 0 { // one of which nobody knows anything
		ways = []contact.Way{{Kind: contact.Address, Whose: contact.Hers}}
	}
	for _, w := range ways {
		if ask(w).Allowed {
			return w, nil
		}
	}
	return contact.Way{}, refusal(ask(ways[0]))
}

// hasRoute reports whether a person may try to reach her at some hour by any way, apart from whether anybody may reach her at all. A
// voicemail alone is none: it begins with a call.
func (m *moving) hasRoute(f *family) bool {
	her := contact.Family{Permission: true, Safety: f.safetyFlag(m.rulesAnyway()), Enrolled: m.c.Status == Enrolled}
	for _, w := range f.ways(m.svc.contactDays) {
		for _, channel := range contact.Channels() {
			if channel != contact.Voicemail && contact.Ever(m.tx.Now, her, w, contact.Purpose{By: contact.Hub, Channel: channel, Announced: true}).Allowed {
				return true
			}
		}
	}
	return false
}
