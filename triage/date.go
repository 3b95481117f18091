package triage

import (
	"fmt"
	"time"
)

// Date is a day in the proleptic Gregorian calendar with no time zone. Its
// fields match those of the usual civil date types, so a plain Go conversion
// turns one into the other. The zero Date is not a day; optional dates are
// *Date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// ParseDate reads a date written 2006-01-02.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q is not written YYYY-MM-DD", s)
	}
	return dateOf(t), nil
}

func dateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// utc is safe for day arithmetic because UTC has no daylight saving.
func (d Date) utc() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// IsValid reports whether d names a real day (so not the zero Date, and not
// 31 February).
func (d Date) IsValid() bool { return d.Year > 0 && dateOf(d.utc()) == d }

// AddDays moves n calendar days, backwards when n is negative.
func (d Date) AddDays(n int) Date { return dateOf(d.utc().AddDate(0, 0, n)) }

// AddMonths moves n calendar months and stays inside the target month: one
// month after 31 January is the last day of February, never a day in March.
// A child's age in months is counted that way.
func (d Date) AddMonths(n int) Date {
	first := dateOf(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
	last := time.Date(first.Year, first.Month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	first.Day = min(d.Day, last)
	return first
}

// Since counts the calendar days from other to d; negative when d is earlier.
func (d Date) Since(other Date) int { return int(d.utc().Sub(other.utc()) / (24 * time.Hour)) }

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.compare(other) < 0 }

// After reports whether d is a later day than other.
func (d Date) After(other Date) bool { return d.compare(other) > 0 }

func (d Date) compare(o Date) int {
	if d.Year != o.Year {
		return d.Year - o.Year
	}
	if d.Month != o.Month {
		return int(d.Month) - int(o.Month)
	}
	return d.Day - o.Day
}

// monthsSince counts whole calendar months from birth to d.
func (d Date) monthsSince(birth Date) int {
	n := (d.Year-birth.Year)*12 + int(d.Month) - int(birth.Month)
	if birth.AddMonths(n).After(d) {
		n--
	}
	return n
}

// String writes 2006-01-02.
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText refuses a day that does not exist, so that no stored decision
// holds one.
func (d Date) MarshalText() ([]byte, error) {
	if !d.IsValid() {
		return nil, fmt.Errorf("%s is not a day", d)
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads a date written 2006-01-02.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := ParseDate(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}
