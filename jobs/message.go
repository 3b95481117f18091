package jobs

import (
	"time"

	"github.com/google/uuid"
)

// The states of a message, beside HandedOver. All from Sent on are final but InDoubt, which a person or a late answer of
// the server resolves.
const (
	Queued    = "queued"
	Sending   = "sending"
	Sent      = "sent"
	InDoubt   = "in_doubt" // may have left; never sent again by a machine
	Failed    = "failed"
	Withdrawn = "withdrawn"
	NotNeeded = "not_needed"
)

// StillWaiting is the template to a family that waits for a place: a person will call.
const StillWaiting = "still_waiting"

// Message is one send through one channel, and its ledger. The address is looked up when it leaves, never stored.
type Message struct {
	ID         uuid.UUID // made by Queue when nil
	CaseID     uuid.UUID
	ReferralID *uuid.UUID
	ClientID   uuid.UUID
	Audience   string // referrer, client, agency
	Channel    string // email, sms, letter, webhook
	Template   string
	NotBefore  time.Time // business time; undo can withdraw it until then
	Status     string
	Attempt    int        // fence of the send
	LeaseUntil *time.Time // machine time
	Reason     *string
	SentAt     *time.Time
	OpenedMove *uuid.UUID
	ClosedMove *uuid.UUID

	StopVersion int `gorm:"->"` // of the client, as LockMessage read it
}

// Blocked says that a message may not leave, with a code for its ledger.
type Blocked struct{ Reason string }

// Error is the code.
func (b *Blocked) Error() string { return "blocked: " + b.Reason }
