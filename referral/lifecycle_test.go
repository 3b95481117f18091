package referral_test

import (
	"errors"
	"flag"
	"os"
	"slices"
	"strings"
	"testing"

	"doorstep/internal/fault"
	"doorstep/referral"
)

var update = flag.Bool("update", false, "rewrite docs/lifecycle.md")

// golden says every allowed move once more, by hand: "action: from > to to to". What is not here must be refused.
const golden = `
receive: - > received
enroll walk-in: received > enrolled
enroll walk-in: review > enrolled
enroll walk-in: outreach > enrolled
enroll walk-in: offered > enrolled
enroll walk-in: waitlisted > enrolled
triage: received > review outreach offered waitlisted
triage: review > review outreach offered waitlisted
triage: outreach > review outreach offered waitlisted
triage: waitlisted > review outreach offered waitlisted
triage: offered > offered
link: review > review outreach offered waitlisted
link: outreach > review outreach offered waitlisted
link: waitlisted > review outreach offered waitlisted
link: offered > offered review
link: claimed > claimed
link: accepted > accepted
link: enrolled > enrolled
withdraw: review > closed review
withdraw: outreach > closed outreach
withdraw: offered > closed offered
withdraw: waitlisted > closed waitlisted
withdraw: claimed > claimed
withdraw: accepted > accepted
withdraw: enrolled > enrolled
review: review > outreach
record alarm outcome: review > review outreach offered waitlisted
record alarm outcome: claimed > claimed
record alarm outcome: accepted > accepted
record alarm outcome: enrolled > enrolled
record outreach: outreach > outreach
record outreach: review > review
record outreach: waitlisted > waitlisted
record her choice: outreach > review outreach offered waitlisted closed
record her choice: offered > review outreach offered waitlisted closed
record her choice: waitlisted > review outreach offered waitlisted closed
join waitlist: review > waitlisted
join waitlist: outreach > waitlisted
join waitlist: offered > waitlisted
join waitlist: waitlisted > waitlisted
confirm waiting: waitlisted > waitlisted
leave waitlist: waitlisted > waitlisted
offer a freed place: waitlisted > offered outreach review waitlisted
offer: review > offered
offer: outreach > offered
offer: offered > offered
offer: waitlisted > offered
claim: offered > claimed
claim: claimed > claimed
claim: accepted > claimed
claim: enrolled > claimed
decline: offered > review outreach offered waitlisted
decline: claimed > claimed
decline: accepted > accepted
decline: enrolled > enrolled
expire: offered > review outreach offered waitlisted
expire: waitlisted > review
expire: claimed > claimed
expire: accepted > accepted
expire: enrolled > enrolled
release: claimed > review outreach offered waitlisted
release: accepted > review outreach offered waitlisted
assign visitor: claimed > claimed
assign visitor: accepted > accepted
assign visitor: enrolled > enrolled
hand over caseload: claimed > claimed
hand over caseload: accepted > accepted
hand over caseload: enrolled > enrolled
record attempt: claimed > claimed
record attempt: accepted > accepted
record attempt: enrolled > enrolled
plan first visit: claimed > accepted
miss first visit: accepted > claimed
move first visit: accepted > accepted
enroll: accepted > enrolled
record visit: enrolled > enrolled
connect: review > review
connect: outreach > outreach
connect: offered > offered
connect: waitlisted > waitlisted
connect: claimed > claimed
connect: accepted > accepted
connect: enrolled > enrolled
record connection: review > review
record connection: outreach > outreach
record connection: offered > offered
record connection: waitlisted > waitlisted
record connection: claimed > claimed
record connection: accepted > accepted
record connection: enrolled > enrolled
place hold: review > review
place hold: outreach > outreach
place hold: offered > offered
place hold: waitlisted > waitlisted
place hold: claimed > claimed
place hold: accepted > accepted
place hold: enrolled > enrolled
lift hold: review > review
lift hold: outreach > outreach
lift hold: offered > offered
lift hold: waitlisted > waitlisted
lift hold: claimed > claimed
lift hold: accepted > accepted
lift hold: enrolled > enrolled
change contact method: review > review
change contact method: outreach > outreach
change contact method: offered > offered
change contact method: waitlisted > waitlisted
change contact method: claimed > claimed
change contact method: accepted > accepted
change contact method: enrolled > enrolled
look for a safe way: review > review
look for a safe way: outreach > outreach
look for a safe way: offered > offered
look for a safe way: waitlisted > waitlisted
look for a safe way: claimed > claimed
look for a safe way: accepted > accepted
look for a safe way: enrolled > enrolled
record do not contact: review > review
record do not contact: outreach > review
record do not contact: offered > review
record do not contact: waitlisted > review
record do not contact: claimed > claimed
record do not contact: accepted > accepted
record do not contact: enrolled > enrolled
lift do not contact: review > review outreach offered waitlisted
lift do not contact: outreach > review outreach offered waitlisted
lift do not contact: offered > review outreach offered waitlisted
lift do not contact: waitlisted > review outreach offered waitlisted
lift do not contact: claimed > claimed
lift do not contact: accepted > accepted
lift do not contact: enrolled > enrolled
propose transfer: claimed > claimed
propose transfer: accepted > accepted
propose transfer: enrolled > enrolled
hand over to another jurisdiction: review > review
hand over to another jurisdiction: outreach > review
hand over to another jurisdiction: offered > review
hand over to another jurisdiction: waitlisted > review
hand over to another jurisdiction: claimed > claimed
hand over to another jurisdiction: accepted > accepted
hand over to another jurisdiction: enrolled > enrolled
record answer of jurisdiction: review > closed review
record answer of jurisdiction: outreach > closed outreach
record answer of jurisdiction: offered > closed offered
record answer of jurisdiction: waitlisted > closed waitlisted
record answer of jurisdiction: claimed > closed claimed
record answer of jurisdiction: accepted > closed accepted
record answer of jurisdiction: enrolled > closed enrolled
record birth: review > review outreach offered waitlisted
record birth: outreach > review outreach offered waitlisted
record birth: offered > review outreach offered waitlisted
record birth: waitlisted > review outreach offered waitlisted
record birth: claimed > claimed
record birth: accepted > accepted
record birth: enrolled > enrolled
record loss: review > review
record loss: outreach > review
record loss: offered > review
record loss: waitlisted > review
record loss: claimed > claimed
record loss: accepted > accepted
record loss: enrolled > enrolled
record death: review > review closed
record death: outreach > review closed
record death: offered > review closed
record death: waitlisted > review closed
record death: claimed > closed claimed
record death: accepted > closed accepted
record death: enrolled > closed enrolled
change caregiver: review > review closed
change caregiver: outreach > review outreach closed
change caregiver: offered > review offered closed
change caregiver: waitlisted > review waitlisted closed
change caregiver: claimed > claimed
change caregiver: accepted > accepted
change caregiver: enrolled > enrolled
return child: review > review
return child: outreach > review
return child: offered > review
return child: waitlisted > review
return child: claimed > claimed
return child: accepted > accepted
return child: enrolled > enrolled
record due date: review > review outreach offered waitlisted
record due date: outreach > review outreach offered waitlisted
record due date: offered > review outreach offered waitlisted
record due date: waitlisted > review outreach offered waitlisted
record due date: claimed > claimed
record due date: accepted > accepted
record due date: enrolled > enrolled
amend record: review > review outreach offered waitlisted
amend record: outreach > review outreach offered waitlisted
amend record: offered > review outreach offered waitlisted
amend record: waitlisted > review outreach offered waitlisted
amend record: claimed > claimed
amend record: accepted > accepted
amend record: enrolled > enrolled
close program: offered > review outreach offered waitlisted
close program: waitlisted > review outreach offered waitlisted
close program: review > review
close program: outreach > outreach
close program: claimed > claimed
close program: accepted > accepted
close program: enrolled > enrolled
join a case: review > closed
join a case: outreach > closed
join a case: offered > closed
join a case: waitlisted > closed
part from a case: closed > review outreach offered waitlisted
complete: enrolled > closed
close: review > closed
close: outreach > closed
close: offered > closed
close: waitlisted > closed
close: claimed > closed
close: accepted > closed
close: enrolled > closed
correct: closed > review closed
correct: review > review
correct: outreach > review
correct: offered > review
correct: waitlisted > review
correct: claimed > claimed
correct: accepted > accepted
correct: enrolled > enrolled
`

var (
	statuses = []referral.Status{"", referral.Received, referral.Review, referral.Outreach, referral.Offered, referral.Waitlisted,
		referral.Claimed, referral.Accepted, referral.Enrolled, referral.Closed}
	actions = []referral.Action{referral.ActReceive, referral.ActWalkIn, referral.ActTriage, referral.ActLink, referral.ActWithdraw,
		referral.ActReview, referral.ActAlarmOutcome, referral.ActOutreach, referral.ActChoose, referral.ActWait, referral.ActWaitOn,
		referral.ActLeaveWaitlist, referral.ActPlaceFree, referral.ActOffer, referral.ActClaim, referral.ActDecline,
		referral.ActExpire, referral.ActRelease, referral.ActAssignVisitor, referral.ActCaseload, referral.ActAttempt,
		referral.ActPlanFirstVisit, referral.ActMissFirstVisit, referral.ActMoveFirstVisit, referral.ActEnroll, referral.ActVisit,
		referral.ActConnect, referral.ActConnectionEnds, referral.ActHold, referral.ActLift, referral.ActContact,
		referral.ActFindWay, referral.ActStopContact, referral.ActResumeContact, referral.ActTransfer,
		referral.ActHandOver, referral.ActHandOverAnswered, referral.ActBirth, referral.ActLoss, referral.ActDeath,
		referral.ActCaregiver, referral.ActReturn, referral.ActDueDate, referral.ActAmend, referral.ActProgramCloses, referral.ActJoin, referral.ActPart,
		referral.ActComplete, referral.ActClose, referral.ActCorrect, referral.ActUndo}
)

type pair struct {
	action referral.Action
	from   referral.Status
}

func goldenMoves() map[pair][]referral.Status {
	out := map[pair][]referral.Status{}
	for line := range strings.Lines(strings.TrimSpace(golden)) {
		action, rest, _ := strings.Cut(strings.TrimSpace(line), ": ")
		from, to, _ := strings.Cut(rest, " > ")
		p := pair{referral.Action(action), referral.Status(strings.TrimPrefix(from, "-"))}
		for _, s := range strings.Fields(to) {
			out[p] = append(out[p], referral.Status(s))
		}
	}
	return out
}

func TestEveryPairOfStatusAndAction(t *testing.T) {
	allowed := goldenMoves()
	for _, from := range statuses {
		for _, action := range actions {
			begin := len(allowed[pair{action, from}]) > 0 && from != ""
			if got := referral.CheckAction(from, action) == nil; got != begin {
				t.Errorf("%q in status %q may begin: got %v, want %v", action, from, got, begin)
			}
			for _, to := range statuses {
				want := slices.Contains(allowed[pair{action, from}], to)
				if got := referral.CheckMove(from, action, to) == nil; got != want {
					t.Errorf("%q from %q to %q: got %v, want %v", action, from, to, got, want)
				}
			}
		}
	}
}

func TestClosedMovesOnlyByCorrectPartAndUndo(t *testing.T) {
	if got := referral.Allowed(referral.Closed); !slices.Equal(got, []referral.Action{referral.ActPart, referral.ActCorrect}) {
		t.Errorf("a closed case may %v", got)
	}
}

func TestARefusalNamesWhatIsAllowed(t *testing.T) {
	err := referral.CheckAction(referral.Enrolled, referral.ActOffer)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Conflict {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"link", "record visit", "complete", "close"} {
		if !slices.Contains(f.Allowed, want) {
			t.Errorf("the refusal does not name %q: %v", want, f.Allowed)
		}
	}
	if slices.Contains(f.Allowed, "offer") {
		t.Errorf("what was refused is named as allowed: %v", f.Allowed)
	}
}

func TestThePageIsDrawnFromTheTable(t *testing.T) {
	const page = "../docs/lifecycle.md"
	drawn := referral.LifecycleMarkdown()
	if *update {
		if err := os.WriteFile(page, []byte(drawn), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	written, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	if string(written) != drawn {
		t.Error("docs/lifecycle.md is not what the table says; run the test with -update and read the difference")
	}
}
