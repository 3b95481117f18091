package triage

import (
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// maxCombinations bounds the search below. A rule with more is not searched:
// better an unproven rule than a load that never ends.
const maxCombinations = 1 << 14

// candidates are the values of one fact at which conditions can change their
// mind: every number they compare with and its neighbours, every text they
// name and one they do not. Trying all of them decides reachability for
// expressions that only compare, which is what rules are.
func (c *compiler) candidates(v int, conds []*condition) []ref.Val {
	f := c.words.facts[v]
	switch f.Type {
	case YesNo:
		return []ref.Val{types.False, types.True}
	case Number:
		var ns []int
		for _, cond := range conds {
			for _, n := range cond.numbers {
				ns = append(ns, n-1, n, n+1)
			}
		}
		ns = append(ns, 0, 100000)
		slices.Sort(ns)
		var out []ref.Val
		for _, n := range slices.Compact(ns) {
			if n >= 0 { // no fact counts below zero
				out = append(out, types.Int(n))
			}
		}
		return out
	default:
		var out []ref.Val
		values := closedTexts(f.Name)
		if values == nil {
			for _, cond := range conds {
				values = append(values, quoted(cond.when)...)
			}
			values = append(values, "something else")
		}
		for _, s := range values {
			out = append(out, types.String(s))
		}
		return out
	}
}

// quoted lists the texts between quotes of an expression.
func quoted(when string) []string {
	var out []string
	for i := 0; i < len(when); i++ {
		if q := when[i]; q == '"' || q == '\'' {
			for j := i + 1; j < len(when); j++ {
				if when[j] == q {
					out = append(out, when[i+1:j])
					i = j
					break
				}
			}
		}
	}
	return out
}

// try runs conds over every combination of their facts' candidates and hands
// the results to see, until it returns false. It reports whether the search was
// small enough to be done.
func (c *compiler) try(conds []*condition, see func(results []bool) bool) bool {
	var vars []int
	for _, cond := range conds {
		vars = append(vars, cond.vars...)
	}
	slices.Sort(vars)
	vars = slices.Compact(vars)
	options := make([][]ref.Val, len(vars))
	total := 1
	for i, v := range vars {
		options[i] = c.candidates(v, conds)
		if total *= len(options[i]); total > maxCombinations {
			return false
		}
	}
	if c.trials += total * len(conds); c.trials > mostTrials {
		return false
	}
	in := &answers{index: c.words.index, vals: make([]ref.Val, len(c.words.facts))}
	results := make([]bool, len(conds))
	for n := range total {
		rest := n
		for i, v := range vars {
			in.vals[v] = options[i][rest%len(options[i])]
			rest /= len(options[i])
		}
		for i, cond := range conds {
			out, _, err := cond.program.Eval(in)
			results[i] = err == nil && out == types.True
		}
		if !see(results) {
			break
		}
	}
	return true
}

// constant reports whether a condition can never hold, or always does.
func (c *compiler) constant(cond *condition) (never, always bool) {
	never, always = true, true
	searched := c.try([]*condition{cond}, func(r []bool) bool {
		never = never && !r[0]
		always = always && r[0]
		return never || always
	})
	return searched && never, searched && always
}

// implies reports whether b holds whenever a does, so that a rule with a comes
// too late behind a rule with b.
func (c *compiler) implies(a, b *condition) bool {
	if !slices.ContainsFunc(a.vars, func(v int) bool { return slices.Contains(b.vars, v) }) {
		return false
	}
	holds := true
	searched := c.try([]*condition{a, b}, func(r []bool) bool {
		holds = !r[0] || r[1]
		return holds
	})
	return searched && holds
}
