package triage

import (
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// supposition says one fact as a sentence about her. A fact without words here
// is not supposed: a sentence put together from its label may come out wrong way
// round.
func supposition(f Fact, val ref.Val) string {
	if v, is := val.(types.Bool); is {
		pair := yesNoWords(f.Name)
		if bool(v) {
			return pair[0]
		}
		return pair[1]
	}
	value := written(val)
	switch f.Name {
	case "insurance":
		return insuranceWords(value)
	case "age_years":
		return "She is " + value + " years old."
	case "earlier_live_births":
		return "She had " + value + " babies before this pregnancy."
	case "gestational_days":
		return "She is " + value + " days into her pregnancy."
	case "baby_age_days":
		return "The baby is " + value + " days old."
	case "baby_age_months":
		return "The baby is " + value + " months old."
	case "infants":
		return "She gave birth to " + value + " babies."
	case "lowest_birth_weight_grams":
		return "The baby weighed " + value + " grams at birth."
	case "nicu_days":
		return "The baby spent " + value + " days in newborn intensive care."
	case "zip":
		return "She lives in " + value + "."
	default:
		return ""
	}
}

func insuranceWords(value string) string {
	switch value {
	case InsuranceMedicaid:
		return "She has Medicaid."
	case InsuranceApplying:
		return "She has asked for Medicaid."
	case InsurancePrivate:
		return "She has private insurance."
	default:
		return "She has no insurance."
	}
}

// yesNoWords are the sentences for yes and for no.
func yesNoWords(name string) [2]string {
	switch name {
	case "antepartum_hospital_use":
		return [2]string{"She was in hospital during this pregnancy.", "She was not in hospital during this pregnancy."}
	case "child_welfare_referral":
		return [2]string{"Child welfare sent her.", "Child welfare did not send her."}
	case "chronic_condition":
		return [2]string{"She lives with a long-term health condition.", "She has no long-term health condition."}
	case "clinician_concern":
		return [2]string{"A clinician is worried and asks for this.", "No clinician is worried."}
	case "congenital_anomaly":
		return [2]string{"The baby was born with a condition that needs follow-up.", "The baby has no such condition."}
	case "fetal_complication":
		return [2]string{"A problem was found with the unborn baby.", "No problem was found with the unborn baby."}
	case "foster_care":
		return [2]string{"She or the baby is in foster care.", "Nobody is in foster care."}
	case "home_oxygen_or_monitor":
		return [2]string{"The baby is home on oxygen or a monitor.", "The baby needs no oxygen or monitor at home."}
	case "homeless":
		return [2]string{"She has no home.", "She has a home."}
	case "income_below_poverty":
		return [2]string{"Her income is at or below the poverty line.", "Her income is over the poverty line."}
	case "interpreter":
		return [2]string{"She needs an interpreter.", "She needs no interpreter."}
	case "low_income":
		return [2]string{"Her income is low.", "Her income is not low."}
	case "mental_health":
		return [2]string{"She has a mental health need.", "She has no mental health need."}
	case "missed_prenatal_visits":
		return [2]string{"She missed two or more prenatal visits.", "She did not miss prenatal visits."}
	case "multiple_gestation":
		return [2]string{"She is expecting, or had, twins or more.", "It is one baby."}
	case "nicu":
		return [2]string{"The baby was in newborn intensive care.", "The baby was not in intensive care."}
	case "no_prenatal_care":
		return [2]string{"She has had no prenatal care.", "She has prenatal care."}
	case "other_serious_circumstance":
		return [2]string{"Something else in her life weighs as much.", "Nothing else weighs on her."}
	case "previous_low_birth_weight":
		return [2]string{"An earlier baby was born small.", "No earlier baby was born small."}
	case "previous_preterm_birth":
		return [2]string{"An earlier baby came too early.", "No earlier baby came too early."}
	case "public_assistance":
		return [2]string{"She gets public assistance.", "She gets no public assistance."}
	case "self_referral_request":
		return [2]string{"She asked for this herself.", "She did not ask for this herself."}
	case "substance_use":
		return [2]string{"Substance use was named.", "No substance use was named."}
	case "tobacco":
		return [2]string{"She uses tobacco.", "She uses no tobacco."}
	case "unstable_housing":
		return [2]string{"She may lose her home.", "Her home is secure."}
	default:
		return [2]string{}
	}
}
