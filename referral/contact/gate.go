package contact

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// By is who would reach her.
type By string

// Who may try. An agency is one that has her.
const (
	Hub     By = "hub"
	Agency  By = "agency"
	Machine By = "machine"
)

// Channel is how.
type Channel string

// The channels. In person: she came, or they met where she is; nobody went to her.
const (
	Call      Channel = "call"
	Text      Channel = "text"
	Voicemail Channel = "voicemail"
	Write     Channel = "email"
	Letter    Channel = "letter"
	Visit     Channel = "visit"
	InPerson  Channel = "in_person"
)

// Channels are those that use a way, in the order in which a view lists them.
func Channels() []Channel { return []Channel{Call, Text, Voicemail, Write, Letter, Visit} }

// Purpose is what somebody wants to do.
type Purpose struct {
	By        By
	Channel   Channel
	Announced bool // of a visit: she was told, and agreed to the time
}

// Family is what the gate knows of her. The zero value allows least: no permission.
type Family struct {
	Died         bool
	DoNotContact bool // she asked it of anybody
	Permission   bool // gate 2: the hub may contact her
	Held         bool // a hold stops what leaves the house to her
	Loss         bool // a pregnancy that ended, or a child who died: no machine speaks to her
	Safety       bool // somebody said that reaching her wrongly may hurt her
	Enrolled     bool // an agency visits her, and hears from her
	Zone         *time.Location
}

// Reason is why the gate stays shut, as a code for programs.
type Reason string

// The reasons, the gravest first.
const (
	Died         Reason = "client_died"
	DoNotContact Reason = "do_not_contact"
	NoPermission Reason = "no_permission"
	Held         Reason = "held"
	Loss         Reason = "loss"
	NotHers      Reason = "not_hers"
	WrongWay     Reason = "wrong_channel"
	MarkedUnsafe Reason = "marked_unsafe"
	NotKnownSafe Reason = "not_known_safe"
	SafetyFirst  Reason = "safety"
	NotAnnounced Reason = "not_announced"
	Expired      Reason = "expired"
	OutsideHours Reason = "outside_hours"
)

// Answer is the gate's word about one way. When it is shut, Text says why in a sentence and Instead what to do; neither holds
// anything of hers.
type Answer struct {
	Allowed bool
	Reason  Reason
	Text    string
	Instead string

	opens uuid.UUID // the way that it was asked about
}

// May is the gate: may she be reached now, by this way, for this purpose? In person uses no way; give the zero Way.
func May(now time.Time, f Family, w Way, p Purpose) Answer {
	for _, rule := range []func(time.Time, Family, Way, Purpose) Answer{ofHer, ofTheWay, ofTheHour} {
		if shut := rule(now, f, w, p); shut.Reason != "" {
			return shut
		}
	}
	return Answer{Allowed: true, opens: w.ID}
}

// Ever is May at some hour: whether a way is worth knowing at all.
func Ever(now time.Time, f Family, w Way, p Purpose) Answer {
	if !w.Hours.Never() {
		w.Hours = nil
	}
	return May(now, f, w, p)
}

// Show says whether somebody may see where a way leads. The hub keeps the record and may; an agency that has her sees what it may
// use at some hour by some channel; a machine is shown nothing.
func Show(now time.Time, f Family, w Way, by By) Answer {
	if by == Hub {
		return Answer{Allowed: true, opens: w.ID}
	}
	shut := Answer{Reason: WrongWay, Text: "This way has no use.", Instead: askHub}
	if by != Agency {
		return shut
	}
	for _, channel := range Channels() {
		answer := Ever(now, f, w, Purpose{By: by, Channel: channel, Announced: true})
		if answer.Allowed {
			return answer
		}
		if answer.Reason != WrongWay && shut.Reason == WrongWay {
			shut = answer
		}
	}
	return shut
}

// Reveal reads a private text of the way that was asked about; "" when the gate is shut, or was asked about another.
func (a Answer) Reveal(w Way, p Private) string {
	if !a.Allowed || a.opens == uuid.Nil || a.opens != w.ID {
		return ""
	}
	return p.text
}

func shut(reason Reason, text, instead string) Answer {
	return Answer{Reason: reason, Text: text, Instead: instead}
}

const (
	askHub     = "Ask the hub."
	anotherWay = "Use another way. If none is left, the hub looks for one."
)

// said is a channel inside a sentence.
func said(c Channel) string {
	switch c {
	case Write:
		return "an email"
	case InPerson:
		return "a meeting in person"
	}
	return "a " + string(c)
}

// ofHer: what she said, what happened to her, and what a person decided, whatever the way.
func ofHer(_ time.Time, f Family, _ Way, p Purpose) Answer {
	switch {
	case f.Died:
		return shut(Died, "Nothing goes to her any more.", "Ask the hub who looks after the children.")
	case f.DoNotContact:
		return shut(DoNotContact, "She asked not to be contacted.", "Wait for her own word. Whoever hears it records it, and all opens again.")
	case p.By != Agency && !f.Permission:
		return shut(NoPermission, "She did not allow contact.", "Only her own yes opens this; record it as permission given.")
	case f.Held && p.Channel != InPerson:
		return shut(Held, "A hold of this case stops everything that goes to her.", "Review the hold first.")
	case f.Loss && p.By == Machine:
		return shut(Loss, "No machine speaks to this family.", "A person calls.")
	}
	return Answer{}
}

// ofTheWay: whose it is and what was said of it.
func ofTheWay(now time.Time, f Family, w Way, p Purpose) Answer {
	if p.Channel == InPerson {
		return Answer{}
	}
	safe, fits := safeFor(w, p.Channel)
	switch {
	case !fits:
		return shut(WrongWay, fmt.Sprintf("This way is not one for %s.", said(p.Channel)), "Name one that is.")
	case w.Whose == Guardian:
		return shut(NotHers, "This is a guardian's, and she is her own contact.", anotherWay)
	case w.Whose != Hers && p.By == Machine:
		return shut(NotHers, "This is another person's. No machine writes to it.", "A person calls.")
	case safe == No:
		return shut(MarkedUnsafe, fmt.Sprintf("This way is marked as not safe for %s.", said(p.Channel)), anotherWay)
	case safe != Yes && (p.Channel != Call || p.By == Machine || w.Whose != Hers):
		return shut(NotKnownSafe, fmt.Sprintf("Nobody knows whether this way is safe for %s.", said(p.Channel)), "Ask her by a safe way, then record what she says.")
	case safe != Yes && f.Safety:
		return shut(SafetyFirst, "A wrong call may hurt her, and nobody knows whether this way is safe.",
			"Find a safe way with her referrer, then record it. Only then call.")
	case p.Channel == Visit && w.AnnouncedOnly && !p.Announced:
		return shut(NotAnnounced, "She wants no visit that she does not know of before.", "Tell her first by a safe way, and agree on a time.")
	case w.Expired(now) && (p.By == Machine || !f.Enrolled):
		return shut(Expired, "This way was not checked for too long.", "Ask her referrer, or her, whether it is still right, and record that.")
	}
	return Answer{}
}

// ofTheHour: her hours, by her clock.
func ofTheHour(now time.Time, f Family, w Way, p Purpose) Answer {
	if p.Channel == InPerson || p.Channel == Letter || p.Channel == Visit && p.Announced { // a letter has no hour; a time that she agreed to is hers
		return Answer{}
	}
	zone := f.Zone
	if zone == nil {
		zone = time.UTC
	}
	if w.Hours.Open(now, zone) {
		return Answer{}
	}
	return shut(OutsideHours, "This is not an hour at which it is safe.", "Her hours: "+w.Hours.String()+".")
}

// safeFor is what was said of one use of a way, and whether a way of this kind has that use.
func safeFor(w Way, c Channel) (Answer3, bool) {
	switch w.Kind {
	case Phone:
		switch c {
		case Call:
			return w.Safe.Call, true
		case Text:
			return w.Safe.Text, true
		case Voicemail:
			return w.Safe.Voicemail, true
		}
	case Email:
		return w.Safe.Email, c == Write
	case Address:
		switch c {
		case Letter:
			return w.Safe.Mail, true
		case Visit:
			return w.Safe.Visit, true
		}
	}
	return "", false
}
