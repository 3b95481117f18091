package contact

import (
	"database/sql/driver"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
)

// Kind is what a way is.
type Kind string

// The kinds of way.
const (
	Phone   Kind = "phone"
	Email   Kind = "email"
	Address Kind = "address"
)

// Whose a way is. A guardian's is kept since somebody gave it, and leads nowhere: she is her own contact, whatever her age.
type Whose string

// The owners of a way.
const (
	Hers     Whose = "hers"
	Guardian Whose = "guardian"
	Trusted  Whose = "trusted" // a person she named herself
)

// Answer3 is yes, no or unknown; the empty one is unknown.
type Answer3 string

// The answers. What is left out was not asked.
const (
	Yes     Answer3 = "yes"
	No      Answer3 = "no"
	Unknown Answer3 = "unknown"
)

// Safe is what she, or who spoke for her, said of one way.
type Safe struct{ Call, Text, Voicemail, Email, Mail, Visit Answer3 }

// Way is one way to reach her, as the gate reads it.
type Way struct {
	ID            uuid.UUID
	Kind          Kind
	Whose         Whose
	Safe          Safe
	AnnouncedOnly bool // of an address: nobody comes who has not said so before
	Hours         Hours
	Expires       time.Time // from then on nobody knows whether it is still hers and still safe
}

// Expired reports whether a way must be checked again before it is relied upon.
func (w Way) Expired(now time.Time) bool { return !now.Before(w.Expires) }

// Private is text that leads to her. It compares, is stored, and shows itself to nobody: an Answer opens it.
type Private struct{ text string }

// Keep hides a text.
func Keep(text string) Private { return Private{text} }

// None reports whether there is no text.
func (p Private) None() bool { return p.text == "" }

// Unshown is the text for comparing with what is in the record already. It must reach no answer, page, log or message; a test
// holds the list of its callers.
func (p Private) Unshown() string { return p.text }

const hidden = "[private]"

// String is never the text.
func (Private) String() string { return hidden }

// GoString is never the text.
func (Private) GoString() string { return hidden }

// LogValue is never the text.
func (Private) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText refuses: a private text that was put into an answer by mistake is an error, not a leak.
func (Private) MarshalText() ([]byte, error) {
	return nil, fmt.Errorf("a private text cannot be written out: ask the gate")
}

// Scan is for the database driver. NULL is no text.
func (p *Private) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		p.text = ""
	case string:
		p.text = v
	case []byte:
		p.text = string(v)
	default:
		return fmt.Errorf("scan a private text from %T", src)
	}
	return nil
}

// Value is for the database driver. No text is NULL.
func (p Private) Value() (driver.Value, error) {
	if p.text == "" {
		return nil, nil
	}
	return p.text, nil
}
