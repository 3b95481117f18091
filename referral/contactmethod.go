package referral

import (
	"encoding/json"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/referral/contact"
)

// ContactMethod is a number or e-mail address and what is safe about it. Unknown is never safe. A row is never overwritten but for
// when it was checked and ended: a change ends it and writes another.
type ContactMethod struct {
	ID            uuid.UUID
	ClientID      uuid.UUID
	ReferralID    *uuid.UUID // nil: told to the hub or an agency later
	Channel       string     // phone (E.164) or email
	Value         contact.Private
	SafeCall      string // yes, no, unknown; likewise below
	SafeText      string
	SafeVoicemail string
	SafeEmail     string
	Preferred     bool
	Kept
}

// TableName is gorm's.
func (ContactMethod) TableName() string { return "contact_methods" }

// LogValue keeps her number out of the log.
func (m ContactMethod) LogValue() slog.Value { return slog.StringValue("contact " + m.ID.String()) }

// Address is where she may be found, and whether one may come.
type Address struct {
	ID            uuid.UUID
	ClientID      uuid.UUID
	ReferralID    *uuid.UUID
	Street        contact.Private
	City          contact.Private
	Zip           *string // the area: rules and offers read it
	SafeMail      string
	SafeToVisit   string
	AnnouncedOnly bool
	Kept
}

// TableName is gorm's.
func (Address) TableName() string { return "addresses" }

// LogValue keeps her address out of the log.
func (a Address) LogValue() slog.Value { return slog.StringValue("address " + a.ID.String()) }

// Kept is what every way has beside where it leads.
type Kept struct {
	Whose         string // hers, guardian, trusted
	Hours         contact.Hours
	AskingSealed  pg.Sealed
	RemarksSealed pg.Sealed
	ToldBy        string // her, referrer, other
	GivenAt       time.Time
	GivenBy       *uuid.UUID
	GivenByOrg    *uuid.UUID
	ReplacesID    *uuid.UUID
	VerifiedAt    *time.Time // nil: not since it was given
	VerifiedBy    *uuid.UUID
	EndedAt       *time.Time
	EndedBy       *uuid.UUID
	EndedAs       *string
}

// Asking is what whoever calls or comes must know. It is sealed.
type Asking struct {
	AskFor       string `json:"ask_for"`
	CodeWord     string `json:"code_word"`
	WhoMayAnswer string `json:"who_may_answer"`
}

// sealed hides it in a row; nothing to know is no text.
func (a Asking) sealed(keys *pg.Keyring, table string, row uuid.UUID) (pg.Sealed, error) {
	if a == (Asking{}) {
		return nil, nil
	}
	text, err := json.Marshal(a)
	return keys.Seal(table, "asking_sealed", row, text), wrap(err, "seal what to ask of %s", row)
}

func openAsking(keys *pg.Keyring, table string, row uuid.UUID, sealed pg.Sealed) (Asking, error) {
	var a Asking
	text, err := keys.Open(table, "asking_sealed", row, sealed)
	if err != nil || len(text) == 0 {
		return a, err
	}
	return a, wrap(json.Unmarshal(text, &a), "read what to ask of %s", row)
}

// expires is when a way must be checked again: so many days after somebody last knew that it was right.
func (k Kept) expires(days int) time.Time {
	return k.known().AddDate(0, 0, days)
}

// way is the method as the gate reads it.
func (m ContactMethod) way(days int) contact.Way {
	return contact.Way{ID: m.ID, Kind: contact.Kind(m.Channel), Whose: contact.Whose(m.Whose), Hours: m.Hours, Expires: m.expires(days), Safe: contact.Safe{
		Call: contact.Answer3(m.SafeCall), Text: contact.Answer3(m.SafeText), Voicemail: contact.Answer3(m.SafeVoicemail), Email: contact.Answer3(m.SafeEmail)}}
}

// way is the address as the gate reads it.
func (a Address) way(days int) contact.Way {
	return contact.Way{ID: a.ID, Kind: contact.Address, Whose: contact.Whose(a.Whose), Hours: a.Hours, Expires: a.expires(days), AnnouncedOnly: a.AnnouncedOnly,
		Safe: contact.Safe{Mail: contact.Answer3(a.SafeMail), Visit: contact.Answer3(a.SafeToVisit)}}
}

// stricter joins what two sources say of one route: a no from either holds until she speaks, and not knowing says nothing.
func stricter(a, b string) string {
	switch {
	case a == no || b == no:
		return no
	case a == yes || b == yes:
		return yes
	}
	return unknown
}

const (
	yes     = "yes"
	no      = "no"
	unknown = "unknown"
)
