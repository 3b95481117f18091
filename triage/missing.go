package triage

import "slices"

// missingAnswers gathers which rules wait for which answers.
type missingAnswers struct {
	words vocabulary
	rules [][]string // by vocabulary index
	skip  []bool     // not a question for her: of the other stage, or the total of a form not given
}

func newMissing(rs *RuleSet, stage Stage, scores []Score) *missingAnswers {
	m := &missingAnswers{words: rs.words, rules: make([][]string, len(rs.words.facts)), skip: make([]bool, len(rs.words.facts))}
	for i, fact := range rs.words.facts {
		m.skip[i] = stage != "" && fact.Only != "" && fact.Only != stage
	}
	for i := range rs.forms {
		id := rs.forms[i].ID
		given := slices.ContainsFunc(scores, func(s Score) bool { return s.Instrument == id })
		m.skip[rs.words.index[id+"_positive"]] = !given
		m.skip[rs.words.index[id+"_self_harm"]] = !given
	}
	return m
}

func (m *missingAnswers) add(rule string, vars []int) {
	for _, v := range vars {
		if !m.skip[v] {
			m.rules[v] = append(m.rules[v], rule)
		}
	}
}

// list is in vocabulary order.
func (m *missingAnswers) list() []MissingAnswer {
	out := []MissingAnswer{}
	for v, rules := range m.rules {
		if len(rules) > 0 {
			f := m.words.facts[v]
			out = append(out, MissingAnswer{Name: f.Name, Label: f.Label, Rules: rules})
		}
	}
	return out
}
