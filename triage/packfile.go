package triage

// The YAML of a pack. Every file has the same shape and may hold any of the
// sections, so a community can split its rules over files as it likes. The
// field names are the contract with rule authors; an unknown one is refused.
type packFile struct {
	Pack         *packHeader   `yaml:"pack"`
	Instruments  []Instrument  `yaml:"instruments"`
	Alarms       []ruleText    `yaml:"alarms"`
	Triggers     []ruleText    `yaml:"triggers"`
	Tiers        []tierText    `yaml:"tiers"`
	Programs     []programText `yaml:"programs"`
	Clocks       *Clocks       `yaml:"clocks"`
	FirstContact []ContactRule `yaml:"first_contact"`

	Stops       []stopText       `yaml:"stops"`
	Connections []connectionText `yaml:"connections"`
	Areas       []Area           `yaml:"areas"`
	Reasons     *Reasons         `yaml:"reasons"`

	Questions []Question   `yaml:"questions"`
	Points    []pointsText `yaml:"points"`
	Zones     []Area       `yaml:"zones"`
}

type packHeader struct {
	Name  string `yaml:"name"`
	Title string `yaml:"title"`
}

// ruleText is an alarm, trigger, eligibility rule, fit point or note.
type ruleText struct {
	ID            string `yaml:"id"`
	Kind          string `yaml:"kind"` // alarms only
	When          string `yaml:"when"`
	Text          string `yaml:"text"`
	WhyNot        string `yaml:"why_not"` // eligibility only
	WhenNo        string `yaml:"when_no"` // eligibility only: not_eligible or by_person
	Unknown       string `yaml:"unknown"` // needs_answer, as_no, as_yes
	UnknownReason string `yaml:"unknown_reason"`
	Justification string `yaml:"justification"`
	Note          string `yaml:"note"` // for authors: how the source was read
	Citation      `yaml:",inline"`
}

type tierText struct {
	Name      string   `yaml:"name"`
	Text      string   `yaml:"text"`
	Triggers  []string `yaml:"triggers"`
	Otherwise bool     `yaml:"otherwise"` // the last tier: nothing fired
	// Any of the three leads here; 0 is not set.
	PointsAtLeast        int `yaml:"points_at_least"`
	ImpactabilityAtLeast int `yaml:"impactability_at_least"`
	Citation             `yaml:",inline"`
}

// pointsText is what one trigger weighs by local policy.
type pointsText struct {
	Trigger       string `yaml:"trigger"`
	Points        int    `yaml:"points"`
	Impactability int    `yaml:"impactability"` // how much visiting can change it
	Citation      `yaml:",inline"`
}

type programText struct {
	Code        string       `yaml:"code"`
	Name        string       `yaml:"name"`
	Refer       string       `yaml:"refer"` // by_rule (default) or by_person
	Eligibility []ruleText   `yaml:"eligibility"`
	Windows     []windowText `yaml:"windows"`
	Lead        leadText     `yaml:"lead"`
	Fit         []ruleText   `yaml:"fit"`
	Notes       []ruleText   `yaml:"notes"`
	ModelEnd    ModelEnd     `yaml:"model_end"`

	Areas     []string       `yaml:"areas"` // ids of areas; none: the address alone decides
	SetAsides []setAsideText `yaml:"set_asides"`
}

// setAsideText keeps a share of a program's funded places.
type setAsideText struct {
	Code          string `yaml:"code"`
	Share         int    `yaml:"share"` // percent of funded places
	When          string `yaml:"when"`
	Text          string `yaml:"text"`
	Justification string `yaml:"justification"`
	Citation      `yaml:",inline"`
}

// stopText is a condition under which rules offer only what it spares.
type stopText struct {
	ruleText          `yaml:",inline"`
	ExceptPrograms    []string `yaml:"except_programs"`
	ExceptConnections []string `yaml:"except_connections"`
}

type connectionText struct {
	ID            string `yaml:"id"`
	Kind          string `yaml:"kind"`
	Name          string `yaml:"name"`
	Text          string `yaml:"text"`
	SuggestWhen   string `yaml:"suggest_when"`
	AskFirst      bool   `yaml:"ask_first"`
	Justification string `yaml:"justification"`
	Note          string `yaml:"note"` // for authors: how the source was read
	Citation      `yaml:",inline"`
}

// windowText names exactly one last day; all are inclusive.
type windowText struct {
	ID                 string `yaml:"id"`
	Kind               string `yaml:"kind"`                 // bar or quota
	LastGestationalDay int    `yaml:"last_gestational_day"` // 202 = 28 weeks 6 days
	ByAgeMonths        int    `yaml:"by_age_months"`        // until the day the baby turns so many months
	UnderAgeMonths     int    `yaml:"under_age_months"`     // until the day before
	Text               string `yaml:"text"`
	WhyNot             string `yaml:"why_not"`
	Note               string `yaml:"note"`
	Citation           `yaml:",inline"`
}

type leadText struct {
	Days     int `yaml:"days"` // calendar days
	Citation `yaml:",inline"`
}
