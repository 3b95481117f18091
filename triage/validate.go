package triage

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// validate refuses facts that cannot be true. It never refuses a missing
// answer, and it names the field, not the value: values are hers.
func (rs *RuleSet) validate(f *Facts) error {
	var bad []error
	fail := func(format string, args ...any) { bad = append(bad, fmt.Errorf(format, args...)) }
	if !f.Today.IsValid() {
		fail("today is not a day")
	}
	for _, d := range []struct {
		name string
		date *Date
	}{
		{"referred_on", f.ReferredOn}, {"discharged_on", f.DischargedOn},
		{"due_on", f.DueOn}, {"baby_born_on", f.BabyBornOn},
	} {
		if d.date != nil && !d.date.IsValid() {
			fail("%s is not a day", d.name)
		}
	}
	for _, n := range []struct {
		name   string
		value  *int
		lo, hi int
	}{
		// Bounds catch slips of the keyboard only; they judge nobody.
		{"age_years", f.AgeYears, 8, 80}, {"gestational_days", f.GestationalDays, 0, 330},
		{"baby_age_days", f.BabyAgeDays, 0, 7000}, {"infants", f.Infants, 0, 12},
		{"lowest_birth_weight_grams", f.LowestBirthWeightGrams, 100, 9000},
		{"nicu_days", f.NICUDays, 0, 2000}, {"earlier_live_births", f.EarlierLiveBirths, 0, 30},
	} {
		if n.value != nil && (*n.value < n.lo || *n.value > n.hi) {
			fail("%s is not between %d and %d", n.name, n.lo, n.hi)
		}
	}
	if f.Stage != "" && f.Stage != Prenatal && f.Stage != Postpartum {
		fail("stage is not prenatal or postpartum")
	}
	switch f.Insurance {
	case "", InsuranceMedicaid, InsuranceApplying, InsurancePrivate, InsuranceNone:
	default:
		fail("insurance is not one of medicaid, applying, private, none")
	}
	if born := f.BabyBornOn; born != nil && f.Today.IsValid() && born.After(f.Today) {
		fail("baby_born_on is after today")
	}
	for i := range f.Screenings {
		if err := rs.validateScreening(&f.Screenings[i]); err != nil {
			fail("screening %d: %w", i+1, err)
		}
	}
	if err := rs.validateOrigins(f); err != nil {
		fail("origins: %w", err)
	}
	return errors.Join(bad...)
}

func (rs *RuleSet) validateScreening(s *Screening) error {
	if s.GivenOn != nil && !s.GivenOn.IsValid() {
		return errors.New("given_on is not a day")
	}
	for i := range rs.forms {
		if rs.forms[i].ID == s.Instrument {
			return rs.forms[i].Check(s.Recorded, s.Items)
		}
	}
	return errors.New("its instrument is not one of this rule set")
}

func (rs *RuleSet) checkPlaces(places []Place) error {
	seen := make(map[string]bool, len(places))
	for i := range places {
		id := places[i].ProgramID
		if id == "" {
			return fmt.Errorf("place %d has no program id", i+1)
		}
		if seen[id] {
			return fmt.Errorf("program %s is given twice", id)
		}
		seen[id] = true
		if err := rs.checkSetAsides(&places[i]); err != nil {
			return err
		}
	}
	return nil
}

// checkSetAsides refuses a count under a name that the program's rules do not
// know: taken for 0, it would keep places that are long filled.
func (rs *RuleSet) checkSetAsides(p *Place) error {
	for _, code := range slices.Sorted(maps.Keys(p.SetAsideUsed)) {
		known := slices.ContainsFunc(rs.programs, func(prog program) bool {
			return prog.info.Code == p.Code && slices.ContainsFunc(prog.asides, func(a setAside) bool { return a.info.Code == code })
		})
		if !known {
			return fmt.Errorf("program %s: %s has no set-aside %q", p.ProgramID, p.Code, code)
		}
		if p.SetAsideUsed[code] < 0 {
			return fmt.Errorf("program %s: set-aside %s holds less than no place", p.ProgramID, code)
		}
	}
	return nil
}
