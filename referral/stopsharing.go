package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/jobs"
)

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
