package triage_test

import (
	"slices"
	"testing"

	"doorstep/triage"
)

// A digest leaves out what changes each day and the order of what is equal to her, and nothing that means something.
func TestDigest(t *testing.T) {
	rs := baltimore(t)
	facts := triage.Facts{Today: today, Stage: triage.Prenatal, AgeYears: ptr(19), DueOn: &triage.Date{Year: 2027, Month: 3, Day: 1}, MentalHealth: triage.Yes}
	digest := func(f triage.Facts, places []triage.Place) string {
		d := decide(t, rs, f, places)
		return d.Digest()
	}
	first := digest(facts, openPlaces())
	tomorrow := facts
	tomorrow.Today = today.AddDays(1)
	turned := slices.Clone(openPlaces())
	slices.Reverse(turned)
	if digest(tomorrow, openPlaces()) != first || digest(facts, turned) != first {
		t.Error("nothing new, and another digest")
	}
	older, answered, full := facts, facts, slices.Clone(openPlaces())
	older.AgeYears = ptr(20)
	answered.Homeless = triage.No
	full[0].Free = 0
	for name, got := range map[string]string{"age": digest(older, openPlaces()), "answer": digest(answered, openPlaces()), "place": digest(facts, full)} {
		if got == first {
			t.Errorf("%s has changed, and the digest has not", name)
		}
	}
}
