package triage_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"doorstep/triage"
	"pgregory.net/rapid"
)

// with writes one value into the facts, by hand and not by the code under test.
func with(f triage.Facts, fact, value string) triage.Facts {
	if n, err := strconv.Atoi(value); err == nil {
		born := f.Today.AddMonths(-n)
		switch fact {
		case "age_years":
			f.AgeYears = &n
		case "earlier_live_births":
			f.EarlierLiveBirths = &n
		case "gestational_days":
			f.GestationalDays, f.DueOn = &n, nil
		case "baby_age_days":
			f.BabyAgeDays, f.BabyBornOn = &n, nil
		case "baby_age_months":
			f.BabyBornOn = &born
		case "infants":
			f.Infants = &n
		case "lowest_birth_weight_grams":
			f.LowestBirthWeightGrams = &n
		case "nicu_days":
			f.NICUDays = &n
		}
		return f
	}
	var a triage.Answer
	switch err := a.UnmarshalText([]byte(value)); {
	case fact == "insurance":
		f.Insurance = value
	case err != nil || f.SetAnswer(fact, a) != nil:
		panic("no way to write " + fact)
	}
	return f
}

func verdictOn(d triage.Decision, code string) triage.Verdict {
	i := slices.IndexFunc(d.Programs, func(p triage.ProgramVerdict) bool { return p.Code == code })
	return d.Programs[i].Verdict
}

func neverSupposed() []string {
	return []string{"pregnancy_loss_or_infant_death", "previous_infant_death", "previous_stillbirth_or_loss", "partner_violence",
		"danger_now", "self_harm", "stage"}
}

func TestEveryCounterfactualIsTrue(t *testing.T) {
	sets := []*triage.RuleSet{baltimore(t), example(t)}
	rapid.Check(t, func(t *rapid.T) {
		rs := rapid.SampledFrom(sets).Draw(t, "rules")
		f, places := drawFacts(t), openPlaces()
		for _, p := range rs.Programs() {
			if !slices.ContainsFunc(places, func(place triage.Place) bool { return place.Code == p.Code }) {
				places = append(places, triage.Place{ProgramID: p.Code, Code: p.Code, Intake: triage.IntakeOpen})
			}
		}
		d, err := rs.Decide(f, places)
		if err != nil {
			t.Fatal(err)
		}
		found, err := rs.Counterfactuals(f, d)
		if err != nil {
			t.Fatal(err)
		}
		count := map[string]int{}
		contrary := map[string]bool{}
		for _, c := range found {
			if before := verdictOn(d, c.Code); before != triage.NotEligible && before != triage.NeedsAnswer {
				t.Fatalf("%s is %s already", c.Code, before)
			}
			after, err := rs.Decide(with(f, c.Fact, c.Value), places)
			if err != nil {
				t.Fatal(err)
			}
			if got := verdictOn(after, c.Code); got != triage.Eligible {
				t.Fatalf("%s = %s makes %s %s, not eligible", c.Fact, c.Value, c.Code, got)
			}
			if slices.Contains(neverSupposed(), c.Fact) {
				t.Fatalf("supposes %s", c.Fact)
			}
			if count[c.Code]++; count[c.Code] > 2 || c.Missing && contrary[c.Code] {
				t.Fatalf("too many, or a contrary answer first: %+v", found)
			}
			contrary[c.Code] = contrary[c.Code] || !c.Missing
			if !strings.HasPrefix(c.Text, "She could go to "+c.Name+" if ") || !strings.HasSuffix(c.Text, ".") {
				t.Fatalf("%q", c.Text)
			}
		}
	})
}

func counterfactuals(t testing.TB, rs *triage.RuleSet, f triage.Facts, code string) []string {
	t.Helper()
	found, err := rs.Counterfactuals(f, decide(t, rs, f, openPlaces()))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, c := range found {
		if c.Code == code {
			out = append(out, c.Text)
		}
	}
	return out
}

func TestCounterfactualsInWords(t *testing.T) {
	rs := baltimore(t)
	second, unasked, rich, late, born, lost := firstTimeMother(), firstTimeMother(), firstTimeMother(), firstTimeMother(), firstTimeMother(), firstTimeMother()
	second.EarlierLiveBirths = ptr(1)
	unasked.EarlierLiveBirths = nil
	rich.LowIncome, rich.IncomeBelowPoverty, rich.Insurance = triage.No, triage.No, triage.InsurancePrivate
	late.EarlierLiveBirths, late.GestationalDays = ptr(1), ptr(210) // two things stand in the way
	born.Stage, born.GestationalDays, born.BabyAgeDays = triage.Postpartum, nil, ptr(30)
	lost.EarlierLiveBirths, lost.PregnancyLossOrInfantDeath = ptr(1), triage.Yes
	for _, tc := range []struct {
		name string
		f    triage.Facts
		code string
		want []string
	}{
		{"a contrary answer", second, "nfp", []string{"She could go to Nurse-Family Partnership if this were true: this will be her first live birth."}},
		{"a missing one", unasked, "nfp", []string{"She could go to Nurse-Family Partnership if this is so, which is not known yet: this will be her first live birth."}},
		{"missing before contrary", rich, "nfp", []string{
			"She could go to Nurse-Family Partnership if this is so, which is not known yet: she gets public assistance.",
			"She could go to Nurse-Family Partnership if this were true: her income is at or below the poverty line."}},
		{"days do not run backwards", late, "nfp", nil},
		{"birth is not undone", born, "nfp", nil},
		{"after a loss", lost, "nfp", nil},
		{"no loss is supposed", second, "hope", nil},
		{"an earlier death is not", second, "hfa_enhanced", []string{
			"She could go to Healthy Families America, enhanced if this is so, which is not known yet: an earlier baby was born small.",
			"She could go to Healthy Families America, enhanced if this is so, which is not known yet: an earlier baby came too early."}},
		{"what fits needs none", second, "healthy_start", nil},
	} {
		if got := counterfactuals(t, rs, tc.f, tc.code); !slices.Equal(got, tc.want) {
			t.Errorf("%s:\n got %q\nwant %q", tc.name, got, tc.want)
		}
	}
	if _, err := rs.Counterfactuals(triage.Facts{}, triage.Decision{}); err == nil {
		t.Error("facts without a day were taken")
	}
}
