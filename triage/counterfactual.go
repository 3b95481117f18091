package triage

import (
	"fmt"
	"slices"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// maxCounterfactuals a program: more than two would be read by nobody.
const maxCounterfactuals = 2

// Counterfactual is one fact which, were it otherwise, would make a program fit.
// It was tried: with that one fact changed the rules do say eligible.
type Counterfactual struct {
	Code  string `json:"code"` // of the program
	Name  string `json:"name"`
	Fact  string `json:"fact"`
	Value string `json:"value"` // yes, no, 17, medicaid
	// Missing: this was not answered yet, so it can be asked.
	Missing bool   `json:"missing"`
	Text    string `json:"text"`
}

// Counterfactuals lists, for every program of the decision that does not fit or
// waits for an answer, what single fact would open it; at most two a program, a
// missing answer before a contrary one. It is made when somebody opens an
// explanation, from the facts that the decision was made from.
//
// Nothing is supposed that would wound or is out of place: a loss or a death,
// violence, danger, thoughts of harming herself, another stage, an earlier date,
// another address or language. What a stop keeps for a person stays there.
func (rs *RuleSet) Counterfactuals(f Facts, d Decision) ([]Counterfactual, error) {
	if err := rs.validate(&f); err != nil {
		return nil, fmt.Errorf("triage facts: %w", err)
	}
	t := trial{rs: rs, facts: f, scores: rs.score(&f)}
	t.in = rs.answersOf(&f, t.scores)
	out := []Counterfactual{}
	seen := map[string]bool{}
	for i := range d.Programs {
		pv := &d.Programs[i]
		if seen[pv.Code] || pv.Verdict != NotEligible && pv.Verdict != NeedsAnswer || !pv.mayTakeHer() {
			continue
		}
		seen[pv.Code] = true
		for j := range rs.programs {
			if p := &rs.programs[j]; p.info.Code == pv.Code {
				found, err := t.openers(p)
				if err != nil {
					return nil, err
				}
				out = append(out, found...)
			}
		}
	}
	return out, nil
}

// mayTakeHer: it serves her address, as far as that is known, and may be sent
// families at all. Where it does not, no other answer of hers would open it.
func (pv *ProgramVerdict) mayTakeHer() bool { return pv.InArea != No && pv.AgreementValid }

// trial is one family on whom suppositions are tried.
type trial struct {
	rs     *RuleSet
	facts  Facts
	scores []Score
	in     *answers
}

func (t *trial) openers(p *program) ([]Counterfactual, error) {
	var out []Counterfactual
	for _, missing := range []bool{true, false} {
		for i := range p.levers {
			l := &p.levers[i]
			if len(out) == maxCounterfactuals {
				return out, nil
			}
			if (t.in.vals[l.fact] == nil) != missing || t.outOfPlace(l.fact) {
				continue
			}
			c, err := t.pull(p, l)
			if err != nil {
				return nil, err
			}
			if c != nil {
				c.Missing = missing
				c.Text = c.say()
				out = append(out, *c)
			}
		}
	}
	return out, nil
}

// outOfPlace: days do not run backwards, nobody moves house or speaks another
// language for a program, and nobody is told that worse would have helped her. What nobody knows yet may still be supposed,
// if it belongs to her stage.
func (t *trial) outOfPlace(v int) bool {
	fact := t.rs.words.facts[v]
	if t.in.vals[v] == nil {
		return fact.Only != "" && t.facts.Stage != "" && fact.Only != t.facts.Stage
	}
	return harm(fact) || slices.Contains([]string{"gestational_days", "baby_age_days", "baby_age_months", "spoken_language", "zip"}, fact.Name)
}

// pull tries the values of one fact, and returns the first that opens the
// program, or nil.
func (t *trial) pull(p *program, l *lever) (*Counterfactual, error) {
	fact := t.rs.words.facts[l.fact]
	for _, val := range l.values {
		if was := t.in.vals[l.fact]; was != nil && was.Equal(val) == types.True {
			continue
		}
		g := t.facts
		g.suppose(fact, val)
		in := t.rs.answersOf(&g, t.scores)
		opens, err := t.rs.opens(p, &g, in)
		if err != nil {
			return nil, err
		}
		if !opens || t.rs.validate(&g) != nil {
			continue
		}
		words, err := t.words(p, l.fact, val, in)
		if err != nil || words == "" {
			return nil, err
		}
		return &Counterfactual{Code: p.info.Code, Name: p.info.Name, Fact: fact.Name, Value: written(val), Text: words}, nil
	}
	return nil, nil
}

// opens judges one program as Decide would.
func (rs *RuleSet) opens(p *program, f *Facts, in *answers) (bool, error) {
	stops, err := rs.holding(in)
	if err != nil {
		return false, err
	}
	v := verdict{program: p}
	if v.stopped(stops) {
		return false, nil
	}
	err = rs.judgeOne(&v, f, in, nil)
	return v.verdict == Eligible, err
}

// words are those of the rule that now holds, when it reads this fact alone;
// else the fact's own.
func (t *trial) words(p *program, v int, val ref.Val, in *answers) (string, error) {
	for i := range p.eligibility {
		r := &p.eligibility[i]
		if len(r.vars) != 1 || r.vars[0] != v {
			continue
		}
		before, err := r.eval(t.in)
		if err != nil {
			return "", err
		}
		if after, err := r.eval(in); err != nil || before.met != Yes && after.met == Yes {
			return r.text, err
		}
	}
	return supposition(t.rs.words.facts[v], val), nil
}

func (c *Counterfactual) say() string {
	if c.Missing {
		return "She could go to " + c.Name + " if this is so, which is not known yet: " + inside(c.Text)
	}
	return "She could go to " + c.Name + " if this were true: " + inside(c.Text)
}
