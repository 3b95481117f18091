package referral

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/providers"
	"doorstep/triage"
)

// errRulesFail makes the job of a case without a decision try again.
var errRulesFail = errors.New("no live rule set decided this case")

// Handlers are the jobs of this package by kind. Each was promised by a use case as a follow-up (or enqueued, case.triage), is
// handed over by the sweeper when its business time has come, and leaves one effect however often it runs: it locks the case,
// looks whether the promise still stands, and settles the job in the same transaction.
func (s *Service) Handlers() map[jobs.Kind]func(context.Context, jobs.Job) error {
	return map[jobs.Kind]func(context.Context, jobs.Job) error{
		jobs.CaseTriage:         s.Retriage,
		jobs.RulesChanged:       s.RulesChanged,
		jobs.OfferExpire:        s.ExpireOffer,
		jobs.AlarmEscalate:      s.ClimbAlarm,
		jobs.ReviewDue:          s.overdue(taskReview, auth.TriageSupervisor, true),
		jobs.OutreachDue:        s.overdue(taskOutreach, auth.TriageCoordinator, false),
		jobs.BatchItem:          s.WorkBatchItem,
		jobs.BatchSpread:        s.SpreadBatch,
		jobs.PlaceFree:          s.OfferFreedPlaces,
		jobs.WaitlistTouch:      s.TouchWaiting,
		jobs.WaitlistExit:       s.LeaveUnanswered,
		jobs.WindowClosing:      s.WindowClosing,
		jobs.FirstAttemptDue:    s.overdue(taskFirstAttempt, auth.AgencyManager, true),
		jobs.NextAttemptDue:     s.overdue(taskNextAttempt, auth.AgencyCoordinator, false),
		jobs.FirstVisitDue:      s.overdue(taskFirstVisit, auth.AgencyManager, true),
		jobs.HandoverUnanswered: s.overdue(taskHandover, auth.TriageSupervisor, true),
		jobs.VisitDrought:       s.overdue(taskVisitDrought, auth.AgencyCoordinator, false),
		jobs.CompletionCheck:    s.overdue(taskCompletion, auth.AgencyCoordinator, false),
		jobs.HoldReview:         s.HoldOverdue,
		jobs.ConnectionCheck:    s.ConnectionUnsettled,
		jobs.ContactRecheck:     s.RecheckContacts,
		jobs.ImportCheck:        s.CheckUploaded,
		jobs.ImportRow:          s.SendImportRow,
	}
}

// handle runs fn on a locked case as the system and settles the job with it.
func (s *Service) handle(ctx context.Context, job jobs.Job, caseID uuid.UUID, fn func(*moving) error) error {
	return s.db.InTx(ctx, auth.System(string(job.Kind)), func(tx *pg.Tx) error {
		m, err := s.work(tx).lock(caseID, "")
		if err != nil {
			return err
		}
		if err := fn(m); err != nil {
			return err
		}
		return m.jobs.Settle(job)
	})
}

// due is handle for a follow-up: fn runs only while the promise still stands under the case's lock.
func (s *Service) due(ctx context.Context, job jobs.Job, fn func(*moving, jobs.FollowUp) error) error {
	return s.db.InTx(ctx, auth.System(string(job.Kind)), func(tx *pg.Tx) error {
		w := s.work(tx)
		promise, err := w.jobs.FollowUp(job.SubjectID)
		if err != nil {
			return err
		}
		m, err := w.lock(promise.CaseID, "")
		if err != nil {
			return err
		}
		if promise, err = w.jobs.FollowUp(job.SubjectID); err != nil {
			return err
		}
		if promise.Pending() {
			if err := fn(m, promise); err != nil {
				return err
			}
		}
		return w.jobs.Settle(job)
	})
}

// overdue makes a person of the organization that promised do what it promised.
func (s *Service) overdue(kind string, role auth.Role, urgent bool) func(context.Context, jobs.Job) error {
	return func(ctx context.Context, job jobs.Job) error {
		return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
			if err := m.ask(promise.OwedBy, role, kind, promise.SubjectID, urgent); err != nil {
				return err
			}
			if kind == taskOutreach { // the last way may have become too old since it was promised
				if err := m.routeLeft(); err != nil {
					return err
				}
			}
			return m.audit.Record(audit.Event{Action: "promise overdue", CaseID: &m.c.ID, Subject: kind, SubjectID: &promise.SubjectID})
		})
	}
}

// ClimbAlarm is the follow-up behind alarm.escalate: nobody acknowledged in time, so the next rung is told. The last rung is a
// person who calls the referrer back; after it nothing climbs, and the task stays open until somebody ends it.
func (s *Service) ClimbAlarm(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
		a, err := m.store.alarm(promise.SubjectID)
		if err != nil || a.AcknowledgedAt != nil {
			return err
		}
		var ladder []triage.LadderStep
		if clocks := m.clocks(); clocks != nil {
			ladder = clocks.AlarmLadder
		}
		step := a.LadderStep + 1
		kind, role := rungTask(ladder, step)
		if err := m.jobs.CloseTasks(nil, a.ID, jobs.TaskNotNeeded, taskAlarm); err != nil {
			return err
		}
		if err := m.ask(promise.OwedBy, role, kind, a.ID, true); err != nil {
			return err
		}
		m.store.climbAlarm(a.ID, step)
		if err := m.audit.Record(audit.Event{Action: "alarm climbs", CaseID: &m.c.ID, Subject: "alarm", SubjectID: &a.ID,
			Detail: map[string]any{"rung": step}}); err != nil {
			return err
		}
		if kind == taskCallReferrer {
			return nil
		}
		return m.climbLater(a, promise, ladder, step+1)
	})
}

func (m *moving) climbLater(a Alarm, promise jobs.FollowUp, ladder []triage.LadderStep, step int) error {
	cal, err := m.calendar(promise.OwedBy)
	if err != nil {
		return err
	}
	if err := m.jobs.Keep(nil, a.ID, jobs.AlarmEscalate); err != nil {
		return err
	}
	due := later(cal.AddUrgent(a.RaisedAt, climb(ladder, step)), cal.NextOpen(providers.UrgentHours, m.tx.Now))
	return m.promise(jobs.AlarmEscalate, a.ID, promise.OwedBy, due)
}

// rungTask is who is told on a rung, and as what.
func rungTask(ladder []triage.LadderStep, step int) (kind string, role auth.Role) {
	who := rungReferrer
	switch {
	case step < len(ladder):
		who = ladder[step].Who
	case len(ladder) == 0 && step < rungsWithout:
		who = rungSupervisor
	}
	switch who {
	case rungManager:
		return taskAlarm, auth.ProgramManager
	case rungReferrer:
		return taskCallReferrer, auth.TriageSupervisor
	}
	return taskAlarm, auth.TriageSupervisor
}
