package referral

import (
	"maps"
	"slices"

	"doorstep/internal/pg"
)

// addFamily writes what a referral says of the family and keeps f in step, so that triage in the same transaction reads the
// whole of it. What was known stays: nothing is overwritten by a second source.
func (m *moving) addFamily(in Submission, r received, f *family, row Referral) error {
	f.referrals = append(f.referrals, row)
	for _, add := range []func(Submission, received, *family, Referral) error{
		m.addEpisode, m.addReach, m.addAnswers, m.addConsents, m.addDemographics,
	} {
		if err := add(in, r, f, row); err != nil {
			return err
		}
	}
	return nil
}

// addEpisode adds the referral's due date to those of the pregnancy, and children that are not there yet.
func (m *moving) addEpisode(_ Submission, r received, f *family, row Referral) error {
	p := r.pregnancy
	p.EpisodeID = m.c.EpisodeID
	if r.stage == "postpartum" && m.c.CaregiverRole == careGiverIsBirthParent {
		born := outcomeBirth
		p.Outcome, p.OutcomeOn = &born, bornFirst(r.infants)
	}
	switch {
	case f.pregnancy == nil:
		if m.fresh || m.c.CaregiverRole == careGiverIsBirthParent {
			f.pregnancy = &p
		}
		m.store.keepPregnancy(&p)
	case f.pregnancy.EarlierLiveBirths == nil && p.EarlierLiveBirths != nil || f.pregnancy.Outcome == nil && p.Outcome != nil:
		if f.pregnancy.Outcome == nil {
			f.pregnancy.Outcome, f.pregnancy.OutcomeOn = p.Outcome, p.OutcomeOn
		}
		if f.pregnancy.EarlierLiveBirths == nil {
			f.pregnancy.EarlierLiveBirths = p.EarlierLiveBirths
		}
		m.store.updatePregnancy(f.pregnancy)
	}
	if p.DueOn != nil && f.pregnancy != nil {
		if err := m.dueDateCame(r, f, row); err != nil {
			return err
		}
	}
	if r.stage == "postpartum" {
		m.c.Stage = r.stage
	}
	return m.addInfants(f, r.infants, f.origin(row.ID))
}

// addInfants adds the children that the episode does not know. One that died, or that stands in another caregiver's case, is known.
func (m *moving) addInfants(f *family, infants []Infant, toldBy string) error {
	for _, child := range infants {
		known := slices.ContainsFunc(f.infants, func(have Infant) bool { return have.BirthOrder == child.BirthOrder })
		if known || slices.Contains(f.taken, child.BirthOrder) {
			continue
		}
		child.ID, child.EpisodeID, child.ToldBy = pg.NewID(), m.c.EpisodeID, optional(toldBy)
		f.infants = append(f.infants, child)
		if err := m.tx.Insert(&child, &caseInfant{m.c.ID, child.ID}); err != nil {
			return err
		}
	}
	return nil
}

// addReach adds ways to reach her. Where two sources speak of one number, the new row holds the stricter of both. Where an earlier source
// said that a wrong call may hurt her, a yes of one that may not know it opens nothing.
func (m *moving) addReach(in Submission, r received, f *family, row Referral) error {
	for i, c := range r.contacts {
		c.ReferralID = &row.ID
		if err := m.addContact(f, c, in.ContactMethods[i].notes(), word{flagged: m.flagged}); err != nil {
			return err
		}
	}
	for i, a := range r.addresses {
		a.ReferralID = &row.ID
		if err := m.addAddress(f, a, in.Addresses[i].notes(), word{flagged: m.flagged}); err != nil {
			return err
		}
	}
	return nil
}

func (m *moving) addAnswers(_ Submission, r received, f *family, row Referral) error {
	var answers []answerRow
	for _, name := range slices.Sorted(maps.Keys(r.answers)) {
		answers = append(answers, answerRow{m.c.ID, row.ID, name, r.answers[name]})
		if f.answers[name] != yes { // of two sources the one that asks for more help counts
			f.answers[name] = r.answers[name]
			f.toldIn(row.ID, name, r.answers[name])
		}
	}
	if len(answers) > 0 {
		if err := m.tx.Insert(&answers); err != nil {
			return err
		}
	}
	for _, s := range r.screenings {
		s.ID, s.CaseID, s.ReferralID = pg.NewID(), m.c.ID, row.ID
		f.screenings = append(f.screenings, s)
		if err := m.tx.Insert(&s); err != nil {
			return err
		}
	}
	return nil
}

func (m *moving) addConsents(in Submission, r received, f *family, row Referral) error {
	consents := consentsOf(in.Consent, row.clinical())
	for i := range consents {
		m.stampConsent(&consents[i])
		switch {
		case row.SourceKind != sourceHerself:
		case row.Channel == TakenByPhone && consents[i].How == "in_person":
			consents[i].How = "phone"
		case !r.taken():
			consents[i].How = "link" // she read it on a page
		}
	}
	f.consents = append(f.consents, consents...)
	if newest(consents, GateShare, nil) {
		m.saidYesNow()
	}
	return m.tx.Insert(&consents)
}

// saidYesNow marks the milestone once: the first time she let an agency know who she is, on paper or in talk.
func (m *moving) saidYesNow() {
	if m.c.SaidYesAt == nil {
		m.c.SaidYesAt = &m.tx.Now
	}
}

// stampConsent says whose it is, when, and who took it.
func (m *moving) stampConsent(c *Consent) {
	c.ID, c.ClientID, c.CaseID, c.GivenAt = pg.NewID(), m.c.CaregiverID, m.c.ID, m.began()
	c.TakenByOrg, c.TakenBy, c.Language = m.tx.Actor.OrgID, m.tx.Actor.ID, canonical(c.Language)
	if undoable(m.action, m.was.Status) {
		c.OpenedMove = &m.id
	}
}

// addDemographics keeps her own answer apart, where no rule and no list reads it. The first answer stands.
func (m *moving) addDemographics(in Submission, _ received, f *family, _ Referral) error {
	if in.Demographics != nil {
		m.store.keepDemographics(Demographics{f.client.ID, in.Demographics.RaceEthnicity, in.Demographics.Source, m.tx.Actor.OrgID})
	}
	return nil
}
