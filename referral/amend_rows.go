package referral

import (
	"fmt"
	"maps"
	"slices"

	"doorstep/internal/fault"
)

func formOfClient(c Client) SubmittedClient {
	return SubmittedClient{GivenName: c.GivenName, FamilyName: c.FamilyName, DateOfBirth: dayText(c.DateOfBirth),
		SpokenLanguage: textOf(c.SpokenLanguage), ReadLanguage: textOf(c.ReadLanguage), Interpreter: c.Interpreter, Insurance: c.Insurance}
}

func (f *SubmittedClient) slot(field string) slot {
	return slot{text: map[string]*string{"given_name": &f.GivenName, "family_name": &f.FamilyName, "date_of_birth": &f.DateOfBirth,
		"spoken_language": &f.SpokenLanguage, "read_language": &f.ReadLanguage, "interpreter": &f.Interpreter, "insurance": &f.Insurance}[field]}
}

// client corrects the caregiver. Who she is exactly is known by her name and birth date, so her match key moves with them.
func (a *amendment) client() {
	was, now := formOfClient(a.f.client), formOfClient(a.f.client)
	places := a.fill("client", a.f.client.ID, now.slot)
	if len(places) == 0 {
		return
	}
	row := a.f.client
	check := func(form SubmittedClient, into *Client) []fault.Field {
		c := a.again()
		c.problems = a.svc.shape.Check(form)
		c.client(&Submission{Stage: a.c.Stage, Client: form}, into)
		return c.problems
	}
	scratch := row
	a.report(places, check(was, &scratch), check(now, &row))
	now = formOfClient(row)
	for _, field := range slices.Sorted(maps.Keys(places)) {
		a.keep("client", row.ID, field, was.slot(field).read(), now.slot(field).read())
	}
	row.MatchKey = matchKey(row.GivenName, row.FamilyName, row.DateOfBirth)
	a.f.client = row
	a.store.amendClient(&row)
}

// amendedPregnancy is what of a pregnancy is corrected here; its due dates have their own history.
type amendedPregnancy struct {
	EarlierLiveBirths  *int   `json:"earlier_live_births" validate:"omitempty,min=0,max=30"`
	OutcomeOn          string `json:"outcome_on" validate:"omitempty,datetime=2006-01-02"`
	MotherDischargedOn string `json:"mother_discharged_on" validate:"omitempty,datetime=2006-01-02"`
}

func formOfPregnancy(p Pregnancy) amendedPregnancy {
	return amendedPregnancy{p.EarlierLiveBirths, dayText(p.OutcomeOn), dayText(p.MotherDischargedOn)}
}

func (f *amendedPregnancy) slot(field string) slot {
	switch field {
	case "earlier_live_births":
		return slot{number: &f.EarlierLiveBirths}
	case "outcome_on":
		return slot{text: &f.OutcomeOn}
	case "mother_discharged_on":
		return slot{text: &f.MotherDischargedOn}
	}
	return slot{}
}

func (a *amendment) pregnancy() {
	p := a.f.pregnancy
	if p == nil {
		p = &Pregnancy{}
	}
	was, now := formOfPregnancy(*p), formOfPregnancy(*p)
	places := a.fill("pregnancy", a.c.EpisodeID, now.slot)
	if len(places) == 0 {
		return
	}
	row := *p
	c := a.again()
	c.problems = a.svc.shape.Check(now)
	row.EarlierLiveBirths = now.EarlierLiveBirths
	row.OutcomeOn, row.MotherDischargedOn = c.past("/outcome_on", now.OutcomeOn), c.past("/mother_discharged_on", now.MotherDischargedOn)
	switch {
	case a.f.pregnancy == nil:
		c.refuse("/earlier_live_births", "unknown", "This case holds no pregnancy.")
	case row.OutcomeOn != nil && row.Outcome == nil:
		c.refuse("/outcome_on", "not_over", "This pregnancy goes on. Record the birth or the loss.")
	case row.OutcomeOn != nil && row.MotherDischargedOn != nil && row.MotherDischargedOn.Before(*row.OutcomeOn):
		c.refuse("/mother_discharged_on", "before_birth", "Discharged before the birth. One of the two dates is wrong.")
	}
	a.report(places, nil, c.problems)
	now = formOfPregnancy(row)
	for _, field := range slices.Sorted(maps.Keys(places)) {
		a.keep("pregnancy", a.c.EpisodeID, field, was.slot(field).read(), now.slot(field).read())
	}
	if a.f.pregnancy != nil {
		*a.f.pregnancy = row
		a.store.keepPregnancy(&row)
		a.store.amendPregnancy(&row)
	}
}

func formOfInfant(i Infant) SubmittedInfant {
	out := SubmittedInfant{BirthOrder: &i.BirthOrder, GivenName: textOf(i.GivenName), BornOn: dayText(i.BornOn), BirthWeightGrams: i.BirthWeightGrams,
		Nicu: i.Nicu, DischargedOn: dayText(i.DischargedOn), DischargeExpectedOn: dayText(i.DischargeExpectedOn), Custody: i.Custody}
	if i.GestationDays != nil {
		out.GestationWeeks = new(*i.GestationDays / 7)
	}
	return out
}

func (f *SubmittedInfant) slot(field string) slot {
	switch field {
	case "birth_weight_grams":
		return slot{number: &f.BirthWeightGrams}
	case "gestation_weeks":
		return slot{number: &f.GestationWeeks}
	}
	return slot{text: map[string]*string{"given_name": &f.GivenName, "born_on": &f.BornOn, "nicu": &f.Nicu, "custody": &f.Custody,
		"discharged_on": &f.DischargedOn, "discharge_expected_on": &f.DischargeExpectedOn}[field]}
}

// infants corrects children who stand in this case, the living and the dead.
func (a *amendment) infants() {
	for i, change := range a.changes {
		here := func(child Infant) bool { return child.ID == *change.ID }
		if change.Subject == "infant" && !slices.ContainsFunc(a.f.infants, here) && !slices.ContainsFunc(a.f.died, here) {
			a.check.refuse(fmt.Sprintf("/changes/%d/id", i), "unknown", "This is not a child of this case.")
		}
	}
	for _, children := range [][]Infant{a.f.infants, a.f.died} {
		for i := range children {
			a.infant(&children[i])
		}
	}
}

func (a *amendment) infant(child *Infant) {
	was, now := formOfInfant(*child), formOfInfant(*child)
	places := a.fill("infant", child.ID, now.slot)
	if len(places) == 0 {
		return
	}
	check := func(form SubmittedInfant) (Infant, []fault.Field) {
		c := a.again()
		c.problems = a.svc.shape.Check(form)
		row := c.infants("/infants", []SubmittedInfant{form})[0]
		if row.BornOn != nil && child.DiedOn != nil && child.DiedOn.Before(*row.BornOn) {
			c.refuse("/born_on", "after_death", "This is after the day of death. One of the two dates is wrong.")
		}
		return row, c.problems
	}
	_, before := check(was)
	row, after := check(now)
	a.report(places, before, after)
	row.ID, row.EpisodeID, row.DeathRecordedAt, row.DiedOn, row.ToldBy = child.ID, child.EpisodeID, child.DeathRecordedAt, child.DiedOn, child.ToldBy
	if _, touched := places["gestation_weeks"]; !touched {
		row.GestationDays = child.GestationDays
	}
	now = formOfInfant(row)
	for _, field := range slices.Sorted(maps.Keys(places)) {
		a.keep("infant", row.ID, field, was.slot(field).read(), now.slot(field).read())
	}
	*child = row
	a.store.amendInfant(child)
}
