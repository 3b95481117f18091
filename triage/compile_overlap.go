package triage

import "slices"

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
