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
triage: received > review outreach offered
triage: review > review outreach offered
triage: outreach > review outreach offered
triage: offered > offered
link: review > review outreach offered
link: outreach > review outreach offered
link: offered > offered review
link: claimed > claimed
link: accepted > accepted
link: enrolled > enrolled
review: review > outreach
record alarm outcome: review > review outreach offered
record alarm outcome: claimed > claimed
record alarm outcome: accepted > accepted
record alarm outcome: enrolled > enrolled
record outreach: outreach > outreach
record outreach: review > review
record her choice: outreach > offered outreach review closed
record her choice: offered > offered outreach review closed
offer: outreach > offered
offer: review > offered
offer: offered > offered
claim: offered > claimed
decline: offered > offered outreach review
expire: offered > offered outreach review
assign visitor: claimed > claimed
assign visitor: accepted > accepted
assign visitor: enrolled > enrolled
record attempt: claimed > claimed
record attempt: accepted > accepted
record attempt: enrolled > enrolled
plan first visit: claimed > accepted
miss first visit: accepted > claimed
move first visit: accepted > accepted
enroll: accepted > enrolled
record visit: enrolled > enrolled
complete: enrolled > closed
close: review > closed
close: outreach > closed
close: offered > closed
close: claimed > closed
close: accepted > closed
close: enrolled > closed
`

var (
	statuses = []referral.Status{"", referral.Received, referral.Review, referral.Outreach, referral.Offered, referral.Waitlisted,
		referral.Claimed, referral.Accepted, referral.Enrolled, referral.Closed}
	actions = []referral.Action{referral.ActReceive, referral.ActTriage, referral.ActLink, referral.ActReview, referral.ActAlarmOutcome,
		referral.ActOutreach, referral.ActChoose, referral.ActOffer, referral.ActClaim, referral.ActDecline, referral.ActExpire,
		referral.ActAssignVisitor, referral.ActAttempt, referral.ActPlanFirstVisit, referral.ActMissFirstVisit,
		referral.ActMoveFirstVisit, referral.ActEnroll, referral.ActVisit, referral.ActComplete, referral.ActClose, referral.ActUndo}
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

func TestClosedMovesOnlyByUndo(t *testing.T) {
	if got := referral.Allowed(referral.Closed); len(got) != 0 {
		t.Errorf("a closed case may %v", got)
	}
}

func TestARefusalNamesWhatIsAllowed(t *testing.T) {
	err := referral.CheckAction(referral.Enrolled, referral.ActClaim)
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Conflict {
		t.Fatalf("got %v", err)
	}
	want := []string{"link", "record alarm outcome", "assign visitor", "record attempt", "record visit", "complete", "close"}
	if !slices.Equal(f.Allowed, want) {
		t.Errorf("got %v, want %v", f.Allowed, want)
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
