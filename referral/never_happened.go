package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// neverHappened takes back what was recorded of a family and never happened. Staff clocks and windows come back. What had been stopped to her
// does not begin again by itself: messages stay withdrawn, an unclaimed case waits for a person, and an agency that has her is told
// by a task. Newest first: a birth is not taken back under a death.
func (m *moving) neverHappened(in CorrectForm) error {
	m.detail["taken_back"] = in.TakeBack
	if in.TakeBack != "client_death" && !m.c.open() {
		return fault.New(fault.Conflict, "This case is closed. Open it again first.")
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	switch in.TakeBack {
	case "birth":
		err = m.noBirth(f)
	case "loss":
		err = m.noLoss(f)
	case "child_death":
		err = m.childrenLive(f, in.Infants)
	case "client_death":
		return m.clientLives(f)
	case "caregiver":
		err = m.childrenBack(f, in.Infants)
	}
	if err != nil {
		return err
	}
	return m.personDecides(f, reviewCorrected, taskTakenBack)
}

// personDecides lets the rules read the family again, and a person decide: at the hub by the reason, at an agency that has her by a task.
func (m *moving) personDecides(f *family, reason, task string) error {
	m.redated = true
	if m.was.Status.served() {
		agency, subject, err := m.whoHasHer()
		if err != nil {
			return err
		}
		if err := m.ask(agency, auth.AgencyManager, task, subject, true); err != nil {
			return err
		}
		return m.factsChanged(f, string(m.action))
	}
	if _, err := m.decide(f, string(m.action)); err != nil {
		return err
	}
	return m.putBefore(reason)
}

// noBirth makes it a pregnancy again. The children that were written down are ended.
func (m *moving) noBirth(f *family) error {
	switch {
	case f.pregnancy == nil || f.pregnancy.Outcome == nil || *f.pregnancy.Outcome != outcomeBirth:
		return fault.New(fault.Conflict, "No birth is recorded on this case.")
	case len(f.taken) > 0:
		return fault.New(fault.Conflict, "A child of this birth died or left this case since. Take that back first.")
	}
	ids := make([]uuid.UUID, len(f.infants))
	for i, child := range f.infants {
		ids[i] = child.ID
	}
	m.store.endInfants(ids)
	f.infants = nil
	m.notOver(f)
	m.c.Stage = "prenatal"
	m.store.offersShow(m.c.ID, m.c.Stage)
	return nil
}

func (m *moving) noLoss(f *family) error {
	if !f.pregnancy.ended() {
		return fault.New(fault.Conflict, "No loss is recorded on this case.")
	}
	m.notOver(f)
	return m.bereaveNoMore(f)
}

func (m *moving) notOver(f *family) {
	f.pregnancy.Outcome, f.pregnancy.OutcomeOn, f.pregnancy.MotherDischargedOn = nil, nil, nil
	m.store.notOver(m.c.EpisodeID)
}

func (m *moving) childrenLive(f *family, ids []uuid.UUID) error {
	for _, id := range ids {
		i := slices.IndexFunc(f.died, func(child Infant) bool { return child.ID == id })
		if i < 0 {
			return fault.Problems([]fault.Field{{Pointer: "/infants", Code: "unknown", Detail: "No death of this child is recorded on this case."}})
		}
		child := f.died[i]
		child.DeathRecordedAt, child.DiedOn = nil, nil
		f.died, f.infants = slices.Delete(f.died, i, i+1), append(f.infants, child)
	}
	m.store.infantsLive(ids)
	return m.bereaveNoMore(f)
}

// bereaveNoMore ends, unless another loss stands, the holds of the one that was none and what it gave people to do.
func (m *moving) bereaveNoMore(f *family) error {
	if f.bereft() {
		return nil
	}
	_, subject, err := m.whoHasHer()
	if err != nil {
		return err
	}
	for _, id := range []uuid.UUID{m.c.ID, subject} {
		if err := m.jobs.CloseTasks(&m.id, id, jobs.TaskNotNeeded, taskLoss, taskHope, taskTellVisitor); err != nil {
			return err
		}
	}
	holds, err := m.store.openHolds(m.c.ID)
	if err != nil {
		return err
	}
	for _, h := range holds {
		if h.Kind != HoldBereavement {
			continue
		}
		if err := m.lift(h, byError); err != nil {
			return err
		}
	}
	return nil
}

// clientLives opens the case again that her death had closed. An enrollment that ended with it does not begin again by itself; her
// other cases stand under their own locks, so that each is a task.
func (m *moving) clientLives(f *family) error {
	if m.c.open() || *m.c.Disposition != ClientDied {
		return fault.New(fault.Conflict, "This case was not closed by her death.")
	}
	m.store.clientLives(m.c.CaregiverID)
	f.client.DeathRecordedAt = nil
	hub, err := m.hub()
	if err != nil {
		return err
	}
	cases, err := m.store.casesOfHer(m.c.CaregiverID)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if err := m.jobs.CloseTasks(&m.id, c.ID, jobs.TaskNotNeeded, taskDeath, taskInfants); err != nil {
			return err
		}
		inReview := slices.Contains(c.ReviewReasons, reviewClientDied)
		if died := !c.open() && *c.Disposition == ClientDied; c.ID == m.c.ID || !died && !inReview {
			continue
		}
		if err := m.askAbout(c.ID, hub.ID, auth.TriageSupervisor, taskAnotherCase, true); err != nil {
			return err
		}
	}
	ended, err := m.store.endedByDeath(m.c.ID)
	if err != nil {
		return err
	}
	if ended {
		if err := m.ask(hub.ID, auth.TriageSupervisor, taskEndedWrong, m.c.ID, true); err != nil {
			return err
		}
	}
	return m.reopen()
}
