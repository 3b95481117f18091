package triage

// Unit of a clock. Business units need the caller's calendar of holidays.
type Unit string

// Units.
const (
	Minutes       Unit = "minutes"
	Hours         Unit = "hours"
	BusinessHours Unit = "business_hours"
	BusinessDays  Unit = "business_days"
	Days          Unit = "days"
	Months        Unit = "months"
)

// Clock is a service level: so much time after an event.
type Clock struct {
	Amount int    `json:"amount" yaml:"amount"`
	Unit   Unit   `json:"unit" yaml:"unit"`
	After  string `json:"after" yaml:"after"` // the event that starts it, in plain words
	// FromDischarge: it starts when she or the infant leaves the hospital, not
	// at receipt. Only clocks of a first attempt have it.
	FromDischarge bool `json:"from_discharge,omitempty" yaml:"from_discharge"`
	Citation      `yaml:",inline"`
}

// AttemptRule says when a family may be called "not reached".
type AttemptRule struct {
	AtLeast            int  `json:"at_least" yaml:"at_least"`
	DifferentDays      bool `json:"different_days" yaml:"different_days"`
	Channels           int  `json:"channels" yaml:"channels"`                         // distinct, at least
	EveningsOrWeekends int  `json:"evenings_or_weekends" yaml:"evenings_or_weekends"` // at least
	WithinBusinessDays int  `json:"within_business_days" yaml:"within_business_days"`
	Citation           `yaml:",inline"`
}

// LadderStep is one rung of the alarm ladder: after so many minutes without an
// acknowledgement, this role is called.
type LadderStep struct {
	AfterMinutes int    `json:"after_minutes" yaml:"after_minutes"`
	Who          string `json:"who" yaml:"who"` // assigned, supervisor, manager, call_referrer
	Citation     `yaml:",inline"`
}

// Clocks are the service levels of a community. Every one carries its source;
// a source that begins "local policy" is a choice, not a finding.
type Clocks struct {
	TriageUrgent               Clock `json:"triage_urgent" yaml:"triage_urgent"`
	Triage                     Clock `json:"triage" yaml:"triage"`
	FirstAttempt               Clock `json:"first_attempt" yaml:"first_attempt"`
	FirstAttemptAfterDischarge Clock `json:"first_attempt_after_discharge" yaml:"first_attempt_after_discharge"`
	ContactMeasure             Clock `json:"contact_measure" yaml:"contact_measure"`
	AgencyClaims               Clock `json:"agency_claims" yaml:"agency_claims"`
	// AgencyClaimsExpedited holds instead inside the last safe day of a window.
	AgencyClaimsExpedited Clock `json:"agency_claims_expedited" yaml:"agency_claims_expedited"`
	// ConnectionCheck: by then somebody finds out whether help that was asked
	// for has come.
	ConnectionCheck      Clock       `json:"connection_check" yaml:"connection_check"`
	HandoverAcknowledged Clock       `json:"handover_acknowledged" yaml:"handover_acknowledged"` // by another jurisdiction
	HoldReview           Clock       `json:"hold_review" yaml:"hold_review"`
	FirstVisit           Clock       `json:"first_visit" yaml:"first_visit"`
	FirstVisitStretch    Clock       `json:"first_visit_stretch" yaml:"first_visit_stretch"`
	Attempts             AttemptRule `json:"attempts" yaml:"attempts"`
	VisitDrought         Clock       `json:"visit_drought" yaml:"visit_drought"`
	EligibilityDecision  Clock       `json:"eligibility_decision" yaml:"eligibility_decision"`
	NotEligibleNotice    Clock       `json:"not_eligible_notice" yaml:"not_eligible_notice"`
	Reconsideration      Clock       `json:"reconsideration" yaml:"reconsideration"`
	WaitlistTouch        Clock       `json:"waitlist_touch" yaml:"waitlist_touch"`
	WaitlistExit         Clock       `json:"waitlist_exit" yaml:"waitlist_exit"`
	// FeedbackTo the referrer is owed after receipt, after the outcome of
	// contact, and after enrollment or closing.
	FeedbackOnReceipt Clock        `json:"feedback_on_receipt" yaml:"feedback_on_receipt"`
	FeedbackOnContact Clock        `json:"feedback_on_contact" yaml:"feedback_on_contact"`
	FeedbackOnOutcome Clock        `json:"feedback_on_outcome" yaml:"feedback_on_outcome"`
	AlarmLadder       []LadderStep `json:"alarm_ladder" yaml:"alarm_ladder"`

	// FirstAttemptBy are outer limits for some families; see RuleSet.FirstAttempt.
	FirstAttemptBy []FirstAttemptRule `json:"first_attempt_by,omitempty" yaml:"first_attempt_by"`
	// UrgentHours says in words, for staff, when alarms are read and what holds
	// outside of that; the times themselves stand in the calendars.
	UrgentHours CitedText `json:"urgent_hours" yaml:"urgent_hours"`
}

// CitedText is a passage shown to staff.
type CitedText struct {
	Text     string `json:"text" yaml:"text"`
	Citation `yaml:",inline"`
}

// Who makes the first contact with the family.
const (
	ContactByHub    = "hub"
	ContactByAgency = "agency"
)

// ContactRule says who calls first for one kind of referral source and stage;
// an empty field matches any. The first rule that matches wins; none: the hub.
type ContactRule struct {
	SourceKind string `json:"source_kind,omitempty" yaml:"source_kind"` // clinic, hospital, self, agency, child_welfare, other
	Stage      Stage  `json:"stage,omitempty" yaml:"stage"`
	By         string `json:"by" yaml:"by"`
	Citation   `yaml:",inline"`
}

type namedClock struct {
	name  string
	clock Clock
}

// named lists the plain clocks, for checks and for pages that show them all.
func (k *Clocks) named() []namedClock {
	return []namedClock{
		{"triage_urgent", k.TriageUrgent}, {"triage", k.Triage}, {"first_attempt", k.FirstAttempt},
		{"first_attempt_after_discharge", k.FirstAttemptAfterDischarge}, {"contact_measure", k.ContactMeasure},
		{"agency_claims", k.AgencyClaims}, {"first_visit", k.FirstVisit}, {"first_visit_stretch", k.FirstVisitStretch},
		{"visit_drought", k.VisitDrought}, {"eligibility_decision", k.EligibilityDecision},
		{"not_eligible_notice", k.NotEligibleNotice}, {"reconsideration", k.Reconsideration},
		{"waitlist_touch", k.WaitlistTouch}, {"waitlist_exit", k.WaitlistExit},
		{"feedback_on_receipt", k.FeedbackOnReceipt}, {"feedback_on_contact", k.FeedbackOnContact},
		{"feedback_on_outcome", k.FeedbackOnOutcome}, {"agency_claims_expedited", k.AgencyClaimsExpedited},
		{"connection_check", k.ConnectionCheck}, {"handover_acknowledged", k.HandoverAcknowledged}, {"hold_review", k.HoldReview},
	}
}
