package city

import (
	"time"

	"cloud.google.com/go/civil"

	"doorstep/providers"
)

// year is the days that the city lives through.
type year struct {
	first, last civil.Date
	zone        *time.Location
	holidays    map[civil.Date]string
}

// newYear is the year that ends with this day.
func newYear(last civil.Date) (year, error) {
	zone, err := time.LoadLocation("America/New_York")
	y := year{first: last.AddDays(-364), last: last, zone: zone, holidays: providers.FederalHolidays(last.Year - 1)}
	for day, name := range providers.FederalHolidays(last.Year) {
		y.holidays[day] = name
	}
	return y, err
}

func weekday(d civil.Date) time.Weekday { return d.In(time.UTC).Weekday() }

// works reports whether hub and agencies work on this day.
func (y year) works(d civil.Date) bool {
	_, holiday := y.holidays[d]
	return !holiday && weekday(d) != time.Saturday && weekday(d) != time.Sunday
}

// nextWorkday is the n-th day of work after d.
func (y year) nextWorkday(d civil.Date, n int) civil.Date {
	for n > 0 {
		d = d.AddDays(1)
		if y.works(d) {
			n--
		}
	}
	return d
}

// at is a moment of a day by the local clock, so many minutes after midnight.
func (y year) at(d civil.Date, minutes int) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, minutes, 0, 0, y.zone)
}

// share says how many referrals a day brings beside others: fewer in the holidays and in July, more when births are many, few at
// the weekend, when only hospitals write.
func (y year) share(d civil.Date) float64 {
	season := []float64{0.95, 1.0, 1.08, 1.05, 1.02, 0.98, 0.86, 1.1, 1.15, 1.08, 0.95, 0.78}[d.Month-1]
	if !y.works(d) {
		return season * 0.12
	}
	return season * []float64{0, 1.2, 1.05, 1.0, 0.95, 0.85, 0}[weekday(d)]
}

// days spreads n referrals over the year, each within its own n-th part of all that comes, so that number and date grow
// together.
func (y year) days(n int) []civil.Date {
	sum := 0.0
	for d := y.first; !d.After(y.last); d = d.AddDays(1) {
		sum += y.share(d)
	}
	out := make([]civil.Date, n)
	d, passed := y.first, y.share(y.first)
	for i := range out {
		at := (float64(i) + roll(i, "day", 0).Float64()) / float64(n) * sum
		for passed < at && d.Before(y.last) {
			d = d.AddDays(1)
			passed += y.share(d)
		}
		out[i] = d
	}
	return out
}
