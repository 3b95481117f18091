package referral

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// AcknowledgeAlarm says that a person has seen it: the ladder stops. The case stays in review until the outcome is written.
// Faults: Conflict when somebody acknowledged before.
func (s *Service) AcknowledgeAlarm(ctx context.Context, actor auth.Actor, id uuid.UUID) (Receipt, error) {
	if err := actor.Require(auth.AlarmAnswer); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		m, a, err := s.work(tx).lockAlarm(id)
		if err != nil {
			return Receipt{}, err
		}
		if a.AcknowledgedAt != nil {
			return Receipt{}, fault.New(fault.Conflict, "This alarm was acknowledged at %s.", a.AcknowledgedAt.Format("2006-01-02 15:04 MST"))
		}
		if err := m.acknowledge(a); err != nil {
			return Receipt{}, err
		}
		return m.receipt(), m.audit.Record(audit.Event{Action: "acknowledge alarm", CaseID: &m.c.ID, Subject: "alarm", SubjectID: &a.ID})
	})
}

func (m *moving) acknowledge(a Alarm) error {
	m.store.acknowledgeAlarm(a.ID)
	if err := m.jobs.Keep(&m.id, a.ID, jobs.AlarmEscalate); err != nil {
		return err
	}
	return m.jobs.CloseTasks(&m.id, a.ID, jobs.TaskDone, taskAlarm, taskCallReferrer)
}

// AlarmOutcome is what a person did about an alarm.
type AlarmOutcome struct {
	Outcome string `json:"outcome" validate:"required,oneof=safe_now safety_plan_made emergency_services in_care_of_referrer could_not_reach"`
	Remarks string `json:"remarks" validate:"max=2000"` // sealed
}

// RecordAlarmOutcome writes how it ended and lets the case go on: to outreach, to an offer, or on with its review.
// Faults: Conflict when an outcome is there already.
func (s *Service) RecordAlarmOutcome(ctx context.Context, actor auth.Actor, id uuid.UUID, in AlarmOutcome) (Receipt, error) {
	if err := actor.Require(auth.AlarmAnswer); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		m, a, err := s.work(tx).lockAlarm(id)
		if err != nil {
			return Receipt{}, err
		}
		if a.Outcome != nil {
			return Receipt{}, fault.New(fault.Conflict, "The outcome of this alarm was written already.")
		}
		if m.c.Status == Closed { // the alarm ends all the same, and nothing moves
			if err := m.endAlarm(a, in); err != nil {
				return Receipt{}, err
			}
			return m.receipt(), m.audit.Record(audit.Event{Action: string(ActAlarmOutcome), CaseID: &m.c.ID, Subject: "alarm",
				SubjectID: &a.ID, Detail: m.detail})
		}
		if err := CheckAction(m.c.Status, ActAlarmOutcome); err != nil {
			return Receipt{}, err
		}
		return m.finish(func(m *moving) error { return m.endAlarm(a, in) })
	})
}

func (m *moving) endAlarm(a Alarm, in AlarmOutcome) error {
	if a.AcknowledgedAt == nil {
		if err := m.acknowledge(a); err != nil {
			return err
		}
	}
	m.answered = a.ID
	m.detail["alarm"], m.detail["outcome"] = a.ID, in.Outcome
	m.store.endAlarm(a.ID, in.Outcome, m.tx.Keys().Seal("alarms", "remarks_sealed", a.ID, []byte(in.Remarks)))
	if m.c.Status != Review {
		return nil // an agency has her; the desk answers the alarm and nothing moves
	}
	return m.retriage("alarm_outcome")
}

// lockAlarm finds an alarm and locks its case.
func (w *work) lockAlarm(id uuid.UUID) (*moving, Alarm, error) {
	a, err := w.store.alarm(id)
	if err != nil {
		return nil, a, err
	}
	m, err := w.lock(a.CaseID, ActAlarmOutcome)
	if err != nil {
		return nil, a, err
	}
	if a, err = w.store.alarm(id); err != nil { // as it is under the lock
		return nil, a, fmt.Errorf("read alarm %s again: %w", id, err)
	}
	return m, a, nil
}
