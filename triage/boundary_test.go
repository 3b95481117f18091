package triage_test

import (
	"slices"
	"testing"

	"doorstep/triage"
)

func firstTimeMother() triage.Facts {
	return triage.Facts{
		Today: today, Stage: triage.Prenatal, AgeYears: ptr(24), GestationalDays: ptr(100),
		EarlierLiveBirths: ptr(0), LowIncome: triage.Yes, DangerNow: triage.No,
	}
}

// The 28th week ends on 28 weeks 6 days in the reading the pack took.
func TestNFPWindowByGestationalDay(t *testing.T) {
	rs := baltimore(t)
	for _, tc := range []struct {
		week, day int
		want      triage.Verdict
		inside    bool
	}{
		{20, 0, triage.Eligible, false},
		{26, 1, triage.Eligible, false}, // 183: the day before the last safe day
		{26, 2, triage.Eligible, true},  // 184 = 202 - 18
		{27, 6, triage.Eligible, true},
		{28, 0, triage.Eligible, true},
		{28, 6, triage.Eligible, true},
		{29, 0, triage.NotEligible, false},
		{40, 0, triage.NotEligible, false},
	} {
		f := firstTimeMother()
		f.GestationalDays = ptr(tc.week*7 + tc.day)
		p := program(t, decide(t, rs, f, openPlaces()), "nfp")
		if p.Verdict != tc.want || p.InsideLastSafeDay != tc.inside {
			t.Errorf("%dw%dd: %s, inside %v; want %s, %v", tc.week, tc.day, p.Verdict, p.InsideLastSafeDay, tc.want, tc.inside)
		}
		if got := p.WindowClosesOn.Since(today); got != 202-(tc.week*7+tc.day) {
			t.Errorf("%dw%dd: closes in %d days", tc.week, tc.day, got)
		}
	}
}

func TestDueDateDecidesOverWeeks(t *testing.T) {
	f := firstTimeMother()
	f.GestationalDays = ptr(100)
	f.DueOn = ptr(today.AddDays(280 - 203)) // 29 weeks 0 days today
	if p := program(t, decide(t, baltimore(t), f, openPlaces()), "nfp"); p.Verdict != triage.NotEligible {
		t.Errorf("verdict %s, want the corrected due date to decide", p.Verdict)
	}
}

func TestMissingDueDateActsAsIfTheWindowWereClosing(t *testing.T) {
	f := firstTimeMother()
	f.GestationalDays = nil
	d := decide(t, baltimore(t), f, openPlaces())
	p := program(t, d, "nfp")
	if p.Verdict != triage.Eligible || !p.InsideLastSafeDay || d.Band != 1 || *d.EarliestWindow != today {
		t.Errorf("verdict %s inside %v band %d window %v", p.Verdict, p.InsideLastSafeDay, d.Band, d.EarliestWindow)
	}
	if !slices.Contains(d.Flags, triage.FlagDueDateUnknown) || !missing(d, "gestational_days") {
		t.Errorf("flags %v missing %v", d.Flags, d.Missing)
	}
}

func TestParity(t *testing.T) {
	rs := baltimore(t)
	for _, tc := range []struct {
		births *int
		want   triage.Verdict
	}{{ptr(0), triage.Eligible}, {ptr(1), triage.NotEligible}, {nil, triage.NeedsAnswer}} {
		f := firstTimeMother()
		f.EarlierLiveBirths = tc.births
		d := decide(t, rs, f, openPlaces())
		if p := program(t, d, "nfp"); p.Verdict != tc.want {
			t.Errorf("births %v: %s, want %s", tc.births, p.Verdict, tc.want)
		}
		if missing(d, "earlier_live_births") != (tc.births == nil) {
			t.Errorf("births %v: missing %v", tc.births, d.Missing)
		}
	}
}

// Three months of age is a site quota: it orders and informs, and never bars.
func TestHFAAge(t *testing.T) {
	rs := baltimore(t)
	born := triage.Date{Year: 2026, Month: 1, Day: 31}
	for _, tc := range []struct {
		on      string
		want    triage.Verdict
		inQuota bool
	}{
		{"2026-04-30", triage.Eligible, true},  // 3 months: the last day of a shorter month
		{"2026-05-01", triage.Eligible, false}, // 90 days old, past 3 calendar months
		{"2028-01-31", triage.Eligible, false},
		{"2028-02-01", triage.NotEligible, false}, // older than 24 months
	} {
		f := triage.Facts{Today: day(t, tc.on), Stage: triage.Postpartum, BabyBornOn: &born, Homeless: triage.Yes}
		p := program(t, decide(t, rs, f, openPlaces()), "hfa_traditional")
		if p.Verdict != tc.want || (p.QuotaDate != nil) != tc.inQuota {
			t.Errorf("%s: %s, quota %v; want %s, in quota %v", tc.on, p.Verdict, p.QuotaDate, tc.want, tc.inQuota)
		}
	}
}

func TestEarlyHeadStartEndsTheDayBeforeThree(t *testing.T) {
	rs := baltimore(t)
	for on, want := range map[string]triage.Verdict{"2029-11-01": triage.Eligible, "2029-11-02": triage.NotEligible} {
		f := triage.Facts{Today: day(t, on), Stage: triage.Postpartum, BabyBornOn: &today, FosterCare: triage.Yes}
		if p := program(t, decide(t, rs, f, openPlaces()), "early_head_start"); p.Verdict != want {
			t.Errorf("%s: %s, want %s", on, p.Verdict, want)
		}
	}
}

func TestIncomeOverTheLineGoesToAPerson(t *testing.T) {
	f := firstTimeMother()
	f.IncomeBelowPoverty, f.PublicAssistance, f.Homeless, f.FosterCare = triage.No, triage.No, triage.No, triage.No
	if p := program(t, decide(t, baltimore(t), f, openPlaces()), "early_head_start"); p.Verdict != triage.ByPerson {
		t.Errorf("verdict %s, want by_person: some places exist above the line", p.Verdict)
	}
}

func missing(d triage.Decision, name string) bool {
	return slices.ContainsFunc(d.Missing, func(m triage.MissingAnswer) bool { return m.Name == name })
}
