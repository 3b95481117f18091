package referral_test

import (
	"errors"
	"testing"
	"time"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// herForm fills a visit in and returns its token, begun so long ago that a person could have typed it.
func (w *world) herForm(change func(*referral.HerAnswers)) string {
	w.Helper()
	token, err := w.cases.BeginHerForm(w.Context(), "192.0.2.1")
	w.must(err)
	_, err = w.cases.KeepHerStep(w.Context(), token, "reach", func(a *referral.HerAnswers) {
		*a = referral.HerAnswers{Who: "pregnant", GivenName: "Example", FamilyName: "Herself", Phone: "410-555-0142", Ways: []string{"call"}, Zip: "21201",
			Language: "es", NotSure: true, Share: "yes", Agree: true, PageLanguage: "es"}
		if change != nil {
			change(a)
		}
	})
	w.must(err)
	w.exec(`UPDATE public_visits SET begun_at = begun_at - interval '1 minute'`)
	return token
}

// What she sends is a referral with her own consent; sent by two hands at once it is one.
func TestHerOwnForm(t *testing.T) {
	w := newWorld(t)
	token := w.herForm(nil)
	answers := make(chan error, 2)
	references := make(chan string, 2)
	for range 2 {
		go func() {
			r, err := w.cases.SendHerForm(t.Context(), token, "192.0.2.1", "")
			references <- r.Reference
			answers <- err
		}()
	}
	if err := errors.Join(<-answers, <-answers); err != nil {
		t.Fatal(err)
	}
	if a, b := <-references, <-references; a == "" || a != b {
		t.Errorf("sent at once: %q and %q", a, b)
	}
	_, err := w.cases.KeepHerStep(t.Context(), token, "name", func(*referral.HerAnswers) {})
	if fault.KindOf(err) != fault.Conflict {
		t.Errorf("after sending: %v", err)
	}
	w.must(w.cases.Leave(t.Context(), token))
	if _, err = w.cases.HerForm(t.Context(), token); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after leaving: %v", err)
	}
}

// A program that fills in forms, one that hurries, and a form that is not whole are turned back with a code; what is old is gone.
func TestHerFormIsNoDoorForPrograms(t *testing.T) {
	w := newWorld(t)
	refused := func(token, trap, code string) {
		t.Helper()
		_, err := w.cases.SendHerForm(t.Context(), token, "192.0.2.1", trap)
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Code != code {
			t.Errorf("wanted %s, got %v", code, err)
		}
	}
	refused(w.herForm(nil), "https://example.org", "leave_empty")
	refused(w.herForm(func(a *referral.HerAnswers) { a.Agree = false }), "", "agree")
	refused(w.herForm(func(a *referral.HerAnswers) { a.Language = "" }), "", "incomplete")
	refused(w.herForm(func(a *referral.HerAnswers) { a.Else, a.Agreed = true, false }), "", "incomplete")
	quick := w.herForm(nil)
	w.exec(`UPDATE public_visits SET begun_at = clock_timestamp()`)
	refused(quick, "", "too_fast")

	w.exec(`UPDATE public_visits SET seen_at = seen_at - interval '15 minutes'`)
	if _, err := w.cases.HerForm(t.Context(), quick); fault.KindOf(err) != fault.NotFound {
		t.Errorf("after 15 minutes: %v", err)
	}
	w.must(w.cases.TidyVisits(t.Context()))
	if n := w.text(`SELECT count(*) FROM public_visits`); n != "0" {
		t.Errorf("%s visits are kept", n)
	}
	for range 200 {
		if _, err := w.cases.BeginHerForm(t.Context(), "192.0.2.9"); fault.KindOf(err) == fault.TooMany {
			var f *fault.Error
			if errors.As(err, &f); f.RetryAfter > 15*time.Minute {
				t.Errorf("wait %s", f.RetryAfter)
			}
			return
		}
	}
	t.Error("a network may begin without end")
}

// After a loss a person looks, and no machine writes to her.
func TestHerFormAfterALoss(t *testing.T) {
	w := newWorld(t)
	_, err := w.cases.SendHerForm(t.Context(), w.herForm(func(a *referral.HerAnswers) { a.Who = "loss" }), "192.0.2.1", "")
	w.must(err)
	w.want("review", `SELECT status FROM cases`)
	w.want("yes", `SELECT answer FROM answers WHERE name = 'pregnancy_loss_or_infant_death'`)
	w.want("0", `SELECT count(*) FROM messages WHERE audience = 'client'`)
}
