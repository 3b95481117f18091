package e2e_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"doorstep/auth"
)

func alarming(d map[string]any) {
	d["screenings"] = []any{map[string]any{"instrument": "phq9", "items": []int{0, 0, 0, 0, 0, 0, 0, 0, 2}, "given_on": "2026-03-02"}}
}

// missing leaves out what decides, so that a person must look.
func missing(d map[string]any) {
	delete(d, "addresses")
	d["pregnancy"] = map[string]any{"weeks": 20}
}

// counted presses and counts: what a person does in the core journeys is held to a budget.
type counted struct {
	*tab
	n int
}

func (c *counted) press(words string) { c.n++; c.tab.press(words) }

func (c *counted) within(budget int, what string) {
	c.t.Helper()
	if c.n > budget {
		c.t.Errorf("%s took %d clicks, the budget is %d", what, c.n, budget)
	}
	c.n = 0
}

// keyNext presses a key on the page as it stands and waits for the next.
func (b *tab) keyNext(k string) {
	b.t.Helper()
	get(b, chromedp.Evaluate[string](`document.activeElement.blur(); document.querySelector("#main").dataset.old = "yes"`))
	b.run(chromedp.KeyEvent(k), chromedp.WaitReady(chromedp.CSS("#main:not([data-old])")))
	b.settle()
}

// The queue: empty, full, a case beside it, accepted with one key, and the next one opens.
func TestQueue(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageSupervisor))
	hub.visit("/queue")
	hub.sees("This part is clear")
	hub.check("hub-queue-empty")

	alarm := l.refer(alarming)
	l.refer(missing)
	l.refer(missing)
	ready := l.refer(nil)
	hub.visit("/queue")
	hub.sees("1 alarm waits", "To review (3)")
	hub.check("hub-queue-full")
	hub.press("I have it")
	hub.sees("you have this alarm")
	hub.check("hub-alarm")
	hub.press("Keep the outcome")
	hub.sees("Something needs a correction")
	hub.state("hub-alarm-error")
	hub.choose("outcome", "safe_now")
	hub.press("Keep the outcome")
	hub.sees("the outcome is kept")
	if hub.path() != "/cases/"+alarm {
		t.Errorf("after the outcome the page is %s", hub.path())
	}
	hub.check("hub-case")

	c := &counted{tab: hub}
	hub.visit("/cases/" + ready)
	hub.sees("Accept: offer to")
	hub.keyNext("1")
	hub.sees("is offered")
	hub.visit("/queue")
	c.n = 0
	first := hub.firstRef()
	c.press(first)
	hub.sees("What to do", "Why, why not, and what is missing")
	hub.check("hub-queue-pane")
	hub.inView(`[data-key="1"]`)
	hub.width(desk, 900)
	before := hub.path()
	colleague := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	colleague.visit(before)
	colleague.sees("is looking at this")
	colleague.state("hub-queue-looks")
	hub.keyNext("h")
	hub.sees("Put off. It comes back by itself")
	if after := hub.path(); after == before || !strings.Contains(after, "case=") {
		t.Errorf("after putting off, the next item is not open: %s then %s", before, after)
	}
	hub.visit("/queue?tab=snoozed")
	hub.sees("Put off (1)", "Put off until")
	hub.check("hub-queue-snoozed")
	hub.visit("/queue?tab=nonsense")
	hub.sees("The queue has no such tab")
}

func (b *tab) firstRef() string {
	b.t.Helper()
	return get(b, chromedp.Evaluate[string](`document.querySelector("tr[data-row] a").textContent.trim()`))
}

// Accept and outreach, with a script and without; clicks counted.
func TestHubActs(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]bool{"with a script": true, "without": false} {
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			accept, override, outreach := l.refer(nil), l.refer(nil), l.refer(nil)
			hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageSupervisor))
			if !script {
				hub.noScript()
			}
			look, state := func(string) {}, func(string) {}
			if script {
				look, state = hub.check, hub.state
			}
			c := &counted{tab: hub}
			hub.visit("/cases/" + accept)
			c.press("Accept: offer to")
			hub.sees("is offered", "Offered to an agency")
			c.within(1, "accepting")

			hub.visit("/cases/" + override)
			c.press("Choose another program")
			hub.sees("The rules put", "places free")
			look("hub-offer")
			if script {
				other := get(hub, chromedp.Evaluate[string](`[...document.querySelectorAll('input[name=programs]')].map(i => i.value).find(v => v !== "`+l.net.Programs[0].ID.String()+`") || ""`))
				hub.choose("programs", other)
				hub.press("Offer")
				hub.sees("This is not the order of the rules. Say why.")
				state("hub-offer-error")
				hub.choose("reason", "her_wish")
				hub.press("Offer")
				hub.sees("Say in a few words why")
				hub.write("note", "She knows the visitor of this program.")
				hub.press("Offer")
				hub.sees("is offered", "She knows the visitor of this program.")
			}

			hub.visit("/cases/" + outreach)
			c.n = 0
			c.press("Reach out")
			hub.sees("How to reach her safely", "NO VOICEMAIL", "Read them the programs in this order")
			look("hub-outreach")
			c.press("No answer")
			c.within(2, "logging no answer")
			hub.sees("the try is logged")
			hub.press("Reach out")
			c.press("Reached")
			hub.sees("reached. Write what they chose.")
			c.press("Keep the choice")
			hub.sees("Something needs a correction")
			state("hub-outreach-error")
			if script {
				hub.choose("answer", "yes")
				hub.choose("programs", l.net.Programs[0].ID.String())
			} else {
				hub.run(chromedp.Click(`//label[normalize-space(.)="Yes"]`))
				hub.run(chromedp.SendKeys(chromedp.CSS("#f-programs"), hub.optionOf(l)))
			}
			hub.press("Keep the choice")
			hub.sees("the choice is kept", "Undo")
			state("hub-chose")
			hub.press("Undo")
			hub.sees("We are reaching out")
		})
	}
}

// optionOf is the beginning of the first program's name, as one types it into a list.
func (b *tab) optionOf(l *lab) string {
	var name string
	b.l.must(l.owner.QueryRowContext(b.t.Context(), `SELECT name FROM programs WHERE id = $1`, l.net.Programs[0].ID).Scan(&name))
	return name
}

// A form that was filled in from an older case says what changed.
func TestHubConflict(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	id := l.refer(nil)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageSupervisor))
	hub.visit("/cases/" + id)
	l.offer(id)
	hub.press("Accept: offer to")
	hub.sees("Somebody changed this case")
	hub.check("hub-conflict")
}

// Wait list, hold, close and correct.
func TestHubEnds(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	id := l.refer(nil)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageSupervisor))
	hub.visit("/cases/" + id + "/wait")
	hub.check("hub-wait")
	hub.press("Put on a waitlist")
	hub.sees("Something needs a correction")
	hub.visit("/cases/" + id)
	hub.press("Place a hold")
	hub.check("hub-hold")
	hub.choose("kind", "client_asked")
	hub.choose("reason_code", "she_asked_for_time")
	hub.press("Place a hold")
	hub.sees("A hold stands", "To be looked at on")
	hub.check("hub-held")
	hub.press("Go on: looked at it")
	hub.sees("is lifted")
	hub.press("What they say about contact")
	hub.check("hub-ways")
	hub.press("A new phone number")
	hub.check("hub-way")
	hub.fill("value", "410-555-0177")
	hub.choose("told_by", "her")
	hub.choose("safe_call", "yes")
	hub.fill("code_word", "sunflower")
	hub.press("Keep this")
	hub.sees("is kept", "(410) 555-0177", "Code word: sunflower")
	hub.visit("/cases/" + id)
	hub.press("Close the case")
	hub.check("hub-end")
	hub.choose("disposition", "information_given")
	hub.press("Close the case")
	hub.sees("is closed", "Undo")
	hub.press("Correct the closing")
	hub.check("hub-correct")
	hub.choose("disposition", "reopen")
	hub.choose("reason", "wrong_case")
	hub.press("Correct the closing")
	hub.sees("is put right", "It was closed wrongly")
}

// Who is the same person: pairs side by side, links by hand, and apart again.
func TestHubPeople(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageSupervisor))
	hub.visit("/matches")
	hub.sees("No pair to compare")
	hub.check("hub-matches-empty")
	alike := func(name, born, phone string) func(map[string]any) {
		return func(d map[string]any) {
			d["client"] = map[string]any{"given_name": name, "family_name": "Testington", "date_of_birth": born, "spoken_language": "en", "insurance": "medicaid"}
			d["contact_methods"] = []any{map[string]any{"channel": "phone", "value": phone, "safe_call": "yes"}}
		}
	}
	l.refer(alike("Marigold", "1995-04-03", "410-555-0142"))
	second := l.refer(alike("Marigold", "1997-09-21", "410-555-0142"))
	hub.visit("/cases/" + second + "/who-is")
	hub.check("hub-who-is")
	hub.sees("differs", "Marigold")
	c := &counted{tab: hub}
	c.press("Link")
	hub.sees("Linked. Both records stay as they were.", "A person linked them by hand.")
	c.within(5, "linking")
	hub.check("hub-links")
	hub.press("Two people")
	hub.sees("Taken apart")

	l.must(l.pair(second))
	hub.visit("/matches")
	hub.sees("Pair 1", "differs")
	hub.check("hub-matches")
	hub.press("Keep apart")
	hub.sees("Kept apart", "No pair to compare")
}

// pair asks about the caregiver of a case and a third record.
func (l *lab) pair(caseID string) error {
	third := l.refer(nil)
	_, err := l.owner.ExecContext(l.t.Context(), `INSERT INTO match_questions (id, client_a, client_b, case_id, evidence, asked_at)
		SELECT gen_random_uuid(), least(a.caregiver_id, b.caregiver_id), greatest(a.caregiver_id, b.caregiver_id), b.id, '{"bits": 7, "parts": [], "verdict": "ask"}', now()
		FROM cases a, cases b WHERE a.id = $1 AND b.id = $2`, caseID, third)
	return err
}

// Search puts no name into an address; the answer is the asker's alone.
func TestHubSearch(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	id := l.refer(func(d map[string]any) { d["client"].(map[string]any)["family_name"] = "Quillfeather" })
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	hub.visit("/search")
	hub.check("hub-search")
	hub.press("Search")
	hub.sees("Write at least one thing to look for")
	hub.state("hub-search-error")
	hub.fill("name", "quilfeather")
	hub.press("Search")
	hub.sees("1 case", "Quillfeather")
	hub.check("hub-found")
	if strings.Contains(strings.ToLower(hub.path()), "quil") {
		t.Errorf("the address is %s", hub.path())
	}
	found := hub.path()
	hub.press("Quillfeather")
	if hub.path() != "/cases/"+id {
		t.Errorf("the result leads to %s", hub.path())
	}
	other := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	other.visit(found)
	other.sees("There is nothing here")
	hub.visit("/search")
	hub.fill("name", "nobody of that name")
	hub.press("Search")
	hub.sees("No family fits")
	hub.state("hub-found-none")
	if log := l.log.String(); strings.Contains(strings.ToLower(log), "quil") {
		t.Error("the log holds a name")
	}
}

func TestHubBoard(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.offer(l.refer(nil))
	l.refer(alarming)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	hub.visit("/board")
	hub.sees("Free", "Confirmed")
	hub.check("hub-board")
	hub.visit("/queue/tasks")
	hub.check("hub-tasks")
	agency := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator))
	for _, path := range []string{"/queue", "/board", "/search", "/matches"} {
		agency.visit(path)
		agency.sees("Your role does not include this")
	}
	if answer, err := http.Get(l.url + "/queue"); err != nil || answer.Request.URL.Path != "/sign-in" {
		t.Errorf("nobody got %v, %v", answer, err)
	} else {
		_ = answer.Body.Close()
	}
}

// What comes by fax: the same form as the hospital's, with how it came; the scan is kept, looked at by the hub, and erased.
func TestHubTakes(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	hub.visit("/take")
	hub.sees("Take a referral", "How it came", "1. Who")
	hub.check("hub-take")
	hub.choose("how", "fax")
	hub.fill("client.family_name", "Quillfeather")
	hub.press("Check answers")
	hub.sees("Something needs a correction", "Choose who it came from", "Write the day and time on the fax or paper")
	hub.state("hub-take-error")
	hub.fill("received_at", "3/9/26")
	hub.fill("received_time", "4:30 pm")
	hub.press("Check answers")
	hub.sees("This time lies ahead")
	hub.choose("source_id", "herself")
	hub.fill("received_at", "3/2/26")
	hub.choose("stage", "prenatal")
	hub.fill("client.given_name", "Marigold")
	hub.fill("client.date_of_birth", "3/27/98")
	hub.fill("pregnancy.due_on", "20 weeks")
	hub.fill("contact_methods.0.value", "410-555-0142")
	hub.choose("contact_methods.0.safe_call", "yes")
	hub.choose("client.spoken_language", "en")
	hub.fill("addresses.0.zip", "21201")
	hub.choose("consent.answer", "signed")
	hub.press("Check answers")
	hub.sees("Fax", "The family itself", "4:30")
	hub.check("hub-take-check")
	hub.press("Send")
	hub.sees("is taken", "Keep a scan", "Only the hub sees it")
	hub.press("Keep the scan")
	hub.sees("Something needs a correction")
	hub.chooseFile("not-a-scan.pdf", "plain words")
	hub.press("Keep the scan")
	hub.sees("This is not a PDF, PNG or JPEG file")
	hub.state("hub-scan-error")
	hub.chooseFile("page.pdf", "%PDF-1.4 a synthetic page")
	hub.press("Keep the scan")
	hub.sees("The scan is kept", "Scan 1: PDF", "Save to look at")
	hub.check("hub-scan")
	var id, received string
	l.must(l.owner.QueryRowContext(t.Context(), `SELECT s.id, r.received_at::text FROM scans s JOIN referrals r ON r.id = s.referral_id`).Scan(&id, &received))
	if !strings.HasPrefix(received, "2026-03-02 21:30") {
		t.Errorf("it came at %s", received)
	}
	if kind := hub.fetched("/scans/" + id); kind != "application/octet-stream attachment; filename=\"scan.pdf\" nosniff %PDF-" {
		t.Errorf("the scan comes as %q", kind)
	}
	agency := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator))
	agency.visit("/scans/" + id)
	agency.sees("Your role does not include this")
	hub.press("Wrong page: erase")
	hub.sees("The scan is erased", "it was the wrong page")
	hub.press("Open case")
	hub.sees("How it came", "The family's own page")
	hub.press("How it came")
	hub.sees("Fax", "1 scan")
	hub.check("hub-arrivals")

	call := l.browser().as(l.seed.User(l.net.Hub, auth.TriageSupervisor)).noScript()
	call.visit("/take")
	call.run(chromedp.Click(`//label[normalize-space(.)="Telephone"]`))
	call.fill("client.family_name", "Thistlewood")
	call.press("Save and finish later")
	call.sees("Not sent yet", "T.")
	call.press("T.")
	call.sees("Draft. It is kept until")
}

// fetched is the kind of an answer, and how it begins.
func (b *tab) fetched(path string) string {
	b.t.Helper()
	return get(b, chromedp.Evaluate[string](fmt.Sprintf(`fetch(%q).then(async r => r.headers.get("content-type") + " " + r.headers.get("content-disposition") + " " +
		r.headers.get("x-content-type-options") + " " + (await r.text()).slice(0, 5))`, path), chromedp.EvalAwaitPromise))
}

// All cases: filtered by an address without a name in it, kept as a view of one's own, and given to a colleague, one by one.
func TestHubAllCases(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	first := l.refer(nil)
	l.refer(missing)
	l.offer(l.refer(nil))
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	lead := l.seed.User(l.net.Hub, auth.TriageSupervisor)
	hub.visit("/cases?status=review&owner=nobody")
	hub.sees("Being reviewed", "nobody")
	hub.check("hub-cases-filtered")
	hub.fill("name", "Mine to look at")
	hub.press("Keep the view")
	hub.sees("The view is kept", "Mine to look at")
	hub.state("hub-cases-view")
	hub.press("Delete the view")
	hub.sees("The view is deleted")
	hub.check("hub-cases")
	hub.press("Give")
	hub.sees("Tick at least one case")
	hub.state("hub-cases-error")
	hub.choose("cases", first)
	hub.choose("to", lead.ID.String())
	hub.press("Give")
	hub.sees("1 of 1 cases", "Given")
	hub.check("hub-cases-given")
	other := l.browser().as(lead).noScript()
	other.visit("/cases?owner=me")
	other.press(strings.ToUpper(hub.firstRef()))
	if other.path() != "/cases/"+first {
		t.Errorf("the supervisor's own case leads to %s", other.path())
	}
	for _, path := range []string{"/take", "/rulesets", "/overview"} {
		if !get(other, chromedp.Evaluate[bool](fmt.Sprintf(`!!document.querySelector('nav a[href=%q]')`, path))) {
			t.Errorf("nothing leads the supervisor to %s", path)
		}
		other.visit(path)
		if other.path() != path {
			t.Errorf("%s leads to %s", path, other.path())
		}
	}
}
