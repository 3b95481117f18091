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
	ActReceive          Action = "receive"
	ActWalkIn           Action = "enroll walk-in"
	ActTriage           Action = "triage"
	ActLink             Action = "link"
	ActWithdraw         Action = "withdraw"
	ActReview           Action = "review"
	ActAlarmOutcome     Action = "record alarm outcome"
	ActOutreach         Action = "record outreach"
	ActChoose           Action = "record her choice"
	ActWait             Action = "join waitlist"
	ActWaitOn           Action = "confirm waiting"
	ActLeaveWaitlist    Action = "leave waitlist"
	ActPlaceFree        Action = "offer a freed place"
	ActOffer            Action = "offer"
	ActClaim            Action = "claim"
	ActDecline          Action = "decline"
	ActExpire           Action = "expire"
	ActRelease          Action = "release"
	ActAssignVisitor    Action = "assign visitor"
	ActCaseload         Action = "hand over caseload"
	ActAttempt          Action = "record attempt"
	ActPlanFirstVisit   Action = "plan first visit"
	ActMissFirstVisit   Action = "miss first visit"
	ActMoveFirstVisit   Action = "move first visit"
	ActEnroll           Action = "enroll"
	ActVisit            Action = "record visit"
	ActConnect          Action = "connect"
	ActConnectionEnds   Action = "record connection"
	ActHold             Action = "place hold"
	ActLift             Action = "lift hold"
	ActContact          Action = "change contact method"
	ActFindWay          Action = "look for a safe way"
	ActStopContact      Action = "record do not contact"
	ActResumeContact    Action = "lift do not contact"
	ActTransfer         Action = "propose transfer"
	ActHandOver         Action = "hand over to another jurisdiction"
	ActHandOverAnswered Action = "record answer of jurisdiction"
	ActBirth            Action = "record birth"
	ActLoss             Action = "record loss"
	ActDeath            Action = "record death"
	ActCaregiver        Action = "change caregiver"
	ActReturn           Action = "return child"
	ActDueDate          Action = "record due date"
	ActAmend            Action = "amend record"
	ActProgramCloses    Action = "close program"
	ActJoin             Action = "join a case"
	ActPart             Action = "part from a case"
	ActComplete         Action = "complete"
	ActClose            Action = "close"
	ActCorrect          Action = "correct"
	ActUndo             Action = "undo"
	ActConsent          Action = "record consent"
	ActRevoke           Action = "revoke consent"
)

// arrow is one row of the table: from these statuses, this action may lead to those.
type arrow struct {
	action   Action
	from     []Status // nil: there is no case yet
	to       []Status // nil: the case stays where it is
	undoable bool
}

// UndoWindow is how long the same person may take back the newest move of a case.
const UndoWindow = 10 * time.Minute

// table lists every allowed move. What is absent is forbidden; docs/lifecycle.md is drawn from it.
func table() []arrow {
	one := func(s ...Status) []Status { return s }
	unclaimed := one(Review, Outreach, Offered, Waitlisted) // an agency may know that she is there, and no agency has her
	served := one(Claimed, Accepted, Enrolled)              // one agency has her; no rule moves her
	open := slices.Concat(unclaimed, served)
	return []arrow{
		{action: ActReceive, from: nil, to: one(Received)},
		{action: ActWalkIn, from: slices.Concat(one(Received), unclaimed), to: one(Enrolled)},
		{action: ActTriage, from: one(Received, Review, Outreach, Waitlisted), to: unclaimed},
		{action: ActTriage, from: one(Offered), to: one(Offered)},
		{action: ActLink, from: one(Review, Outreach, Waitlisted), to: unclaimed},
		{action: ActLink, from: one(Offered), to: one(Offered, Review)},
		{action: ActLink, from: served},
		{action: ActWithdraw, from: unclaimed, to: one(Closed)},
		{action: ActWithdraw, from: open},
		{action: ActReview, from: one(Review), to: one(Outreach)},
		{action: ActAlarmOutcome, from: one(Review), to: unclaimed},
		{action: ActAlarmOutcome, from: served},
		{action: ActOutreach, from: one(Outreach, Review, Waitlisted), undoable: true},
		{action: ActChoose, from: one(Outreach, Offered, Waitlisted), to: slices.Concat(unclaimed, one(Closed)), undoable: true},
		{action: ActWait, from: one(Review, Outreach, Offered, Waitlisted), to: one(Waitlisted), undoable: true},
		{action: ActWaitOn, from: one(Waitlisted), undoable: true},
		{action: ActLeaveWaitlist, from: one(Waitlisted), undoable: true},
		{action: ActPlaceFree, from: one(Waitlisted), to: one(Offered, Outreach, Review, Waitlisted)},
		{action: ActOffer, from: unclaimed, to: one(Offered)},
		{action: ActClaim, from: one(Offered), to: one(Claimed), undoable: true},
		{action: ActClaim, from: served, to: one(Claimed), undoable: true}, // of a transfer
		{action: ActDecline, from: one(Offered), to: unclaimed, undoable: true},
		{action: ActDecline, from: served},
		{action: ActExpire, from: one(Offered), to: unclaimed},
		{action: ActExpire, from: one(Waitlisted), to: one(Review)}, // she did not answer whether she still waits
		{action: ActExpire, from: served},
		{action: ActRelease, from: one(Claimed, Accepted), to: unclaimed, undoable: true},
		{action: ActAssignVisitor, from: served},
		{action: ActCaseload, from: served},
		{action: ActAttempt, from: served, undoable: true},
		{action: ActPlanFirstVisit, from: one(Claimed), to: one(Accepted), undoable: true},
		{action: ActMissFirstVisit, from: one(Accepted), to: one(Claimed), undoable: true},
		{action: ActMoveFirstVisit, from: one(Accepted), to: one(Accepted), undoable: true},
		{action: ActEnroll, from: one(Accepted), to: one(Enrolled), undoable: true},
		{action: ActVisit, from: one(Enrolled), to: one(Enrolled)},
		{action: ActConnect, from: open, undoable: true},
		{action: ActConnectionEnds, from: open},
		{action: ActHold, from: open},
		{action: ActLift, from: open},
		{action: ActContact, from: open},
		{action: ActFindWay, from: open},
		{action: ActStopContact, from: unclaimed, to: one(Review)},
		{action: ActStopContact, from: served},
		{action: ActResumeContact, from: unclaimed, to: unclaimed},
		{action: ActResumeContact, from: served},
		{action: ActTransfer, from: served},
		{action: ActHandOver, from: unclaimed, to: one(Review)},
		{action: ActHandOver, from: served},
		{action: ActHandOverAnswered, from: open, to: one(Closed)},
		{action: ActHandOverAnswered, from: open}, // the hub took her back
		{action: ActBirth, from: unclaimed, to: unclaimed},
		{action: ActBirth, from: served},
		{action: ActLoss, from: unclaimed, to: one(Review)},
		{action: ActLoss, from: served},
		{action: ActDeath, from: unclaimed, to: one(Review, Closed)},
		{action: ActDeath, from: served, to: one(Closed)},
		{action: ActDeath, from: served},
		{action: ActCaregiver, from: unclaimed, to: one(Review, Closed)},
		{action: ActCaregiver, from: open},
		{action: ActReturn, from: unclaimed, to: one(Review)},
		{action: ActReturn, from: served},
		{action: ActDueDate, from: unclaimed, to: unclaimed},
		{action: ActDueDate, from: served},
		{action: ActAmend, from: unclaimed, to: unclaimed},
		{action: ActAmend, from: served},
		{action: ActProgramCloses, from: one(Offered, Waitlisted), to: unclaimed},
		{action: ActProgramCloses, from: one(Review, Outreach)}, // a place in its line that she had before
		{action: ActProgramCloses, from: served},
		{action: ActConsent, from: open},
		{action: ActRevoke, from: unclaimed, to: unclaimed},
		{action: ActRevoke, from: served, to: one(Review)}, // the agency that had her may no longer know who she is
		{action: ActRevoke, from: served},
		{action: ActJoin, from: unclaimed, to: one(Closed)},
		{action: ActPart, from: one(Closed), to: unclaimed},
		{action: ActComplete, from: one(Enrolled), to: one(Closed), undoable: true},
		{action: ActClose, from: open, to: one(Closed), undoable: true},
		{action: ActCorrect, from: one(Closed), to: one(Review, Closed)},
		{action: ActCorrect, from: unclaimed, to: one(Review)}, // what was recorded in error of a family is taken back
		{action: ActCorrect, from: served},
	}
}

// leads reports whether the row lets a case go from one status to the other.
func (a arrow) leads(from, to Status) bool {
	if a.from == nil {
		return from == "" && slices.Contains(a.to, to)
	}
	return slices.Contains(a.from, from) && (a.to == nil && from == to || slices.Contains(a.to, to))
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
		if a.action == action && a.leads(from, to) {
			return nil
		}
	}
	return illegal(from, action)
}

// undoable reports whether a move of this action, begun in this status, may be taken back.
func undoable(action Action, from Status) bool {
	return slices.ContainsFunc(table(), func(a arrow) bool {
		return a.action == action && a.undoable && slices.Contains(a.from, from)
	})
}

func illegal(from Status, action Action) error {
	f := fault.New(fault.Conflict, "This case is in %q; %q is not possible now.", from, action)
	for _, a := range Allowed(from) {
		f.Allowed = append(f.Allowed, string(a))
	}
	return f
}
