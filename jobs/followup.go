package jobs

import (
	"time"

	"github.com/google/uuid"
)

// The states of a follow-up.
const (
	Open       = "open"
	Held       = "held"        // a hold stops what goes to her; it keeps the time that was left
	HandedOver = "handed_over" // due, and in the outbox
	Done       = "done"
	Cancelled  = "cancelled"
	Dead       = "dead" // no machine tries again; a person has a task
)

// FollowUp is a promise: who owes what by when. One (kind, subject) is open at a time.
type FollowUp struct {
	ID         uuid.UUID // made by Promise when nil
	CaseID     uuid.UUID
	Kind       Kind
	SubjectID  uuid.UUID // the offer, claim, alarm, enrollment or case that the promise is about
	OwedBy     uuid.UUID // the organization that promised
	DueAt      time.Time // business time
	Status     string
	HeldAt     *time.Time // business time; set by a caller that promises while the case is held
	OpenedMove *uuid.UUID // the moves of the case that opened and closed it, so that undo can go back
	ClosedMove *uuid.UUID
}

// Pending reports whether the promise still stands and runs. A handler whose follow-up is not pending has nothing to do.
func (f FollowUp) Pending() bool { return f.Status == Open || f.Status == HandedOver }

// TableName is gorm's.
func (FollowUp) TableName() string { return "follow_ups" }
