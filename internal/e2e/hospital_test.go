package e2e_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"doorstep/auth"
)

// hands are a person at a keyboard without a mouse; keys is how often they pressed one.
type hands struct {
	*tab
	keys int
}

// hit presses keys on whatever has the focus.
func (h *hands) hit(keys string) {
	h.t.Helper()
	h.run(chromedp.KeyEvent(keys))
	h.keys += len([]rune(keys))
}

// reach goes to a field by Tab alone.
func (h *hands) reach(name string) {
	h.t.Helper()
	for range 60 {
		if get(h.tab, chromedp.Evaluate[string](`document.activeElement.name || ""`)) == name {
			return
		}
		h.hit(kb.Tab)
	}
	h.t.Fatalf("%s cannot be reached by Tab", name)
}

func (h *hands) write(name, text string) {
	h.t.Helper()
	h.reach(name)
	h.hit(text)
}

// leave sends a form by Enter and waits for the page behind.
func (h *hands) leave() {
	h.t.Helper()
	get(h.tab, chromedp.Evaluate[string](`document.querySelector("#main").dataset.old = "yes"`))
	h.hit(kb.Enter)
	h.run(chromedp.WaitReady(chromedp.CSS("#main:not([data-old])")))
	h.settle()
}

// skip passes over the head of a page.
func (h *hands) skip() {
	h.t.Helper()
	h.hit(kb.Tab + kb.Enter + kb.Tab)
}

// The three referrals of a ward, by keyboard alone, each within its budget of keys and without one click; with a script and without. The short
// form takes each once.
func TestHospitalRefers(t *testing.T) {
	t.Parallel()
	journeys := map[string]struct {
		most int
		who  func(*hands)
		sees []string
	}{
		"prenatal": {95, func(h *hands) {
			h.write("stage", " ")
			h.write("client.given_name", "Maria")
			h.write("client.family_name", "Rivera")
			h.write("client.date_of_birth", "3/27/98")
			h.write("pregnancy.due_on", "20w")
			h.write("pregnancy.earlier_live_births", "0")
		}, []string{"Is pregnant now", "March 27, 1998", "20 weeks today", "Needs 4 answers"}},
		"twins": {105, func(h *hands) {
			h.write("stage", kb.ArrowRight)
			h.write("client.given_name", "Maria")
			h.write("client.family_name", "Rivera")
			h.write("client.date_of_birth", "3/27/98")
			h.write("birth.infants.0.born_on", "3/1/26")
			h.write("birth.babies", "2")
		}, []string{"Had a baby", "Baby 1", "Baby 2", "March 1, 2026"}},
		"loss": {95, func(h *hands) {
			h.write("stage", kb.ArrowRight+kb.ArrowRight)
			h.write("client.given_name", "Maria")
			h.write("client.family_name", "Rivera")
			h.write("client.date_of_birth", "3/27/98")
		}, []string{"Lost a pregnancy or a baby"}},
	}
	for name, j := range journeys {
		for _, script := range []bool{true, false} {
			if !full() && script == (name == "twins") {
				continue
			}
			t.Run(fmt.Sprintf("%s, script %v", name, script), func(t *testing.T) {
				l := newLab(t)
				h := &hands{tab: l.browser().as(l.seed.User(l.net.Hospital, auth.Referrer))}
				if !script {
					h.noScript()
				}
				h.visit("/refer")
				h.skip()
				j.who(h)
				h.write("contact_methods.0.value", "4105550142")
				h.write("contact_methods.0.safe_call", " ")
				h.write("contact_methods.0.safe_text", " ")
				h.write("client.spoken_language", "e")
				h.write("addresses.0.zip", "21201")
				h.write("consent.answer", " ")
				if script {
					h.until("#live", "Draft saved", "likely program")
					h.state("refer-" + name)
				}
				h.leave()
				h.sees(append(j.sees, "Check your answers", "(410) 555-0142"[10:], "Call, Text", "Yes, in person")...)
				if script {
					h.check("refer-check-" + name)
				}
				h.skip()
				h.leave()
				h.sees("Referral sent", "Its reference", "Line for the chart", "What happens next")
				t.Logf("%s took %d keys and no click", name, h.keys)
				if h.keys > j.most {
					t.Errorf("it took %d keys, and %d are the budget", h.keys, j.most)
				}
				if script {
					h.state("refer-sent-" + name)
				}
				var stage, kept string
				l.must(l.owner.QueryRowContext(t.Context(), `SELECT r.stage || ' ' || r.channel || ' ' || (SELECT count(*) FROM infants i WHERE i.episode_id = c.episode_id),
					(SELECT count(*) FROM drafts WHERE payload_sealed IS NOT NULL) FROM referrals r JOIN cases c ON c.id = r.case_id`).Scan(&stage, &kept))
				if want := map[string]string{"prenatal": "prenatal page 0", "twins": "postpartum page 2", "loss": "prenatal page 0"}[name]; stage != want || kept != "0" {
					t.Errorf("it arrived as %q with %s drafts left, want %q", stage, kept, want)
				}
				h.visit("/referrals")
				h.sees("Maria R.", "Sent")
			})
		}
	}
}

// until waits for words that a script brings.
func (b *tab) until(selector string, words ...string) {
	b.t.Helper()
	for end := time.Now().Add(patience); ; time.Sleep(50 * time.Millisecond) {
		shown, missing := b.glance(selector), ""
		for _, w := range words {
			if !strings.Contains(shown, w) {
				missing = w
			}
		}
		if missing == "" {
			return
		}
		if time.Now().After(end) {
			b.t.Fatalf("%s never says %q. It says:\n%s", selector, missing, shown)
		}
	}
}

// glance is what a part of the page says; "" while the page is being changed for another.
func (b *tab) glance(selector string) string {
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(selector)))
	if err != nil && ctx.Err() != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return text
}

// From the empty form over its errors to a draft, and on: what a ward sees in every state.
func TestHospitalStates(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	nurse := l.seed.User(l.net.Hospital, auth.Referrer)
	b := l.browser().as(nurse)
	for _, part := range []string{"needs_us", "open", "enrolled", "closed", "drafts"} {
		b.visit("/referrals?part=" + part)
		b.sees("Refer a family")
		b.state("referrals-empty-" + part)
	}
	b.check("referrals-empty")
	b.visit("/refer")
	b.sees("Refer a family", "How to reach them safely", "We would like to send your name")
	b.check("refer-empty")
	b.press("Check answers")
	b.sees("Something needs a correction", "Say whom this referral is for", "Enter the first name", "Enter a phone number with its area code, or choose No phone",
		"Enter a ZIP code, or choose No fixed address", "Say what the answer was")
	b.check("refer-errors")
	b.fill("client.given_name", "Maria")
	b.fill("client.family_name", "Rivera")
	b.fill("client.date_of_birth", "the third")
	b.press("Save and finish later")
	b.sees("Draft saved. It is kept for 7 days.", "M.R.")
	b.check("referrals-drafts")
	if path := b.path(); strings.Contains(path, "Rivera") {
		t.Errorf("the address names her: %s", path)
	}
	b.press("M.R.")
	b.sees("Draft. It is kept until")
	b.press("Check answers")
	b.sees("Write the date as 3/27/1998")
	b.visit("/referrals?part=drafts")
	b.press("Throw away")
	b.sees("Draft thrown away.", "No draft")

	colleague := l.browser().as(l.seed.User(l.net.Hospital, auth.Referrer))
	stranger := l.browser().as(l.seed.User(l.net.Clinic, auth.Referrer))
	b.alarming("Rivera")
	b.press("Check answers")
	b.sees("Is anyone in danger now?")
	b.press("Send referral")
	b.sees("Read this now", "A person at the hub will see this by", "use your own pathway", "Referral sent")
	b.check("refer-sent-alarm")
	id := strings.Split(b.path(), "/")[2]
	b.visit("/referrals/" + id + "/handout?in=es")
	b.sees("Qué pasa ahora", "911")
	for _, never := range []string{"Maria", "embaraz", "bebé"} {
		if strings.Contains(b.text(), never) {
			t.Errorf("the page for her says %q", never)
		}
	}
	b.check("handout-es")
	b.visit("/referrals/" + id + "/handout?in=en")
	b.state("handout-en")

	colleague.visit("/referrals/" + id)
	colleague.sees("Maria R.", "Read this now", "Referral received", "What happens next")
	colleague.check("referral-open")
	stranger.visit("/referrals/" + id)
	stranger.sees("There is nothing here")
	stranger.state("referral-not-found")

	b.alarming("Rivera") // the same person again
	b.press("Check answers")
	b.sees("Possible match", "You sent referral")
	b.check("refer-possible-match")
	stranger.alarming("Rivera")
	stranger.press("Check answers")
	stranger.sees("We may already have this family. You can still send. Our team will check.")
	if strings.Contains(stranger.text(), "You sent referral") {
		t.Error("another source is told of a referral that is not its own")
	}

	b.visit("/referrals/" + id + "/phone")
	b.press("Send this number")
	b.sees("Something needs a correction")
	b.check("referral-phone-error")
	b.fill("contact_method.value", "410-555-0177")
	b.press("Send this number")
	b.sees("Whoever works with this family sees it now.")
	b.press("Message the triage team")
	b.run(chromedp.SendKeys(chromedp.CSS(`[name="text"]`), "She goes home on Friday."))
	b.check("referral-note")
	b.press("Send message")
	b.sees("The triage team has your message.")
	b.press("Withdraw this referral")
	b.press("Withdraw this referral")
	b.sees("Something needs a correction")
	b.check("referral-withdraw")
	b.run(chromedp.Click(chromedp.CSS(`label[for="f-reason"]`)))
	b.press("Withdraw this referral")
	b.sees("The referral is withdrawn.", "Withdrawn")
	b.state("referral-withdrawn")
	b.visit("/referrals?part=closed")
	b.sees("Maria R.", "Withdrawn")
	b.check("referrals-closed")
	var told string
	l.must(l.owner.QueryRowContext(t.Context(), `SELECT concat_ws(' ', (SELECT count(*) FROM contact_methods WHERE ended_at IS NULL AND told_by = 'referrer'),
		(SELECT count(*) FROM tasks WHERE kind = 'case.referrer_note'), (SELECT count(*) FROM referrer_notes WHERE encode(note_sealed, 'escape') LIKE '%Friday%'))`).Scan(&told))
	if told != "2 1 0" {
		t.Errorf("ways, tasks and readable notes: %s", told)
	}
}

// alarming fills in a referral of a family whose nurse says that it is in danger.
func (b *tab) alarming(surname string) {
	b.t.Helper()
	b.visit("/refer")
	b.choose("stage", "prenatal")
	b.fill("client.given_name", "Maria")
	b.fill("client.family_name", surname)
	b.fill("client.date_of_birth", "27 Mar 1998")
	b.fill("pregnancy.due_on", "24 weeks")
	b.fill("contact_methods.0.value", "(410) 555-0142")
	b.choose("contact_methods.0.safe_call", "yes")
	b.choose("client.spoken_language", "en")
	b.fill("addresses.0.zip", "21201")
	b.choose("consent.answer", "yes_in_person")
	b.choose("needs.danger_now", "yes")
}

// choose picks an answer by its value.
func (b *tab) choose(name, value string) {
	b.t.Helper()
	get(b, chromedp.Evaluate[bool](fmt.Sprintf(`(() => { const f = document.querySelector('[name=%q]'); if (f.tagName === "SELECT") { f.value = %q } else {
		document.querySelector('[name=%q][value=%q]').checked = true } return true })()`, name, value, name, value)))
}
