package triage

import "slices"

// FactType is the type a fact has in a rule.
type FactType string

// Fact types: yes_no is a CEL bool, number an int, text a string.
const (
	YesNo  FactType = "yes_no"
	Number FactType = "number"
	Text   FactType = "text"
)

// Fact describes one name that rules may use.
type Fact struct {
	Name  string   `json:"name"`
	Type  FactType `json:"type"`
	Label string   `json:"label"` // completes "ask about ..."
	// Proxy facts can stand in for who somebody is; a rule that reads one must
	// carry a justification.
	Proxy bool `json:"proxy,omitempty"`
	// Only is the stage in which the question makes sense; it is not asked for
	// in the other. Empty: both.
	Only Stage `json:"only,omitempty"`
	// Told facts come to us unasked: no list of open questions names one, since
	// the question itself would hurt.
	Told bool `json:"told,omitempty"`
	// AskedAs names the fact that is asked for in its place: this one is worked
	// out from that. Empty: it is asked for itself.
	AskedAs string `json:"asked_as,omitempty"`
	// Form facts come from a screening form, whose questions stand on the form.
	Form bool `json:"form,omitempty"`
}

// Vocabulary lists the facts every pack may use, in a fixed order. A rule set
// adds two per screening form, <form>_positive and <form>_self_harm, and
// self_harm over all forms: unknown until one self-harm item was answered. Its
// zones add one each, zone_<id>.
func Vocabulary() []Fact {
	table := new(Facts).namedAnswers()
	out := make([]Fact, 0, len(table)+len(plainFacts()))
	for _, row := range table {
		out = append(out, Fact{
			Name: row.name, Type: YesNo, Label: row.label, Proxy: row.name == "interpreter", Only: row.only, Told: row.name == pregnancyLoss,
		})
	}
	return append(out, plainFacts()...)
}

// plainFacts are the numbers and texts; Facts.plainValues follows this order.
func plainFacts() []Fact {
	return []Fact{
		{Name: "age_years", Type: Number, Label: "her age"},
		{Name: "baby_age_days", Type: Number, Label: "the baby's birth date", Only: Postpartum},
		{Name: "baby_age_months", Type: Number, Label: "the baby's birth date", Only: Postpartum, AskedAs: "baby_age_days"},
		{Name: "earlier_live_births", Type: Number, Label: "how many babies she had before this pregnancy"},
		{Name: "gestational_days", Type: Number, Label: "her due date", Only: Prenatal},
		{Name: "infants", Type: Number, Label: "how many babies were born", Only: Postpartum},
		{Name: "lowest_birth_weight_grams", Type: Number, Label: "the baby's birth weight", Only: Postpartum},
		{Name: "nicu_days", Type: Number, Label: "days in newborn intensive care", Only: Postpartum},
		{Name: "insurance", Type: Text, Label: "her insurance", Proxy: true},
		{Name: "spoken_language", Type: Text, Label: "the language she speaks", Proxy: true},
		{Name: "stage", Type: Text, Label: "whether the baby has come"},
		{Name: "zip", Type: Text, Label: "her ZIP code", Proxy: true},
	}
}

// vocabulary is the fixed facts plus those of the pack's screening forms and
// zones.
type vocabulary struct {
	facts []Fact
	index map[string]int
	// asks is, by index, the fact that is asked for: mostly itself.
	asks []int
}

func newVocabulary(forms []Instrument, zones []Area) vocabulary {
	v := vocabulary{facts: Vocabulary()}
	for _, form := range forms {
		v.facts = append(v.facts, Fact{Name: form.ID + "_positive", Type: YesNo, Label: "the " + form.Name + " questions"})
		v.facts = append(v.facts, Fact{Name: form.ID + "_self_harm", Type: YesNo, Label: "the self-harm question of the " + form.Name})
	}
	v.facts = append(v.facts, Fact{Name: "self_harm", Type: YesNo, Label: "thoughts of harming herself"})
	for i := len(Vocabulary()); i < len(v.facts); i++ {
		v.facts[i].Form = true
	}
	v.facts = append(v.facts, zoneFacts(zones)...)
	v.index = make(map[string]int, len(v.facts))
	for i, f := range v.facts {
		v.index[f.Name] = i
	}
	v.asks = make([]int, len(v.facts))
	for i, f := range v.facts {
		v.asks[i] = i
		if f.AskedAs != "" {
			v.asks[i] = v.index[f.AskedAs]
		}
	}
	return v
}

func (v vocabulary) names(vars []int) []string {
	out := make([]string, len(vars))
	for i, n := range vars {
		out[i] = v.facts[n].Name
	}
	slices.Sort(out)
	return out
}

// askable leaves out what nobody is asked for.
func (v vocabulary) askable(vars []int) []int {
	return slices.DeleteFunc(slices.Clone(vars), func(n int) bool { return v.facts[n].Told })
}
