package triage

import (
	"strconv"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// answers is one family's facts as CEL reads them. It is made once a decision
// and shared by all rules of it, one after the other.
type answers struct {
	index map[string]int
	asks  []int     // see vocabulary.asks
	vals  []ref.Val // nil = not answered
	// origins is Facts.Origins: for the reader of a decision, not for its rules.
	origins map[string]string
	// open is what the rule now running may not resolve; reused between rules.
	open []*cel.AttributePatternType
}

// ResolveName, Parent, UnknownAttributePatterns and AsPartialActivation make it
// a CEL activation.
func (a *answers) ResolveName(name string) (any, bool) {
	i, ok := a.index[name]
	if !ok || a.vals[i] == nil {
		return nil, false
	}
	return a.vals[i], true
}

// Parent is nil: names come from nowhere else.
func (a *answers) Parent() cel.Activation { return nil }

// UnknownAttributePatterns names the unanswered facts of the running rule.
func (a *answers) UnknownAttributePatterns() []*cel.AttributePatternType { return a.open }

// AsPartialActivation lets CEL find the patterns.
func (a *answers) AsPartialActivation() (cel.PartialActivation, bool) { return a, true }

func (rs *RuleSet) answersOf(f *Facts, scores []Score) *answers {
	a := &answers{index: rs.words.index, asks: rs.words.asks, vals: make([]ref.Val, 0, len(rs.words.facts)), origins: f.Origins}
	for _, row := range f.namedAnswers() {
		a.vals = append(a.vals, boolVal(*row.field))
	}
	a.vals = append(a.vals, f.plainValues()...)
	all := Unknown
	for _, form := range rs.forms {
		positive, selfHarm := fromScores(form.ID, scores)
		a.vals = append(a.vals, boolVal(positive), boolVal(selfHarm))
		all = worst(all, selfHarm)
	}
	a.vals = append(a.vals, boolVal(all))
	for i := range rs.zones {
		a.vals = append(a.vals, boolVal(inZone(&rs.zones[i], f.ZIP)))
	}
	return a
}

// worst keeps yes over no over unknown: one screened form is a screening, and
// one alarm is an alarm.
func worst(a, b Answer) Answer {
	if a == Yes || b == Yes {
		return Yes
	}
	if a == No || b == No {
		return No
	}
	return Unknown
}

// plainValues follows the order of plainFacts.
func (f *Facts) plainValues() []ref.Val {
	var days, months *int
	if born := f.born(); born != nil {
		d, m := f.Today.Since(*born), f.Today.monthsSince(*born)
		days, months = &d, &m
	}
	var gestation *int
	if due := f.due(); due != nil && f.Stage != Postpartum {
		g := termDays - due.Since(f.Today)
		gestation = &g
	}
	return []ref.Val{
		intVal(f.AgeYears), intVal(days), intVal(months), intVal(f.EarlierLiveBirths), intVal(gestation),
		intVal(f.Infants), intVal(f.LowestBirthWeightGrams), intVal(f.NICUDays),
		textVal(f.Insurance), textVal(f.SpokenLanguage), textVal(string(f.Stage)), textVal(f.ZIP),
	}
}

// termDays is 40 weeks, the length by which a due date is set.
const termDays = 280

// due is the due date, from itself or from the age of the pregnancy today.
func (f *Facts) due() *Date {
	if f.DueOn != nil || f.GestationalDays == nil {
		return f.DueOn
	}
	d := f.Today.AddDays(termDays - *f.GestationalDays)
	return &d
}

// born is the youngest infant's birth date, from itself or from the age today.
func (f *Facts) born() *Date {
	if f.BabyBornOn != nil || f.BabyAgeDays == nil {
		return f.BabyBornOn
	}
	d := f.Today.AddDays(-*f.BabyAgeDays)
	return &d
}

func boolVal(a Answer) ref.Val {
	switch a {
	case Yes:
		return types.True
	case No:
		return types.False
	default:
		return nil
	}
}

func intVal(n *int) ref.Val {
	if n == nil {
		return nil
	}
	return types.Int(*n)
}

func textVal(s string) ref.Val {
	if s == "" {
		return nil
	}
	return types.String(s)
}

// inputs are the answered facts a rule read, as text for people.
func (rs *RuleSet) inputs(r *rule, in *answers) []Input {
	out := make([]Input, 0, len(r.vars))
	for _, v := range r.vars {
		var text string
		switch val := in.vals[v].(type) {
		case types.Bool:
			text = answerOf(bool(val)).String()
		case types.Int:
			text = strconv.FormatInt(int64(val), 10)
		case types.String:
			text = string(val)
		default:
			continue
		}
		name := rs.words.facts[v].Name
		out = append(out, Input{Name: name, Value: text, Origin: in.origins[name]})
	}
	return out
}
