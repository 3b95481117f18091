package audit

import (
	"time"

	"github.com/google/uuid"
)

// Event is one change as its use case tells it. Actor, organization and times come from the transaction.
type Event struct {
	Action    string // what was done, in the domain's word: "claim"
	CaseID    *uuid.UUID
	Subject   string // the kind of thing it was done to: "case", "program", "api_key"
	SubjectID *uuid.UUID
	From, To  string         // status before and after; empty when no status moved
	Detail    map[string]any // codes and ids only: no names, no answers, no free text
}

// Kinds of event.
const (
	change  = "change"
	view    = "view"
	refused = "refused"
)

// row is an event as stored. recorded_at and xid are the database's own.
type row struct {
	ID         uuid.UUID
	Kind       string
	OrgID      uuid.UUID
	ActorKind  string
	ActorID    uuid.UUID
	ActorRole  string
	ActorName  string
	Action     string
	CaseID     *uuid.UUID
	Subject    string
	SubjectID  *uuid.UUID
	FromStatus *string
	ToStatus   *string
	Detail     []byte
	At         time.Time
}

// TableName is gorm's.
func (row) TableName() string { return "audit_events" }
