package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/triage"
)

// The alarm ladder of the pack counts minutes of the hub's urgent hours since the alarm was raised. Its first rung is the desk,
// told at once; the promise is that somebody saw it before the second rung is climbed.
const (
	firstClimb     = 1
	climbWithout   = 15 * time.Minute // a rung when no rule set is live
	rungsWithout   = 3
	rungSupervisor = "supervisor"
	rungManager    = "manager"
	rungReferrer   = "call_referrer"
)

// raise writes an alarm with its ladder and the task for the hub's desk. It runs whatever consent and holds say.
func (m *moving) raise(kind string, referral uuid.UUID, ladder []triage.LadderStep) (Alarm, error) {
	hub, cal, err := m.desk()
	if err != nil {
		return Alarm{}, err
	}
	seenBy := cal.AddUrgent(m.tx.Now, climb(ladder, firstClimb))
	a := Alarm{ID: pg.NewID(), CaseID: m.c.ID, ReferralID: referral, Kind: kind, RaisedAt: m.tx.Now, SeenByDue: seenBy}
	if err := m.tx.Insert(&a); err != nil {
		return a, err
	}
	if err := m.promise(jobs.AlarmEscalate, a.ID, hub.ID, seenBy); err != nil {
		return a, err
	}
	m.raised++
	return a, m.jobs.AddTask(jobs.Task{CaseID: &m.c.ID, OrgID: hub.ID, Role: auth.TriageCoordinator, Kind: taskAlarm,
		SubjectID: a.ID, Urgent: true, DueAt: seenBy})
}

// alarmOpen reports whether an alarm of this case still waits for its outcome.
func (m *moving) alarmOpen() (bool, error) {
	if m.raised > 0 || m.fresh {
		return m.raised > 0, nil
	}
	alarms, err := m.store.alarms(m.c.ID)
	_, open := find(alarms, func(a Alarm) bool { return a.Outcome == nil && a.ID != m.answered })
	return open, err
}

// noAlarmOpen: while somebody may be in danger a family stays in review; nothing is offered, ended or sent away.
func (m *moving) noAlarmOpen() error {
	open, err := m.alarmOpen()
	if err == nil && open {
		err = fault.New(fault.Conflict, "An alarm of this case has no outcome yet. Write it first.")
	}
	return err
}

// alarmFirst puts an open alarm before the other reasons for which a person must look.
func (m *moving) alarmFirst(reasons ...string) ([]string, error) {
	open, err := m.alarmOpen()
	if open {
		reasons = append([]string{reviewAlarm}, reasons...)
	}
	return reasons, err
}

// climb is how many urgent minutes after the alarm this rung is reached.
func climb(ladder []triage.LadderStep, step int) time.Duration {
	if step >= len(ladder) {
		return time.Duration(step) * climbWithout
	}
	return time.Duration(ladder[step].AfterMinutes) * time.Minute
}
