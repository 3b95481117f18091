package referral

import (
	"slices"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/providers"
	"doorstep/triage"
)

// office is open Monday to Friday 8 to 17 in Baltimore; Thanksgiving and the day after it are off.
func office(t *testing.T) providers.Calendar {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	var hours []providers.Hours
	for day := time.Monday; day <= time.Friday; day++ {
		hours = append(hours, providers.Hours{Kind: providers.BusinessHours, Weekday: day, Opens: 8 * 60, Closes: 17 * 60},
			providers.Hours{Kind: providers.UrgentHours, Weekday: day, Opens: 8 * 60, Closes: 17 * 60})
	}
	cal, err := providers.NewCalendar(uuid.New(), "Office", zone, hours, map[civil.Date]string{
		{Year: 2026, Month: 11, Day: 26}: "Thanksgiving", {Year: 2026, Month: 11, Day: 27}: "Day after",
	})
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// at reads a local time.
func at(t *testing.T, cal providers.Calendar, text string) time.Time {
	t.Helper()
	v, err := time.ParseInLocation("2006-01-02 15:04", text, cal.Zone)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestProtocolGaps(t *testing.T) {
	cal := office(t)
	rule := triage.AttemptRule{AtLeast: 3, DifferentDays: true, Channels: 2, EveningsOrWeekends: 1}
	try := func(when, channel string, outcome ...string) Attempt {
		a := Attempt{At: at(t, cal, when), Channel: channel, Outcome: "no_answer"}
		if len(outcome) > 0 {
			a.Outcome = outcome[0]
		}
		return a
	}
	for name, c := range map[string]struct {
		tries []Attempt
		gaps  []string
	}{
		"none":   {nil, []string{"0 of 3 tries on different days", "0 of 2 different ways", "0 of 1 tries in the evening or at the weekend"}},
		"enough": {[]Attempt{try("2026-10-06 09:00", "call"), try("2026-10-07 18:30", "call"), try("2026-10-08 10:00", "text")}, nil},
		"three on one day are one": {[]Attempt{try("2026-10-06 09:00", "call"), try("2026-10-06 12:00", "text"), try("2026-10-06 19:00", "call")},
			[]string{"1 of 3 tries on different days"}},
		"either side of local midnight are two days": {[]Attempt{try("2026-10-06 23:59", "call"), try("2026-10-07 00:00", "text"), try("2026-10-08 09:00", "call")}, nil},
		"two days are not enough":                    {[]Attempt{try("2026-10-06 19:00", "call"), try("2026-10-07 09:00", "text")}, []string{"2 of 3 tries on different days"}},
		"could not does not count": {[]Attempt{try("2026-10-06 19:00", "call"), try("2026-10-07 09:00", "text"), try("2026-10-08 09:00", "call", "could_not")},
			[]string{"2 of 3 tries on different days"}},
		"one way only":                {[]Attempt{try("2026-10-06 09:00", "call"), try("2026-10-07 18:30", "call"), try("2026-10-08 10:00", "call")}, []string{"1 of 2 different ways"}},
		"always in office hours":      {[]Attempt{try("2026-10-06 09:00", "call"), try("2026-10-07 16:59", "call"), try("2026-10-08 10:00", "text")}, []string{"0 of 1 tries in the evening or at the weekend"}},
		"closing time is the evening": {[]Attempt{try("2026-10-06 09:00", "call"), try("2026-10-07 17:00", "call"), try("2026-10-08 10:00", "text")}, nil},
		"a Saturday morning":          {[]Attempt{try("2026-10-06 09:00", "call"), try("2026-10-10 10:00", "call"), try("2026-10-08 10:00", "text")}, nil},
		"a holiday":                   {[]Attempt{try("2026-11-24 09:00", "call"), try("2026-11-25 10:00", "call"), try("2026-11-26 10:00", "text")}, nil},
	} {
		if got := protocolGaps(rule, cal, c.tries); !slices.Equal(got, c.gaps) {
			t.Errorf("%s: got %q, want %q", name, got, c.gaps)
		}
	}
	rule.DifferentDays = false
	one := []Attempt{try("2026-10-06 09:00", "call"), try("2026-10-06 12:00", "text"), try("2026-10-06 19:00", "call"), try("2026-10-06 19:30", "call", "could_not")}
	if got := protocolGaps(rule, cal, one); got != nil {
		t.Errorf("days need not differ: got %q", got)
	}
	if got := protocolGaps(rule, cal, one[1:]); len(got) != 1 {
		t.Errorf("could not counted as a try: got %q", got)
	}
}

func TestNextTryIsTheOtherHalfOfTheNextBusinessDay(t *testing.T) {
	cal := office(t)
	for tried, want := range map[string]string{
		"2026-10-06 09:00": "2026-10-07 15:00",
		"2026-10-06 11:59": "2026-10-07 15:00",
		"2026-10-06 12:00": "2026-10-07 09:00",
		"2026-10-09 19:00": "2026-10-12 09:00", // Friday evening
		"2026-10-10 10:00": "2026-10-12 15:00", // Saturday
		"2026-11-25 14:00": "2026-11-30 09:00", // before two holidays and a weekend
		"2026-10-30 10:00": "2026-11-02 15:00", // over the end of daylight saving
	} {
		if got := nextTry(cal, at(t, cal, tried)); !got.Equal(at(t, cal, want)) {
			t.Errorf("after %s: got %s, want %s", tried, got.In(cal.Zone), want)
		}
	}
}

func TestFirstAttemptBy(t *testing.T) {
	cal := office(t)
	clocks := triage.Clocks{FirstAttempt: triage.Clock{Amount: 2, Unit: triage.BusinessDays},
		FirstAttemptAfterDischarge: triage.Clock{Amount: 2, Unit: triage.BusinessDays, FromDischarge: true}}
	day := func(d int) *civil.Date { return &civil.Date{Year: 2026, Month: 10, Day: d} }
	for name, c := range map[string]struct {
		now        string
		discharged *civil.Date
		want       string
	}{
		"from the referral":              {"2026-10-06 10:00", nil, "2026-10-08 17:00"},
		"over a weekend":                 {"2026-10-09 16:00", nil, "2026-10-13 17:00"},
		"home since yesterday":           {"2026-10-06 10:00", day(5), "2026-10-07 17:00"},
		"home today":                     {"2026-10-06 10:00", day(6), "2026-10-08 17:00"},
		"home on Saturday, sent Monday":  {"2026-10-12 10:00", day(10), "2026-10-13 17:00"},
		"home long ago: four hours":      {"2026-10-06 10:00", day(1), "2026-10-06 14:00"},
		"home long ago, late in the day": {"2026-10-06 16:00", day(1), "2026-10-07 11:00"},
		"home long ago, on a weekend":    {"2026-10-10 12:00", day(1), "2026-10-12 12:00"},
	} {
		if got := firstAttemptBy(clocks.FirstAttempt, clocks.FirstAttemptAfterDischarge, cal, at(t, cal, c.now), c.discharged); !got.Equal(at(t, cal, c.want)) {
			t.Errorf("%s: got %s, want %s", name, got.In(cal.Zone), c.want)
		}
	}
}

func TestDeadlineOfEachUnit(t *testing.T) {
	cal := office(t)
	start := at(t, cal, "2026-10-09 16:00") // Friday
	for unit, want := range map[triage.Unit]string{
		triage.Minutes: "2026-10-09 16:02", triage.Hours: "2026-10-09 18:00", triage.BusinessHours: "2026-10-12 09:00",
		triage.BusinessDays: "2026-10-13 17:00", triage.Days: "2026-10-11 16:00", triage.Months: "2026-12-09 16:00",
	} {
		got := deadline(triage.Clock{Amount: 2, Unit: unit}, cal, start).In(cal.Zone)
		if got.Format("2006-01-02 15:04") != want {
			t.Errorf("2 %s: got %s, want %s", unit, got, want)
		}
	}
}
