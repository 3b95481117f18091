package referral

import (
	"time"

	"cloud.google.com/go/civil"

	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/triage"
)

// deadline is the moment when a clock of the rule pack, started at t, runs out by this calendar.
func deadline(c triage.Clock, cal providers.Calendar, t time.Time) time.Time {
	switch c.Unit {
	case triage.Minutes:
		return t.Add(time.Duration(c.Amount) * time.Minute)
	case triage.Hours:
		return t.Add(time.Duration(c.Amount) * time.Hour)
	case triage.BusinessHours:
		return cal.AddBusinessHours(t, time.Duration(c.Amount)*time.Hour)
	case triage.BusinessDays:
		return cal.AddBusinessDays(t, c.Amount)
	case triage.Months:
		return t.AddDate(0, c.Amount, 0)
	}
	return t.AddDate(0, 0, c.Amount)
}

// furthestPromise is how far ahead a person may promise her something. A slip of the year would otherwise lose her without a
// word: nobody asks for her before the promise falls due. Beyond the year 9999 it could not even be shown.
const furthestPromise = 366 * 24 * time.Hour

// ahead is nil for a promised time after now and not too far.
func ahead(pointer string, t, now time.Time) error {
	switch {
	case !t.After(now):
		return fault.Problems([]fault.Field{{Pointer: pointer, Code: "past", Detail: "This time must lie ahead."}})
	case t.Sub(now) > furthestPromise:
		return fault.Problems([]fault.Field{{Pointer: pointer, Code: "too_far", Detail: "This is more than a year ahead. Check the year."}})
	}
	return nil
}

// reviewWithoutRules is how long a case may wait for a person when no rule set is live and so no clock is known.
const reviewWithoutRules = 4 * time.Hour

// reviewBy is when a person at the hub must have read the case.
func reviewBy(clocks *triage.Clocks, cal providers.Calendar, band int, t time.Time) time.Time {
	switch {
	case clocks == nil:
		return cal.AddBusinessHours(t, reviewWithoutRules)
	case band <= 1:
		return deadline(clocks.TriageUrgent, cal, t)
	}
	return deadline(clocks.Triage, cal, t)
}

// firstAttemptBy is when she must have been tried first: by the clock of families like hers. A child just home from hospital is not
// made to wait for the clock of the paper: there hers runs from the discharge, and never ends before the day it starts.
func firstAttemptBy(general, hers triage.Clock, cal providers.Calendar, t time.Time, discharged *civil.Date) time.Time {
	if discharged == nil || !hers.FromDischarge {
		return deadline(hers, cal, t)
	}
	by := deadline(general, cal, t)
	home := discharged.In(cal.Zone)
	after := deadline(hers, cal, home)
	if after.After(by) && home.Before(t) {
		return by
	}
	if after.Before(t) {
		return cal.AddBusinessHours(t, reviewWithoutRules)
	}
	return after
}

// began is when the clocks of this move start: now, or when the paper came that it writes down.
func (m *moving) began() time.Time {
	if m.since.IsZero() {
		return m.tx.Now
	}
	return m.since
}

// firstAttemptDue is firstAttemptBy from now for this family; without is how many business days there are when no rule set is live.
func (m *moving) firstAttemptDue(f *family, cal providers.Calendar, without int) time.Time {
	live := m.liveRules()
	if live == nil {
		return cal.AddBusinessDays(m.began(), without)
	}
	home := f.discharged()
	hers := live.rules.FirstAttempt(f.sourceKind(), triage.Stage(m.c.Stage), home != nil)
	return firstAttemptBy(live.rules.Clocks().FirstAttempt, hers, cal, m.began(), home)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
