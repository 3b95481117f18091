package referral

import (
	"log/slog"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
)

// Import is one file of many referrals. Each of its rows becomes a referral of its own, in a transaction of its own, by the same intake as
// any other, so that a kill in the middle loses none and sends none twice.
type Import struct {
	ID         uuid.UUID
	OrgID      uuid.UUID
	SiteID     *uuid.UUID
	ActorKind  string
	ActorID    uuid.UUID
	ActorRole  auth.Role
	FileHash   []byte // nil while it is uploaded
	Columns    Texts
	Status     string
	Rows       int
	UploadedAt time.Time
	SentAt     *time.Time
}

// TableName is gorm's.
func (Import) TableName() string { return "imports" }

// The states of an import. Done is none of the table's: it is sending with no row left.
const (
	ImportUploading = "uploading"
	ImportChecking  = "checking"
	ImportReady     = "ready"
	ImportSending   = "sending"
	ImportDone      = "done"
)

// ImportRow is one row of the file.
type ImportRow struct {
	ID            uuid.UUID
	ImportID      uuid.UUID
	OrgID         uuid.UUID
	Number        int // in the sender's own counting: the header is row 1
	Outcome       string
	Fingerprint   []byte
	MatchKey      []byte
	ContentSealed []byte
	Problems      []byte
	ReferralID    *uuid.UUID
}

// TableName is gorm's.
func (ImportRow) TableName() string { return "import_rows" }

// The outcomes of a row.
const (
	RowUnchecked = "unchecked"
	RowReady     = "ready"
	RowAlready   = "already" // the same row was sent, from this file or another
	RowMaybe     = "maybe"   // this organization may have sent this family before: it may be sent all the same
	RowRefused   = "refused"
	RowSent      = "sent"
)

// ImportProblem is one thing about a row. It holds no value of the file.
type ImportProblem struct {
	Column string `json:"column"` // empty when it is the row as a whole
	Code   string `json:"code"`
}

// The codes of this file's own: others are those of the intake.
const (
	problemSentBefore = "sent_before"
	problemTwice      = "row_twice"
	problemMaybe      = "maybe_known"
)

// ImportLine is a row as it was read. Form is nil when it could not be read as a row at all.
type ImportLine struct {
	Number   int
	Record   []string
	Form     *Submission
	Problems []ImportProblem
}

// LogValue: nothing of a row may be logged.
func (ImportLine) LogValue() slog.Value { return slog.StringValue("[row]") }

// rowContent is what is sealed of a row.
type rowContent struct {
	Record []string        `json:"record"`
	Form   *Submission     `json:"form"`
	Wrong  []ImportProblem `json:"wrong"` // found when it was read
}

// ImportView is how far an import is. It names no family.
type ImportView struct {
	ID         uuid.UUID       `json:"id"`
	Status     string          `json:"status"`
	UploadedAt time.Time       `json:"uploaded_at"`
	SentAt     *time.Time      `json:"sent_at"`
	Rows       int             `json:"rows"`
	Checked    int             `json:"checked"`
	Ready      int             `json:"ready"`
	Already    int             `json:"already"`
	Maybe      int             `json:"maybe"`
	Refused    int             `json:"refused"`
	Sent       int             `json:"sent"`
	Earlier    bool            `json:"earlier"` // these bytes were uploaded before: this is that import
	Problems   []ImportFinding `json:"problems"`
}

// ToSend is how many rows would be sent, or are not sent yet.
func (v ImportView) ToSend() int { return v.Ready + v.Maybe }

// ImportFinding is one problem with the rows that have it, of which the first 200 are named.
type ImportFinding struct {
	Outcome string `json:"outcome"`
	Column  string `json:"column"`
	Code    string `json:"code"`
	Count   int    `json:"count"`
	Rows    []int  `json:"rows"`
}

// actor is on whose behalf the rows are sent: whoever uploaded them.
func (i Import) actor(kind auth.OrgKind) auth.Actor {
	a := auth.Actor{Kind: i.ActorKind, ID: i.ActorID, OrgID: i.OrgID, OrgKind: kind, Role: i.ActorRole}
	if i.SiteID != nil {
		a.SiteID = *i.SiteID
	}
	if a.Kind == "system" {
		a.Name = "import"
	}
	return a
}
