package referral

import (
	"log/slog"

	"doorstep/referral/contact"
)

// Submission is a referral as a hospital or clinic sends it. It has no id and no status: those are ours. Dates are
// text (YYYY-MM-DD) so that every broken one can be named in one answer.
type Submission struct {
	Stage          string                 `json:"stage" validate:"required,oneof=prenatal postpartum"`
	Sensitivity    string                 `json:"sensitivity" validate:"omitempty,oneof=none dv part2"`
	ReferredAt     string                 `json:"referred_at" validate:"omitempty,datetime=2006-01-02T15:04:05Z07:00"`
	Referrer       SubmittedReferrer      `json:"referrer"`
	Client         SubmittedClient        `json:"client"`
	ContactMethods []SubmittedContact     `json:"contact_methods" validate:"max=10,dive"`
	Addresses      []SubmittedAddress     `json:"addresses" validate:"max=5,dive"`
	Pregnancy      *SubmittedPregnancy    `json:"pregnancy"`
	Birth          *SubmittedBirth        `json:"birth"`
	Needs          map[string]string      `json:"needs" validate:"max=60,dive,oneof=yes no unknown"`
	History        map[string]string      `json:"history" validate:"max=60,dive,oneof=yes no unknown"`
	Screenings     []SubmittedScreening   `json:"screenings" validate:"max=10,dive"`
	Consent        SubmittedConsent       `json:"consent"`
	Part2          *Part2Elements         `json:"part2"` // with sensitivity part2, and only then
	Demographics   *SubmittedDemographics `json:"demographics"`
	Note           string                 `json:"note" validate:"max=4000"` // for the hub; write as if she will read it
}

// LogValue: nothing of a submission may be logged.
func (Submission) LogValue() slog.Value { return slog.StringValue("[submission]") }

// SubmittedReferrer is the person who refers, for the hub to call back. It stays in the sealed payload.
type SubmittedReferrer struct {
	Name  string `json:"name" validate:"max=200"`
	Phone string `json:"phone" validate:"max=40"`
}

// SubmittedClient is the caregiver.
type SubmittedClient struct {
	GivenName      string `json:"given_name" validate:"required,max=100"`
	FamilyName     string `json:"family_name" validate:"required,max=100"`
	DateOfBirth    string `json:"date_of_birth" validate:"omitempty,datetime=2006-01-02"`
	CaregiverRole  string `json:"caregiver_role" validate:"omitempty,oneof=birth_parent other_parent kin foster adoptive guardian"`
	SpokenLanguage string `json:"spoken_language" validate:"max=35"` // BCP 47
	ReadLanguage   string `json:"read_language" validate:"max=35"`
	Interpreter    string `json:"interpreter" validate:"omitempty,oneof=yes no unknown"`
	Insurance      string `json:"insurance" validate:"omitempty,oneof=medicaid applying private none unknown"`
}

// SubmittedContact is one phone number or e-mail address and what is safe. What is left out is unknown, and unknown is not safe.
type SubmittedContact struct {
	Channel       string `json:"channel" validate:"required,oneof=phone email"`
	Value         string `json:"value" validate:"required,max=254"`
	SafeCall      string `json:"safe_call" validate:"omitempty,oneof=yes no unknown"`
	SafeText      string `json:"safe_text" validate:"omitempty,oneof=yes no unknown"`
	SafeVoicemail string `json:"safe_voicemail" validate:"omitempty,oneof=yes no unknown"`
	SafeEmail     string `json:"safe_email" validate:"omitempty,oneof=yes no unknown"`
	Preferred     bool   `json:"preferred"`
	Remarks       string `json:"remarks" validate:"max=500"`

	Whose        string        `json:"whose" validate:"omitempty,oneof=hers guardian trusted"`
	Hours        contact.Hours `json:"hours" validate:"max=14,dive"` // empty: any time
	AskFor       string        `json:"ask_for" validate:"max=100"`
	CodeWord     string        `json:"code_word" validate:"max=100"`
	WhoMayAnswer string        `json:"who_may_answer" validate:"max=200"`
}

// EveryDay are the hours of a contact or address that is good each day from one time to another, as 08:00.
func EveryDay(from, to string) contact.Hours {
	return contact.Hours{{Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, From: from, To: to}}
}

// SubmittedAddress is one address. Safe to visit is no until she says yes; announced only is yes until she says no.
type SubmittedAddress struct {
	Street        string `json:"street" validate:"max=200"`
	City          string `json:"city" validate:"max=100"`
	Zip           string `json:"zip" validate:"omitempty,len=5,numeric"`
	SafeMail      string `json:"safe_mail" validate:"omitempty,oneof=yes no unknown"`
	SafeToVisit   string `json:"safe_to_visit" validate:"omitempty,oneof=yes no unknown"`
	AnnouncedOnly *bool  `json:"announced_only"`
	Remarks       string `json:"remarks" validate:"max=500"`

	Whose        string        `json:"whose" validate:"omitempty,oneof=hers guardian trusted"`
	Hours        contact.Hours `json:"hours" validate:"max=14,dive"` // empty: any time
	AskFor       string        `json:"ask_for" validate:"max=100"`
	CodeWord     string        `json:"code_word" validate:"max=100"`
	WhoMayAnswer string        `json:"who_may_answer" validate:"max=200"`
}

// SubmittedPregnancy dates the pregnancy by due date, last period or weeks; all empty = unknown.
type SubmittedPregnancy struct {
	DueOn             string `json:"due_on" validate:"omitempty,datetime=2006-01-02"`
	Method            string `json:"method" validate:"omitempty,oneof=lmp ultrasound clinical_estimate told_by_her unknown"` // how it was found
	LastPeriodOn      string `json:"last_period_on" validate:"omitempty,datetime=2006-01-02"`
	Weeks             *int   `json:"weeks" validate:"omitempty,min=1,max=43"` // completed, on weeks_on
	WeeksOn           string `json:"weeks_on" validate:"omitempty,datetime=2006-01-02"`
	EarlierLiveBirths *int   `json:"earlier_live_births" validate:"omitempty,min=0,max=30"`
}

// SubmittedBirth is a birth with every infant of it, and when the mother went or goes home.
type SubmittedBirth struct {
	MotherDischargedOn        string            `json:"mother_discharged_on" validate:"omitempty,datetime=2006-01-02"`
	MotherDischargeExpectedOn string            `json:"mother_discharge_expected_on" validate:"omitempty,datetime=2006-01-02"`
	Infants                   []SubmittedInfant `json:"infants" validate:"required,min=1,max=9,dive"`
}

// SubmittedInfant is one child. Twins may be sent on one form or on two; birth_order tells them apart.
type SubmittedInfant struct {
	BirthOrder          *int   `json:"birth_order" validate:"omitempty,min=1,max=9"`
	GivenName           string `json:"given_name" validate:"max=100"`
	BornOn              string `json:"born_on" validate:"omitempty,datetime=2006-01-02"`
	BirthWeightGrams    *int   `json:"birth_weight_grams" validate:"omitempty,min=100,max=9999"`
	GestationWeeks      *int   `json:"gestation_weeks" validate:"omitempty,min=15,max=45"`
	Nicu                string `json:"nicu" validate:"omitempty,oneof=yes no unknown"`
	DischargedOn        string `json:"discharged_on" validate:"omitempty,datetime=2006-01-02"`
	DischargeExpectedOn string `json:"discharge_expected_on" validate:"omitempty,datetime=2006-01-02"`
	Custody             string `json:"custody" validate:"omitempty,oneof=with_parent kin foster adoption_planned adopted guardian unknown"`
}

// SubmittedScreening is a form with its raw answers in printed order, recorded as values (the default) or lines; null = not
// answered.
type SubmittedScreening struct {
	Instrument string `json:"instrument" validate:"required,max=40"`
	Version    string `json:"version" validate:"max=40"`
	Language   string `json:"language" validate:"max=35"`
	Recorded   string `json:"recorded" validate:"omitempty,oneof=values lines"`
	Items      []*int `json:"items" validate:"required,max=60"`
	GivenOn    string `json:"given_on" validate:"omitempty,datetime=2006-01-02"`
	DoneToday  string `json:"done_today" validate:"omitempty,oneof=assessed safety_plan sent_home not_yet"`
}

// SubmittedConsent is what she was asked and what she said.
type SubmittedConsent struct {
	Answer            string `json:"answer" validate:"required,oneof=yes_in_person signed send_link required_form she_said_no"`
	ShareWithAgencies string `json:"share_with_agencies" validate:"omitempty,oneof=yes no not_asked"`
	Feedback          string `json:"feedback" validate:"omitempty,oneof=yes no not_asked"`        // may this referrer hear how it goes
	FeedbackReason    string `json:"feedback_reason" validate:"omitempty,oneof=yes no not_asked"` // and why it ended
	Texts             string `json:"texts" validate:"omitempty,oneof=yes no not_asked"`
	Email             string `json:"email" validate:"omitempty,oneof=yes no not_asked"`
	Basis             string `json:"basis" validate:"omitempty,oneof=required_form care_coordination public_health"` // where she was not asked
	WordingVersion    string `json:"wording_version" validate:"omitempty,wording"`
	Language          string `json:"language" validate:"omitempty,max=35,language"`
	Interpreter       string `json:"interpreter" validate:"omitempty,oneof=not_needed bilingual_staff qualified"` // never a relative
}

// SubmittedDemographics is her own answer, never the referrer's guess; it measures disparity and nothing else.
type SubmittedDemographics struct {
	// The categories of OMB Statistical Policy Directive 15 (revision of 2024-03-28), and not saying.
	RaceEthnicity []string `json:"race_ethnicity" validate:"required,min=1,max=8,dive,oneof=american_indian_alaska_native asian black hispanic_latino middle_eastern_north_african native_hawaiian_pacific_islander white prefer_not_to_say"`
	Source        string   `json:"source" validate:"required,oneof=self_report"`
}
