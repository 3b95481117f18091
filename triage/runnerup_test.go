package triage_test

import (
	"testing"

	"doorstep/triage"
)

func TestWhyTheSecondIsSecond(t *testing.T) {
	rs := baltimore(t)
	const first = " One place of Nurse-Family Partnership comes first, because "
	for _, tc := range []struct {
		name   string
		change func(f *triage.Facts, one, two *triage.Place)
		want   string
	}{
		{"wish", func(f *triage.Facts, one, _ *triage.Place) { f.PreferredPrograms = []string{one.ProgramID} }, first + "she named it."},
		{"language", func(f *triage.Facts, one, two *triage.Place) {
			f.SpokenLanguage, one.Languages, two.Languages = "es", []string{"es"}, []string{"en"}
		}, first + "its visitors speak her language."},
		{"freshness", func(_ *triage.Facts, _, two *triage.Place) { two.CapacityConfirmedOn = nil }, first + "its free places were confirmed lately."},
		{"share", func(_ *triage.Facts, one, _ *triage.Place) { one.Free = 5 }, first + "a larger share of its places is free."},
		{"line", func(_ *triage.Facts, one, two *triage.Place) { one.Waiting, two.Waiting = 1, 2 }, first + "fewer families wait for each place that comes free there."},
		{"draw", func(f *triage.Facts, _, _ *triage.Place) { f.DrawSeed = "x" }, " It was equal to one place of Nurse-Family Partnership in everything, and a draw settled it."},
	} {
		f, places := firstTimeMother(), equals(2)
		tc.change(&f, &places[0], &places[1])
		d := decide(t, rs, f, places)
		got, err := rs.WhySecond(f, places, d)
		if want := "Another of Nurse-Family Partnership comes next." + tc.want; err != nil || got != want {
			t.Errorf("%s: %q (%v), want %q", tc.name, got, err, want)
		}
	}
	f, places := firstTimeMother(), openPlaces()
	f.MentalHealth, f.UnstableHousing = triage.Yes, triage.Yes
	d := decide(t, rs, f, places)
	want := "Healthy Families America, traditional comes next. Nurse-Family Partnership comes first, because time for it ends sooner."
	if got, err := rs.WhySecond(f, places, d); err != nil || got != want {
		t.Errorf("%q (%v)", got, err)
	}
	if _, err := rs.WhySecond(f, nil, d); err == nil {
		t.Error("without places there is nothing to rank")
	}
	if got, err := rs.WhySecond(f, places, decide(t, rs, f, equals(1))); got != "" || err != nil {
		t.Errorf("one alone: %q (%v)", got, err)
	}
}
