package jobs_test

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

func TestAPromiseIsHandedOverWhenDueAndDoneWithItsJob(t *testing.T) {
	w := newWorld(t)
	id := w.promise(jobs.OfferExpire, pg.NewID(), time.Hour, nil)
	if n := w.sweep(); n != 0 || !w.drained() {
		t.Fatalf("%d promises handed over before their time", n)
	}
	if h, err := w.queue.Horizon(t.Context()); err != nil || h.Next == nil || !h.Next.Equal(w.clock.now.Add(time.Hour)) {
		t.Errorf("horizon %+v, %v", h, err)
	}
	w.clock.now = w.clock.now.Add(time.Hour)
	if w.drained() {
		t.Error("drained while a promise is due")
	}
	if n := w.sweep(); n != 1 {
		t.Fatalf("%d handed over, want 1", n)
	}
	w.want("handed_over", `SELECT status FROM follow_ups WHERE id = $1`, id)
	if n := w.sweep(); n != 0 {
		t.Fatalf("handed over again: %d", n)
	}
	job := w.lease(10)[0]
	if job.Kind != jobs.OfferExpire || job.SubjectID != id || job.Attempt != 1 || w.drained() {
		t.Fatalf("leased %+v", job)
	}
	w.do(func(s *jobs.Store) error { return s.Settle(job) })
	w.want("done", `SELECT status FROM follow_ups WHERE id = $1`, id)
	if !w.drained() {
		t.Error("not drained after the only job")
	}
}

func TestAHundredDeliveriesHaveOneEffect(t *testing.T) {
	w := newWorld(t)
	job := w.leased()
	var settled, superseded atomic.Int32
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			err := w.try(func(s *jobs.Store) error {
				effect := jobs.Task{OrgID: w.hub, Role: auth.TriageSupervisor, Kind: "effect", SubjectID: pg.NewID()}
				if err := s.AddTask(effect); err != nil {
					return err
				}
				return s.Settle(job)
			})
			switch {
			case err == nil:
				settled.Add(1)
			case errors.Is(err, jobs.ErrSuperseded):
				superseded.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if settled.Load() != 1 || superseded.Load() != 99 {
		t.Errorf("%d settled, %d superseded", settled.Load(), superseded.Load())
	}
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'effect'`)
}

func TestALostJobIsLeasedAgainAndTheFirstHolderIsFencedOff(t *testing.T) {
	w := newWorld(t)
	first := w.leased() // and then its relay or worker dies
	if again := w.lease(10); len(again) != 0 {
		t.Fatalf("leased twice at once: %+v", again)
	}
	w.leasesRunOut()
	second := w.lease(10)[0]
	if second.ID != first.ID || second.Attempt != 2 {
		t.Fatalf("leased %+v after %+v", second, first)
	}
	if err := w.try(func(s *jobs.Store) error { return s.Settle(first) }); !errors.Is(err, jobs.ErrSuperseded) {
		t.Errorf("the first holder settled: %v", err)
	}
	if _, err := w.queue.Find(t.Context(), first.ID, first.Attempt); !errors.Is(err, jobs.ErrSuperseded) {
		t.Errorf("the first attempt is still found: %v", err)
	}
	w.do(func(s *jobs.Store) error { return s.Settle(second) })
}

func TestLeasesStayWithinTheWindowAndNeverOverlap(t *testing.T) {
	w := newWorld(t)
	for range 30 {
		w.do(func(s *jobs.Store) error { return s.Enqueue(jobs.CaseTriage, w.caseID) })
	}
	if n := len(w.lease(10)) + len(w.lease(10)); n != 10 {
		t.Errorf("%d leased in a window of 10", n)
	}
	w.leasesRunOut()
	seen, all := sync.Map{}, sync.WaitGroup{}
	for range 4 {
		all.Go(func() {
			for _, job := range w.lease(1000) {
				if _, twice := seen.LoadOrStore(job.ID, true); twice {
					t.Errorf("job %s leased twice", job.ID)
				}
			}
		})
	}
	all.Wait()
}

func TestReleaseDoesNotSpendAnAttempt(t *testing.T) {
	w := newWorld(t)
	job := w.leased()
	for range 3 * jobs.MaxAttempts { // Redis is away for many rounds
		if err := w.queue.Release(t.Context(), []jobs.Job{job}); err != nil {
			t.Fatal(err)
		}
		job = w.lease(1)[0]
	}
	if job.Attempt != 1 {
		t.Errorf("attempt %d", job.Attempt)
	}
}

func TestRetryWaitsThenUsedUpAttemptsGoToAPerson(t *testing.T) {
	w := newWorld(t)
	job := w.leased()
	for job.Attempt < jobs.MaxAttempts {
		if err := w.queue.Retry(t.Context(), job, time.Hour, "unavailable"); err != nil {
			t.Fatal(err)
		}
		if early := w.lease(10); len(early) != 0 {
			t.Fatalf("retried before its time: %+v", early)
		}
		w.leasesRunOut()
		job = w.lease(10)[0]
	}
	w.leasesRunOut() // the last worker died too
	if more := w.lease(10); len(more) != 0 {
		t.Fatalf("attempt %d of %d", more[0].Attempt, jobs.MaxAttempts)
	}
	w.want("attempts_used_up", `SELECT reason FROM outbox WHERE dead_at IS NOT NULL`)
	w.want("dead", `SELECT status FROM follow_ups WHERE id = $1`, job.SubjectID)
	w.want(w.caseID.String(), `SELECT case_id FROM tasks WHERE kind = 'job.dead' AND urgent AND role = 'triage_supervisor'
		AND org_id = $1 AND subject_id = $2`, w.hub, job.ID)
	if !w.drained() {
		t.Error("a dead job keeps the clock from moving")
	}
}

func TestFinishKeepsTheReason(t *testing.T) {
	w := newWorld(t)
	job := w.leased()
	if err := w.queue.Finish(t.Context(), job, "nothing_to_do"); err != nil {
		t.Fatal(err)
	}
	w.want("nothing_to_do", `SELECT reason FROM outbox WHERE done_at IS NOT NULL`)
	if err := w.queue.GiveUp(t.Context(), job, "late"); !errors.Is(err, jobs.ErrSuperseded) {
		t.Errorf("a finished job was given up: %v", err)
	}
	w.want("0", `SELECT count(*) FROM tasks`)
}

func TestCleanupDeletesOnlyWhatIsOldAndFinished(t *testing.T) {
	w := newWorld(t)
	for range 3 {
		w.do(func(s *jobs.Store) error { return s.Enqueue(jobs.CaseTriage, w.caseID) })
	}
	w.exec(`UPDATE outbox SET recorded_at = clock_timestamp() - interval '8 days'`)
	w.exec(`UPDATE outbox SET done_at = clock_timestamp() WHERE id = (SELECT min(id::text)::uuid FROM outbox)`)
	w.exec(`INSERT INTO idempotency_keys VALUES ($1, 'POST /x', 'old', '', '', clock_timestamp() - interval '8 days'),
		($1, 'POST /x', 'new', '', '', clock_timestamp())`, w.hub)
	if err := w.queue.Cleanup(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.want("2", `SELECT count(*) FROM outbox`)
	w.want("new", `SELECT string_agg(key, ' ') FROM idempotency_keys`)
}
