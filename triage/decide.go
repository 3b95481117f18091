package triage

import (
	"cmp"
	"fmt"
)

// Alarms finds what a person must act on today. It needs nothing but the facts,
// and looks at them leniently, so that a wrong value elsewhere on a form never
// hides a self-harm answer. Alarms found are returned even when the error is
// not nil.
func (rs *RuleSet) Alarms(f Facts) ([]Alarm, error) {
	return rs.alarmsIn(rs.answersOf(&f, rs.score(&f)), nil)
}

func (rs *RuleSet) alarmsIn(in *answers, missing *missingAnswers) ([]Alarm, error) {
	alarms := []Alarm{}
	var first error
	for i := range rs.alarms {
		r := &rs.alarms[i]
		out, err := r.eval(in)
		first = cmp.Or(first, err)
		if out.met == Yes {
			alarms = append(alarms, Alarm{RuleID: r.id, Kind: r.kind, Text: r.text, Source: r.source})
		}
		if missing != nil {
			missing.add(ForAlarm, r.id, out.missing)
		}
	}
	return alarms, first
}

// Decide judges one family against the places available now. It reads nothing
// but its arguments. The error names a fact that cannot be true (an item
// outside its form's range, an impossible day) or two places with one id,
// or places counted under a set-aside that the program does not have; never
// a missing answer, which the decision itself reports.
func (rs *RuleSet) Decide(f Facts, places []Place) (Decision, error) {
	if err := rs.validate(&f); err != nil {
		return Decision{}, fmt.Errorf("triage facts: %w", err)
	}
	if err := rs.checkPlaces(places); err != nil {
		return Decision{}, fmt.Errorf("triage places: %w", err)
	}
	d := Decision{RuleSetHash: rs.hash, RuleSetName: rs.name, Today: f.Today, Scores: rs.score(&f)}
	in := rs.answersOf(&f, d.Scores)
	missing := newMissing(rs, f.Stage, d.Scores)
	var err error
	if d.Alarms, err = rs.alarmsIn(in, missing); err != nil {
		return Decision{}, err
	}
	stops, err := rs.holding(in)
	if err != nil {
		return Decision{}, err
	}
	verdicts, err := rs.judge(&f, in, stops, places, missing)
	if err != nil {
		return Decision{}, err
	}
	rs.route(&d, &f, verdicts, places, missing)
	if err := rs.fire(&d, &f, in, missing); err != nil {
		return Decision{}, err
	}
	if d.Connections, err = rs.suggest(in, stops); err != nil {
		return Decision{}, err
	}
	d.Missing = missing.list()
	d.EarliestWindow, d.Band = rs.order(&d, &f, verdicts)
	d.Flags = rs.flags(&d, &f, in)
	return d, nil
}

// fire runs the triggers, adds up their points and picks the tier: the soonest
// that a trigger or the points lead to, and the first whenever there is an alarm.
func (rs *RuleSet) fire(d *Decision, f *Facts, in *answers, missing *missingAnswers) error {
	d.Fired = []Fired{}
	d.Tier = len(rs.tiers)
	open := make([]outcome, len(rs.triggers))
	for i := range rs.triggers {
		r := &rs.triggers[i]
		out, err := r.eval(in)
		if err != nil {
			return err
		}
		open[i] = out
		if out.met == Yes {
			d.Fired = append(d.Fired, Fired{RuleID: r.id, Text: r.text, Source: r.source, Tier: r.tier, Inputs: rs.inputs(r, in)})
			if r.tier > 0 {
				d.Tier = min(d.Tier, r.tier)
			}
		}
	}
	rs.addUp(d, f, open)
	d.Tier = min(d.Tier, rs.tierByPoints(d))
	if len(d.Alarms) > 0 {
		d.Tier = 1
	}
	d.TierName = rs.tiers[d.Tier-1].Name
	for i := range rs.triggers {
		// An answer that could only lead to the tier she already has is not
		// worth asking her for.
		if r := &rs.triggers[i]; r.tier > 0 && r.tier < d.Tier || rs.mayAdvance(d, r.id) {
			missing.add(ForOrder, r.id, open[i].missing)
		}
	}
	return nil
}

// order is the soonest window still possible and the band of work.
func (rs *RuleSet) order(d *Decision, f *Facts, verdicts []verdict) (*Date, int) {
	var soonest *Date
	inside := false
	for i := range verdicts {
		v := &verdicts[i]
		if v.verdict == NotEligible || v.program.serves(Yes, f.ZIP) == No {
			continue
		}
		inside = inside || v.inside
		if compareDates(v.closes, soonest) < 0 {
			soonest = v.closes
		}
	}
	switch {
	case len(d.Alarms) > 0:
		return soonest, 0
	case inside:
		return soonest, 1
	default:
		return soonest, d.Tier
	}
}

func (rs *RuleSet) flags(d *Decision, f *Facts, in *answers) []string {
	flags := []string{}
	add := func(when bool, flag string) {
		if when {
			flags = append(flags, flag)
		}
	}
	due := f.due()
	// After a loss nobody asks her for a due date, or tells her what she cannot have.
	lost := f.PregnancyLossOrInfantDeath == Yes
	add(!lost && f.Stage == Prenatal && due == nil, FlagDueDateUnknown)
	add(!lost && f.Stage == Postpartum && f.born() == nil, FlagBirthDateUnknown)
	add(!lost && f.Stage == Prenatal && due != nil && due.Before(f.Today), FlagDueDatePassed)
	add(in.vals[in.index["self_harm"]] == nil, FlagSelfHarmNotScreened)
	add(f.DangerNow == Unknown, FlagDangerNotAsked)
	add(!lost && !d.offersPreferred(f.PreferredPrograms), FlagPreferenceNotOffered)
	return flags
}
