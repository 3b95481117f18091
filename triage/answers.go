package triage

import "fmt"

const answerCount = 30

// namedAnswers is the one list that ties an answer's public name to its field.
// It is a function and not a table because the package keeps no state.
func (f *Facts) namedAnswers() [answerCount]namedAnswer {
	return [answerCount]namedAnswer{
		{"antepartum_hospital_use", "hospital stays in this pregnancy", &f.AntepartumHospitalUse, ""},
		{"child_welfare_referral", "whether child welfare sent her", &f.ChildWelfareReferral, ""},
		{"chronic_condition", "a long-term health condition", &f.ChronicCondition, ""},
		{"clinician_concern", "whether a clinician is worried", &f.ClinicianConcern, ""},
		{"congenital_anomaly", "a condition the baby was born with", &f.CongenitalAnomaly, Postpartum},
		{"danger_now", "whether she is in danger now", &f.DangerNow, ""},
		{"fetal_complication", "a problem found with the unborn baby", &f.FetalComplication, Prenatal},
		{"foster_care", "foster care", &f.FosterCare, ""},
		{"home_oxygen_or_monitor", "oxygen or a monitor at home", &f.HomeOxygenOrMonitor, Postpartum},
		{"homeless", "whether she has a home", &f.Homeless, ""},
		{"income_below_poverty", "income at or below the poverty line", &f.IncomeBelowPoverty, ""},
		{"interpreter", "whether she needs an interpreter", &f.Interpreter, ""},
		{"low_income", "whether her income is low", &f.LowIncome, ""},
		{"mental_health", "mental health", &f.MentalHealth, ""},
		{"missed_prenatal_visits", "missed prenatal visits", &f.MissedPrenatalVisits, ""},
		{"multiple_gestation", "twins or more", &f.MultipleGestation, ""},
		{"nicu", "newborn intensive care", &f.NICU, Postpartum},
		{"no_prenatal_care", "whether she has prenatal care", &f.NoPrenatalCare, ""},
		{"other_serious_circumstance", "any other serious circumstance", &f.OtherSeriousCircumstance, ""},
		{"partner_violence", "violence from a partner", &f.PartnerViolence, ""},
		{pregnancyLoss, "the loss of this pregnancy or the death of a baby", &f.PregnancyLossOrInfantDeath, ""},
		{"previous_infant_death", "an earlier baby who died", &f.PreviousInfantDeath, ""},
		{"previous_low_birth_weight", "an earlier baby born small", &f.PreviousLowBirthWeight, ""},
		{"previous_preterm_birth", "an earlier baby born early", &f.PreviousPretermBirth, ""},
		{"previous_stillbirth_or_loss", "an earlier stillbirth or loss", &f.PreviousStillbirthOrLoss, ""},
		{"public_assistance", "public assistance", &f.PublicAssistance, ""},
		{"self_referral_request", "whether she asked for help herself", &f.SelfReferralRequest, ""},
		{"substance_use", "substance use", &f.SubstanceUse, ""},
		{"tobacco", "smoking or other tobacco", &f.Tobacco, ""},
		{"unstable_housing", "housing she may lose", &f.UnstableHousing, ""},
	}
}

type namedAnswer struct {
	name  string
	label string // completes "we still need to ask about ..."
	field *Answer
	only  Stage // see Fact.Only
}

// pregnancyLoss names the one fact that is told and never asked for.
const pregnancyLoss = "pregnancy_loss_or_infant_death"

// AnswerNames lists the yes/no/unknown questions by name, in alphabetical
// order. Intake validates form fields against it.
func AnswerNames() []string {
	table := new(Facts).namedAnswers()
	names := make([]string, len(table))
	for i, row := range table {
		names[i] = row.name
	}
	return names
}

// SetAnswer stores one answer by its name; an unknown name is an error and
// changes nothing.
func (f *Facts) SetAnswer(name string, a Answer) error {
	for _, row := range f.namedAnswers() {
		if row.name == name {
			*row.field = a
			return nil
		}
	}
	return fmt.Errorf("no question is called %q", name)
}

// Answer reads one answer by its name; an unknown name is an error.
func (f *Facts) Answer(name string) (Answer, error) {
	for _, row := range f.namedAnswers() {
		if row.name == name {
			return *row.field, nil
		}
	}
	return Unknown, fmt.Errorf("no question is called %q", name)
}
