package triage

import (
	"cmp"
	"math"
	"slices"
	"strings"
)

// arrange puts what has no order of its own by id, so that the order in which an
// author happened to write it changes nothing. Tiers, set-asides and first
// contacts keep theirs: there it means something.
func (rs *RuleSet) arrange() {
	byID := func(a, b rule) int { return strings.Compare(a.id, b.id) }
	slices.SortFunc(rs.alarms, byID)
	slices.SortFunc(rs.triggers, func(a, b rule) int { return cmp.Or(cmp.Compare(a.step(), b.step()), byID(a, b)) })
	slices.SortFunc(rs.stops, func(a, b stop) int { return byID(a.rule, b.rule) })
	slices.SortFunc(rs.areas, func(a, b Area) int { return strings.Compare(a.ID, b.ID) })
	for i := range rs.forms {
		slices.Sort(rs.forms[i].Reversed)
	}
	for i := range rs.programs {
		p := &rs.programs[i]
		for _, rules := range [][]rule{p.eligibility, p.fit, p.notes} {
			slices.SortFunc(rules, byID)
		}
		slices.SortFunc(p.windows, func(a, b window) int { return strings.Compare(a.id, b.id) })
	}
}

// step is the tier a trigger leads to; those that lead to none come last.
func (r *rule) step() int {
	if r.tier == 0 {
		return math.MaxInt
	}
	return r.tier
}
