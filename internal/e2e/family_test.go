package e2e_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"doorstep/auth"
)

// elsewhere is a page of another host, to which "Leave this page" leads.
func (l *lab) elsewhere() string {
	l.t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = w.Write([]byte(`<!doctype html><link rel="icon" href="data:,"><title>Weather</title><main id="main">Sunny</main>`))
	}))
	l.t.Cleanup(s.Close)
	l.app.Ground.LeaveTo = s.URL
	return s.URL
}

// tick sets a radio or box by name and value.
func (b *tab) tick(name, value string) {
	b.t.Helper()
	b.run(chromedp.Click(chromedp.CSS(`label[for="` + get(b, chromedp.Evaluate[string](`document.querySelector('[name="`+name+`"][value="`+value+`"]').id`)) + `"]`)))
}

func (l *lab) count(query string, args ...any) (n int) {
	l.t.Helper()
	l.must(l.owner.QueryRowContext(l.t.Context(), query, args...).Scan(&n))
	return n
}

// unhurried waits as long as a person needs at the least: the form does not take what was typed faster.
func unhurried(begun time.Time) { time.Sleep(time.Until(begun.Add(4500 * time.Millisecond))) }

// A woman asks for help herself: in both languages, with a script and without. The short form takes each of the four once.
func TestSheAsksForHelp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		spanish, script bool
	}{"English with a script": {false, true}, "Spanish with a script": {true, true}, "English without": {false, false}, "Spanish without": {true, false}} {
		if !full() && c.spanish == c.script {
			continue
		}
		t.Run(name, func(t *testing.T) {
			l := newLab(t)
			l.elsewhere()
			b := l.browser()
			look, state := b.check, b.state
			suffix := ""
			say := func(en, es string) string {
				if c.spanish {
					return es
				}
				return en
			}
			if c.spanish {
				suffix = "-es"
			}
			if !c.script {
				b.noScript()
				look, state = func(string) {}, func(string) {}
			}
			next := say("Continue", "Continuar")
			b.visit("/start?lang=" + say("en", "es"))
			b.inView("main form button")
			b.width(desk, 900)
			look("start" + suffix)
			begun := time.Now()
			b.press(say("Start", "Empezar"))
			look("start-who" + suffix)
			b.press(next)
			b.sees(say("Something needs a correction", "Hay algo que corregir"), say("Pick one.", "Elija una."))
			state("start-who-error" + suffix)
			b.tick("who", "pregnant")
			b.press(next)
			look("start-name" + suffix)
			b.fill("given_name", "Example")
			b.fill("family_name", "Person "+letters())
			b.fill("call_me", "Maria from school")
			b.press(next)
			look("start-reach" + suffix)
			b.fill("phone", "12")
			b.press(next)
			b.sees(say("Check the phone number.", "Revise el número."), say("Pick one way that is safe.", "Elija al menos una forma segura."))
			state("start-reach-error" + suffix)
			b.fill("phone", "410-555-0142")
			b.tick("ways", "call")
			b.tick("ways", "text")
			b.tick("best", "morning")
			b.press(next)
			look("start-area" + suffix)
			b.fill("zip", "21201")
			b.press(next)
			look("start-language" + suffix)
			b.press(next)
			look("start-date" + suffix)
			b.fill("month", "2")
			b.fill("day", "30")
			b.fill("year", "2026")
			b.press(next)
			b.sees(say("Check the date", "Revise la fecha"))
			state("start-date-error" + suffix)
			b.fill("month", "8")
			b.press(next)
			b.sees(say("Is this right?", "¿Está bien así?"), "Maria from school", "410-555-0142", say("August 30, 2026", "30 de agosto de 2026"))
			look("start-check" + suffix)
			b.press(next)
			look("start-consent" + suffix)
			unhurried(begun)
			b.press(say("Send", "Enviar"))
			b.sees(say("tick yes here", "marque sí aquí"))
			state("start-consent-error" + suffix)
			b.tick("agree", "yes")
			b.tick("share", "yes")
			b.tick("texts", "yes")
			b.press(say("Send", "Enviar"))
			b.sees(say("We have it. Thank you", "Ya lo tenemos. Gracias"), say("A person will try to reach you by", "una persona va a tratar de hablar con usted"))
			if b.path() != "/start/done" {
				t.Errorf("the end is %s", b.path())
			}
			look("start-done" + suffix)
			if title := get(b, chromedp.Title()); title != "Doorstep" {
				t.Errorf("the title is %q", title)
			}
			if got := l.count(`SELECT count(*) FROM referrals WHERE source_kind = 'self' AND channel = 'page' AND consent = 'signed'`); got != 1 {
				t.Errorf("%d referrals of herself", got)
			}
			if got := l.count(`SELECT count(*) FROM consents WHERE how = 'link' AND answer = 'yes' AND wording_version = '2026-02' AND language = $1 AND gate IN (1, 2, 3, 5)`, say("en", "es")); got != 4 {
				t.Errorf("%d consents, not 4", got)
			}
			b.visit("/start/consent") // back and again: sent once
			b.sees(say("We have it. Thank you", "Ya lo tenemos. Gracias"))
			b.press(say("Leave this page", "Salir de esta página"))
			b.sees("Sunny")
			if got := l.count(`SELECT count(*) FROM public_visits`); got != 0 {
				t.Error("the visit is still there")
			}
			b.visit("/start/done")
			b.sees(say("We cleared your answers", "Borramos sus respuestas"))
			look("start-over" + suffix)
			if strings.Contains(l.log.String(), "Maria") || strings.Contains(l.log.String(), "5550142") {
				t.Error("the log holds what she wrote")
			}
		})
	}
}

// After a loss no page speaks of a baby and nobody asks for a date; a friend asks her first; danger is answered at once.
func TestLossFriendAndDanger(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.elsewhere()
	b := l.browser()
	quiet := func() {
		t.Helper()
		if shown := strings.ToLower(b.text()); strings.Contains(shown, "baby") || strings.Contains(shown, "pregnan") {
			t.Errorf("after a loss the page says:\n%s", shown)
		}
	}
	begun := time.Now()
	b.visit("/start")
	b.press("Start")
	b.tick("who", "loss")
	b.press("Continue")
	b.fill("given_name", "Example")
	b.fill("family_name", "Loss "+letters())
	quiet()
	b.press("Continue")
	quiet()
	b.fill("email", "person@example.org")
	b.tick("ways", "email")
	b.tick("danger", "yes")
	b.press("Continue")
	b.sees("You can get help right now", "Call 911", "will see it by")
	b.check("start-now")
	b.press("Continue")
	quiet()
	b.press("Continue")
	quiet()
	b.press("Continue")
	b.sees("Is this right?", "After a loss")
	quiet()
	b.state("start-check-loss")
	b.press("Continue")
	quiet()
	b.tick("agree", "yes")
	unhurried(begun)
	b.press("Send")
	b.sees("We are so sorry", "A person here will see this by")
	quiet()
	b.state("start-done-loss")
	if got := l.count(`SELECT count(*) FROM alarms WHERE kind = 'danger'`); got != 1 {
		t.Errorf("%d alarms", got)
	}
	if got := l.count(`SELECT count(*) FROM cases WHERE 'alarm' = ANY (review_reasons)`); got != 1 {
		t.Error("no person looks at it")
	}

	friend := l.browser()
	friend.visit("/start")
	friend.press("Start")
	friend.tick("who", "else")
	friend.press("Continue")
	friend.check("start-else")
	friend.tick("agreed", "no")
	friend.press("Continue")
	friend.sees("Please ask her first")
	friend.check("start-ask-first")
	friend.visit("/start/name")
	friend.sees("We cleared your answers")
	friend.visit("/start")
	begun = time.Now()
	friend.press("Start")
	friend.tick("who", "else")
	friend.press("Continue")
	friend.tick("agreed", "yes")
	friend.tick("who", "baby")
	friend.fill("helper", "doula")
	friend.press("Continue")
	friend.sees("What is her name?")
	friend.fill("given_name", "Example")
	friend.fill("family_name", "Friend "+letters())
	friend.press("Continue")
	friend.fill("phone", "410-555-0142")
	friend.tick("ways", "call")
	friend.press("Continue")
	friend.press("Continue")
	friend.press("Continue")
	friend.tick("not_sure", "yes")
	friend.press("Continue")
	friend.press("Continue")
	friend.sees("They ask her first")
	friend.state("start-consent-friend")
	unhurried(begun)
	friend.press("Send")
	friend.sees("We have it", "Then we ask her")
	if got := l.count(`SELECT count(*) FROM referrals r JOIN consents c ON c.case_id = r.case_id WHERE r.source_kind = 'friend' AND c.answer = 'yes'`); got != 0 {
		t.Errorf("%d times a friend said yes for her", got)
	}
}

// Shift three times leaves, also while typing; the way back does not lead to what was typed.
func TestQuickExit(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	away := l.elsewhere()
	b := l.browser()
	b.visit("/start")
	b.press("Start")
	b.tick("who", "pregnant")
	b.press("Continue")
	b.fill("given_name", "Secret")
	for range 3 {
		b.run(chromedp.KeyEvent(kb.Shift))
	}
	b.run(chromedp.WaitReady(chromedp.CSS("#main")))
	deadline := time.Now().Add(patience)
	for !strings.HasPrefix(get(b, chromedp.Location()), away) && time.Now().Before(deadline) {
		time.Sleep(20 * time.Millisecond)
	}
	if at := get(b, chromedp.Location()); !strings.HasPrefix(at, away) {
		t.Fatalf("Shift three times leads to %s", at)
	}
	if got := l.count(`SELECT count(*) FROM public_visits`); got != 0 {
		t.Error("the visit is still there")
	}
	b.visit("/start/name")
	b.sees("We cleared your answers")
}

// Her own page: opened by the hub with her word, shut with a safety flag; what she asks for becomes a task.
func TestHerOwnPage(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.elsewhere()
	caseID := l.refer(nil)
	l.offer(caseID)
	l.claim(caseID)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	hub.visit("/cases/" + caseID + "/family-page")
	hub.sees("She has no page that is open")
	hub.check("family-open")
	hub.fill("word", "1234")
	hub.press("Open her page")
	hub.sees("No digits", "Only when she asked")
	hub.state("family-open-error")
	hub.tick("she_asked", "yes")
	hub.tick("said", "voice")
	hub.fill("word", "Water Melón")
	hub.press("Open her page")
	hub.sees("You see it once")
	hub.check("family-opened")
	_, rest, _ := strings.Cut(hub.text(), "/c/")
	path := "/c/" + strings.Fields(rest)[0]
	if strings.Contains(l.log.String(), path[3:]) {
		t.Error("the address of her page is in the log")
	}

	for _, script := range []bool{true, false} {
		b := l.browser()
		look, state := b.check, b.state
		if !script {
			b.noScript()
			look, state = func(string) {}, func(string) {}
		}
		b.visit(path + "?lang=en")
		look("her-word")
		b.fill("word", "something")
		b.press("Continue")
		b.sees("This is not the word")
		state("her-word-wrong")
		b.fill("word", "watermelon")
		b.press("Continue")
		b.sees("How things are going", "We found a place for you", "Who can know about you", "The people who visit you")
		for _, never := range []string{l.net.Agencies[0].Name, l.net.Hospital.Name, "nfp", "Healthy", "baby", "pregnan", "Example Person"} {
			if strings.Contains(strings.ToLower(b.text()), strings.ToLower(never)) {
				t.Errorf("her page says %q", never)
			}
		}
		if title := get(b, chromedp.Title()); title != "Doorstep" {
			t.Errorf("the title is %q", title)
		}
		look("her-page")
		b.press("Change how you reach me")
		look("her-change")
		b.press("Send")
		b.sees("Write what we should know.")
		b.write("text", "call 410-555-0142")
		b.press("Send")
		b.sees("Nothing has changed yet")
		state("her-asked")
		b.press("Take back my yes")
		state("her-take-back")
		b.press("Send")
		b.sees("Nothing has changed yet")
		b.press("Something went wrong")
		look("her-wrong")
		b.write("text", "The visitor was rude.")
		b.press("Send")
		b.sees("Thank you for telling us")
		look("her-told")
		b.visit(path + "?lang=es")
		b.sees("Cómo va todo", "Hay un lugar para usted")
		state("her-page-es")
	}
	if got := l.count(`SELECT count(*) FROM tasks WHERE kind IN ('family.change_contact', 'family.take_back') AND case_id = $1`, caseID); got != 4 {
		t.Errorf("%d tasks for the hub", got)
	}
	if got := l.count(`SELECT count(*) FROM consents WHERE case_id = $1 AND (answer = 'no' OR revoked_at IS NOT NULL)`, caseID); got != 0 {
		t.Error("a consent changed by itself")
	}
	if got := l.count(`SELECT count(*) FROM tasks WHERE kind = 'family.wrong' AND role = 'privacy_officer' AND case_id IS NULL`); got != 2 {
		t.Errorf("%d tasks for the privacy officer", got)
	}
	var id string
	l.must(l.owner.QueryRowContext(t.Context(), `SELECT subject_id FROM tasks WHERE kind = 'family.change_contact' LIMIT 1`).Scan(&id))
	hub.visit("/queue/requests")
	hub.sees("Another way to reach her", "nobody yet")
	hub.check("hub-requests")
	hub.visit("/family-requests/" + id)
	hub.sees("call 410-555-0142", "Nothing has changed yet")
	hub.check("family-request")
	hub.press("I have it")
	hub.sees("You answer for this request")
	hub.press("Close the request")
	hub.sees("Say how it ended")
	hub.state("family-request-error")
	hub.tick("as", "confirmed")
	hub.press("Close the request")
	hub.sees("The request is closed")
	if got := l.count(`SELECT count(*) FROM tasks WHERE subject_id = $1 AND closed_at IS NULL`, id); got != 0 {
		t.Error("the task of a settled request is open")
	}
	officer := l.browser().as(l.seed.User(l.net.Hub, auth.PrivacyOfficer))
	officer.visit("/complaints")
	officer.check("complaints")
	officer.press("Read")
	officer.sees("The visitor was rude.", "It was written on the page of case")
	officer.check("complaint")
	officer.tick("as", "done")
	officer.press("Close this")
	officer.sees("Closed.")
	hub.visit("/complaints")
	hub.sees("Your role does not include this")
	agency := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyManager))
	agency.visit("/cases/" + caseID)
	if strings.Contains(agency.text(), "rude") {
		t.Error("the agency reads what was said about it")
	}

	// five wrong words shut it
	guess := l.browser()
	guess.visit(path + "?lang=en")
	for range 5 {
		guess.fill("word", "something else")
		guess.press("Continue")
	}
	guess.visit(path)
	guess.sees("This page is closed")
	guess.check("her-shut")
	// a flag shuts it and keeps it shut
	flagged := l.refer(func(d map[string]any) { d["needs"] = map[string]any{"partner_violence": "yes"} })
	hub.visit("/cases/" + flagged + "/family-page")
	hub.tick("she_asked", "yes")
	hub.tick("said", "in_person")
	hub.fill("word", "watermelon")
	hub.press("Open her page")
	hub.sees("Her page stays shut")
	hub.state("family-open-flag")
}

// What anyone may say went wrong, and the letter for whom no program fits.
func TestWrongAndLetter(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	b := l.browser()
	b.visit("/wrong?lang=es")
	b.press("Enviar")
	b.sees("Escriba lo que debemos saber.")
	b.check("wrong-error-es")
	b.write("text", "Nadie me llamó.")
	b.press("Enviar")
	b.sees("Gracias por decirlo")
	officer := l.browser().as(l.seed.User(l.net.Hub, auth.PrivacyOfficer))
	officer.visit("/complaints")
	officer.press("Read")
	officer.sees("Nadie me llamó.", "No way to answer was left")

	caseID := l.refer(func(d map[string]any) {
		d["client"].(map[string]any)["insurance"] = "private"
		d["pregnancy"] = map[string]any{"weeks": 32, "earlier_live_births": 2}
	})
	key, _ := l.seed.Key(l.net.Hub, auth.TriageSupervisor)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	hub.visit("/cases/" + caseID + "/letter")
	hub.sees("This letter is for a case that ended")
	hub.state("no-fit-letter-conflict")
	l.api(http.StatusOK, key, "POST", "/cases/"+caseID+"/close", map[string]any{"disposition": "no_program_fits"})
	hub.visit("/cases/" + caseID + "/letter?lang=en")
	hub.sees("None of them can take you right now", "Some programs start early", "/wrong", "It is not about you", "You can ask again", "410-555-0100", "Do not post this letter")
	hub.check("no-fit-letter")
	hub.visit("/cases/" + caseID + "/letter?lang=es")
	hub.sees("Puede pedir ayuda otra vez", "No es por usted")
	hub.state("no-fit-letter-es")
}

// The weight of public pages, as a first visit loads them: no htmx, and below 70 KB.
func TestWeightOfPublicPages(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for _, path := range []string{"/start", "/start/reach", "/wrong", "/c/" + strings.Repeat("x", 43)} {
		b := l.browser()
		if path == "/start/reach" { // loaded whole, as if it were the first page: the browser keeps nothing between two profiles
			token, err := l.app.Referrals.BeginHerForm(t.Context(), "192.0.2.1")
			l.must(err)
			call(b, network.SetCookie, network.SetCookieParams{Name: "visit", Value: token, URL: l.url, SameSite: network.CookieSameSiteLax})
		}
		b.visit(path)
		b.settle()
		if n := get(b, chromedp.Evaluate[int](`document.querySelectorAll('script[src*=htmx]').length`)); n != 0 {
			t.Errorf("%s loads htmx", path)
		}
		weight := get(b, chromedp.Evaluate[int](`[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")].reduce((n, e) => n + e.transferSize, 0)`))
		requests := get(b, chromedp.Evaluate[int](`1 + performance.getEntriesByType("resource").length`))
		t.Logf("%-12s %5.1f KB, %d requests", path[:min(12, len(path))], float64(weight)/1024, requests)
		if weight > 70<<10 {
			t.Errorf("%s weighs %d bytes", path, weight)
		}
	}
}
