package triage_test

import (
	"math/rand"
	"slices"
	"testing"

	"doorstep/triage"
	"pgregory.net/rapid"
)

func TestPlacesKeptByShare(t *testing.T) {
	rs := example(t)
	for _, tc := range []struct {
		name         string
		births       *int
		funded, free int
		used         int
		place        bool
		code         string
	}{
		{"hers, and kept", ptr(0), 20, 3, 14, true, "example_first_time"},
		{"hers, all of the share used, one open to all", ptr(0), 20, 1, 17, true, "example_first_time"},
		{"another's, all kept", ptr(1), 20, 3, 14, false, ""},
		{"another's, one open to all", ptr(1), 20, 3, 15, true, ""},
		{"another's, share used up", ptr(1), 20, 1, 17, true, ""},
		{"another's, share overfull", ptr(1), 20, 1, 19, true, ""},
		{"another's, an empty program keeps 22 of 25, so 3 are open", ptr(1), 25, 25, 0, true, ""},
		{"another's, the open 3 of 25 are gone", ptr(1), 25, 22, 0, false, ""}, // 85 % of 25 is 21.25: at least 85 %
		{"nothing free", ptr(0), 20, 0, 14, false, "example_first_time"},
		{"more free than funded", ptr(1), 2, 3, 0, true, ""},
		{"nobody asked, all kept", nil, 20, 3, 14, false, ""},
		{"funded not known", ptr(1), 0, 1, 0, true, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := firstTimeMother()
			f.EarlierLiveBirths = tc.births
			d := decide(t, rs, f, []triage.Place{{
				ProgramID: "x", Code: "example_shares", AreaKnown: true, InArea: true, Intake: triage.IntakeOpen, AgreementValid: true,
				Free: tc.free, Funded: tc.funded, SetAsideUsed: map[string]int{"example_first_time": tc.used},
			}})
			p := d.Programs[0]
			if p.HasPlace != tc.place || p.SetAside != tc.code || (len(d.Route) == 1) != tc.place {
				t.Errorf("has place %v, set-aside %q, route %v", p.HasPlace, p.SetAside, d.Route)
			}
			if blocked := !tc.place && tc.free > 0; blocked != (len(p.Notes) > 0 && tc.funded > 0) {
				t.Errorf("notes %q", p.Notes)
			}
			if p.Verdict != triage.Eligible {
				t.Errorf("%s: a share is no rule about her", p.Verdict)
			}
		})
	}
}

// Keeping places takes none from those they are kept for, never makes one where
// there is none, and does not depend on the order of the places.
func TestKeptPlacesHoldTogether(t *testing.T) {
	rs := example(t)
	rapid.Check(t, func(t *rapid.T) {
		f := firstTimeMother()
		f.AgeYears, f.Homeless, f.EarlierLiveBirths = maybe(t, "age", 15, 30), drawAnswer(t, "homeless"), maybe(t, "births", 0, 1)
		var places []triage.Place
		for i := range rapid.IntRange(1, 5).Draw(t, "places") {
			p := triage.Place{ProgramID: string(rune('a' + i)), Code: "example_two_shares", AreaKnown: true, InArea: true,
				Intake: triage.IntakeOpen, Funded: rapid.IntRange(1, 12).Draw(t, "funded"), AgreementValid: true}
			taken := rapid.IntRange(0, p.Funded).Draw(t, "taken")
			teens := rapid.IntRange(0, taken).Draw(t, "teens")
			p.Free = p.Funded - taken
			p.SetAsideUsed = map[string]int{"example_teen": teens, "example_no_home": rapid.IntRange(0, taken-teens).Draw(t, "homeless places")}
			places = append(places, p)
		}
		d, err := rs.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range d.Programs {
			p := places[slices.IndexFunc(places, func(p triage.Place) bool { return p.ProgramID == v.ProgramID })]
			if v.HasPlace && p.Free == 0 {
				t.Fatalf("%+v has no place to give", p)
			}
			keeps := func(code string, share int) bool { return p.SetAsideUsed[code]*100 < p.Funded*share }
			hers := keeps("example_teen", 30) && f.AgeYears != nil && *f.AgeYears < 20 || keeps("example_no_home", 20) && f.Homeless == triage.Yes
			if hers && p.Free > 0 && (!v.HasPlace || v.SetAside == "") {
				t.Fatalf("her kept place in %+v is not hers: %+v", p, v)
			}
		}
		other := slices.Clone(places)
		rand.New(rand.NewSource(rapid.Int64().Draw(t, "seed"))).Shuffle(len(other), func(i, j int) { other[i], other[j] = other[j], other[i] })
		again, err := rs.Decide(f, other)
		if err != nil {
			t.Fatal(err)
		}
		if bytesOf(t, d) != bytesOf(t, again) {
			t.Fatalf("order changes the decision:\n%s\n%s", bytesOf(t, d), bytesOf(t, again))
		}
	})
}

func TestAreasOfThePack(t *testing.T) {
	rs := example(t)
	for _, tc := range []struct {
		zip           string
		known, inArea bool
		want          triage.Answer
	}{
		{"21201", true, true, triage.Yes},
		{"21201-0042", true, true, triage.Yes},
		{"21202", true, true, triage.No},
		{"21201", true, false, triage.No}, // both must say yes
		{"21201", false, false, triage.Unknown},
		{"", true, true, triage.Unknown},
		{"21202", false, false, triage.No},
	} {
		f := firstTimeMother()
		f.ZIP = tc.zip
		d := decide(t, rs, f, []triage.Place{{ProgramID: "x", Code: "example_west", AreaKnown: tc.known, InArea: tc.inArea,
			Intake: triage.IntakeOpen, Free: 1, Funded: 9, AgreementValid: true}})
		if got := d.Programs[0].InArea; got != tc.want || (len(d.Route) == 1) != (tc.want == triage.Yes) {
			t.Errorf("%q known %v in area %v: %s, route %v", tc.zip, tc.known, tc.inArea, got, d.Route)
		}
	}
	areas := rs.Areas()
	if len(areas) != 3 || areas[2].ID != "west" || areas[0].Source == "" {
		t.Fatalf("%+v", areas)
	}
	areas[0].Zips[0] = "00000"
	if rs.Areas()[0].Zips[0] == "00000" {
		t.Error("a caller can change the rule set")
	}
}

func TestProgramsSayTheirAreasAndShares(t *testing.T) {
	for _, p := range baltimore(t).Programs() {
		if len(p.Areas) > 0 || len(p.SetAsides) > 0 {
			t.Errorf("%s: nothing sourced for the city restricts it", p.Code)
		}
	}
	for _, p := range example(t).Programs() {
		switch p.Code {
		case "example_shares":
			if len(p.SetAsides) != 1 || p.SetAsides[0].Share != 85 || p.SetAsides[0].Source == "" {
				t.Errorf("%+v", p)
			}
		case "example_west":
			if !slices.Equal(p.Areas, []string{"west"}) {
				t.Errorf("%+v", p)
			}
		}
	}
}
