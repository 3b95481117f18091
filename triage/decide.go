package triage

import "errors"

// Alarms finds what a person must act on today. It needs nothing but the facts,
// so intake runs it before anything that could fail or wait. Alarms found are
// returned even when the error is not nil.
func (rs *RuleSet) Alarms(f Facts) ([]Alarm, error) { return nil, errors.ErrUnsupported }

// Decide judges one family against the places available now. It reads nothing
// but its arguments. The error names a fact that cannot be true (an item
// outside its form's range, an impossible day) or two places with one id; never
// a missing answer, which the decision itself reports.
func (rs *RuleSet) Decide(f Facts, places []Place) (Decision, error) {
	return Decision{}, errors.ErrUnsupported
}

// Explain tells the decision in plain words for staff, one sentence an item.
func (d Decision) Explain() []string { return nil }

// Compile checks a pack whole and returns its rule set, or [Problems] with
// everything that is wrong.
func Compile(src Source) (*RuleSet, error) { return nil, errors.ErrUnsupported }

// Instruments returns the shipped screening forms, by id, for intake to check
// answers when no rule set is at hand.
func Instruments() ([]Instrument, error) { return nil, errors.ErrUnsupported }

type rule struct{}
type program struct{ info Program }
