package referral

import (
	"encoding/json"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/nyaruka/phonenumbers"

	"doorstep/referral/contact"
	"doorstep/triage"
)

// contacts reads phone numbers (to E.164) and e-mail addresses with what is safe about each.
func (c *checker) contacts(s *Submission) []ContactMethod {
	var out []ContactMethod
	for i, in := range s.ContactMethods {
		at := fmt.Sprintf("/contact_methods/%d/value", i)
		m := ContactMethod{Channel: in.Channel, SafeCall: orUnknown(in.SafeCall), SafeText: orUnknown(in.SafeText),
			SafeVoicemail: orUnknown(in.SafeVoicemail), SafeEmail: orUnknown(in.SafeEmail), Preferred: in.Preferred,
			Kept: c.kept(fmt.Sprintf("/contact_methods/%d", i), in.Whose, in.Hours)}
		switch in.Channel {
		case "phone":
			number, err := phonenumbers.Parse(in.Value, "US")
			if err != nil || !phonenumbers.IsValidNumber(number) {
				c.refuse(at, "phone", "Not a phone number that can be called. Write it with its area code.")
				continue
			}
			m.Value = contact.Keep(phonenumbers.Format(number, phonenumbers.E164))
		case "email":
			address, err := mail.ParseAddress(in.Value)
			if err != nil || address.Address != in.Value || strings.ContainsAny(in.Value, "\r\n") {
				c.refuse(at, "email", "Not an e-mail address.")
				continue
			}
			m.Value = contact.Keep(in.Value)
		}
		out = append(out, m)
	}
	return out
}

func (c *checker) addresses(s *Submission) []Address {
	var out []Address
	for i, in := range s.Addresses {
		at := fmt.Sprintf("/addresses/%d", i)
		if in.Street+in.City+in.Zip == "" {
			c.refuse(at, "empty", "An address needs at least a ZIP code, a city or a street.")
			continue
		}
		a := Address{Street: contact.Keep(c.line(at+"/street", in.Street)), City: contact.Keep(c.line(at+"/city", in.City)),
			Zip: optional(in.Zip), SafeMail: orUnknown(in.SafeMail), SafeToVisit: no, AnnouncedOnly: true, Kept: c.kept(at, in.Whose, in.Hours)}
		if in.SafeToVisit != "" {
			a.SafeToVisit = in.SafeToVisit
		}
		if in.AnnouncedOnly != nil {
			a.AnnouncedOnly = *in.AnnouncedOnly
		}
		out = append(out, a)
	}
	return out
}

// kept is what every way has beside where it leads, as it begins. The remarks and what to ask are sealed with the row's id.
func (c *checker) kept(at, whose string, hours contact.Hours) Kept {
	k := Kept{Whose: whose, Hours: hours, ToldBy: byReferrer, GivenAt: c.now}
	if whose == "" {
		k.Whose = string(contact.Hers)
	}
	if wrong := hours.Wrong(); wrong != "" {
		c.refuse(at+"/hours", "order", "%s", wrong)
	}
	return k
}

// screenings keeps raw answers; an instrument must be known, with as many items as printed, each within its range.
func (c *checker) screenings(s *Submission, forms []triage.Instrument) []ScreeningRow {
	var out []ScreeningRow
	for i, in := range s.Screenings {
		at := fmt.Sprintf("/screenings/%d", i)
		form, known := find(forms, func(f triage.Instrument) bool { return f.ID == in.Instrument })
		if !known {
			c.refuse(at+"/instrument", "unknown_instrument", "This instrument is not known here.")
			continue
		}
		if len(in.Items) != form.Items {
			c.refuse(at+"/items", "length", "%s has %d items, in printed order; write null for one that was not answered.", form.Name, form.Items)
			continue
		}
		switch in.Recorded {
		case "":
			in.Recorded = triage.RecordedValues
		case triage.RecordedValues, triage.RecordedLines:
		default:
			continue // the shape check named it
		}
		if err := form.CheckRecorded(in.Recorded); err != nil {
			c.refuse(at+"/recorded", "recorded", "%s", sentence(err))
			continue
		}
		for n, v := range in.Items {
			if v == nil {
				continue
			}
			if err := form.CheckItem(in.Recorded, *v); err != nil {
				c.refuse(fmt.Sprintf("%s/items/%d", at, n), "range", "%s", sentence(err))
			}
		}
		items, err := json.Marshal(in.Items)
		if err != nil {
			c.refuse(at+"/items", "type", "Numbers or null.")
			continue
		}
		row := ScreeningRow{Instrument: in.Instrument, Version: in.Version, Recorded: in.Recorded, Items: items, GivenOn: c.past(at+"/given_on", in.GivenOn),
			DoneToday: optional(in.DoneToday)}
		if tag := c.tag(at+"/language", in.Language); tag != nil {
			row.Language = *tag
		}
		out = append(out, row)
	}
	return out
}

// dates reads the three times of a referral that must not be confused: written, received, entered.
func (c *checker) referredAt(s *Submission) time.Time {
	t, err := time.Parse(time.RFC3339, s.ReferredAt)
	switch {
	case s.ReferredAt == "" || err != nil: // a malformed one was named by the shape check
		return c.now
	case t.After(c.now.Add(5 * time.Minute)):
		c.refuse("/referred_at", "in_future", "This time is in the future.")
	case c.now.Sub(t) > oldestReferral*24*time.Hour:
		c.refuse("/referred_at", "too_long_ago", "This is more than %d days ago. Check the year.", oldestReferral)
	}
	return t.UTC().Truncate(time.Microsecond)
}

// sentence makes one of a short error.
func sentence(err error) string {
	text := err.Error()
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func find[T any](all []T, ok func(T) bool) (T, bool) {
	for _, v := range all {
		if ok(v) {
			return v, true
		}
	}
	var none T
	return none, false
}
