package triage_test

import (
	"slices"
	"testing"

	"doorstep/triage"
)

func TestDeadlinesCountFromTheDayOfTheLook(t *testing.T) {
	rs := baltimore(t)
	open := firstTimeMother()
	open.GestationalDays = ptr(193) // the last day, 28 weeks 6 days, is nine days off
	asks, late, both := open, open, open
	asks.EarlierLiveBirths = nil
	late.GestationalDays = ptr(203)
	both.GestationalDays, both.EarlierLiveBirths = ptr(203), ptr(1)
	for _, tc := range []struct {
		name  string
		f     triage.Facts
		later int // days after the decision
		left  int
		want  string // empty: no line
	}{
		{"the same day", open, 0, 9, "She can go to Nurse-Family Partnership until 11 November, 9 days left."},
		{"four days later", open, 4, 5, "She can go to Nurse-Family Partnership until 11 November, 5 days left."},
		{"the day before", open, 8, 1, "She can go to Nurse-Family Partnership until 11 November, 1 day left."},
		{"the last day", open, 9, 0, "She can go to Nurse-Family Partnership until 11 November, the last day is today."},
		{"too late by now", open, 10, -1, "Nurse-Family Partnership was possible until 11 November."},
		{"in another year", open, 90, -81, "Nurse-Family Partnership was possible until 11 November 2026."},
		{"an answer is open", asks, 0, 9, "If the answers fit, she can go to Nurse-Family Partnership until 11 November, 9 days left."},
		{"too late from the start", late, 0, -1, "Nurse-Family Partnership was possible until 1 November."},
		{"never possible", both, 0, 0, ""},
	} {
		lines := decide(t, rs, tc.f, openPlaces()).Deadlines(today.AddDays(tc.later))
		i := slices.IndexFunc(lines, func(l triage.Deadline) bool { return l.Code == "nfp" })
		switch {
		case i < 0 && tc.want != "":
			t.Errorf("%s: no line", tc.name)
		case i >= 0 && (lines[i].Text != tc.want || lines[i].DaysLeft != tc.left):
			t.Errorf("%s: %+v", tc.name, lines[i])
		}
	}
	lost := open
	lost.PregnancyLossOrInfantDeath = triage.Yes
	if lines := decide(t, rs, lost, openPlaces()).Deadlines(today); len(lines) != 0 {
		t.Errorf("after a loss: %+v", lines)
	}
	boundary := firstTimeMother()
	boundary.Stage, boundary.GestationalDays, boundary.BabyAgeDays, boundary.IncomeBelowPoverty = triage.Postpartum, nil, ptr(30), triage.No
	lines := decide(t, rs, boundary, openPlaces()).Deadlines(today)
	if i := slices.IndexFunc(lines, func(l triage.Deadline) bool { return l.Code == "early_head_start" }); i >= 0 && lines[i].Text[:22] != "If a person says yes, " && lines[i].Text[:20] != "If the answers fit, " {
		t.Errorf("%+v", lines[i])
	}
}
