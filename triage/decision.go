package triage

// Verdict on one program.
type Verdict string

// Verdicts. By person: the sourced rules do not settle it, a human asks.
const (
	Eligible    Verdict = "eligible"
	NotEligible Verdict = "not_eligible"
	NeedsAnswer Verdict = "needs_answer"
	ByPerson    Verdict = "by_person"
)

// What happens next with the case.
const (
	NextRoute  = "route"  // Route holds at least one program
	NextReview = "review" // a person looks first; ReviewReasons says why
)

// Review reasons, in the order in which they are listed.
const (
	ReviewAlarm         = "alarm"
	ReviewAreaUnknown   = "area_unknown"
	ReviewNoPlace       = "no_place"
	ReviewNeedsAnswer   = "needs_answer"
	ReviewByPersonOnly  = "by_person_only"
	ReviewNoProgramFits = "no_program_fits"
)

// Flags: true things a worker must know that change no verdict.
const (
	FlagDueDateUnknown       = "due_date_unknown"       // treated as if a window were closing
	FlagBirthDateUnknown     = "birth_date_unknown"     // same, after birth
	FlagDueDatePassed        = "due_date_passed"        // the baby may be here: ask
	FlagSelfHarmNotScreened  = "self_harm_not_screened" // no answered self-harm item at all
	FlagDangerNotAsked       = "danger_not_asked"
	FlagPreferenceNotOffered = "preference_not_offered" // she named a program that is not on the route
)

// Decision is the whole outcome, with everything needed to explain and replay
// it. It is deterministic: equal inputs give equal JSON bytes, whatever the
// order of places and screenings.
type Decision struct {
	RuleSetHash string `json:"rule_set_hash"`
	RuleSetName string `json:"rule_set_name"`
	Today       Date   `json:"today"`

	// Tier is 1 (soonest) to the number of tiers of the pack.
	Tier     int    `json:"tier"`
	TierName string `json:"tier_name"`
	// Band orders work: 0 alarm, 1 reach first (tier 1, or a window inside its
	// last safe day), then the tier number.
	Band int `json:"band"`

	// Points and Impact are sums by local policy that no publication backs; nil
	// where the pack has none. They order nothing but by a tier that says so.
	Points *Points `json:"points,omitempty"`
	Impact *Points `json:"impact,omitempty"` // how much visiting can change

	Alarms  []Alarm         `json:"alarms"`
	Fired   []Fired         `json:"fired"`
	Missing []MissingAnswer `json:"missing"`
	Scores  []Score         `json:"scores"`
	Flags   []string        `json:"flags"`

	// Programs holds one verdict a place, best rank first.
	Programs []ProgramVerdict `json:"programs"`
	// Route is the ranked list of program ids that can take her now: eligible,
	// open place, valid agreement, in area. A person disposes.
	Route    []string `json:"route"`
	RunnerUp string   `json:"runner_up,omitempty"` // second of Route

	// Drawn lists, in the order drawn, the programs of Route that were equal in
	// everything; Draw with DrawSeed gives that order again.
	Drawn    [][]string `json:"drawn,omitempty"`
	DrawSeed string     `json:"draw_seed,omitempty"`

	// Connections is help beside home visiting that answers point to, in the
	// order of ConnectionKinds. Nothing is sent by it.
	Connections []SuggestedConnection `json:"connections"`

	Next          string   `json:"next"`
	ReviewReasons []string `json:"review_reasons"`

	// EarliestWindow is the soonest window (bar or site quota) of any program
	// still possible for her that the network has, free place or not; today when
	// a date is missing and one must assume it is closing. Nil: none is running.
	EarliestWindow *Date `json:"earliest_window,omitempty"`
}

// Alarm is a reason for a person to act today, before anything else. The answer
// behind it is for the people who act, not for lists or feedback.
type Alarm struct {
	RuleID string `json:"rule_id"`
	Kind   string `json:"kind"` // self_harm, danger
	Text   string `json:"text"`
	Source string `json:"source"`
}

// Fired is a trigger that holds. Tier is 0 when it leads to no tier by itself
// and counts by its points alone.
type Fired struct {
	RuleID string  `json:"rule_id"`
	Text   string  `json:"text"`
	Source string  `json:"source"`
	Tier   int     `json:"tier"`
	Inputs []Input `json:"inputs"`
}

// Input is a fact that a rule read, as written text (yes, no, 17, prenatal).
type Input struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Origin string `json:"origin,omitempty"` // see Origins; empty: not written down
}

// What a missing answer could change, weightiest first; Missing is in this
// order.
const (
	ForAlarm   = "alarm"
	ForProgram = "program"
	ForOrder   = "order"
)

// MissingAnswer is an unanswered question that could change the outcome.
type MissingAnswer struct {
	Name  string `json:"name"`
	Label string `json:"label"` // completes "ask about ..."
	// Ask is the question in the words of the pack; empty for a screening form.
	Ask string `json:"ask,omitempty"`
	// For is the weightiest thing it could change: alarm, program or order.
	For   string   `json:"for"`
	Rules []string `json:"rules"` // ids of the rules that wait for it
}

// Reason is one eligibility rule applied to her.
type Reason struct {
	RuleID  string   `json:"rule_id"`
	Met     Answer   `json:"met"`
	Text    string   `json:"text"`
	Source  string   `json:"source"`
	Missing []string `json:"missing,omitempty"`
	// Assumed says that Met came from the rule's policy for missing answers.
	Assumed bool `json:"assumed,omitempty"`
}

// FitPart is one soft point. Fit orders programs that are all eligible; it
// never makes one ineligible.
type FitPart struct {
	RuleID string `json:"rule_id"`
	Points int    `json:"points"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

// ProgramVerdict is one program judged for her, with why and why not.
type ProgramVerdict struct {
	ProgramID string   `json:"program_id"`
	OrgID     string   `json:"org_id"`
	Code      string   `json:"code"`
	Name      string   `json:"name"` // of the model and track, for showing
	Verdict   Verdict  `json:"verdict"`
	Reasons   []Reason `json:"reasons"`
	Notes     []string `json:"notes,omitempty"` // site quotas and the like; never a bar

	// WindowClosesOn is the last day, inclusive, on which a first visit may be
	// completed. LastSafeDay is that day minus the pack's lead time.
	WindowClosesOn *Date `json:"window_closes_on,omitempty"`
	LastSafeDay    *Date `json:"last_safe_day,omitempty"`
	// InsideLastSafeDay: the last safe day is today or past while the window is
	// still open, or the date is missing and must be assumed to be near.
	InsideLastSafeDay bool `json:"inside_last_safe_day"`
	// QuotaDate is the day a site quota speaks of (HFA: 3 months of age).
	QuotaDate *Date `json:"quota_date,omitempty"`

	Fit      int       `json:"fit"`
	FitParts []FitPart `json:"fit_parts,omitempty"`

	LanguageMatch  Answer `json:"language_match"`
	InArea         Answer `json:"in_area"`
	HasPlace       bool   `json:"has_place"` // for her: places kept for others do not count
	AgreementValid bool   `json:"agreement_valid"`
	Rank           int    `json:"rank"` // 1 is best, over all places of the call

	// CapacityStale: the number of places was confirmed too long ago by the pack's
	// rule, CapacityAgeDays ago; nobody ever confirmed it when that is nil.
	CapacityStale   bool `json:"capacity_stale,omitempty"`
	CapacityAgeDays *int `json:"capacity_age_days,omitempty"`
	// Waiting is how many other families stand in its line, set where she could
	// only wait. ExpectedWaitDays is then how long at the pace of the last
	// FreedDays if she stood behind all of them; nil: too little history.
	Waiting          *int `json:"waiting,omitempty"`
	ExpectedWaitDays *int `json:"expected_wait_days,omitempty"`

	// SetAside is the code under which her place would count, empty when none.
	SetAside string `json:"set_aside,omitempty"`
}
