package providers

import (
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
)

// HoursKind tells the two clocks of an organization apart.
type HoursKind string

// The kinds of hours. A holiday closes both.
const (
	BusinessHours HoursKind = "business"
	UrgentHours   HoursKind = "urgent" // when somebody looks at alarms
)

// Hours is one open span of one weekday, in minutes of the local day; a span ends before it closes, 1440 is midnight.
type Hours struct {
	Kind    HoursKind    `json:"kind"`
	Weekday time.Weekday `json:"weekday"`
	Opens   int          `json:"opens"`
	Closes  int          `json:"closes"`
}

// Calendar says when an organization works. All its answers are instants in UTC; it counts in local days and clock time,
// so a promise of "8:00 on Monday" holds across a change to or from daylight saving. Make it with NewCalendar or read it
// from the store; the zero Calendar knows no hours and must not be asked.
type Calendar struct {
	ID   uuid.UUID
	Name string
	Zone *time.Location

	hours    map[HoursKind]*[7][]Hours
	holidays map[civil.Date]string
}

// NewCalendar checks that there are both kinds of hours, so that every question to the calendar has an answer.
func NewCalendar(id uuid.UUID, name string, zone *time.Location, hours []Hours, holidays map[civil.Date]string) (Calendar, error) {
	c := Calendar{ID: id, Name: name, Zone: zone, hours: map[HoursKind]*[7][]Hours{BusinessHours: {}, UrgentHours: {}}, holidays: holidays}
	open := map[HoursKind]int{}
	for _, h := range hours {
		week, known := c.hours[h.Kind]
		if !known || h.Weekday < time.Sunday || h.Weekday > time.Saturday || h.Opens < 0 || h.Opens >= h.Closes || h.Closes > 24*60 {
			return Calendar{}, fmt.Errorf("calendar %s: hours of %s on weekday %d from minute %d to %d mean nothing", id, h.Kind, h.Weekday, h.Opens, h.Closes)
		}
		week[h.Weekday] = append(week[h.Weekday], h)
		open[h.Kind]++
	}
	for kind, week := range c.hours {
		if open[kind] == 0 {
			return Calendar{}, fmt.Errorf("calendar %s has no %s hours", id, kind)
		}
		for _, day := range week {
			slices.SortFunc(day, func(a, b Hours) int { return a.Opens - b.Opens })
		}
	}
	return c, nil
}

// Day is the local date at t.
func (c Calendar) Day(t time.Time) civil.Date { return civil.DateOf(t.In(c.Zone)) }

// IsBusinessDay reports whether the organization has business hours on the local date of t.
func (c Calendar) IsBusinessDay(t time.Time) bool { return len(c.spans(BusinessHours, c.Day(t))) > 0 }

// IsOpen reports whether t lies within the hours of this kind: from the opening minute until just before closing.
func (c Calendar) IsOpen(kind HoursKind, t time.Time) bool {
	for _, s := range c.spans(kind, c.Day(t)) {
		if !t.Before(s.opens) && t.Before(s.closes) {
			return true
		}
	}
	return false
}

// NextOpen is t itself when it lies within the hours of this kind, else the next opening.
func (c Calendar) NextOpen(kind HoursKind, t time.Time) time.Time {
	for day := c.Day(t); ; day = day.AddDays(1) {
		for _, s := range c.spans(kind, day) {
			if t.Before(s.closes) {
				return later(t, s.opens).UTC()
			}
		}
	}
}

// AddBusinessDays is the close of business on the n-th business day after the local date of t, whatever the hour of t:
// "within two business days" ends when the office closes on the second. The day of t never counts, so a Friday evening
// and the Saturday after it lead to the same Monday. With n below 1 it is the close of the first business day not over at t.
func (c Calendar) AddBusinessDays(t time.Time, n int) time.Time {
	if n < 1 {
		t = c.NextOpen(BusinessHours, t)
		return c.closing(c.Day(t))
	}
	day := c.Day(t)
	for n > 0 {
		day = day.AddDays(1)
		if len(c.spans(BusinessHours, day)) > 0 {
			n--
		}
	}
	return c.closing(day)
}

func (c Calendar) closing(day civil.Date) time.Time {
	open := c.spans(BusinessHours, day)
	return open[len(open)-1].closes.UTC()
}

// AddBusinessHours is the instant at which d of business hours have passed since t. What ends at closing time is due at
// closing time, not at the next opening.
func (c Calendar) AddBusinessHours(t time.Time, d time.Duration) time.Time {
	return c.add(BusinessHours, t, d)
}

// AddUrgent is AddBusinessHours on the urgent hours.
func (c Calendar) AddUrgent(t time.Time, d time.Duration) time.Time { return c.add(UrgentHours, t, d) }

func (c Calendar) add(kind HoursKind, t time.Time, d time.Duration) time.Time {
	if d <= 0 {
		return c.NextOpen(kind, t)
	}
	for day := c.Day(t); ; day = day.AddDays(1) {
		for _, s := range c.spans(kind, day) {
			from := later(t, s.opens)
			left := s.closes.Sub(from)
			if left <= 0 {
				continue
			}
			if d <= left {
				return from.Add(d).UTC()
			}
			d -= left
		}
	}
}

type span struct{ opens, closes time.Time }

// spans are the open hours of one local date as instants, in order. time.Date turns minutes of the local clock into an
// instant, so 8:00 stays 8:00 on the days that have 23 or 25 hours.
func (c Calendar) spans(kind HoursKind, day civil.Date) []span {
	if _, closed := c.holidays[day]; closed {
		return nil
	}
	hours := c.hours[kind][day.Weekday()]
	spans := make([]span, len(hours))
	for i, h := range hours {
		spans[i] = span{c.at(day, h.Opens), c.at(day, h.Closes)}
	}
	return spans
}

func (c Calendar) at(day civil.Date, minute int) time.Time {
	return time.Date(day.Year, day.Month, day.Day, 0, minute, 0, 0, c.Zone)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
