package referral

import (
	"crypto/sha256"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"golang.org/x/text/unicode/norm"

	"doorstep/referral/match"
)

// Client is a person in the record: here the caregiver of a case.
type Client struct {
	ID             uuid.UUID
	GivenName      string
	FamilyName     string
	DateOfBirth    *civil.Date
	MatchKey       []byte
	SpokenLanguage *string
	ReadLanguage   *string
	Interpreter    string
	Insurance      string
	DoNotContact   bool
	StopVersion    int
	CreatedAt      time.Time

	DeathRecordedAt *time.Time
	PersonID        *uuid.UUID // the oldest record of the same person; nil: linked with nobody
}

// TableName is gorm's.
func (Client) TableName() string { return "clients" }

// LogValue keeps her out of the log.
func (c Client) LogValue() slog.Value { return slog.StringValue("client " + c.ID.String()) }

// Demographics is what she said of herself, kept only to measure disparity.
type Demographics struct {
	ClientID      uuid.UUID
	RaceEthnicity Texts
	Source        string
	AskedByOrg    uuid.UUID
}

// TableName is gorm's.
func (Demographics) TableName() string { return "demographics" }

// matchKey is the hash of exact identity: normalised name and birth date. Without a birth date there is none, since two
// people of one name are more likely than one person sent twice. The name goes in as its hash, so that a family listed by hash
// and birth date alone is found too. What stands for not knowing a name ("Unknown", "Baby Girl") is nobody's.
func matchKey(given, family string, born *civil.Date) []byte {
	if born == nil || match.Nameless(given, family) {
		return nil
	}
	return matchKeyOf(NameHash(given, family), *born)
}

// NameHash is what an agency gives of a family that does not want to be named here: SHA-256 of the given name, "|" and the family
// name, both in lower case with letters and digits only, accents dropped.
func NameHash(given, family string) [sha256.Size]byte {
	return sha256.Sum256([]byte(plainName(given) + "|" + plainName(family)))
}

func matchKeyOf(name [sha256.Size]byte, born civil.Date) []byte {
	sum := sha256.Sum256(append(name[:], born.String()...))
	return sum[:]
}

// plainName drops case, accents, spaces and punctuation, so that "José-María" and "jose maria" are one.
func plainName(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
