package triage_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/triage"
)

func TestConnectionsOfThePack(t *testing.T) {
	rs := baltimore(t)
	var kinds []string
	for _, c := range rs.Connections() {
		kinds = append(kinds, c.Kind)
		if c.Name == "" || c.Text == "" || c.Source == "" || c.Effective+c.Read == "" {
			t.Errorf("%+v", c)
		}
		if slices.Contains([]string{"mental_health", "treatment", "legal", "bereavement"}, c.Kind) && !c.AskFirst {
			t.Errorf("%s is not asked first", c.Kind)
		}
		if c.Kind == "contraception" && c.SuggestWhen != "" {
			t.Error("contraception is suggested")
		}
	}
	if !slices.Equal(kinds, triage.ConnectionKinds()) {
		t.Errorf("the pack has %v, the kinds are %v", kinds, triage.ConnectionKinds())
	}
}

func TestSuggestions(t *testing.T) {
	rs := baltimore(t)
	for _, tc := range []struct {
		name  string
		facts triage.Facts
		want  string
	}{
		{"nothing known", triage.Facts{}, ""},
		{"no prenatal care", triage.Facts{Stage: triage.Prenatal, NoPrenatalCare: triage.Yes}, "prenatal_care"},
		{"missed visits", triage.Facts{Stage: triage.Prenatal, MissedPrenatalVisits: triage.Yes}, "prenatal_care"},
		{"had none, and the baby has come", triage.Facts{Stage: triage.Postpartum, NoPrenatalCare: triage.Yes}, ""},
		{"intensive care", triage.Facts{Stage: triage.Postpartum, NICU: triage.Yes, NICUDays: ptr(20)}, ""},
		{"small baby", triage.Facts{LowestBirthWeightGrams: ptr(1199)}, "early_intervention"},
		{"not so small", triage.Facts{LowestBirthWeightGrams: ptr(1200)}, ""},
		{"violence writes nothing", triage.Facts{PartnerViolence: triage.Yes}, ""},
		{"long ago", triage.Facts{PreviousStillbirthOrLoss: triage.Yes}, "bereavement"},
		{"in the order of kinds", triage.Facts{Tobacco: triage.Yes, Homeless: triage.Yes, Insurance: "medicaid", SubstanceUse: triage.Yes},
			"wic housing treatment quitline"},
		{"a form", triage.Facts{Screenings: []triage.Screening{{Instrument: "phq2", Items: items(2, 2)}}}, "mental_health"},
	} {
		f := tc.facts
		f.Today = today
		var got []string
		for _, c := range decide(t, rs, f, nil).Connections {
			got = append(got, c.Kind)
			if c.RuleID == "" || c.Text == "" || c.Source == "" {
				t.Errorf("%+v", c)
			}
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: %v, want %s", tc.name, got, tc.want)
		}
	}
}

func TestFirstAttemptTakesTheStrictestClock(t *testing.T) {
	rs := baltimore(t)
	for _, tc := range []struct {
		kind       string
		stage      triage.Stage
		discharged bool
	}{
		{"clinic", triage.Prenatal, false}, {"clinic", triage.Prenatal, true}, {"hospital", triage.Postpartum, true},
		{"hospital", triage.Postpartum, false}, {"self", "", false},
	} {
		got := rs.FirstAttempt(tc.kind, tc.stage, tc.discharged)
		if got.Amount != 2 || got.Unit != triage.BusinessDays || got.FromDischarge != tc.discharged || got.Source == "" {
			t.Errorf("%+v: %+v", tc, got)
		}
	}

	// With a looser general clock the outer limits of the list hold.
	src, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	src.Files["clocks.yaml"] = strings.Replace(src.Files["clocks.yaml"], "first_attempt:\n    amount: 2", "first_attempt:\n    amount: 20", 1)
	loose, err := triage.Compile(src)
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		kind       string
		stage      triage.Stage
		discharged bool
		amount     int
		unit       triage.Unit
	}{
		{"clinic", triage.Prenatal, false, 14, triage.Days}, {"clinic", triage.Postpartum, false, 7, triage.Days},
		{"hospital", triage.Postpartum, true, 2, triage.BusinessDays}, {"self", "", false, 20, triage.BusinessDays},
	} {
		if got := loose.FirstAttempt(tc.kind, tc.stage, tc.discharged); got.Amount != tc.amount || got.Unit != tc.unit {
			t.Errorf("%+v: %+v", tc, got)
		}
	}
}

func TestClocksOfTheWholeLife(t *testing.T) {
	rs := baltimore(t)
	c := rs.Clocks()
	for name, got := range map[string]triage.Clock{
		"4 business_hours": c.AgencyClaimsExpedited, "14 business_days": c.ConnectionCheck,
		"5 business_days": c.HoldReview, " 5 business_days": c.HandoverAcknowledged,
	} {
		amount, unit, _ := strings.Cut(strings.TrimSpace(name), " ")
		if string(got.Unit) != unit || amount != map[int]string{4: "4", 5: "5", 14: "14"}[got.Amount] || got.Source == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if c.UrgentHours.Text == "" || c.UrgentHours.Source == "" || len(c.FirstAttemptBy) != 3 {
		t.Errorf("%+v", c)
	}
	c.FirstAttemptBy[0].Amount = 99
	if rs.Clocks().FirstAttemptBy[0].Amount == 99 {
		t.Error("a caller can change the rule set")
	}
}

func TestReasonsOfThePack(t *testing.T) {
	rs := baltimore(t)
	r := rs.Reasons()
	for name, want := range map[string]struct {
		codes []triage.ReasonCode
		want  string
	}{
		"agency declines": {r.AgencyDeclines, "no_capacity outside_area does_not_meet_eligibility language service_not_provided already_enrolled conflict_of_interest other"},
		"her choices":     {r.HerChoices, "not_interested_now has_other_support time wants_other_program privacy other"},
		"releases":        {r.Releases, "cannot_serve staff_left outside_area language safety_of_staff her_wish other"},
		"enrollment ends": {r.EnrollmentEnds, "completed her_choice lost_contact moved no_longer_eligible transferred program_closed child_not_with_her pregnancy_ended child_died client_died"},
		"dispositions":    {r.Dispositions, "served said_no_for_now asked_not_to_be_contacted not_reached no_safe_way no_program_fits no_place_in_time already_served other_jurisdiction information_given pregnancy_ended child_died client_died withdrawn_by_referrer entered_in_error"},
	} {
		var codes []string
		for _, c := range want.codes {
			codes = append(codes, c.Code)
			if strings.TrimSpace(c.Text) == "" || c.Source == "" || c.Effective+c.Read == "" {
				t.Errorf("%s: %+v", name, c)
			}
			if (c.Changeable != "") != (name == "enrollment ends") {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if strings.Join(codes, " ") != want.want {
			t.Errorf("%s: %v", name, codes)
		}
		slices.Sort(codes)
		if len(slices.Compact(codes)) != len(want.codes) {
			t.Errorf("%s holds a code twice", name)
		}
	}
	r.Releases[0].Code = "changed"
	if rs.Reasons().Releases[0].Code == "changed" {
		t.Error("a caller can change the rule set")
	}
}
