package triage

import (
	"fmt"
	"maps"
	"slices"
)

// Where a fact came from.
const (
	OriginReferrer = "referrer" // whoever referred her
	OriginFamily   = "family"   // she said so herself
	OriginHub      = "hub"
	OriginAgency   = "agency"   // that visits or visited her
	OriginComputed = "computed" // from dates and other facts
)

// Origins is the closed list of where a fact can come from.
func Origins() []string {
	return []string{OriginReferrer, OriginFamily, OriginHub, OriginAgency, OriginComputed}
}

func (rs *RuleSet) validateOrigins(f *Facts) error {
	for _, name := range slices.Sorted(maps.Keys(f.Origins)) {
		_, known := rs.words.index[name]
		if !known && !slices.ContainsFunc(Vocabulary(), func(fact Fact) bool { return fact.Name == name }) {
			return fmt.Errorf("there is no fact called %q", name)
		}
		if !slices.Contains(Origins(), f.Origins[name]) {
			return fmt.Errorf("that of %s is not one of %v", name, Origins())
		}
	}
	return nil
}

// explain is the trigger's text, and who told us when all it read came from one
// mouth.
func (f *Fired) explain() string {
	var from string
	for i := range f.Inputs {
		if i > 0 && f.Inputs[i].Origin != from {
			return f.Text
		}
		from = f.Inputs[i].Origin
	}
	switch from {
	case OriginReferrer:
		return f.Text + " (From the referrer.)"
	case OriginFamily:
		return f.Text + " (From her.)"
	case OriginHub:
		return f.Text + " (From the hub.)"
	case OriginAgency:
		return f.Text + " (From an agency.)"
	default:
		return f.Text
	}
}
