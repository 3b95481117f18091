package providers_test

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/providers"
)

// office works Monday to Friday 8 to 17; somebody looks at alarms then and on Saturday 9 to 12. US/Eastern.
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
	hours = append(hours, providers.Hours{Kind: providers.UrgentHours, Weekday: time.Saturday, Opens: 9 * 60, Closes: 12 * 60})
	holidays := providers.FederalHolidays(2026)
	for day, name := range providers.FederalHolidays(2027) {
		holidays[day] = name
	}
	c, err := providers.NewCalendar(uuid.New(), "Office", zone, hours, holidays)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

const layout = "Mon 2006-01-02 15:04"

func TestCalendarCounts(t *testing.T) {
	c := office(t)
	days := func(n int) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return c.AddBusinessDays(t, n) }
	}
	hours := func(h float64) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return c.AddBusinessHours(t, time.Duration(h*float64(time.Hour))) }
	}
	urgent := func(h float64) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return c.AddUrgent(t, time.Duration(h*float64(time.Hour))) }
	}
	next := func(kind providers.HoursKind) func(time.Time) time.Time {
		return func(t time.Time) time.Time { return c.NextOpen(kind, t) }
	}
	for _, row := range []struct {
		what string
		from string
		do   func(time.Time) time.Time
		want string
	}{
		{"one day from Monday", "Mon 2026-10-05 09:00", days(1), "Tue 2026-10-06 17:00"},
		{"two days from a Thursday", "Thu 2026-10-01 16:59", days(2), "Mon 2026-10-05 17:00"},
		{"one day from Friday evening", "Fri 2026-10-02 19:00", days(1), "Mon 2026-10-05 17:00"},
		{"one day from the Saturday after", "Sat 2026-10-03 10:00", days(1), "Mon 2026-10-05 17:00"},
		{"ten days over Columbus Day", "Mon 2026-10-05 09:00", days(10), "Tue 2026-10-20 17:00"},
		{"no day, office open", "Mon 2026-10-05 09:00", days(0), "Mon 2026-10-05 17:00"},
		{"no day, office closed", "Fri 2026-10-02 19:00", days(0), "Mon 2026-10-05 17:00"},
		{"over the autumn change", "Fri 2026-10-30 12:00", days(1), "Mon 2026-11-02 17:00"},
		{"over the spring change", "Fri 2027-03-12 12:00", days(1), "Mon 2027-03-15 17:00"},
		{"over the year end", "Thu 2026-12-31 12:00", days(1), "Mon 2027-01-04 17:00"},
		{"over Christmas", "Thu 2026-12-24 12:00", days(1), "Mon 2026-12-28 17:00"},
		{"over Independence Day observed on Friday", "Thu 2026-07-02 12:00", days(1), "Mon 2026-07-06 17:00"},

		{"four hours within a day", "Mon 2026-10-05 09:00", hours(4), "Mon 2026-10-05 13:00"},
		{"hours that end at closing", "Mon 2026-10-05 13:00", hours(4), "Mon 2026-10-05 17:00"},
		{"hours past closing", "Mon 2026-10-05 16:00", hours(4), "Tue 2026-10-06 11:00"},
		{"four hours from Friday 19:00", "Fri 2026-10-02 19:00", hours(4), "Mon 2026-10-05 12:00"},
		{"four hours from before opening", "Mon 2026-10-05 05:00", hours(4), "Mon 2026-10-05 12:00"},
		{"twenty hours", "Mon 2026-10-05 08:00", hours(20), "Wed 2026-10-07 10:00"},
		{"no hours while closed", "Sat 2026-10-03 10:00", hours(0), "Mon 2026-10-05 08:00"},
		{"half an hour from just before closing", "Fri 2026-10-30 16:45", hours(0.5), "Mon 2026-11-02 08:15"},
		{"hours over the spring change", "Fri 2027-03-12 16:00", hours(2), "Mon 2027-03-15 09:00"},
		{"hours over the year end", "Thu 2026-12-31 16:00", hours(2), "Mon 2027-01-04 09:00"},

		{"urgent on Friday 19:00", "Fri 2026-10-02 19:00", urgent(1), "Sat 2026-10-03 10:00"},
		{"urgent on Saturday 11:30", "Sat 2026-10-03 11:30", urgent(1), "Mon 2026-10-05 08:30"},
		{"urgent on Thanksgiving", "Thu 2026-11-26 09:00", urgent(1), "Fri 2026-11-27 09:00"},

		{"next opening at the opening minute", "Mon 2026-10-05 08:00", next(providers.BusinessHours), "Mon 2026-10-05 08:00"},
		{"next opening at the closing minute", "Mon 2026-10-05 17:00", next(providers.BusinessHours), "Tue 2026-10-06 08:00"},
		{"next opening on the night of the autumn change", "Sun 2026-11-01 01:30", next(providers.BusinessHours), "Mon 2026-11-02 08:00"},
		{"next opening on the night of the spring change", "Sun 2027-03-14 03:30", next(providers.BusinessHours), "Mon 2027-03-15 08:00"},
		{"next urgent opening", "Fri 2026-10-02 19:00", next(providers.UrgentHours), "Sat 2026-10-03 09:00"},
	} {
		from, err := time.ParseInLocation(layout, row.from, c.Zone)
		if err != nil {
			t.Fatal(err)
		}
		got := row.do(from.UTC()) // as the services ask: in UTC
		if got.In(c.Zone).Format(layout) != row.want || got.Location() != time.UTC {
			t.Errorf("%s: from %s to %s, want %s", row.what, row.from, got.In(c.Zone).Format(layout), row.want)
		}
	}
}

// Around the clock: the day of the autumn change has 25 hours and that of the spring change 23.
func TestCalendarCountsRealHoursOnDaysThatChange(t *testing.T) {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	var hours []providers.Hours
	for day := time.Sunday; day <= time.Saturday; day++ {
		for _, kind := range []providers.HoursKind{providers.BusinessHours, providers.UrgentHours} {
			hours = append(hours, providers.Hours{Kind: kind, Weekday: day, Opens: 0, Closes: 24 * 60})
		}
	}
	c, err := providers.NewCalendar(uuid.New(), "Always", zone, hours, nil)
	if err != nil {
		t.Fatal(err)
	}
	for day, want := range map[civil.Date]string{
		{Year: 2026, Month: 11, Day: 1}: "23:00", {Year: 2027, Month: 3, Day: 14}: "01:00", {Year: 2026, Month: 10, Day: 5}: "00:00",
	} {
		if got := c.AddUrgent(day.In(zone), 24*time.Hour).In(zone).Format("15:04"); got != want {
			t.Errorf("24 hours from midnight of %s: %s, want %s", day, got, want)
		}
	}
}

func TestCalendarIsOpen(t *testing.T) {
	c := office(t)
	for at, want := range map[string][3]bool{ // business day, business hours, urgent hours
		"Mon 2026-10-05 07:59": {true, false, false},
		"Mon 2026-10-05 08:00": {true, true, true},
		"Mon 2026-10-05 17:00": {true, false, false},
		"Sat 2026-10-03 09:00": {false, false, true},
		"Sun 2026-11-01 12:00": {false, false, false},
		"Thu 2026-11-26 12:00": {false, false, false},
	} {
		when, err := time.ParseInLocation(layout, at, c.Zone)
		if err != nil {
			t.Fatal(err)
		}
		got := [3]bool{c.IsBusinessDay(when), c.IsOpen(providers.BusinessHours, when), c.IsOpen(providers.UrgentHours, when)}
		if got != want {
			t.Errorf("%s: %v, want %v", at, got, want)
		}
	}
	evening := time.Date(2026, 10, 6, 1, 0, 0, 0, time.UTC) // still Monday in Baltimore
	if got := c.Day(evening); got.String() != "2026-10-05" {
		t.Errorf("local day %s", got)
	}
}

func TestCalendarRefusesHoursThatNeverEnd(t *testing.T) {
	urgent := providers.Hours{Kind: providers.UrgentHours, Weekday: time.Monday, Opens: 480, Closes: 1020}
	for name, hours := range map[string][]providers.Hours{
		"none":           nil,
		"only urgent":    {urgent},
		"closes first":   {urgent, {Kind: providers.BusinessHours, Weekday: time.Monday, Opens: 600, Closes: 600}},
		"past midnight":  {urgent, {Kind: providers.BusinessHours, Weekday: time.Monday, Opens: 600, Closes: 1441}},
		"eighth weekday": {urgent, {Kind: providers.BusinessHours, Weekday: 7, Opens: 600, Closes: 660}},
		"unknown kind":   {urgent, {Kind: "weekend", Weekday: time.Monday, Opens: 600, Closes: 660}},
	} {
		if _, err := providers.NewCalendar(uuid.New(), name, time.UTC, hours, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestFederalHolidaysAreTheObservedDays(t *testing.T) {
	for year, want := range map[int][]string{
		2026: {"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25"},
		2027: {"2027-01-01", "2027-01-18", "2027-02-15", "2027-05-31", "2027-06-18", "2027-07-05", "2027-09-06", "2027-10-11", "2027-11-11", "2027-11-25", "2027-12-24", "2027-12-31"},
	} {
		got := providers.FederalHolidays(year)
		if len(got) != len(want) {
			t.Errorf("%d: %d days %v, want %d", year, len(got), got, len(want))
		}
		for _, day := range want {
			d, err := civil.ParseDate(day)
			if err != nil || got[d] == "" {
				t.Errorf("%d: %s is missing (%v)", year, day, err)
			}
		}
	}
}
