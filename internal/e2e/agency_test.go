package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"doorstep/auth"
)

// clicks counts what a hand does: each press of words, and each single key.
func (b *tab) clicks(most int, what string, do func()) {
	b.t.Helper()
	before := b.pressed
	do()
	if n := b.pressed - before; n == 0 || n > most {
		b.t.Errorf("%s takes %d clicks or keys, and %d are the budget", what, n, most)
	}
}

// opens presses what opens on the same page.
func (b *tab) opens(words string) {
	b.t.Helper()
	b.pressed++
	b.run(chromedp.Click(fmt.Sprintf(`//main//summary[contains(normalize-space(.), %q)]`, words)))
}

// picks chooses an answer by its value.
func (b *tab) picks(name, value string) {
	b.t.Helper()
	b.pressed++
	id := get(b, chromedp.Evaluate[string](fmt.Sprintf(`document.querySelector('[name=%q][value=%q]').id`, name, value)))
	b.run(chromedp.Click(chromedp.CSS(fmt.Sprintf(`label[for=%q]`, id))))
}

// key presses one key on the page.
func (b *tab) key(k string) {
	b.t.Helper()
	b.pressed++
	b.run(chromedp.KeyEvent(k))
}

// ref is how people call a case.
func ref(id string) string {
	id = strings.ToUpper(id)
	return id[len(id)-8:len(id)-4] + "-" + id[len(id)-4:]
}

// offerToBoth lets a family say yes to both agencies' programs, which stand in one pool.
func (l *lab) offerToBoth(caseID string) {
	l.t.Helper()
	hub, _ := l.seed.Key(l.net.Hub, auth.TriageSupervisor)
	l.api(http.StatusOK, hub, "POST", "/cases/"+caseID+"/choice", map[string]any{"answer": "yes",
		"programs": []any{l.net.Programs[0].ID, l.net.Programs[1].ID}, "how": "phone", "language": "en"})
	l.api(http.StatusOK, hub, "POST", "/cases/"+caseID+"/offer", map[string]any{"kind": "pool", "reason": "other",
		"programs": []any{l.net.Programs[0].ID, l.net.Programs[1].ID}})
}

// From the empty pool to a family that is enrolled, on a phone.
func TestAgencyDay(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	who := l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator)
	b := l.browser().as(who)
	b.width(phone, 640)
	b.visit("/pool")
	b.sees("No one is waiting")
	b.check("pool-empty")
	b.visit("/today")
	b.sees("Nobody here")
	b.check("today-empty")

	first, second := l.refer(nil), l.refer(nil)
	l.offer(first)
	l.offer(second)
	b.visit("/pool")
	b.sees("Offered to you", "Claim by", ref(first), ref(second))
	for _, hidden := range []string{"Example Person", "410", "Maria", "Example hospital"} {
		if strings.Contains(b.text(), hidden) {
			t.Errorf("the pool shows %q before a claim", hidden)
		}
	}
	b.inView("main button")
	b.check("pool-full")

	// Out of order asks why; in order is one click.
	b.press("Claim " + ref(second))
	b.sees("Why this family first?")
	b.press("Claim")
	b.sees("Something needs a correction")
	b.check("claim-why")
	b.visit("/pool")
	b.clicks(1, "a claim", func() { b.press("Claim " + ref(first)) })
	b.sees("Claimed "+ref(first), "Undo", "Example Person", "Maria from school", "NO VOICEMAIL")
	b.check("pool-claimed")
	b.press("Undo")
	b.sees("Taken back", ref(first))
	b.clicks(1, "a claim by its key", func() { b.key("c") })
	b.run(chromedp.WaitReady(chromedp.CSS("#claimed")))
	b.sees("Claimed " + ref(first))

	b.visit("/today?view=upcoming&whose=team")
	b.sees("Example Person", "Attempt 1 of", "NO VOICEMAIL", "NO VISIT")
	b.width(phone, 640)
	b.inView(".ds-do button")
	b.check("today-full")
	b.clicks(1, "no answer", func() { b.press("No answer") })
	b.sees("Next try by", "Last try: Call, No answer", "Attempt 2 of", "Undo (10 minutes)")
	b.clicks(1, "taking a try back", func() { b.press("Undo") })
	b.sees("Taken back", "Call, No answer", "(taken back)")
	b.visit("/today?view=upcoming&whose=team")
	b.sees("Attempt 1 of")
	b.clicks(1, "no answer by its key", func() { b.key("n") })
	b.until("#main", "Attempt 2 of")
	b.sees("Attempt 2 of")
	b.visit("/cases/" + first)
	b.sees("Undo the last step (until")
	b.visit("/today?view=upcoming&whose=team")
	b.sees("Undo the last step (until")
	b.clicks(2, "reached with its outcome", func() {
		b.opens("Reached")
		b.check("today-reached")
		b.press("Yes, plan a visit")
	})
	b.sees("First visit", "She is enrolled only after the visit")
	b.picks("place", "home")
	b.press("Save the visit")
	b.sees("Something needs a correction") // her address is not safe to visit
	b.check("plan-error")
	b.picks("place", "other_place")
	b.press("Save the visit")
	b.sees("First visit of", "planned for", "Undo", "Visit held: enroll")
	b.check("case-accepted")
	b.press("Move or miss")
	b.check("first-visit")
	b.press("She cancelled")
	b.sees("Missed visit", "With an agency")
	b.press("Undo")
	b.sees("Taken back", "Visit held: enroll")
	b.press("Home visitor")
	b.check("visitor")
	b.press("Save")
	b.sees("Choose one")
	b.picks("visitor_id", who.ID.String())
	b.press("Save")
	b.sees("The home visitor of")
	b.press("Visit held: enroll")
	b.check("enroll")
	b.press("Enroll")
	b.sees("Something needs a correction")
	b.check("enroll-error")
	b.picks("consent_how", "signed")
	b.press("Enroll")
	b.sees("is enrolled", "Undo", "A visit of today is saved")
	b.press("Undo")
	b.sees("Taken back", "Visit held: enroll")

	b.visit("/cases/" + first)
	b.press("Ask who referred her for another number")
	b.sees("is asked for another number")
	ward := l.browser().as(l.seed.User(l.net.Hospital, auth.Referrer))
	ward.visit("/referrals?part=needs_us")
	ward.sees("Needs us (1)", "Give us another phone", "Save this part as a table (CSV)")
	ward.state("referrals-needs-us")

	b.visit("/cases/" + first)
	b.press("Write down what she says is safe")
	b.visit(get(b, chromedp.Evaluate[string](`document.querySelector('main a[href*="/ways?way="]').getAttribute("href")`)))
	b.picks("told_by", "her")
	b.picks("safe_voicemail", "yes")
	b.state("ways-agency")
	b.press("Keep this")
	b.visit("/cases/" + first)
	if strings.Contains(b.text(), "NO VOICEMAIL") {
		t.Error("her yes to a voicemail changes nothing")
	}

	b.visit("/cases/" + first + "/log")
	b.check("log")
	b.press("Save this try")
	b.sees("Something needs a correction")
	b.visit("/cases/" + first + "/pause")
	b.check("pause")
	b.picks("kind", "client_asked")
	b.picks("reason_code", "she_asked_for_time")
	b.press("Put on hold")
	b.sees("is on hold", "On hold")
	b.visit("/today?view=waiting&whose=team")
	b.sees("On hold", "NO CALL")
	b.check("today-held")
	b.visit("/cases/" + first)
	b.press("Go on: she said so")
	b.sees("is lifted")
	b.visit("/cases/" + first + "/other-help")
	b.check("other-help")
	b.fill("destination", "Example pantry")
	b.picks("consent_how", "phone")
	b.press("Send")
	b.sees("Example pantry")
	b.check("case-full")
	b.press("They have it")
	b.sees("Saved")

	b.visit("/cases/" + first + "/leave")
	b.sees("keeps her place in line")
	b.check("leave")
	b.press("End this or give her back")
	b.sees("Something needs a correction", "Choose one")
	b.check("leave-error")
	b.picks("reason", "release staff_left")
	b.press("End this or give her back")
	b.sees("was given back", "Undo")
}

// An enrolled family: visits kept by one press, the end of the program, the end before it.
func TestAgencyServes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator))
	id := l.refer(nil)
	l.offer(id)
	l.claim(id)
	agency, _ := l.seed.Key(l.net.Agencies[0], auth.AgencyCoordinator)
	l.api(http.StatusOK, agency, "POST", "/cases/"+id+"/first-visit/plan", map[string]any{"planned_for": "2026-03-03T15:00:00.001Z", "place": "other_place"})
	l.api(http.StatusOK, agency, "POST", "/cases/"+id+"/enroll", map[string]any{"held_at": "2026-03-03T15:00:00Z", "consent_how": "signed"})
	b.visit("/cases/" + id)
	b.opens("One more visit of today")
	b.clicks(1, "a visit of today", func() { b.press("Kept today, elsewhere") })
	b.sees("Visit of", "saved")
	b.press("Visits")
	b.sees("Kept, Somewhere else")
	b.check("visits")
	b.visit("/today?view=enrolled&whose=team")
	b.sees("Enrolled")
	b.state("today-enrolled")
	b.visit("/cases/" + id + "/complete")
	b.check("complete")
	b.press("It ended before")
	b.picks("reason", "end moved")
	b.press("End this")
	b.sees("Something needs a correction")
	b.check("leave-enrolled")
	b.visit("/cases/" + id + "/complete")
	l.api(http.StatusOK, agency, "POST", "/cases/"+id+"/visits", map[string]any{"held_at": "2026-03-03T15:00:00Z", "place": "virtual"})
	b.press("Yes, completed")
	b.sees("Somebody changed this case after you read it")
	b.check("complete-stale")
	b.visit("/cases/" + id + "/complete")
	b.press("Yes, completed")
	b.sees("has completed the program", "Undo")
	b.visit("/today?view=closed&whose=team")
	b.sees("Closed")
	b.check("today-closed")
}

// Two agencies press Claim at once: one gets the family, the other the next case.
func TestTwoAgenciesClaimAtOnce(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	one, two := l.refer(nil), l.refer(nil)
	l.offerToBoth(one)
	l.offerToBoth(two)
	var tabs [2]*tab
	for i := range tabs {
		tabs[i] = l.browser().as(l.seed.User(l.net.Agencies[i], auth.AgencyCoordinator))
		tabs[i].visit("/pool")
		tabs[i].sees(ref(one), ref(two))
	}
	var both sync.WaitGroup
	for _, b := range tabs {
		both.Go(func() { b.press("Claim " + ref(one)) })
	}
	both.Wait()
	won, lost := tabs[0], tabs[1]
	if strings.Contains(won.text(), "You could not claim") {
		won, lost = lost, won
	}
	won.sees("Claimed "+ref(one), "Example Person")
	lost.sees("You could not claim this family", "Nothing was shared with you", "Next in line", ref(two))
	if strings.Contains(lost.text(), "Example Person") {
		t.Error("the loser sees a name")
	}
	lost.check("claim-conflict")
	lost.clicks(1, "the next one after a lost claim", func() { lost.press("Claim " + ref(two)) })
	lost.sees("Claimed "+ref(two), "Example Person")
}

// A colleague was faster: the page says so, and opens the case.
func TestAColleagueClaimed(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	id := l.refer(nil)
	l.offer(id)
	b := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator))
	b.visit("/pool")
	l.claim(id)
	b.press("Claim " + ref(id))
	b.sees("Your agency claimed this family at Tue, Mar 3, 10:00 am", "Open "+ref(id), "Nobody else is waiting")
	b.check("claim-conflict-colleague")
}

// Claim, conflict, log and decline without a script.
func TestAgencyWithoutScript(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	one, two, three := l.refer(nil), l.refer(nil), l.refer(nil)
	for _, id := range []string{one, two, three} {
		l.offer(id)
	}
	b := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator)).noScript()
	b.visit("/pool")
	l.claim(one)
	b.press("Claim " + ref(one))
	b.sees("You could not claim this family", "Next in line")
	b.press("Claim " + ref(two))
	b.sees("Claimed " + ref(two))
	b.press("No answer")
	b.sees("Next try by", "The agency tried to reach her")
	b.visit("/pool")
	b.clicks(4, "a decline with its reason", func() {
		b.press("Say no " + ref(three))
		b.sees("What happens next")
		b.picks("reason", "decline no_capacity")
		b.press("Say no to this offer")
	})
	b.sees("You said no to "+ref(three), "No one is waiting")
	b.press("Undo")
	b.sees("Taken back", ref(three))
}

// The manager's pages: room with its freshness, a walk-in, a leaving visitor's families.
func TestAgencyManager(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	_, err := l.owner.ExecContext(t.Context(), `UPDATE capacity_statements SET confirmed_at = '2026-02-22T15:00:00Z' WHERE program_id = $1`, l.net.Programs[0].ID)
	l.must(err)
	b := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyManager))
	b.visit("/capacity")
	b.sees("Updated 9 days ago", "Funded places", "10")
	b.check("capacity-stale")
	b.press("One place more")
	b.sees("Capacity saved", "Up to date", "11")
	b.fill("funded", "x")
	b.press("Save and confirm")
	b.sees("Something needs a correction")
	b.check("capacity-error")

	b.visit("/walk-ins")
	b.check("walk-in")
	b.press("Enroll")
	b.sees("Something needs a correction")
	b.check("walk-in-error")
	b.picks("program_id", l.net.Programs[0].ID.String())
	b.fill("family.client.given_name", "Example")
	b.fill("family.client.family_name", "Walker")
	b.fill("family.client.date_of_birth", "3/4/1999")
	b.picks("family.stage", "prenatal")
	b.fill("family.pregnancy.due_on", "7/1/2026")
	b.fill("family.contact_methods.0.value", "410-555-0123")
	b.picks("family.contact_methods.0.safe_call", "yes")
	b.fill("family.addresses.0.zip", "21201")
	b.fill("held_at", "3/2/2026")
	b.picks("place", "other_place")
	b.picks("consent_how", "signed")
	b.picks("record", "yes")
	b.press("Enroll")
	b.sees("is enrolled", "Example Walker")

	leaving, staying := l.seed.User(l.net.Agencies[0], auth.HomeVisitor), l.seed.User(l.net.Agencies[0], auth.HomeVisitor)
	id := l.refer(nil)
	l.offer(id)
	l.claim(id)
	agency, _ := l.seed.Key(l.net.Agencies[0], auth.AgencyCoordinator)
	l.api(http.StatusOK, agency, "POST", "/cases/"+id+"/visitor", map[string]any{"visitor_id": leaving.ID})
	visitor := l.browser().as(leaving)
	visitor.visit("/today?view=upcoming")
	visitor.sees("Example Person", "Mine", "(shown)")
	visitor.state("today-visitor")
	b.visit("/caseload/hand-over")
	b.check("hand-over")
	b.press("Hand over all families")
	b.sees("Something needs a correction")
	b.picks("from_user", leaving.ID.String())
	b.picks("to_user", staying.ID.String())
	b.picks("reason", "left")
	b.press("Hand over all families")
	b.sees("0 of 1 done")
	b.check("hand-over-progress")
}
