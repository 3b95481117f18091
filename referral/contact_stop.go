package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// StopForm says that she wants no contact, and how it was heard. There is no place for why.
type StopForm struct {
	Said string `json:"said" validate:"required,oneof=she_said told_by_another"`
	How  string `json:"how" validate:"required,oneof=in_person phone text email letter"`
}

// StopContact writes that she asked not to be contacted: at that instant nobody may, neither hub nor agency nor machine, also after a
// new referral by somebody else. A case that no agency has waits for her word at the hub and keeps its place in line; an agency
// that has her is told. Whoever hears it may write it; of two sources the stricter counts.
// Faults: Conflict when it is written already; NotFound for a family that the agency does not have; Unavailable when a send to her
// did not end in time.
func (s *Service) StopContact(ctx context.Context, actor auth.Actor, id uuid.UUID, in StopForm) (Receipt, error) {
	return s.wishMove(ctx, actor, id, ActStopContact, in, func(m *moving, f *family) error {
		if f.client.DoNotContact && f.stoppedHere { // of another record alone: hers too, since that link may be undone
			return fault.New(fault.Conflict, "It is written already that she asked not to be contacted.")
		}
		return m.stopContact(f, in)
	})
}

// wishMove is the frame of what she says about contact at all. On a closed case it moves nothing and holds all the same.
func (s *Service) wishMove(ctx context.Context, actor auth.Actor, id uuid.UUID, action Action, form any, change func(*moving, *family) error) (Receipt, error) {
	if err := actor.Require(auth.CaseContact); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(form); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		m, err := s.work(tx).lock(id, action)
		if err != nil {
			return Receipt{}, err
		}
		if err := m.hasFamily(); err != nil {
			return Receipt{}, err
		}
		return m.wished(change)
	})
}

func (m *moving) wished(change func(*moving, *family) error) (Receipt, error) {
	f, err := m.family()
	if err != nil {
		return Receipt{}, err
	}
	if m.c.Status != Closed {
		if err := m.checkAction(); err != nil {
			return Receipt{}, err
		}
		return m.finish(func(m *moving) error { return change(m, f) })
	}
	if err := change(m, f); err != nil {
		return Receipt{}, err
	}
	return m.receipt(), m.audit.Record(audit.Event{Action: string(m.action), CaseID: &m.c.ID, Subject: "client", SubjectID: &m.c.CaregiverID, Detail: m.detail})
}

func (m *moving) stopContact(f *family, in StopForm) error {
	if _, err := m.store.stopSends(m.c.CaregiverID); err != nil {
		return err
	}
	m.store.refuseContact(m.c.CaregiverID)
	f.client.DoNotContact = true
	if err := m.wish("stop", in.Said, in.How, m.tx.Actor.ID); err != nil {
		return err
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	cases, err := m.store.casesOfHer(m.c.CaregiverID)
	if err != nil {
		return err
	}
	for _, c := range cases { // her other cases stand under other locks: the gate holds for them, and a person looks
		m.jobs.WithdrawToClient(c.ID)
		if c.ID == m.c.ID || !c.open() {
			continue
		}
		if m.c.StandsOn != nil && *m.c.StandsOn == c.ID { // her case goes on there, and stops there
			if err := m.stopsThere(c.ID, hub.ID); err != nil {
				return err
			}
			continue
		}
		err := m.jobs.AddTask(jobs.Task{CaseID: &c.ID, OrgID: hub.ID, Role: auth.TriageCoordinator, Kind: taskStopHeard, SubjectID: c.ID, DueAt: m.tx.Now})
		if err != nil {
			return err
		}
	}
	return m.waitForHerWord(hub.ID)
}

// stopsThere stops the case on which this one stands: the agency that has her is told, and no promise to her is left open.
func (m *moving) stopsThere(live, hub uuid.UUID) error {
	if err := m.tx.Flush(); err != nil {
		return err
	}
	host, err := m.lock(live, ActStopContact)
	if err != nil || !host.c.open() {
		return err
	}
	if err := host.waitForHerWord(hub); err != nil {
		return err
	}
	return host.save()
}

// waitForHerWord: no promise to her is left to keep.
func (m *moving) waitForHerWord(hub uuid.UUID) error {
	if m.c.Status == Closed {
		return nil
	}
	if err := m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskNotNeeded, taskFindWay); err != nil {
		return err
	}
	if !m.c.Status.served() {
		reasons := slices.DeleteFunc(slices.Clone(m.was.ReviewReasons), func(r string) bool { return r == reviewAlarm || r == reviewNoPermission })
		reasons, err := m.alarmFirst(append(reasons, reviewNoPermission)...) // what a person had to look at before, she has still
		if err != nil {
			return err
		}
		return m.toReview(reasons, m.clocks())
	}
	agency, subject, err := m.whoHasHer()
	if err != nil {
		return err
	}
	if err := m.jobs.CancelCase(&m.id, m.c.ID, toHer()...); err != nil {
		return err
	}
	if m.c.Status == Claimed {
		m.c.NextStep, m.c.NextDueAt = stepHerWord, nil
	}
	if err := m.ask(hub, auth.TriageSupervisor, taskStopped, m.c.ID, false); err != nil {
		return err
	}
	return m.ask(agency, auth.AgencyManager, taskStopped, subject, true)
}

// errHerWord: what would be done for her begins with her own word, written first.
func errHerWord() error {
	return fault.New(fault.Conflict, "She asked not to be contacted. Write her own later word first, then go on.")
}

func (m *moving) wish(what, said, how string, heardBy uuid.UUID) error {
	m.detail["said"], m.detail["how"], m.detail["heard_by"] = said, how, heardBy
	return m.tx.Insert(&wish{ID: pg.NewID(), ClientID: m.c.CaregiverID, CaseID: m.c.ID, Wish: what, Said: said, How: how, HeardBy: heardBy,
		OrgID: m.tx.Actor.OrgID, HeardAt: m.tx.Now})
}
