package triage

import (
	"slices"
	"strconv"

	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
)

// lever is one fact that a program's rules read, with the values at which they
// can change their mind. Levers are found once, when the pack is compiled, so
// that opening an explanation is quick.
type lever struct {
	fact   int // vocabulary index
	values []ref.Val
}

// levers looks through the eligibility rules of every program, in their order.
func (c *compiler) levers(rs *RuleSet) {
	for i := range rs.programs {
		p := &rs.programs[i]
		var conds []*condition
		for j := range p.eligibility {
			if cond := c.conds[p.eligibility[j].id]; cond != nil {
				conds = append(conds, cond)
			}
		}
		seen := map[int]bool{}
		for _, cond := range conds {
			for _, v := range cond.vars {
				if seen[v] || !supposable(c.words.facts[v]) {
					continue
				}
				seen[v] = true
				reads := slices.DeleteFunc(slices.Clone(conds), func(other *condition) bool { return !slices.Contains(other.vars, v) })
				p.levers = append(p.levers, lever{v, c.candidates(v, reads)})
			}
		}
		slices.SortStableFunc(p.levers, func(a, b lever) int {
			return yesFirst(!hardship(c.words.facts[a.fact]), !hardship(c.words.facts[b.fact]))
		})
	}
}

// hardship facts are supposed last: of two ways in, the one that can be spoken of
// plainly is the more useful.
func hardship(f Fact) bool {
	switch f.Name {
	case "homeless", "unstable_housing", "substance_use", "mental_health", "other_serious_circumstance", "foster_care", "child_welfare_referral":
		return true
	default:
		return false
	}
}

// harm facts are asked for while they are open and never supposed against what
// is known: a sicker, smaller or lost baby, a child taken away, no home.
func harm(f Fact) bool {
	switch f.Name {
	case "foster_care", "homeless", "unstable_housing", "substance_use", "child_welfare_referral", "fetal_complication", "congenital_anomaly",
		"nicu", "nicu_days", "home_oxygen_or_monitor", "lowest_birth_weight_grams", "infants", "multiple_gestation",
		"previous_preterm_birth", "previous_low_birth_weight":
		return true
	default:
		return false
	}
}

// supposable leaves out what nobody may be supposed to have lived through, what
// her safety hangs on, and what is not one answer of hers: whether the baby has
// come, and the total of a form.
func supposable(f Fact) bool {
	switch f.Name {
	case "previous_infant_death", "previous_stillbirth_or_loss", "partner_violence", "danger_now", "self_harm", "stage":
		return false
	}
	return !f.Told && new(Facts).suppose(f, sample(f))
}

func sample(f Fact) ref.Val {
	switch f.Type {
	case YesNo:
		return types.True
	case Number:
		return types.Int(1)
	default:
		return types.String("x")
	}
}

// suppose writes another value into one of the facts, and reports whether it has
// a field of its own.
func (f *Facts) suppose(fact Fact, val ref.Val) bool {
	switch v := val.(type) {
	case types.Bool:
		return f.SetAnswer(fact.Name, answerOf(bool(v))) == nil
	case types.Int:
		n := int(v)
		switch fact.Name {
		case "age_years":
			f.AgeYears = &n
		case "earlier_live_births":
			f.EarlierLiveBirths = &n
		case "gestational_days":
			f.GestationalDays, f.DueOn = &n, nil
		case "baby_age_days":
			f.BabyAgeDays, f.BabyBornOn = &n, nil
		case "baby_age_months":
			born := f.Today.AddMonths(-n)
			f.BabyBornOn = &born
		case "infants":
			f.Infants = &n
		case "lowest_birth_weight_grams":
			f.LowestBirthWeightGrams = &n
		case "nicu_days":
			f.NICUDays = &n
		default:
			return false
		}
	case types.String:
		switch fact.Name {
		case "insurance":
			f.Insurance = string(v)
		case "spoken_language":
			f.SpokenLanguage = string(v)
		case "zip":
			f.ZIP = string(v)
		default:
			return false
		}
	}
	return true
}

// written is a value as text for people.
func written(val ref.Val) string {
	switch v := val.(type) {
	case types.Bool:
		return answerOf(bool(v)).String()
	case types.Int:
		return strconv.FormatInt(int64(v), 10)
	case types.String:
		return string(v)
	default:
		return ""
	}
}
