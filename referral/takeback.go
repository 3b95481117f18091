package referral

import (
	"slices"

	"github.com/google/uuid"

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
	if err := m.tx.StopClient(m.c.CaregiverID); err != nil {
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
			in.revoke(m.c.CaregiverID, nil)
			return nil
		}); err != nil {
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

// stopSharing ends offers, waiting and sight of whoever may no longer know who she is; it reports whether the agency that served her
// is among them.
func (m *moving) stopSharing(f *family, said bool, who sharing, programs []uuid.UUID) (left bool, err error) {
	if !said {
		return false, nil
	}
	if m.was.Status.served() {
		h, err := m.whoServes()
		if err != nil {
			return false, err
		}
		if left = who.everybody() || slices.Contains(programs, h.ProgramID); left {
			if err := m.leaveProgram(h); err != nil {
				return left, err
			}
		}
	}
	if err := m.endOffersTo(f); err != nil {
		return left, err
	}
	waits, err := m.store.waiting(m.c.ID)
	if err != nil {
		return left, err
	}
	for _, e := range waits {
		if !mayShare(f.consents, e.ProgramID) {
			m.store.leave(m.c.ID, []uuid.UUID{e.ProgramID}, waitHerChoice, m.id)
		}
	}
	if m.was.Status == Closed {
		return left, m.closeEyes(f)
	}
	if who.everybody() {
		err = m.callBackHandover()
	}
	return left, err
}

// endOffersTo withdraws the open offers to programs that may no longer know who she is; the others stand.
func (m *moving) endOffersTo(f *family) error {
	if err := m.tx.Flush(); err != nil {
		return err
	}
	offers, err := m.store.offers(m.c.ID)
	if err != nil {
		return err
	}
	asked := map[uuid.UUID]bool{} // by agency: is an offer to it left?
	for _, o := range offers {
		if o.EndedAs != nil {
			continue
		}
		stands := mayShare(f.consents, o.ProgramID)
		asked[o.OrgID] = asked[o.OrgID] || stands
		if stands {
			continue
		}
		m.store.endOffer(o.ID, "withdrawn", nil, m.id)
		if err := m.jobs.Keep(&m.id, o.ID, jobs.OfferExpire); err != nil {
			return err
		}
	}
	for agency, left := range asked {
		if !left {
			m.store.revoke(m.c.ID, &agency, "limited", m.id)
		}
	}
	return m.tx.Flush()
}

// leaveProgram ends the claim or enrollment by which an agency has her. It keeps its own entries and no identity.
func (m *moving) leaveProgram(h holder) error {
	if !m.tx.Actor.SeesAll() {
		m.away = "Written down. She is no longer with your agency, and you see your own entries."
	}
	m.detail["program"] = h.ProgramID
	if m.was.Status != Enrolled {
		claim, err := m.store.openClaim(m.c.ID)
		if err != nil {
			return err
		}
		return m.giveBack(claim, "her_wish")
	}
	m.store.endEnrollment(h.ID, "her_choice", m.id)
	m.store.cancelVisits(m.c.ID, m.id)
	if err := m.leaveOffers("withdrawn"); err != nil { // of a transfer
		return err
	}
	m.store.revoke(m.c.ID, &h.OrgID, "full", m.id)
	if err := m.jobs.CancelCase(&m.id, m.c.ID, servingPromises()...); err != nil {
		return err
	}
	m.jobs.TellLine(h.ProgramID)
	m.store.closeAgencyTasks(m.c.ID, h.OrgID, m.id)
	return m.closeAnswered(h)
}

// closeEyes: of a closed case an agency that had her to the end sees her no more, unless another of its programs still may.
func (m *moving) closeEyes(f *family) error {
	agencies, err := m.store.agenciesThatSee(m.c.ID)
	if err != nil {
		return err
	}
	for _, agency := range agencies {
		run, err := m.store.programsServed(m.c.ID, agency)
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(run, func(p uuid.UUID) bool { return restsOn(f.consents, p) != nil }) {
			m.store.revoke(m.c.ID, &agency, "full", m.id)
		}
	}
	return nil
}

// callBackHandover ends an open hand-over: another jurisdiction's office is not waited for, and a person tells it.
func (m *moving) callBackHandover() error {
	open, err := m.store.handoverIsOpen(m.c.ID)
	if err != nil || !open {
		return err
	}
	m.store.forgetHandover(m.c.ID, m.id)
	if err := m.jobs.CancelCase(&m.id, m.c.ID, jobs.HandoverUnanswered); err != nil {
		return err
	}
	return m.takenBack()
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
