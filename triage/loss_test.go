package triage_test

import (
	"slices"
	"testing"

	"doorstep/triage"
	"pgregory.net/rapid"
)

// After a loss rules recommend the bereavement program or nothing, name no help
// for a baby, count no window and ask for no date.
func TestAfterALossOnlyBereavementIsRecommended(t *testing.T) {
	rs := baltimore(t)
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		f.PregnancyLossOrInfantDeath = triage.Yes
		d, err := rs.Decide(f, drawPlaces(t))
		if err != nil {
			t.Fatal(err)
		}
		for i, id := range d.Route {
			if p := d.Programs[i]; p.Code != "hope" {
				t.Fatalf("%s (%s) is on the route", id, p.Code)
			}
		}
		for _, p := range d.Programs {
			if p.Code != "hope" && (p.Verdict != triage.ByPerson || p.WindowClosesOn != nil || p.QuotaDate != nil || p.InsideLastSafeDay) {
				t.Fatalf("%+v", p)
			}
		}
		for _, c := range d.Connections {
			if slices.Contains([]string{"prenatal_care", "wic", "crib", "doula", "groups", "contraception", "early_intervention"}, c.Kind) {
				t.Fatalf("%s is suggested", c.Kind)
			}
		}
		for _, m := range d.Missing {
			if m.For != triage.ForAlarm {
				t.Fatalf("asks about %s", m.Label)
			}
		}
		for _, flag := range d.Flags {
			if flag != triage.FlagSelfHarmNotScreened && flag != triage.FlagDangerNotAsked {
				t.Fatalf("flag %s", flag)
			}
		}
		if d.EarliestWindow != nil || d.Band > 1 {
			t.Fatalf("window %v, band %d", d.EarliestWindow, d.Band)
		}
	})
}

// Nobody is asked about a loss so that a rule can be settled.
func TestALossIsToldAndNeverAskedFor(t *testing.T) {
	rs := baltimore(t)
	const name = "pregnancy_loss_or_infant_death"
	rapid.Check(t, func(t *rapid.T) {
		f := drawFacts(t)
		f.PregnancyLossOrInfantDeath = triage.Unknown
		d, err := rs.Decide(f, drawPlaces(t))
		if err != nil {
			t.Fatal(err)
		}
		if missing(d, name) {
			t.Fatal("listed as missing")
		}
		for _, p := range d.Programs {
			for _, r := range p.Reasons {
				if slices.Contains(r.Missing, name) {
					t.Fatalf("%s asks for it", r.RuleID)
				}
			}
		}
	})
	if !slices.ContainsFunc(triage.Vocabulary(), func(f triage.Fact) bool { return f.Name == name && f.Told }) {
		t.Error("the vocabulary does not say so")
	}
}

// An unknown or denied loss changes no verdict on the other programs.
func TestWithoutALossNothingIsStopped(t *testing.T) {
	rs := baltimore(t)
	f := firstTimeMother()
	unknown := decide(t, rs, f, openPlaces())
	f.PregnancyLossOrInfantDeath = triage.No
	for _, d := range []triage.Decision{unknown, decide(t, rs, f, openPlaces())} {
		if p := program(t, d, "nfp"); p.Verdict != triage.Eligible || d.Route[0] != "nfp-1" {
			t.Errorf("%s, route %v", p.Verdict, d.Route)
		}
		if p := program(t, d, "hope"); p.Verdict != triage.NotEligible {
			t.Errorf("hope: %s", p.Verdict)
		}
	}
}
