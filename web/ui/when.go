package ui

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/web/words"
)

func timeMonth(n int) time.Month { return time.Month(n) }

// When is a time as people here read it: "Tue, Mar 3, 2:00 pm", in the zone of who is signed in. Half a year away the year says more than the
// weekday: "Mar 3, 2025, 2:00 pm".
func When(ctx context.Context, at time.Time) string {
	at = at.In(Of(ctx).Zone)
	hour := at.Hour() % 12
	if hour == 0 {
		hour = 12
	}
	half := words.T(ctx, "time.am")
	if at.Hour() >= 12 {
		half = words.T(ctx, "time.pm")
	}
	key := "time.moment"
	if at.Sub(Of(ctx).Now).Abs() > 183*24*time.Hour {
		key = "time.moment_far"
	}
	return words.T(ctx, key, "weekday", words.Code(ctx, "weekday", strconv.Itoa(int(at.Weekday()))),
		"month", words.Code(ctx, "month_short", strconv.Itoa(int(at.Month()))), "day", strconv.Itoa(at.Day()), "year", strconv.Itoa(at.Year()),
		"clock", fmt.Sprintf("%d:%02d %s", hour, at.Minute(), half))
}

// Day is a date: "March 3, 2026".
func Day(ctx context.Context, d civil.Date) string {
	return words.T(ctx, "time.day", "month", words.Code(ctx, "month", strconv.Itoa(int(d.Month))), "day", strconv.Itoa(d.Day), "year", strconv.Itoa(d.Year))
}

// DayOf is the day of a time, in the reader's zone.
func DayOf(ctx context.Context, at time.Time) string {
	return Day(ctx, civil.DateOf(at.In(Of(ctx).Zone)))
}

// Left is how far off a time is: "5 h left", "2 days late".
func Left(ctx context.Context, at time.Time) string {
	d := at.Sub(Of(ctx).Now)
	key := "time.left"
	if d < 0 {
		key, d = "time.late", -d
	}
	unit, n := "time.minutes", int(d.Minutes()+.5)
	switch {
	case d >= 48*time.Hour:
		unit, n = "time.days", int(d.Hours()/24)
	case d >= time.Hour:
		unit, n = "time.hours", int(d.Hours())
	}
	return words.T(ctx, key, "n", words.T(ctx, unit, "n", strconv.Itoa(n)))
}

// band is how a clock looks: late, due within eight hours, or on time.
func band(ctx context.Context, at time.Time) string {
	switch d := at.Sub(Of(ctx).Now); {
	case d < 0:
		return "late"
	case d <= 8*time.Hour:
		return "soon"
	}
	return "calm"
}

// moved reports whether business time is not this machine's, as in tests and a demo whose clock was moved: a script must not count on by itself.
func moved(ctx context.Context) bool { return time.Since(Of(ctx).Now).Abs() > time.Minute }
