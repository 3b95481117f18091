package triage_test

import (
	"slices"
	"testing"

	"doorstep/triage"
)

func TestScores(t *testing.T) {
	rs := baltimore(t)
	for _, tc := range []struct {
		name     string
		form     string
		items    []*int
		min, max int
		positive triage.Answer
		selfHarm triage.Answer
		alarms   int
	}{
		{"nine", "epds", items(1, 1, 1, 1, 1, 1, 1, 1, 1, 0), 9, 9, triage.No, triage.No, 0},
		{"ten", "epds", items(2, 1, 1, 1, 1, 1, 1, 1, 1, 0), 10, 10, triage.Yes, triage.No, 0},
		{"item 10 whatever the total", "epds", items(0, 0, 0, 0, 0, 0, 0, 0, 0, 1), 1, 1, triage.No, triage.Yes, 1},
		{"item 10 left open", "epds", items(1, 1, 1, 1, 1, 1, 1, 0, 0, -1), 7, 10, triage.Unknown, triage.Unknown, 0},
		{"open but sure", "epds", items(3, 3, 3, 3, -1, -1, 0, 0, 0, 0), 12, 18, triage.Yes, triage.No, 0},
		{"nothing answered", "epds", items(-1, -1, -1, -1, -1, -1, -1, -1, -1, -1), 0, 30, triage.Unknown, triage.Unknown, 0},
		{"phq9 item 9", "phq9", items(0, 0, 0, 0, 0, 0, 0, 0, 2), 2, 2, triage.No, triage.Yes, 1},
		{"phq9 ten", "phq9", items(3, 3, 3, 1, 0, 0, 0, 0, 0), 10, 10, triage.Yes, triage.No, 0},
		{"gad7 at the more sensitive cut-off", "gad7", items(2, 2, 2, 2, 0, 0, 0), 8, 8, triage.Yes, 255, 0},
		{"phq2 two", "phq2", items(1, 1), 2, 2, triage.No, 255, 0},
		{"phq2 three", "phq2", items(2, 1), 3, 3, triage.Yes, 255, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := firstTimeMother()
			f.Screenings = []triage.Screening{{Instrument: tc.form, Items: tc.items}}
			d := decide(t, rs, f, nil)
			s := d.Scores[0]
			if s.Min != tc.min || s.Max != tc.max || s.Positive != tc.positive {
				t.Errorf("got %d..%d %s, want %d..%d %s", s.Min, s.Max, s.Positive, tc.min, tc.max, tc.positive)
			}
			if tc.selfHarm == 255 {
				if s.SelfHarm != nil {
					t.Error("a form without such an item reports one")
				}
			} else if *s.SelfHarm != tc.selfHarm {
				t.Errorf("self-harm item %s, want %s", *s.SelfHarm, tc.selfHarm)
			}
			if len(d.Alarms) != tc.alarms {
				t.Errorf("%d alarms, want %d", len(d.Alarms), tc.alarms)
			}
			open := s.SelfHarm == nil || *s.SelfHarm == triage.Unknown
			if slices.Contains(d.Flags, triage.FlagSelfHarmNotScreened) != open {
				t.Errorf("flags %v: unanswered is unscreened, never negative", d.Flags)
			}
		})
	}
}

func TestLaterNegativeNeverTakesBackAPositive(t *testing.T) {
	f := firstTimeMother()
	f.Screenings = []triage.Screening{
		{Instrument: "epds", GivenOn: ptr(day(t, "2026-06-01")), Items: items(3, 3, 3, 3, 0, 0, 0, 0, 0, 1)},
		{Instrument: "epds", GivenOn: ptr(day(t, "2026-10-01")), Items: items(0, 0, 0, 0, 0, 0, 0, 0, 0, 0)},
	}
	d := decide(t, baltimore(t), f, nil)
	if len(d.Alarms) != 1 || len(d.Fired) != 1 || d.TierName != "urgent" || d.Band != 0 || d.Next != triage.NextReview {
		t.Errorf("alarms %d tier %s band %d next %s", len(d.Alarms), d.TierName, d.Band, d.Next)
	}
}

// An alarm must survive what makes the rest of the form unusable.
func TestAlarmsToleratesBadFacts(t *testing.T) {
	rs := baltimore(t)
	f := triage.Facts{AgeYears: ptr(-4), Stage: "sometime", Screenings: []triage.Screening{
		{Instrument: "unheard of", Items: items(1)},
		{Instrument: "epds", Items: items(9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9)},
	}}
	if _, err := rs.Decide(f, nil); err == nil {
		t.Error("Decide took facts that cannot be true")
	}
	alarms, err := rs.Alarms(f)
	if err != nil || len(alarms) != 1 || alarms[0].Kind != "self_harm" {
		t.Errorf("alarms %v, err %v", alarms, err)
	}
}

func TestInstrumentsForIntake(t *testing.T) {
	forms, err := triage.Instruments()
	if err != nil {
		t.Fatal(err)
	}
	shape := map[string][3]int{}
	for _, f := range forms {
		shape[f.ID] = [3]int{f.Items, f.Items * f.Max, f.SelfHarmItem}
		if f.Source == "" {
			t.Errorf("%s has no source", f.ID)
		}
	}
	for id, want := range map[string][3]int{"epds": {10, 30, 10}, "phq2": {2, 6, 0}, "phq9": {9, 27, 9}, "gad7": {7, 21, 0}} {
		if shape[id] != want {
			t.Errorf("%s: %v, want %v", id, shape[id], want)
		}
	}
}
