package triage

// Intake states of a program as it is today.
const (
	IntakeOpen     = "open"
	IntakeClosed   = "closed"
	IntakeWaitlist = "waitlist"
)

// Place is one program as it is available now, seen from one family's address.
// The caller reads it under whatever lock it needs; triage only judges it.
type Place struct {
	ProgramID string `json:"program_id" yaml:"program_id"` // unique in a call
	OrgID     string `json:"org_id" yaml:"org_id"`
	Code      string `json:"code" yaml:"code"` // program code of the pack: model and track

	// AreaKnown is false when her address is missing or could not be placed;
	// InArea then means nothing.
	InArea    bool `json:"in_area" yaml:"in_area"`
	AreaKnown bool `json:"area_known" yaml:"area_known"`

	Intake string `json:"intake" yaml:"intake"`
	Free   int    `json:"free" yaml:"free"`     // open slots now; negative counts as 0
	Funded int    `json:"funded" yaml:"funded"` // all slots, so that shares compare fairly; 0 = not known

	// CapacityConfirmedOn is when somebody last said how many places there are;
	// nil: nobody has.
	CapacityConfirmedOn *Date `json:"capacity_confirmed_on,omitempty" yaml:"capacity_confirmed_on"`

	Waiting       int `json:"waiting,omitempty" yaml:"waiting"`                   // other families in its line now
	FreedIn90Days int `json:"freed_in_90_days,omitempty" yaml:"freed_in_90_days"` // places that came free in the last FreedDays

	Languages []string `json:"languages,omitempty" yaml:"languages"` // BCP-47, spoken by its visitors
	// AgreementValid: without a valid agreement nothing about her may go there.
	AgreementValid bool `json:"agreement_valid" yaml:"agreement_valid"`

	// SetAsideUsed counts, by code of the program's set-asides, the slots not
	// free (promised or in use) that families of that set-aside hold; a code
	// left out counts as 0. Nil where the program has none.
	SetAsideUsed map[string]int `json:"set_aside_used,omitempty" yaml:"set_aside_used"`
}

// hasPlace: a closed or full program may still be right for her, and is shown,
// but is never the route.
func (p Place) hasPlace() bool { return p.Intake == IntakeOpen && p.Free > 0 }
