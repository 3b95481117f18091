package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
)

// takeBack writes her no and ends, in this transaction, all that rested on the yes. It first takes the client's stop lock, so that no
// send that was decided by the yes begins after the commit. To take back the first gate is to take back everything.
func (m *moving) takeBack(answer Consent, words []string, who sharing) error {
	if slices.Contains(words, "receive") {
		words, who = []string{"receive", "contact", "share", "feedback", "feedback_reason", "texts", "email"}, sharing{}
	}
	programs, err := m.programsOf(who)
	if err != nil {
		return err
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	if err := m.tx.Flush(); err != nil {
		return err
	}
	records, err := m.store.stopSends(m.c.CaregiverID)
	if err != nil {
		return err
	}
	m.detail["scopes"], m.detail["programs"] = words, programs
	for _, word := range words {
		m.revokeGate(f, scopeGate(word), programs)
	}
	if err := m.say(answer, words, programs); err != nil {
		return err
	}
	if slices.Contains(words, "receive") {
		if err := m.inCompartment(func(in compartment) error {
			in.revoke(records, nil)
			return nil
		}); err != nil {
			return err
		}
		m.jobs.WithdrawAllToClient(records)
		if err := m.alsoElsewhere(); err != nil {
			return err
		}
	}
	m.withdrawAsSheSaid(words)
	left, err := m.stopSharing(f, slices.Contains(words, "share"), who, programs)
	if err != nil {
		return err
	}
	return m.afterNo(f, words, left)
}

// alsoElsewhere: she took back everything, and her other cases stand under locks of their own: a supervisor writes it on each that goes on, or
// that an agency still sees.
func (m *moving) alsoElsewhere() error {
	cases, err := m.store.casesOfHer(m.c.CaregiverID)
	if err != nil {
		return err
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	if err := m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskDone, taskRevokedElsewhere); err != nil {
		return err
	}
	for _, c := range cases {
		if c.ID == m.c.ID || c.StandsOn != nil {
			continue
		}
		seen, err := m.store.agenciesThatSee(c.ID)
		if err != nil {
			return err
		}
		answers, err := m.store.consents(c.ID)
		if err != nil {
			return err
		}
		said := weightiest(answers, GateReceive, nil)
		if !c.open() && len(seen) == 0 || said != nil && said.Answer == no && said.Basis == herAnswer {
			continue
		}
		if err := m.askAbout(c.ID, hub.ID, auth.TriageSupervisor, taskRevokedElsewhere, true); err != nil {
			return err
		}
	}
	return nil
}

// revokeGate ends her yes at one gate, in the rows and in f. With gate 3 a program's own consent ends as well: a program that may not
// know who she is cannot visit her.
func (m *moving) revokeGate(f *family, gate int, programs []uuid.UUID) {
	gates, of := []int{gate}, []uuid.UUID(nil)
	if gate == GateShare {
		gates, of = append(gates, GateProgram), programs
	}
	for _, g := range gates {
		m.store.revokeConsent(m.c.ID, g, of)
		for i, c := range f.consents {
			about := len(of) == 0 || c.ProgramID != nil && slices.Contains(of, *c.ProgramID)
			if c.Gate == g && c.RevokedAt == nil && c.Answer == yes && c.Basis == herAnswer && about {
				f.consents[i].RevokedAt = &m.tx.Now
			}
		}
	}
}

// withdrawAsSheSaid takes back what is queued and has not begun to leave.
func (m *moving) withdrawAsSheSaid(words []string) {
	for _, word := range words {
		switch word {
		case "contact":
			m.jobs.WithdrawToClient(m.c.ID)
		case "texts":
			m.jobs.WithdrawByChannel(m.c.ID, "sms")
		case "email":
			m.jobs.WithdrawByChannel(m.c.ID, "email")
		case "feedback":
			m.jobs.WithdrawFeedback(m.c.ID, milestoneReceived)
		}
	}
}

// afterNo says where the case stands now. Whom the hub may not contact, and who left her agency by this, waits for a person, held; the
// rest goes on with those who may still know her.
func (m *moving) afterNo(f *family, words []string, left bool) error {
	if m.was.Status == Closed {
		return nil
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	whole, noContact := slices.Contains(words, "receive"), slices.Contains(words, "contact")
	if m.was.Status.served() && !left {
		if !noContact {
			return nil
		}
		h, err := m.whoServes()
		if err != nil {
			return err
		}
		return m.hold(HoldConsent, "consent_revoked", h.OrgID, nil, nil)
	}
	var reasons []string
	if left || whole {
		reasons = append(reasons, reviewRevoked)
	}
	if noContact {
		reasons = append(reasons, reviewNoPermission)
	}
	switch {
	case len(reasons) > 0:
		if err := m.hold(HoldConsent, "consent_revoked", hub.ID, nil, nil); err != nil {
			return err
		}
		if reasons, err = m.alarmFirst(reasons...); err != nil {
			return err
		}
		m.store.leave(m.c.ID, nil, waitHerChoice, m.id)
		return m.toReview(reasons, m.clocks())
	case m.was.Status == Offered && m.c.Status == Offered:
		return m.goOnWithout(f)
	}
	return nil
}

// goOnWithout asks the next program when no offer is left.
func (m *moving) goOnWithout(f *family) error {
	offers, err := m.store.offers(m.c.ID)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(offers, func(o Offer) bool { return o.EndedAs == nil }) {
		return nil
	}
	return m.reroute(f, "consent", offers)
}
