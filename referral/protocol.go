package referral

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/providers"
	"doorstep/triage"
)

// protocolGaps says in words what is still missing before a family may be called "not reached" by this rule of the pack.
// attempts are of one organization, oldest first; nil means that enough was tried.
func protocolGaps(rule triage.AttemptRule, cal providers.Calendar, attempts []Attempt) []string {
	channels, offHours := map[string]bool{}, 0
	for _, a := range attempts {
		if a.Outcome == "could_not" {
			continue // a try that was not made does not count
		}
		channels[a.Channel] = true
		if !cal.IsOpen(providers.BusinessHours, a.At) {
			offHours++
		}
	}
	var gaps []string
	need := func(have, want int, what string) {
		if have < want {
			gaps = append(gaps, fmt.Sprintf("%d of %d %s", have, want, what))
		}
	}
	need(countTries(rule, cal, attempts), rule.AtLeast, "tries on different days")
	need(len(channels), rule.Channels, "different ways")
	need(offHours, rule.EveningsOrWeekends, "tries in the evening or at the weekend")
	return gaps
}

// countTries is how many tries count: those that were made, on different days where the rule asks for that.
func countTries(rule triage.AttemptRule, cal providers.Calendar, attempts []Attempt) int {
	days, tries := map[civil.Date]bool{}, 0
	for _, a := range attempts {
		if a.Outcome != "could_not" {
			tries++
			days[cal.Day(a.At)] = true
		}
	}
	if rule.DifferentDays {
		return len(days)
	}
	return tries
}

// nextTry proposes the next business day at the same hour shifted by half a day, so that tries do not all meet the same
// empty house: a morning call is followed by an afternoon one.
func nextTry(cal providers.Calendar, t time.Time) time.Time {
	d := cal.AddBusinessDays(t, 1).Add(-time.Minute).In(cal.Zone) // a minute before its close: surely that day
	hour := 9
	if t.In(cal.Zone).Hour() < 12 {
		hour = 15
	}
	return time.Date(d.Year(), d.Month(), d.Day(), hour, 0, 0, 0, cal.Zone).UTC()
}
