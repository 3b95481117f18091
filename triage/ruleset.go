package triage

import "slices"

// RuleSet is a compiled pack: immutable, safe for concurrent use. Compile once
// and keep it by Hash.
type RuleSet struct {
	name, hash string
	words      vocabulary
	forms      []Instrument
	alarms     []rule
	triggers   []rule
	tiers      []Tier
	programs   []program
	clocks     Clocks
	contacts   []ContactRule
	capacity   CapacityRule

	stops       []stop
	connections []connection
	areas       []Area
	zones       []Area
	reasons     Reasons
	questions   []Question
	weights     []weight
}

// Tier is one step of priority of the pack.
type Tier struct {
	Number int    `json:"number"` // 1 is soonest
	Name   string `json:"name"`
	Text   string `json:"text"`
	// With so many points, by local policy, she is in this tier; 0: points do
	// not lead here.
	PointsAtLeast        int `json:"points_at_least,omitempty"`
	ImpactabilityAtLeast int `json:"impactability_at_least,omitempty"`
}

// Program is what the pack says of one model and track, for showing; its rules
// are applied by Decide.
type Program struct {
	Code     string   `json:"code"`
	Name     string   `json:"name"`
	ModelEnd ModelEnd `json:"model_end"`
	LeadDays int      `json:"lead_days"` // calendar days kept free before a window closes
	ByPerson bool     `json:"by_person"` // never decided by a rule

	// Areas are ids of the pack's areas; none: the address of the place decides.
	Areas []string `json:"areas,omitempty"`
	// SetAsides are the only codes that Place.SetAsideUsed may hold for it.
	SetAsides []SetAside `json:"set_asides,omitempty"`
}

// ModelEnd is the model's own completion rule. At least one age is set; months
// count from the child's birth.
type ModelEnd struct {
	ChildAgeMonths    int    `json:"child_age_months,omitempty" yaml:"child_age_months"`
	ChildAgeMonthsMax int    `json:"child_age_months_max,omitempty" yaml:"child_age_months_max"` // when the model gives a span
	Text              string `json:"text" yaml:"text"`
	Citation          `yaml:",inline"`
}

// Name is the name the pack gives itself.
func (rs *RuleSet) Name() string { return rs.name }

// Hash is the hash of the Source this was compiled from.
func (rs *RuleSet) Hash() string { return rs.hash }

// Clocks returns the service levels of the community with their sources.
func (rs *RuleSet) Clocks() Clocks {
	c := rs.clocks
	c.AlarmLadder = append([]LadderStep(nil), c.AlarmLadder...)
	c.FirstAttemptBy = append([]FirstAttemptRule(nil), c.FirstAttemptBy...)
	return c
}

// FirstContact says who calls the family first, ContactByHub or
// ContactByAgency, for a kind of referral source and a stage.
func (rs *RuleSet) FirstContact(sourceKind string, stage Stage) ContactRule {
	for _, c := range rs.contacts {
		if (c.SourceKind == "" || c.SourceKind == sourceKind) && (c.Stage == "" || c.Stage == stage) {
			return c
		}
	}
	return ContactRule{By: ContactByHub, Citation: Citation{Source: "local policy: the hub calls first unless the pack says otherwise"}}
}

// Instruments returns the screening forms of this rule set, by id.
func (rs *RuleSet) Instruments() []Instrument { return append([]Instrument(nil), rs.forms...) }

// Ahead reports whether a decision of this rule set puts a family before the tier
// that takes everyone; false for a nil one.
func (rs *RuleSet) Ahead(d Decision) bool { return rs != nil && d.Tier < len(rs.tiers) }

// Tiers returns the tiers, soonest first.
func (rs *RuleSet) Tiers() []Tier { return append([]Tier(nil), rs.tiers...) }

// Programs returns the program codes the pack knows, in code order.
func (rs *RuleSet) Programs() []Program {
	out := make([]Program, len(rs.programs))
	for i := range rs.programs {
		out[i] = rs.programs[i].info
		out[i].Areas, out[i].SetAsides = slices.Clone(out[i].Areas), slices.Clone(out[i].SetAsides)
	}
	return out
}
