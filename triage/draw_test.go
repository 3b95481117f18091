package triage_test

import (
	"fmt"
	"math/rand"
	"slices"
	"testing"

	"doorstep/triage"
	"pgregory.net/rapid"
)

// An auditor has the decision and nothing else, and draws again.
func ExampleDraw() {
	decision := triage.Decision{DrawSeed: "case-72", Drawn: [][]string{{"hfa-t", "ehs", "hfa-e"}}}
	again := triage.Draw(decision.DrawSeed, []string{"ehs", "hfa-e", "hfa-t"})
	fmt.Println(again, slices.Equal(again, decision.Drawn[0]))
	// Output: [hfa-t ehs hfa-e] true
}

// equals are places of one program that differ in nothing but their id.
func equals(k int) []triage.Place {
	var out []triage.Place
	for i := range k {
		out = append(out, triage.Place{ProgramID: fmt.Sprintf("site-%d", i), Code: "nfp", AreaKnown: true, InArea: true,
			Intake: triage.IntakeOpen, Free: 2, Funded: 20, AgreementValid: true, CapacityConfirmedOn: &today})
	}
	return out
}

// The seeds are fixed, so it cannot fail by chance; the bounds are more than four
// standard deviations wide, so that another set of seeds would pass too.
func TestEachOfEqualsComesFirstAboutEquallyOften(t *testing.T) {
	rs, f := baltimore(t), firstTimeMother()
	const seeds = 1200
	for _, k := range []int{2, 3, 5} {
		places, first := equals(k), map[string]int{}
		for n := range seeds {
			f.DrawSeed = fmt.Sprintf("case-%d", n)
			first[decide(t, rs, f, places).Route[0]]++
		}
		for _, p := range places {
			if share := first[p.ProgramID] * k; share < seeds*3/4 || share > seeds*5/4 {
				t.Errorf("%s of %d equals came first %d times in %d", p.ProgramID, k, first[p.ProgramID], seeds)
			}
		}
	}
}

func TestADrawIsRecordedAndCanBeDoneAgain(t *testing.T) {
	rs := baltimore(t)
	rapid.Check(t, func(t *rapid.T) {
		f, places := firstTimeMother(), equals(rapid.IntRange(1, 5).Draw(t, "equals"))
		f.DrawSeed = rapid.StringN(0, 20, -1).Draw(t, "seed")
		better := triage.Place{ProgramID: "better", Code: "nfp", AreaKnown: true, InArea: true, Intake: triage.IntakeOpen, Free: 9, Funded: 20,
			AgreementValid: true, CapacityConfirmedOn: &today}
		all := append(slices.Clone(places), better)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "order"))).Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		d, err := rs.Decide(f, all)
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, p := range places {
			ids = append(ids, p.ProgramID)
		}
		want := triage.Draw(f.DrawSeed, ids)
		if d.Route[0] != "better" || !slices.Equal(d.Route[1:], want) {
			t.Fatalf("route %v, drawn %v", d.Route, want)
		}
		recorded := len(d.Drawn) == 1 && slices.Equal(d.Drawn[0], want) && d.DrawSeed == f.DrawSeed
		if drawn := f.DrawSeed != "" && len(places) > 1; recorded != drawn || !drawn && (d.Drawn != nil || d.DrawSeed != "") {
			t.Fatalf("seed %q, %d equals: recorded %v under %q", f.DrawSeed, len(places), d.Drawn, d.DrawSeed)
		}
	})
}

// Chance gives only what can be had: the order of the rest is that of the ids.
func TestNothingIsDrawnAmongPlacesThatCannotTakeHer(t *testing.T) {
	f, places := firstTimeMother(), equals(3)
	f.DrawSeed = "any"
	for i := range places {
		places[i].Free = 0
	}
	if d := decide(t, baltimore(t), f, places); d.Drawn != nil || d.DrawSeed != "" {
		t.Errorf("recorded %v", d.Drawn)
	}
	f.EarlierLiveBirths = ptr(2)
	d := decide(t, baltimore(t), f, equals(3))
	if d.Drawn != nil || d.Programs[0].ProgramID != "site-0" || d.Programs[2].ProgramID != "site-2" {
		t.Errorf("%v: %s stands first", d.Drawn, d.Programs[0].ProgramID)
	}
}
