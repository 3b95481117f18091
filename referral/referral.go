package referral

import (
	"crypto/rand"
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/providers"
)

// Referral is the request as received. It is never changed, but for a withdrawal by its own referrer.
type Referral struct {
	ID                        uuid.UUID
	Reference                 string
	CaseID                    uuid.UUID
	ClientID                  uuid.UUID
	OrgID                     uuid.UUID
	SiteID                    *uuid.UUID
	SourceKind                string
	ReferrerClass             string
	Channel                   string
	Stage                     string
	Sensitivity               string
	ReferredAt                time.Time
	ReceivedAt                time.Time
	EnteredAt                 time.Time
	Consent                   string
	MotherDischargedOn        *civil.Date
	MotherDischargeExpectedOn *civil.Date
	Linked                    bool // an open case was there already
	PayloadSealed             pg.Sealed
	NoteSealed                pg.Sealed
	WithdrawnAt               *time.Time
}

// TableName is gorm's.
func (Referral) TableName() string { return "referrals" }

// clinical: it came from a clinic or hospital, or the hub wrote it down itself; to these the law lets care be coordinated.
func (r Referral) clinical() bool {
	return r.ReferrerClass == string(providers.Clinical) || slices.Contains([]string{"hub", "hospital", "clinic"}, r.SourceKind)
}

// referenceLetters leaves out what a person confuses when reading aloud or writing by hand: 0 O, 1 I L, 2 Z, 5 S, 8 B, U V.
const referenceLetters = "34679ACDEFGHJKMNPQRTWXY"

// newReference makes a random reference such as 7K4M-QX9T (23^8, about 7.8e10): for people, not for access.
func newReference() string {
	out := make([]byte, 0, 9)
	for len(out) < 9 {
		if len(out) == 4 {
			out = append(out, '-')
		}
		var b [1]byte
		_, _ = rand.Read(b[:])                         // never fails
		if int(b[0]) < 256-256%len(referenceLetters) { // no letter more often than another
			out = append(out, referenceLetters[int(b[0])%len(referenceLetters)])
		}
	}
	return string(out)
}
