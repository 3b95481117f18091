package triage

// Instrument is a screening form as data: its shape, its cut-off and where both
// come from.
type Instrument struct {
	ID    string `json:"id" yaml:"id"`
	Name  string `json:"name" yaml:"name"`
	Topic string `json:"topic,omitempty" yaml:"topic"` // see Topics; empty: none of them
	Items int    `json:"items" yaml:"items"`           // number of questions
	Min   int    `json:"min" yaml:"min"`               // lowest value of one item
	Max   int    `json:"max" yaml:"max"`               // highest value of one item
	// Cutoff is the lowest total that counts as positive.
	Cutoff int `json:"cutoff" yaml:"cutoff"`
	// Reversed lists the items, from 1, whose first line has the highest value.
	Reversed []int `json:"reversed,omitempty" yaml:"reversed"`
	// SelfHarmItem is the 1-based number of the self-harm question, 0 if the
	// form has none. Any answer there but the lowest is an alarm whatever the
	// total.
	SelfHarmItem int `json:"self_harm_item,omitempty" yaml:"self_harm_item"`
	// TalkOnly: a positive opens a talk and says nothing about her, so that only
	// triggers may read it. No program, share or suggestion can.
	TalkOnly bool `json:"talk_only,omitempty" yaml:"talk_only"`
	// Note says how sources differ and which one was taken.
	Note     string `json:"note,omitempty" yaml:"note"`
	Citation `yaml:",inline"`
}

// TopicSafety is that of forms about violence: a positive one makes every way to
// reach her a matter of her safety.
const TopicSafety = "safety"

// Topics is the closed list of what a form asks about.
func Topics() []string { return []string{"mood", "worry", TopicSafety, "substance_use"} }

// Citation says where a rule or threshold comes from. Exactly one of Effective
// (the date the source speaks of) and Read (the month it was read) is set.
type Citation struct {
	// Source is a public address or name; "local policy ..." marks a choice of
	// the community that no publication backs.
	Source    string `json:"source" yaml:"source"`
	Effective string `json:"effective,omitempty" yaml:"effective"` // YYYY, YYYY-MM or YYYY-MM-DD
	Read      string `json:"read,omitempty" yaml:"read"`           // YYYY-MM
}

// Score is what one screening says. A partly answered form has a range: Min if
// every unanswered item were the lowest value, Max if it were the highest.
type Score struct {
	Instrument string `json:"instrument"`
	GivenOn    *Date  `json:"given_on,omitempty"`
	Min        int    `json:"min"`
	Max        int    `json:"max"`
	Answered   int    `json:"answered"` // items answered, of Items
	Items      int    `json:"items"`
	Complete   bool   `json:"complete"`
	Cutoff     int    `json:"cutoff"`
	// Positive is yes when even Min reaches the cut-off, no when even Max does
	// not, unknown between.
	Positive Answer `json:"positive"`
	// SelfHarm is the self-harm item: unknown means unscreened, never negative.
	// It is empty for a form without such an item.
	SelfHarm *Answer `json:"self_harm,omitempty"`
}
