package triage

import (
	"cmp"
	"slices"
	"strings"
)

// overlapping refuses the second of two rules of one list that always agree: it
// would count one need twice, or show a family the same reason twice.
func (c *compiler) overlapping(rules []rule) {
	for i := range rules {
		for j := range i {
			a, b := c.conds[rules[i].id], c.conds[rules[j].id]
			if a != nil && b != nil && rules[i].id != rules[j].id && c.agree(a, b) {
				c.complain(c.find(rules[i].id).at("when"), "overlaps: it holds exactly when %s does, so leave one of them out", rules[j].id)
			}
		}
	}
}

// agree reports whether two conditions hold for the same families.
func (c *compiler) agree(a, b *condition) bool {
	if !slices.ContainsFunc(a.vars, func(v int) bool { return slices.Contains(b.vars, v) }) {
		return false
	}
	same := true
	searched := c.try([]*condition{a, b}, func(r []bool) bool {
		same = r[0] == r[1]
		return same
	})
	return searched && same
}

// compatible refuses a program whose rules no family can meet together. A rule
// that leaves the matter to a person bars nobody, so it does not count.
func (c *compiler) compatible(p place, rules []rule) {
	var conds []*condition
	for _, r := range rules {
		if cond := c.conds[r.id]; cond != nil && !r.byPerson {
			conds = append(conds, cond)
		}
	}
	if len(conds) < 2 {
		return
	}
	met := false
	searched := c.try(conds, func(results []bool) bool {
		met = !slices.Contains(results, false)
		return !met
	})
	if searched && !met {
		c.complain(p.at("eligibility"), "no family can meet all of its rules: unreachable")
	}
}

// arrange puts what has no order of its own by id, so that the order in which an
// author happened to write it changes nothing. Tiers, set-asides and first
// contacts keep theirs: there it means something.
func (rs *RuleSet) arrange() {
	byID := func(a, b rule) int { return strings.Compare(a.id, b.id) }
	slices.SortFunc(rs.alarms, byID)
	slices.SortFunc(rs.triggers, func(a, b rule) int { // by tier, those in none at the end
		return cmp.Or(cmp.Compare(uint(a.tier-1), uint(b.tier-1)), byID(a, b))
	})
	slices.SortFunc(rs.stops, func(a, b stop) int { return byID(a.rule, b.rule) })
	slices.SortFunc(rs.areas, func(a, b Area) int { return strings.Compare(a.ID, b.ID) })
	for i := range rs.programs {
		p := &rs.programs[i]
		for _, rules := range [][]rule{p.eligibility, p.fit, p.notes} {
			slices.SortFunc(rules, byID)
		}
		slices.SortFunc(p.windows, func(a, b window) int { return strings.Compare(a.id, b.id) })
	}
}
