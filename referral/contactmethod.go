package referral

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// ContactMethod is one way to reach her and what is safe about it. Unknown is never safe.
type ContactMethod struct {
	ID            uuid.UUID
	ClientID      uuid.UUID
	ReferralID    uuid.UUID
	Channel       string // phone (E.164) or email
	Value         string
	SafeCall      string // yes, no, unknown; likewise below
	SafeText      string
	SafeVoicemail string
	SafeEmail     string
	Preferred     bool
	RemarksSealed pg.Sealed
	GivenAt       time.Time
	EndedAt       *time.Time
}

// TableName is gorm's.
func (ContactMethod) TableName() string { return "contact_methods" }

// LogValue keeps her number out of the log.
func (m ContactMethod) LogValue() slog.Value { return slog.StringValue("contact " + m.ID.String()) }

// Address is where she may be found, and whether one may come.
type Address struct {
	ID            uuid.UUID
	ClientID      uuid.UUID
	ReferralID    uuid.UUID
	Street        *string
	City          *string
	Zip           *string
	SafeMail      string
	SafeToVisit   string
	AnnouncedOnly bool
	RemarksSealed pg.Sealed
	GivenAt       time.Time
	EndedAt       *time.Time
}

// TableName is gorm's.
func (Address) TableName() string { return "addresses" }

// LogValue keeps her address out of the log.
func (a Address) LogValue() slog.Value { return slog.StringValue("address " + a.ID.String()) }

// safeFor reports whether this way may be used for an attempt by that channel. Only a call may be tried without her yes, and
// not where a wrong call may hurt her.
func (m ContactMethod) safeFor(channel string, safetyFlag bool) bool {
	if m.Channel == "email" {
		return channel == "email" && m.SafeEmail == yes
	}
	switch channel {
	case "call":
		return m.SafeCall == yes || m.SafeCall == unknown && !safetyFlag
	case "text":
		return m.SafeText == yes
	case "voicemail":
		return m.SafeVoicemail == yes
	}
	return false
}

// hasSafeRoute reports whether anyone may try to reach her at all. With a safety flag nothing short of a clear yes will do;
// without one a call is possible unless she refused it.
func hasSafeRoute(methods []ContactMethod, addresses []Address, safetyFlag bool) bool {
	for _, m := range methods {
		if m.safeFor("call", safetyFlag) || m.safeFor("text", safetyFlag) || m.safeFor("email", safetyFlag) {
			return true
		}
	}
	for _, a := range addresses {
		if a.SafeToVisit == yes || a.SafeMail == yes {
			return true
		}
	}
	return false
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
