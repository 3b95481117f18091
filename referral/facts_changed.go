package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
)

// factsChanged is for a use case that changed what the rules see, which no pass would notice: they read the family again, now. What an
// agency has stays, with the window's promise and the end of the program set anew; offers that stand are looked at; elsewhere the
// case goes where the rules send it.
func (m *moving) factsChanged(f *family, cause string) error {
	switch {
	case m.was.Status == Closed:
		return nil
	case m.was.Status == Enrolled && m.redated:
		return m.completesByBirth()
	case m.was.Status == Enrolled:
		return nil
	}
	v, err := m.decide(f, cause)
	switch {
	case err != nil || m.was.Status.served():
		return err
	case m.was.Status == Offered && m.raised == 0 && mayContact(f.consents):
		return m.lookAtOffers(f, v)
	}
	return m.settle(f, v)
}

// lookAtOffers keeps what was offered. The runner-up is asked beside it when time is short by the new facts, and a person looks at an
// offer to a program that she may no longer have.
func (m *moving) lookAtOffers(f *family, v verdict) error {
	if v.decision == nil {
		return nil
	}
	offers, err := m.store.offers(m.c.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(offers, func(o Offer) bool { return o.EndedAs == nil && !v.mayTake(o.ProgramID) }) {
		hub, err := m.hub()
		if err != nil {
			return err
		}
		if err := m.ask(hub.ID, auth.TriageCoordinator, taskOfferFits, m.c.ID, true); err != nil {
			return err
		}
	}
	if err := m.askRunnerUp(f, v); err != nil {
		return err
	}
	m.store.rankOffers(&m.c)
	return nil
}

// otherCases has a person let the rules read her other cases that no agency has: what was changed is hers, and the rules see it there
// too, but those cases stand under locks of their own.
func (m *moving) otherCases() error {
	cases, err := m.store.casesOfHer(m.c.CaregiverID)
	if err != nil {
		return err
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	for _, c := range cases {
		if c.ID == m.c.ID || !c.open() || c.Status.served() {
			continue
		}
		if err := m.askAbout(c.ID, hub.ID, auth.TriageCoordinator, taskAnotherCase, false); err != nil {
			return err
		}
	}
	return nil
}

// askAbout is ask for another case of hers, which stands under a lock of its own.
func (m *moving) askAbout(caseID, org uuid.UUID, role auth.Role, kind string, urgent bool) error {
	return m.jobs.AddTask(jobs.Task{CaseID: &caseID, OrgID: org, Role: role, Kind: kind, SubjectID: caseID, Urgent: urgent, DueAt: m.tx.Now})
}
