package jobs_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

func TestKeepAndCancelEndOnlyWhatTheyName(t *testing.T) {
	w := newWorld(t)
	subject, move := pg.NewID(), pg.NewID()
	expire := w.promise(jobs.OfferExpire, subject, time.Hour, nil)
	attempt := w.promise(jobs.FirstAttemptDue, subject, time.Hour, nil)
	review := w.promise(jobs.ReviewDue, w.caseID, time.Hour, nil)
	w.do(func(s *jobs.Store) error { return s.Keep(&move, subject, jobs.OfferExpire, jobs.ReviewDue) })
	w.want("done", `SELECT status FROM follow_ups WHERE id = $1 AND closed_move = $2`, expire, move)
	w.want("open", `SELECT status FROM follow_ups WHERE id = $1`, attempt)
	w.do(func(s *jobs.Store) error { return s.CancelCase(nil, w.caseID, jobs.ReviewDue) })
	w.want("cancelled", `SELECT status FROM follow_ups WHERE id = $1`, review)
	w.want("open", `SELECT status FROM follow_ups WHERE id = $1`, attempt)
	w.do(func(s *jobs.Store) error { return s.CancelCase(nil, w.caseID) })
	w.want("cancelled", `SELECT status FROM follow_ups WHERE id = $1`, attempt)
}

func TestAHandlerMayPromiseTheSameAgain(t *testing.T) {
	w := newWorld(t)
	job := w.leased()
	w.do(func(s *jobs.Store) error {
		f, err := s.FollowUp(job.SubjectID)
		if err != nil {
			return err
		}
		if !f.Pending() {
			t.Errorf("status %s", f.Status)
		}
		if err := s.Keep(nil, f.SubjectID, f.Kind); err != nil {
			return err
		}
		next := jobs.FollowUp{CaseID: f.CaseID, Kind: f.Kind, SubjectID: f.SubjectID, OwedBy: f.OwedBy, DueAt: f.DueAt.Add(time.Hour)}
		if err := s.Promise(next); err != nil {
			return err
		}
		return s.Settle(job)
	})
	w.want("done open", `SELECT string_agg(status, ' ' ORDER BY status) FROM follow_ups`)
}

func TestUndoTakesBackWhatAMoveDid(t *testing.T) {
	w := newWorld(t)
	subject, move := pg.NewID(), pg.NewID()
	before := w.promise(jobs.OfferExpire, subject, 0, nil)
	w.sweep() // handed over: due while the move happened
	task := jobs.Task{CaseID: &w.caseID, OrgID: w.hub, Role: auth.TriageCoordinator, Kind: "call_her", SubjectID: subject}
	w.do(func(s *jobs.Store) error { return s.AddTask(task) })
	w.do(func(s *jobs.Store) error {
		return errors.Join(s.Keep(&move, subject, jobs.OfferExpire), s.CloseTasks(&move, subject, jobs.TaskDone, "call_her"),
			s.AddTask(jobs.Task{CaseID: &w.caseID, OrgID: w.hub, Role: auth.TriageCoordinator, Kind: "new", SubjectID: subject, OpenedMove: &move}),
			s.Promise(jobs.FollowUp{CaseID: w.caseID, Kind: jobs.OfferExpire, SubjectID: subject, OwedBy: w.hub,
				DueAt: w.clock.now.Add(time.Hour), OpenedMove: &move}),
			s.Queue(w.feedback("reached", &move)))
	})
	w.do(func(s *jobs.Store) error { return s.Undo(w.caseID, move) })
	w.want("open", `SELECT status FROM follow_ups WHERE id = $1 AND closed_move IS NULL`, before)
	w.want("cancelled", `SELECT status FROM follow_ups WHERE opened_move = $1`, move)
	w.want("call_her", `SELECT string_agg(kind, ' ') FROM tasks WHERE closed_at IS NULL AND closed_move IS NULL`)
	w.want("no_longer_needed", `SELECT closed_as FROM tasks WHERE kind = 'new'`)
	w.want("withdrawn", `SELECT status FROM messages`)
	w.do(func(s *jobs.Store) error { return s.Undo(w.caseID, move) }) // a second time changes nothing
	w.want("1", `SELECT count(*) FROM follow_ups WHERE status = 'open'`)
}

func TestOneMessageAReferralAndTemplate(t *testing.T) {
	w := newWorld(t)
	move := pg.NewID()
	for range 2 {
		w.do(func(s *jobs.Store) error { return s.Queue(w.feedback("received", &move)) })
	}
	w.want("1", `SELECT count(*) FROM messages`)
	w.do(func(s *jobs.Store) error { return s.WithdrawMessages(w.caseID, move) })
	w.do(func(s *jobs.Store) error { return s.Queue(w.feedback("received", nil)) })
	w.want("queued withdrawn", `SELECT string_agg(status, ' ' ORDER BY status) FROM messages`)
}

// feedback is a message to the referrer that may leave at once.
func (w *world) feedback(milestone string, move *uuid.UUID) jobs.Message {
	return jobs.Message{CaseID: w.caseID, ReferralID: &w.referral, ClientID: w.client, Audience: "referrer", Channel: "email",
		Template: milestone, NotBefore: w.clock.now, OpenedMove: move}
}

func TestTheLedgerOfASend(t *testing.T) {
	w := newWorld(t)
	for _, end := range []struct{ first, then, status, task string }{
		{jobs.Sent, "", "sent", ""},
		{jobs.Failed, "", "failed", "message.failed"},
		{jobs.InDoubt, "", "in_doubt", "message.in_doubt"},
		{jobs.HandedOver, "", "handed_over", ""},
		{jobs.InDoubt, jobs.Sent, "sent", ""},                           // the answer came late
		{jobs.InDoubt, jobs.HandedOver, "in_doubt", "message.in_doubt"}, // its job may be finished
	} {
		message := w.feedback(end.first+" "+end.then, nil)
		message.ID = pg.NewID()
		w.do(func(s *jobs.Store) error { return s.Queue(message) })
		w.sweep()
		var m jobs.Message
		w.do(func(s *jobs.Store) (err error) {
			if m, err = s.LockMessage(message.ID); err != nil {
				return err
			}
			err = s.BeginSend(&m, time.Minute)
			return err
		})
		w.do(func(s *jobs.Store) error { return s.EndSend(m, end.first, "code") })
		if end.then != "" {
			err := w.try(func(s *jobs.Store) error { return s.EndSend(m, end.then, "") })
			if (end.then == jobs.HandedOver) != errors.Is(err, jobs.ErrSuperseded) {
				t.Errorf("%s then %s: %v", end.first, end.then, err)
			}
		}
		w.want(end.status, `SELECT status FROM messages WHERE id = $1`, m.ID)
		w.want(end.task, `SELECT kind FROM tasks WHERE closed_at IS NULL AND subject_id = $1`, m.ID)
	}
}

func TestASendPastItsLeaseIsInDoubt(t *testing.T) {
	w := newWorld(t)
	w.do(func(s *jobs.Store) error { return s.Queue(w.feedback("received", nil)) })
	w.sweep()
	w.exec(`UPDATE messages SET status = 'sending', attempt = 1, lease_until = clock_timestamp() + interval '1 hour'`)
	if n := w.sweep(); n != 0 {
		t.Fatalf("in doubt before its lease was over: %d", n)
	}
	w.leasesRunOut()
	if n := w.sweep() + w.sweep(); n != 1 {
		t.Fatalf("%d sends put in doubt", n)
	}
	w.want("in_doubt", `SELECT status FROM messages`)
	w.want(w.hub.String(), `SELECT org_id FROM tasks WHERE kind = 'message.in_doubt' AND urgent`)
}

func TestTasksAreListedByUrgencyThenTimeAndOnlyToTheirOrganization(t *testing.T) {
	w := newWorld(t)
	agency := auth.Actor{Kind: "user", ID: pg.NewID(), OrgID: w.agency, OrgKind: auth.Agency, Role: auth.AgencyManager}
	add := func(org uuid.UUID, kind string, urgent bool, due time.Duration) {
		w.do(func(s *jobs.Store) error {
			return s.AddTask(jobs.Task{OrgID: org, Role: auth.AgencyCoordinator, Kind: kind, SubjectID: w.caseID, Urgent: urgent,
				DueAt: w.clock.now.Add(due)})
		})
	}
	add(w.agency, "c", false, time.Hour)
	add(w.agency, "b", true, 2*time.Hour)
	add(w.agency, "a", true, time.Hour)
	add(w.agency, "d", false, 2*time.Hour)
	add(w.agency, "d", false, 0) // open already
	add(w.hub, "foreign", true, 0)

	var kinds string
	var first jobs.Task
	page := jobs.TaskPage{Limit: 1, Role: auth.AgencyCoordinator}
	for {
		err := w.db.InTx(t.Context(), agency, func(tx *pg.Tx) error {
			tasks, next, err := jobs.NewStore(tx).ListTasks(page)
			if err != nil {
				return err
			}
			if kinds == "" {
				first = tasks[0]
			}
			kinds += tasks[0].Kind
			page.After, err = pg.ParseCursor(next.String())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if page.After.ID == "" {
			break
		}
	}
	if kinds != "abcd" {
		t.Errorf("listed %q", kinds)
	}

	closing := func(tx *pg.Tx) error {
		s := jobs.NewStore(tx)
		if _, err := s.Task(first.ID); err != nil {
			return err
		}
		if err := tx.AsHub("close a task that its own role has read"); err != nil {
			return err
		}
		return s.CloseTask(first.ID, jobs.TaskDone)
	}
	if err := w.db.InTx(t.Context(), agency, closing); err != nil {
		t.Fatal(err)
	}
	w.want(agency.ID.String(), `SELECT closed_by FROM tasks WHERE id = $1`, first.ID)
	if err := w.db.InTx(t.Context(), agency, closing); !errors.Is(err, fault.Conflict) {
		t.Errorf("closed twice: %v", err)
	}
	foreign := agency
	foreign.OrgID = pg.NewID()
	if err := w.db.InTx(t.Context(), foreign, closing); !errors.Is(err, fault.NotFound) {
		t.Errorf("a foreign organization closed it: %v", err)
	}
	for _, bad := range []string{"", "true", "true yesterday", "perhaps 2026-01-01T00:00:00Z"} {
		page.After = pg.Cursor{Key: bad, ID: uuid.NewString()}
		err := w.db.InTx(t.Context(), agency, func(tx *pg.Tx) error { _, _, err := jobs.NewStore(tx).ListTasks(page); return err })
		if !errors.Is(err, fault.Invalid) {
			t.Errorf("cursor %q: %v", bad, err)
		}
	}
}
