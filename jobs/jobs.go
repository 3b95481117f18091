package jobs

import (
	"errors"

	"github.com/google/uuid"
)

// Kind is a kind of work. It stands in follow_ups.kind and outbox.kind; queued work outlives a deploy, so never rename one.
type Kind string

// The kinds that are enqueued directly, each with its subject. Every other kind is a follow-up, and its job's subject is the
// follow-up.
const (
	CaseTriage     Kind = "case.triage"              // the case
	NotifyReferrer Kind = "referral.notify_referrer" // the message
	MessageClient  Kind = "client.message"           // the message
	PlaceFree      Kind = "program.place_free"       // the program
	BatchItem      Kind = "batch.item"               // one case of a request over many
	BatchSpread    Kind = "batch.spread"             // a request over many, whose cases are not listed yet
	RulesChanged   Kind = "rules.changed"            // the rule set that went live
	RulesSimulate  Kind = "rules.simulate"           // the simulation
	AccountLetter  Kind = "account.letter"           // the invitation, or the letter for a new password
	ImportCheck    Kind = "import.check"             // the import
	ImportRow      Kind = "import.row"               // one row of an import
)

// The kinds of follow-up.
const (
	OfferExpire        Kind = "offer.expire"
	OutreachDue        Kind = "case.outreach_due"
	ReviewDue          Kind = "case.review_due"
	WaitlistTouch      Kind = "case.waitlist_touch"
	WaitlistExit       Kind = "case.waitlist_exit"
	WindowClosing      Kind = "case.window_closing"
	FirstAttemptDue    Kind = "claim.first_attempt_due"
	NextAttemptDue     Kind = "claim.next_attempt_due"
	FirstVisitDue      Kind = "claim.first_visit_due"
	AlarmEscalate      Kind = "alarm.escalate"
	VisitDrought       Kind = "enrollment.visit_drought"
	CompletionCheck    Kind = "enrollment.completion_check"
	ConnectionCheck    Kind = "connection.check"
	HoldReview         Kind = "hold.review_due"
	HandoverUnanswered Kind = "handover.unanswered"
	ContactRecheck     Kind = "contact.recheck"
)

// MaxAttempts is how often a job runs before it is dead and a person has it: with the worker's backoff between one and two
// hours.
const MaxAttempts = 8

// Job is one outbox row as leased. Attempt is the fence: only the holder of the newest attempt can settle.
type Job struct {
	ID        uuid.UUID
	Kind      Kind
	SubjectID uuid.UUID
	Attempt   int
}

// ErrSuperseded: another attempt has this job, or it is finished. Roll back and say nothing.
var ErrSuperseded = errors.New("somebody else has this job")

// ErrNothingToDo: the promise no longer applies. The job ends well and nobody is bothered.
var ErrNothingToDo = errors.New("there is nothing to do")
