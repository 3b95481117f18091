package triage

import "slices"

// missingAnswers gathers which rules wait for which answers.
type missingAnswers struct {
	words   vocabulary
	asks    []Question // by vocabulary index
	purpose []string   // by vocabulary index
	rules   [][]string // by vocabulary index
	skip    []bool     // not a question for her: told unasked, of the other stage, or the total of a form not given
}

func newMissing(rs *RuleSet, stage Stage, scores []Score) *missingAnswers {
	n := len(rs.words.facts)
	m := &missingAnswers{words: rs.words, asks: rs.questions, rules: make([][]string, n), purpose: make([]string, n), skip: make([]bool, n)}
	for i, fact := range rs.words.facts {
		m.skip[i] = fact.Told || stage != "" && fact.Only != "" && fact.Only != stage
	}
	for i := range rs.forms {
		id := rs.forms[i].ID
		given := slices.ContainsFunc(scores, func(s Score) bool { return s.Instrument == id })
		m.skip[rs.words.index[id+"_positive"]] = !given
		m.skip[rs.words.index[id+"_self_harm"]] = !given
	}
	return m
}

// add is called for alarms, programs and order in this sequence, so the first
// purpose of an answer is its weightiest.
func (m *missingAnswers) add(purpose, rule string, vars []int) {
	for _, v := range vars {
		if m.skip[v] {
			continue
		}
		if m.purpose[v] == "" {
			m.purpose[v] = purpose
		}
		if !slices.Contains(m.rules[v], rule) { // two places of one program wait for the same
			m.rules[v] = append(m.rules[v], rule)
		}
	}
}

// list is by purpose, then in vocabulary order.
func (m *missingAnswers) list() []MissingAnswer {
	out := []MissingAnswer{}
	for _, purpose := range []string{ForAlarm, ForProgram, ForOrder} {
		for v, rules := range m.rules {
			if m.purpose[v] == purpose {
				f := m.words.facts[v]
				out = append(out, MissingAnswer{Name: f.Name, Label: f.Label, Ask: m.asks[v].Ask, For: purpose, Rules: rules})
			}
		}
	}
	return out
}
