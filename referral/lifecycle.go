package referral

import (
	"slices"
	"time"

	"doorstep/internal/fault"
)

// Status of the home-visiting line of a case.
type Status string

// The statuses. Enrolled means program consent given and first visit completed; nothing else may be called so.
const (
	Received   Status = "received"
	Review     Status = "review"
	Outreach   Status = "outreach"
	Offered    Status = "offered"
	Waitlisted Status = "waitlisted"
	Claimed    Status = "claimed"
	Accepted   Status = "accepted"
	Enrolled   Status = "enrolled"
	Closed     Status = "closed"
)

// known reports whether there is such a status.
func (s Status) known() bool {
	return slices.Contains([]Status{Received, Review, Outreach, Offered, Waitlisted, Claimed, Accepted, Enrolled, Closed}, s)
}

// Action is one use case that moves a case or is recorded on it.
type Action string

// The actions that this table knows.
const (
	ActReceive        Action = "receive"
	ActTriage         Action = "triage"
	ActLink           Action = "link"
	ActReview         Action = "review"
	ActAlarmOutcome   Action = "record alarm outcome"
	ActOutreach       Action = "record outreach"
	ActChoose         Action = "record her choice"
	ActOffer          Action = "offer"
	ActClaim          Action = "claim"
	ActDecline        Action = "decline"
	ActExpire         Action = "expire"
	ActAssignVisitor  Action = "assign visitor"
	ActAttempt        Action = "record attempt"
	ActPlanFirstVisit Action = "plan first visit"
	ActMissFirstVisit Action = "miss first visit"
	ActMoveFirstVisit Action = "move first visit"
	ActEnroll         Action = "enroll"
	ActVisit          Action = "record visit"
	ActComplete       Action = "complete"
	ActClose          Action = "close"
	ActUndo           Action = "undo"
)

// arrow is one row of the table: from these statuses, this action may lead to those.
type arrow struct {
	action   Action
	from     []Status // nil: there is no case yet
	to       []Status
	undoable bool
}

// UndoWindow is how long the same person may take back the newest move of a case.
const UndoWindow = 10 * time.Minute

// table lists every allowed move. What is absent is forbidden; docs/lifecycle.md is drawn from it.
func table() []arrow {
	one := func(s ...Status) []Status { return s }
	rerouted := one(Offered, Outreach, Review)
	return []arrow{
		{action: ActReceive, from: nil, to: one(Received)},
		{action: ActTriage, from: one(Received, Review, Outreach), to: one(Review, Outreach, Offered)},
		{action: ActTriage, from: one(Offered), to: one(Offered)},
		{action: ActLink, from: one(Review, Outreach), to: one(Review, Outreach, Offered)},
		{action: ActLink, from: one(Offered), to: one(Offered, Review)},
		{action: ActLink, from: one(Claimed), to: one(Claimed)},
		{action: ActLink, from: one(Accepted), to: one(Accepted)},
		{action: ActLink, from: one(Enrolled), to: one(Enrolled)},
		{action: ActReview, from: one(Review), to: one(Outreach)},
		{action: ActAlarmOutcome, from: one(Review), to: one(Review, Outreach, Offered)},
		{action: ActAlarmOutcome, from: one(Claimed), to: one(Claimed)},
		{action: ActAlarmOutcome, from: one(Accepted), to: one(Accepted)},
		{action: ActAlarmOutcome, from: one(Enrolled), to: one(Enrolled)},
		{action: ActOutreach, from: one(Outreach), to: one(Outreach)},
		{action: ActOutreach, from: one(Review), to: one(Review)},
		{action: ActChoose, from: one(Outreach, Offered), to: one(Offered, Outreach, Review, Closed), undoable: true},
		{action: ActOffer, from: one(Outreach, Review, Offered), to: one(Offered)},
		{action: ActClaim, from: one(Offered), to: one(Claimed), undoable: true},
		{action: ActDecline, from: one(Offered), to: rerouted, undoable: true},
		{action: ActExpire, from: one(Offered), to: rerouted},
		{action: ActAssignVisitor, from: one(Claimed), to: one(Claimed)},
		{action: ActAssignVisitor, from: one(Accepted), to: one(Accepted)},
		{action: ActAssignVisitor, from: one(Enrolled), to: one(Enrolled)},
		{action: ActAttempt, from: one(Claimed), to: one(Claimed)},
		{action: ActAttempt, from: one(Accepted), to: one(Accepted)},
		{action: ActAttempt, from: one(Enrolled), to: one(Enrolled)},
		{action: ActPlanFirstVisit, from: one(Claimed), to: one(Accepted), undoable: true},
		{action: ActMissFirstVisit, from: one(Accepted), to: one(Claimed), undoable: true},
		{action: ActMoveFirstVisit, from: one(Accepted), to: one(Accepted), undoable: true},
		{action: ActEnroll, from: one(Accepted), to: one(Enrolled), undoable: true},
		{action: ActVisit, from: one(Enrolled), to: one(Enrolled)},
		{action: ActComplete, from: one(Enrolled), to: one(Closed), undoable: true},
		{action: ActClose, from: one(Review, Outreach, Offered, Claimed, Accepted, Enrolled), to: one(Closed), undoable: true},
	}
}

// Allowed lists what may be done in status s, in the order of the table.
func Allowed(s Status) []Action {
	var out []Action
	for _, a := range table() {
		if slices.Contains(a.from, s) && !slices.Contains(out, a.action) {
			out = append(out, a.action)
		}
	}
	return out
}

// CheckAction is nil when action may be begun in status from, else Conflict with what is allowed instead.
func CheckAction(from Status, action Action) error {
	if slices.Contains(Allowed(from), action) {
		return nil
	}
	return illegal(from, action)
}

// CheckMove is nil when action may lead from one status to the other, else Conflict with what is allowed instead.
func CheckMove(from Status, action Action, to Status) error {
	for _, a := range table() {
		if a.action == action && slices.Contains(a.to, to) && (slices.Contains(a.from, from) || a.from == nil && from == "") {
			return nil
		}
	}
	return illegal(from, action)
}

func undoable(action Action) bool {
	return slices.ContainsFunc(table(), func(a arrow) bool { return a.action == action && a.undoable })
}

func illegal(from Status, action Action) error {
	f := fault.New(fault.Conflict, "This case is in %q; %q is not possible now.", from, action)
	for _, a := range Allowed(from) {
		f.Allowed = append(f.Allowed, string(a))
	}
	return f
}
