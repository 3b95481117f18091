package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// bereave stops, in the transaction that writes a loss or a child's death, everything that would speak of a baby: nothing queued
// to her leaves, promises to her wait, and no rule sends her anywhere. A person calls. An agency that has her keeps her.
func (m *moving) bereave(f *family, reason string) error {
	hub, err := m.hub()
	if err != nil {
		return err
	}
	agency, subject, err := m.whoHasHer()
	if err != nil {
		return err
	}
	holder := hub.ID
	if agency != uuid.Nil {
		holder = agency
	}
	owner, err := m.byName(hub.ID, agency)
	if err != nil {
		return err
	}
	if err := m.hold(HoldBereavement, reason, holder, owner, nil); err != nil {
		return err
	}
	if err := m.stopHer(reason); err != nil {
		return err
	}
	if len(f.infants) == 0 {
		if err := m.noChild(subject); err != nil {
			return err
		}
	}
	if err := m.ask(hub.ID, auth.TriageSupervisor, taskLoss, m.c.ID, true); err != nil {
		return err
	}
	if err := m.offerHope(hub.ID); err != nil {
		return err
	}
	if agency != uuid.Nil {
		if err := m.ask(agency, auth.AgencyManager, taskLoss, subject, true); err != nil || owner == nil || *owner == m.tx.Actor.ID {
			return err
		}
		return m.ask(agency, auth.AgencyManager, taskTellVisitor, subject, true)
	}
	if _, err := m.decide(f, reason); err != nil { // for the person who looks: the pack recommends nothing about a baby
		return err
	}
	return m.putBefore(reviewLoss)
}

// byName is the person through whom clocks that run on reach the family: her visitor, else who at the hub answers for her; nil where
// nobody is there, and the desk does.
func (m *moving) byName(hub, agency uuid.UUID) (*uuid.UUID, error) {
	if agency != uuid.Nil {
		h, err := m.whoServes()
		return h.VisitorID, err
	}
	owner, err := m.store.freeOwner(hub, m.c.OwnerID)
	if err != nil || owner == uuid.Nil {
		return nil, err
	}
	return &owner, nil
}

// offerHope has a person at the hub offer bereavement support, once: not again when a second child dies, but after a loss that was
// recorded in error it was never due.
func (m *moving) offerHope(hub uuid.UUID) error {
	asked, err := m.store.wasAskedInEarnest(m.c.ID, taskHope)
	if err != nil || asked {
		return err
	}
	return m.ask(hub, auth.TriageSupervisor, taskHope, m.c.ID, false)
}

// stopHer stops what machines would send to her, on every case of hers: no send begins after this transaction. A caregiver who died is
// marked so.
func (m *moving) stopHer(why string) error {
	records, err := m.store.stopSends(m.c.CaregiverID)
	if err != nil {
		return err
	}
	m.jobs.WithdrawAllToClient(records)
	if why == ClientDied {
		m.store.clientDied(m.c.CaregiverID)
	}
	return nil
}

// whoHasHer is the agency of the open claim or enrollment, and that row; the nil ids when no agency has her.
func (m *moving) whoHasHer() (agency, subject uuid.UUID, err error) {
	if !m.was.Status.served() {
		return uuid.Nil, uuid.Nil, nil
	}
	h, err := m.whoServes()
	return h.OrgID, h.ID, err
}

// noChild ends the clocks that run to a child's birth or by a child's age.
func (m *moving) noChild(enrollment uuid.UUID) error {
	m.c.WindowClosesOn = nil
	if err := m.jobs.CancelCase(&m.id, m.c.ID, jobs.WindowClosing, jobs.CompletionCheck); err != nil {
		return err
	}
	for _, subject := range []uuid.UUID{m.c.ID, enrollment} {
		if err := m.jobs.CloseTasks(&m.id, subject, jobs.TaskNotNeeded, taskWindowClosing, taskCompletion); err != nil {
			return err
		}
	}
	return nil
}

// putBefore takes an unclaimed case off every list and out of every agency's sight, and puts it before a person at the hub. An
// open alarm stays the first reason.
func (m *moving) putBefore(reason string) error {
	m.store.leave(m.c.ID, nil, waitWithdrawn, m.id)
	reasons, err := m.alarmFirst(reason)
	if err != nil {
		return err
	}
	return m.toReview(reasons, m.clocks())
}

// forAPerson names why no rule may send this family anywhere: it was put before a person for that, or it still is so.
func (m *moving) forAPerson(f *family) []string {
	out := f.forAPerson()
	for _, r := range m.was.ReviewReasons {
		if (r == reviewLoss || r == reviewNoChild) && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	if m.compartment && !slices.Contains(out, reviewNeedsPerson) {
		out = append(out, reviewNeedsPerson)
	}
	return out
}

// bereft: a pregnancy ended, or a child died.
func (f *family) bereft() bool { return f.lost || f.pregnancy.ended() || len(f.died) > 0 }

func (f *family) forAPerson() []string {
	switch {
	case f.client.DeathRecordedAt != nil:
		return []string{reviewClientDied}
	case f.lost || f.pregnancy.ended() || len(f.died) > 0 && len(f.infants) == 0:
		return []string{reviewLoss}
	case f.gone > 0 && len(f.infants) == 0:
		return []string{reviewNoChild}
	}
	return nil
}

// stillPregnant refuses what can be told of a pregnancy only once, and only of the parent who carries it.
func (m *moving) stillPregnant(f *family) error {
	switch {
	case m.c.CaregiverRole != careGiverIsBirthParent:
		return fault.New(fault.Conflict, "This is recorded on the case of the parent who carries or carried the child.")
	case f.pregnancy.ended():
		return fault.New(fault.Conflict, "It is recorded already that this pregnancy ended.")
	case m.c.Stage != "prenatal":
		return fault.New(fault.Conflict, "The birth is recorded already.")
	}
	return nil
}

// familyDates is a checker of dates by the hub's day.
func (w *work) familyDates() (*checker, error) {
	_, cal, err := w.desk()
	if err != nil {
		return nil, err
	}
	return &checker{now: w.tx.Now, today: cal.Day(w.tx.Now)}, nil
}
