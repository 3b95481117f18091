package triage

import (
	"testing"

	"pgregory.net/rapid"
)

// known is one family as a programmer would hold her who needs no unknowns.
type known struct {
	age, births, weight, nicuDays int64
	insurance, stage              string

	selfHarm, dangerNow, noCare, missedVisits, hospital, substance, mental, violence, housing, homeless, tobacco bool
	chronic, twins, fetal, infantDeath, preterm, lowWeight, stillbirth, loss, nicu, oxygen, anomaly, foster      bool
	serious, clinician, asked, lowIncome, poverty, assistance, epds, phq2, phq9, gad7                            bool
	ahcSafety, hits, ehits, pvs, fivePs                                                                          bool
}

func knownOf(facts map[string]any) *known {
	is := func(name string) bool { return facts[name].(bool) }
	n := func(name string) int64 { return facts[name].(int64) }
	return &known{
		age: n("age_years"), births: n("earlier_live_births"), weight: n("lowest_birth_weight_grams"), nicuDays: n("nicu_days"),
		insurance: facts["insurance"].(string), stage: facts["stage"].(string),
		selfHarm: is("self_harm"), dangerNow: is("danger_now"), noCare: is("no_prenatal_care"), missedVisits: is("missed_prenatal_visits"),
		hospital: is("antepartum_hospital_use"), substance: is("substance_use"), mental: is("mental_health"), violence: is("partner_violence"),
		housing: is("unstable_housing"), homeless: is("homeless"), tobacco: is("tobacco"), chronic: is("chronic_condition"),
		twins: is("multiple_gestation"), fetal: is("fetal_complication"), infantDeath: is("previous_infant_death"),
		preterm: is("previous_preterm_birth"), lowWeight: is("previous_low_birth_weight"), stillbirth: is("previous_stillbirth_or_loss"),
		loss: is("pregnancy_loss_or_infant_death"), nicu: is("nicu"), oxygen: is("home_oxygen_or_monitor"), anomaly: is("congenital_anomaly"),
		foster: is("foster_care"), serious: is("other_serious_circumstance"), clinician: is("clinician_concern"),
		asked: is("self_referral_request"), lowIncome: is("low_income"), poverty: is("income_below_poverty"),
		assistance: is("public_assistance"), epds: is("epds_positive"), phq2: is("phq2_positive"), phq9: is("phq9_positive"),
		gad7: is("gad7_positive"), ahcSafety: is("ahc_safety_positive"), hits: is("hits_positive"), ehits: is("ehits_positive"),
		pvs: is("pvs_positive"), fivePs: is("five_ps_positive"),
	}
}

type held struct {
	id    string
	holds bool
}

// byHand is every condition of the Baltimore pack written in Go.
func (f *known) byHand(out []held) []held {
	return append(out[:0],
		// alarms
		held{"alarm_self_harm", f.selfHarm},
		held{"alarm_danger_now", f.dangerNow},
		// stops
		held{"stop_after_loss", f.loss},
		// triggers
		held{"pimr_teen_mother", f.age < 20},
		held{"pimr_no_prenatal_care", f.noCare},
		held{"pimr_substance_use", f.substance},
		held{"pimr_mental_health", f.mental},
		held{"pimr_partner_violence", f.violence},
		held{"pimr_housing", f.housing || f.homeless},
		held{"pimr_previous_infant_death", f.infantDeath},
		held{"pimr_previous_preterm_birth", f.preterm},
		held{"pimr_very_low_birth_weight", f.weight < 1500},
		held{"pimr_other_serious", f.serious},
		held{"pimr_older_low_birth_weight", f.weight < 2500},
		held{"pimr_older_nicu", f.nicu || f.nicuDays > 0},
		held{"nc_previous_low_birth_weight", f.lowWeight},
		held{"nc_multiple_gestation", f.twins},
		held{"nc_fetal_complication", f.fetal},
		held{"nc_chronic_condition", f.chronic},
		held{"nc_tobacco", f.tobacco},
		held{"nc_missed_visits", f.missedVisits},
		held{"nc_hospital_use", f.hospital},
		held{"wv_nicu_ten_days", f.nicuDays >= 10},
		held{"wv_congenital_anomaly", f.anomaly},
		held{"wv_home_oxygen", f.oxygen},
		held{"wv_nicu_clinician", f.nicu && f.clinician},
		held{"loss_in_this_episode", f.loss},
		held{"screen_epds", f.epds},
		held{"screen_phq", f.phq2 || f.phq9},
		held{"screen_gad7", f.gad7},
		held{"screen_safety", f.ahcSafety || f.hits || f.ehits || f.pvs},
		held{"screen_five_ps", f.fivePs},
		held{"judgement_clinician", f.clinician},
		held{"judgement_client", f.asked},
		// programs
		held{"nfp_pregnant", f.stage == "prenatal"},
		held{"nfp_first_birth", f.births == 0},
		held{"nfp_low_income", f.lowIncome || f.poverty || f.assistance || f.insurance == "medicaid"},
		held{"nfp_fit_teen", f.age < 20},
		held{"hfa_enhanced_earlier_outcome", f.infantDeath || f.preterm || f.lowWeight || f.stillbirth},
		held{"hfa_enhanced_fit_health", f.chronic || f.twins || f.fetal},
		held{"hfa_enhanced_note_pregnant", f.stage == "postpartum"},
		held{"hfa_traditional_needs", f.substance || f.mental || f.violence || f.housing || f.homeless || f.serious || f.clinician || f.asked},
		held{"hfa_traditional_fit_home", f.housing || f.homeless},
		held{"hfa_traditional_note_pregnant", f.stage == "postpartum"},
		held{"hfa_medicaid_member", f.insurance == "medicaid"},
		held{"ehs_income", f.poverty || f.assistance || f.homeless || f.foster},
		held{"ehs_fit_categorical", f.homeless || f.foster},
		held{"hope_loss", f.loss},
		held{"hope_note", f.loss},
		// connections
		held{"connect_prenatal_care", f.stage == "prenatal" && (f.noCare || f.missedVisits)},
		held{"connect_wic", f.insurance == "medicaid" || f.assistance},
		held{"connect_bereavement", f.loss || f.infantDeath || f.stillbirth},
		held{"connect_housing", f.housing || f.homeless},
		held{"connect_income", f.poverty},
		held{"connect_mental_health", f.mental || f.epds || f.phq2 || f.phq9 || f.gad7},
		held{"connect_treatment", f.substance},
		held{"connect_early_intervention", f.anomaly || f.weight < 1200},
		held{"connect_quitline", f.tobacco},
	)
}

// What is compared for speed must decide the same.
func TestTheRulesWrittenByHandAgreeWithCEL(t *testing.T) {
	rs := benchRules(t)
	rules := plainRules(t, rs)
	rapid.Check(t, func(t *rapid.T) {
		f := benchFacts()
		f.Stage = rapid.SampledFrom([]Stage{"", Prenatal, Postpartum}).Draw(t, "stage")
		f.Insurance = rapid.SampledFrom([]string{"", InsuranceMedicaid, InsurancePrivate}).Draw(t, "insurance")
		for _, n := range []*int{f.AgeYears, f.EarlierLiveBirths, f.NICUDays} {
			*n = rapid.IntRange(8, 22).Draw(t, "number") - 8*rapid.IntRange(0, 1).Draw(t, "small")
		}
		*f.AgeYears = max(8, *f.AgeYears)
		*f.LowestBirthWeightGrams = rapid.SampledFrom([]int{1199, 1200, 1499, 1500, 2499, 2500}).Draw(t, "weight")
		for _, row := range f.namedAnswers() {
			*row.field = rapid.SampledFrom([]Answer{Unknown, Yes, No}).Draw(t, row.name)
		}
		for _, item := range f.Screenings[0].Items {
			*item = rapid.IntRange(0, 3).Draw(t, "item")
		}
		facts := plainInput(rs, f)
		hand := map[string]bool{}
		for _, h := range knownOf(facts).byHand(nil) {
			hand[h.id] = h.holds
		}
		if len(hand) != len(rules) {
			t.Fatalf("%d conditions by hand, %d in the pack", len(hand), len(rules))
		}
		for _, r := range rules {
			cel, _, err := r.program.Eval(facts)
			if got, there := hand[r.id]; err != nil || !there || cel.Value() != got {
				t.Fatalf("%s: by hand %v (there: %v), CEL %v (%v)", r.id, got, there, cel, err)
			}
		}
	})
}
