package triage

// Stage says which side of birth the family is on.
type Stage string

// Stages; the empty Stage is unknown, which alarms tolerate and eligibility
// asks about.
const (
	Prenatal   Stage = "prenatal"
	Postpartum Stage = "postpartum"
)

// Insurance values. The empty string is unknown.
const (
	InsuranceMedicaid = "medicaid"
	InsuranceApplying = "applying" // applied for Medicaid, not decided
	InsurancePrivate  = "private"
	InsuranceNone     = "none"
)

// Facts is everything the rules may see about one family, on one day. It is
// flat, holds no name and no free text, and has no field for race, ethnicity,
// nationality or immigration: what is not here cannot weigh.
//
// It is frozen with each decision; marshalling, reading back and marshalling
// again gives the same bytes. A nil pointer, empty string or Unknown means the
// answer is missing.
type Facts struct {
	// Today is the business day of the decision. Required.
	Today Date `json:"today" yaml:"today"`
	// Stage is of the episode: one pregnancy and the infants born of it.
	Stage Stage `json:"stage,omitempty" yaml:"stage"`

	ReferredOn   *Date `json:"referred_on,omitempty" yaml:"referred_on"`
	DischargedOn *Date `json:"discharged_on,omitempty" yaml:"discharged_on"` // youngest infant, else mother

	AgeYears *int `json:"age_years,omitempty" yaml:"age_years"` // hers, completed years
	// DueOn is the best current due date. When it is known it decides, and
	// GestationalDays is ignored: the due date is what gets corrected.
	DueOn *Date `json:"due_on,omitempty" yaml:"due_on"`
	// GestationalDays is the age of the pregnancy today: 28 weeks 0 days = 196.
	GestationalDays *int `json:"gestational_days,omitempty" yaml:"gestational_days"`

	// BabyBornOn and BabyAgeDays speak of the youngest infant of the episode;
	// the date decides when both are given.
	BabyBornOn             *Date `json:"baby_born_on,omitempty" yaml:"baby_born_on"`
	BabyAgeDays            *int  `json:"baby_age_days,omitempty" yaml:"baby_age_days"`
	Infants                *int  `json:"infants,omitempty" yaml:"infants"` // born of this episode
	LowestBirthWeightGrams *int  `json:"lowest_birth_weight_grams,omitempty" yaml:"lowest_birth_weight_grams"`
	NICUDays               *int  `json:"nicu_days,omitempty" yaml:"nicu_days"` // longest stay of an infant, days

	// EarlierLiveBirths counts live births before this pregnancy. Pregnancies
	// are not births: a first live birth may follow losses.
	EarlierLiveBirths *int `json:"earlier_live_births,omitempty" yaml:"earlier_live_births"`

	ZIP       string `json:"zip,omitempty" yaml:"zip"`
	Insurance string `json:"insurance,omitempty" yaml:"insurance"`
	// SpokenLanguage is a BCP-47 tag of the language she wants to speak.
	SpokenLanguage string `json:"spoken_language,omitempty" yaml:"spoken_language"`

	Interpreter Answer `json:"interpreter" yaml:"interpreter"` // she needs one
	LowIncome   Answer `json:"low_income" yaml:"low_income"`
	// IncomeBelowPoverty is household income at or below 100 % of the federal
	// poverty guideline: narrower than LowIncome.
	IncomeBelowPoverty Answer `json:"income_below_poverty" yaml:"income_below_poverty"`
	PublicAssistance   Answer `json:"public_assistance" yaml:"public_assistance"` // TANF, SSI or SNAP

	NoPrenatalCare         Answer `json:"no_prenatal_care" yaml:"no_prenatal_care"`
	MissedPrenatalVisits   Answer `json:"missed_prenatal_visits" yaml:"missed_prenatal_visits"` // two or more, not rebooked
	AntepartumHospitalUse  Answer `json:"antepartum_hospital_use" yaml:"antepartum_hospital_use"`
	SubstanceUse           Answer `json:"substance_use" yaml:"substance_use"` // her own, now or in this pregnancy
	MentalHealth           Answer `json:"mental_health" yaml:"mental_health"`
	PartnerViolence        Answer `json:"partner_violence" yaml:"partner_violence"`
	UnstableHousing        Answer `json:"unstable_housing" yaml:"unstable_housing"`
	Homeless               Answer `json:"homeless" yaml:"homeless"`
	Tobacco                Answer `json:"tobacco" yaml:"tobacco"`
	ChronicCondition       Answer `json:"chronic_condition" yaml:"chronic_condition"`
	MultipleGestation      Answer `json:"multiple_gestation" yaml:"multiple_gestation"`
	FetalComplication      Answer `json:"fetal_complication" yaml:"fetal_complication"`
	PreviousInfantDeath    Answer `json:"previous_infant_death" yaml:"previous_infant_death"`
	PreviousPretermBirth   Answer `json:"previous_preterm_birth" yaml:"previous_preterm_birth"`
	PreviousLowBirthWeight Answer `json:"previous_low_birth_weight" yaml:"previous_low_birth_weight"`
	// PreviousStillbirthOrLoss says that a loss happened, never why.
	PreviousStillbirthOrLoss Answer `json:"previous_stillbirth_or_loss" yaml:"previous_stillbirth_or_loss"`

	// PregnancyLossOrInfantDeath says that this pregnancy was lost or a baby of
	// this episode died, one of twins included; never why. It is set from what
	// we were told and is asked of nobody.
	PregnancyLossOrInfantDeath Answer `json:"pregnancy_loss_or_infant_death" yaml:"pregnancy_loss_or_infant_death"`

	NICU                Answer `json:"nicu" yaml:"nicu"`
	HomeOxygenOrMonitor Answer `json:"home_oxygen_or_monitor" yaml:"home_oxygen_or_monitor"`
	CongenitalAnomaly   Answer `json:"congenital_anomaly" yaml:"congenital_anomaly"`

	FosterCare               Answer `json:"foster_care" yaml:"foster_care"`
	ChildWelfareReferral     Answer `json:"child_welfare_referral" yaml:"child_welfare_referral"` // child welfare sent her
	OtherSeriousCircumstance Answer `json:"other_serious_circumstance" yaml:"other_serious_circumstance"`
	ClinicianConcern         Answer `json:"clinician_concern" yaml:"clinician_concern"`
	SelfReferralRequest      Answer `json:"self_referral_request" yaml:"self_referral_request"`
	DangerNow                Answer `json:"danger_now" yaml:"danger_now"`

	// DrawSeed settles ties between places that are equal in everything: any text
	// that nobody could choose with a program in mind (the id of the case). Who
	// knows it can draw again. Rules cannot read it.
	DrawSeed string `json:"draw_seed,omitempty" yaml:"draw_seed"`

	// Origins says of facts, by name, where they came from (see Origins); a fact
	// that is not in it came from where nobody wrote down. Rules cannot read it.
	Origins map[string]string `json:"origins,omitempty" yaml:"origins"`

	// PreferredPrograms are pack codes or program ids she named, best first.
	PreferredPrograms []string    `json:"preferred_programs,omitempty" yaml:"preferred_programs"`
	Screenings        []Screening `json:"screenings,omitempty" yaml:"screenings"`
}

// How the items of a form were written down.
const (
	RecordedValues = "values" // the value printed beside the answer; the same as empty
	RecordedLines  = "lines"  // the answer she ticked, the first printed one being 1
)

// Screening is one form as answered. Items are in printed order, as Recorded
// says: values are taken as they are, reversed items too; lines are turned into
// values here. Nil means she did not answer the item.
type Screening struct {
	Instrument string `json:"instrument" yaml:"instrument"` // see Instruments
	Version    string `json:"version,omitempty" yaml:"version"`
	Language   string `json:"language,omitempty" yaml:"language"` // BCP-47, as administered
	Recorded   string `json:"recorded,omitempty" yaml:"recorded"` // empty: values
	Items      []*int `json:"items" yaml:"items"`
	GivenOn    *Date  `json:"given_on,omitempty" yaml:"given_on"`
}
