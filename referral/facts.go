package referral

import (
	"fmt"

	"cloud.google.com/go/civil"

	"doorstep/triage"
)

// facts is the flat snapshot that the rules may see on a day. No name, no free text, nothing of race or origin is in it.
func (f *family) facts(stage string, day civil.Date) (triage.Facts, error) {
	out := triage.Facts{Today: triage.Date(day), Stage: triage.Stage(stage), ZIP: f.zip()}
	for name, answer := range f.answers {
		if err := out.SetAnswer(name, answerOf(answer)); err != nil {
			return out, fmt.Errorf("facts: %w", err)
		}
	}
	if born := f.client.DateOfBirth; born != nil {
		age := yearsBetween(*born, day)
		out.AgeYears = &age
	}
	if f.client.Insurance != unknown {
		out.Insurance = f.client.Insurance
	}
	if f.client.SpokenLanguage != nil {
		out.SpokenLanguage = *f.client.SpokenLanguage
	}
	if f.client.Interpreter != unknown {
		out.Interpreter = answerOf(f.client.Interpreter)
	}
	if p := f.pregnancy; p != nil {
		out.EarlierLiveBirths = p.EarlierLiveBirths
		if stage == "prenatal" && p.Outcome == nil {
			out.DueOn = ruleDate(p.DueOn)
		}
	}
	out.Origins = f.origins(&out)
	f.children(&out)
	if f.bereft() {
		out.PregnancyLossOrInfantDeath = triage.Yes
		delete(out.Origins, "pregnancy_loss_or_infant_death") // who recorded it is in the history of the case
	}
	if n := len(f.referrals); n > 0 {
		referred := triage.Date(civil.DateOf(f.referrals[n-1].ReferredAt))
		out.ReferredOn = &referred
	}
	for _, id := range chosen(f.consents) {
		out.PreferredPrograms = append(out.PreferredPrograms, id.String())
	}
	var err error
	out.Screenings, err = f.forms()
	return out, err
}

// forms are the screenings as the rules read them.
func (f *family) forms() ([]triage.Screening, error) {
	var out []triage.Screening
	for _, s := range f.screenings {
		items, err := s.items()
		if err != nil {
			return out, err
		}
		form := triage.Screening{Instrument: s.Instrument, Version: s.Version, Language: s.Language, Items: items, GivenOn: ruleDate(s.GivenOn)}
		if s.Recorded != triage.RecordedValues { // values are the default, and frozen facts stay as they were
			form.Recorded = s.Recorded
		}
		out = append(out, form)
	}
	return out, nil
}

// children adds what the infants say: the youngest dates the windows, the lightest and the sickest weigh most.
func (f *family) children(out *triage.Facts) {
	o := origins(out.Origins)
	if len(f.infants) > 0 {
		n := len(f.infants)
		out.Infants = &n
		o.put(triage.OriginComputed, "infants")
		if n > 1 {
			out.MultipleGestation = triage.Yes
			o.put(triage.OriginComputed, "multiple_gestation")
		}
	}
	for _, child := range f.infants {
		if b := ruleDate(child.BornOn); b != nil && (out.BabyBornOn == nil || b.After(*out.BabyBornOn)) {
			out.BabyBornOn = b
			o.put(triage.OriginComputed, "baby_age_days", "baby_age_months")
		}
		if w := child.BirthWeightGrams; w != nil && (out.LowestBirthWeightGrams == nil || *w < *out.LowestBirthWeightGrams) {
			out.LowestBirthWeightGrams = w
			o.put(child.toldBy(), "lowest_birth_weight_grams")
		}
		if child.Nicu == yes || child.Nicu == no && out.NICU == triage.Unknown {
			out.NICU = answerOf(child.Nicu)
			o.put(child.toldBy(), "nicu")
		}
	}
	out.DischargedOn = ruleDate(f.discharged())
}

// discharged is when the youngest infant went home, else the mother; nil while unknown or still ahead.
func (f *family) discharged() *civil.Date {
	var last *civil.Date
	for _, child := range f.infants {
		if d := child.DischargedOn; d != nil && (last == nil || d.After(*last)) {
			last = d
		}
	}
	if last == nil && f.pregnancy != nil {
		last = f.pregnancy.MotherDischargedOn
	}
	if last == nil && (f.pregnancy == nil || f.pregnancy.Outcome != nil) { // a form about a birth that was none says nothing
		for _, r := range f.referrals {
			if r.MotherDischargedOn != nil {
				last = r.MotherDischargedOn
			}
		}
	}
	return last
}

// zip is where she lives by the newest address that has one.
func (f *family) zip() string {
	for _, a := range f.addresses {
		if a.Zip != nil {
			return *a.Zip
		}
	}
	return ""
}

// safetyFlag: somebody said, or a form about safety does by these rules, that reaching her wrongly may hurt her.
func (f *family) safetyFlag(rules *triage.RuleSet) bool {
	if f.answers["partner_violence"] == yes || f.answers["danger_now"] == yes {
		return true
	}
	if forms, err := f.forms(); err != nil || rules.Positive(triage.TopicSafety, forms) { // what cannot be read is not "safe"
		return true
	}
	_, dv := find(f.referrals, func(r Referral) bool { return r.Sensitivity == "dv" })
	return dv
}

func answerOf(s string) triage.Answer {
	switch s {
	case yes:
		return triage.Yes
	case no:
		return triage.No
	}
	return triage.Unknown
}

func ruleDate(d *civil.Date) *triage.Date { return (*triage.Date)(d) }
