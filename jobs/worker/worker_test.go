package worker_test

import (
	"context"
	"errors"
	"log/slog"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/embedded"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/jobs/worker"
)

func TestAHandlerRunTwiceLeavesOneEffect(t *testing.T) {
	w := newWorld(t)
	w.enqueue(jobs.CaseTriage, 1)
	twice := w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: func(ctx context.Context, job jobs.Job) error {
		if err := w.effect(nil)(ctx, job); err != nil {
			t.Error(err)
		}
		return w.effect(nil)(ctx, job)
	}})
	if n := w.round(twice) + w.round(twice); n != 1 {
		t.Errorf("%d jobs", n)
	}
	w.want("1", `SELECT count(*) FROM tasks`)
	w.want("1", `SELECT attempt FROM outbox WHERE done_at IS NOT NULL`)
}

func TestHowAnAttemptEnds(t *testing.T) {
	const pending, done, dead = "pending", "done", "dead"
	w := newWorld(t)
	for name, c := range map[string]struct {
		err          error
		state, tasks string
	}{
		"nothing_to_do": {jobs.ErrNothingToDo, done, "0"},
		"unavailable":   {fault.New(fault.Unavailable, "later"), pending, "0"},
		"internal":      {errors.New("nobody foresaw"), pending, "0"},
		"not_found":     {fault.New(fault.NotFound, "gone"), dead, "1"},
		"conflict":      {fault.New(fault.Conflict, "was first"), dead, "1"},
	} {
		w.exec(`DELETE FROM outbox`)
		w.exec(`DELETE FROM tasks`)
		w.enqueue(jobs.CaseTriage, 1)
		w.round(w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: func(context.Context, jobs.Job) error { return c.err }}))
		w.want(name, `SELECT reason FROM outbox`)
		w.want(c.state, `SELECT CASE WHEN done_at IS NOT NULL THEN 'done' WHEN dead_at IS NOT NULL THEN 'dead' ELSE 'pending' END FROM outbox`)
		w.want(c.tasks, `SELECT count(*) FROM tasks WHERE kind = 'job.dead'`)
	}
}

func TestOnlyTheExactKindIsServed(t *testing.T) {
	w := newWorld(t)
	w.enqueue(jobs.CaseTriage+".later", 1)
	w.round(w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: w.effect(nil)}))
	w.want("0", `SELECT count(*) FROM tasks`)
	w.want("internal", `SELECT reason FROM outbox WHERE done_at IS NULL AND dead_at IS NULL`)
}

func TestAPoisonJobDiesAndTheOthersGoOn(t *testing.T) {
	w := newWorld(t)
	w.enqueue(jobs.ReviewDue, 1)
	w.enqueue(jobs.CaseTriage, 5)
	runs := 0
	o := w.options(map[jobs.Kind]worker.Handler{
		jobs.CaseTriage: w.effect(nil),
		jobs.ReviewDue:  func(context.Context, jobs.Job) error { runs++; panic("poison") },
	})
	for w.round(o) > 0 {
	}
	if runs != jobs.MaxAttempts {
		t.Errorf("%d runs", runs)
	}
	w.want("5", `SELECT count(*) FROM tasks WHERE kind = 'effect'`)
	w.want("1", `SELECT count(*) FROM tasks t JOIN outbox o ON o.id = t.subject_id WHERE t.kind = 'job.dead' AND o.dead_at IS NOT NULL`)
}

func TestRedisIsOnlyAWakeUpCall(t *testing.T) {
	w := newWorld(t)
	redis := startRedis(t)
	if err := redis.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	const n = 60
	w.enqueue(jobs.CaseTriage, n)
	ran, failed := make(chan jobs.Job, 10_000), make(chan struct{}, 1000)
	var emptied atomic.Bool
	o := w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: func(ctx context.Context, job jobs.Job) error {
		if emptied.CompareAndSwap(false, true) { // with a window of others waiting in it
			if err := redis.FlushAll(ctx); err != nil {
				t.Error(err)
			}
		}
		return w.effect(ran)(ctx, job)
	}})
	o.RedisURL, o.Log, o.Lease = redis.URL(), slog.New(onError{failed}), 2*time.Second
	stop := w.start(o)
	for range 2 * jobs.MaxAttempts { // rounds without Redis
		<-failed
	}
	if err := redis.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-ran
	for !w.drained() { // what was lost comes back with its lease
		runtime.Gosched()
	}
	stop()
	w.want("60", `SELECT count(*) FROM tasks WHERE kind = 'effect'`)
	w.want("60", `SELECT count(*) FROM outbox WHERE done_at IS NOT NULL`)
}

func TestAHangingRedisIsLeftAfterASecond(t *testing.T) {
	w := newWorld(t)
	redis := startRedis(t)
	ran, failed := make(chan jobs.Job, 100), make(chan struct{}, 100)
	o := w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: w.effect(ran)})
	o.RedisURL, o.Log = redis.URL(), slog.New(onError{failed})
	o.Lease = 3 * time.Second // a server that hangs may still hand a call to a worker that has given up waiting
	stop := w.start(o)
	defer stop()
	w.enqueue(jobs.CaseTriage, 1)
	<-ran
	if err := redis.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.enqueue(jobs.CaseTriage, 1)
	began := time.Now()
	<-failed
	t.Logf("given back after %v", time.Since(began).Round(10*time.Millisecond))
	if err := redis.Thaw(); err != nil {
		t.Fatal(err)
	}
	<-ran
}

func TestAHundredWakeUpCallsHaveOneEffect(t *testing.T) {
	w := newWorld(t)
	redis := startRedis(t)
	w.enqueue(jobs.CaseTriage, 1)
	leased, err := jobs.NewQueue(w.db).Lease(t.Context(), 1, time.Minute) // and the relay dies: only the calls below arrive
	if err != nil {
		t.Fatal(err)
	}
	wakeUp(t, redis, leased[0], 100)
	ran := make(chan jobs.Job, 200)
	o := w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: w.effect(ran)})
	o.RedisURL = redis.URL()
	stop := w.start(o)
	<-ran
	waitEmpty(t, redis)
	stop()
	w.want("1", `SELECT count(*) FROM tasks`)
	w.want("1", `SELECT attempt FROM outbox WHERE done_at IS NOT NULL`)
}

func TestARelayThatDiesBeforeItWakesAnybodyCostsOneLease(t *testing.T) {
	w := newWorld(t)
	w.enqueue(jobs.CaseTriage, 10)
	if _, err := jobs.NewQueue(w.db).Lease(t.Context(), 10, time.Minute); err != nil {
		t.Fatal(err)
	}
	w.leasesRunOut()
	ran := make(chan jobs.Job, 100)
	o := w.options(map[jobs.Kind]worker.Handler{jobs.CaseTriage: w.effect(ran)})
	o.RedisURL = startRedis(t).URL()
	stop := w.start(o)
	for range 10 {
		if job := <-ran; job.Attempt != 2 {
			t.Errorf("attempt %d", job.Attempt)
		}
	}
	stop()
	w.want("10", `SELECT count(*) FROM tasks`)
}

func TestARedisThatEvictsIsRefused(t *testing.T) {
	w := newWorld(t)
	redis := startRedis(t)
	if redis.Kind() != embedded.KindServer {
		t.Skip("miniredis has no eviction policy")
	}
	if err := redisClient(t, redis).ConfigSet(t.Context(), "maxmemory-policy", "allkeys-lru").Err(); err != nil {
		t.Fatal(err)
	}
	o := w.options(nil)
	for _, o.RedisURL = range []string{redis.URL(), "postgres://user:secret@host"} {
		if err := worker.New(o).Run(t.Context()); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%v", err)
		}
	}
}

func TestADutyIsDoneByOneProcessAtATime(t *testing.T) {
	w := newWorld(t)
	var inside, most atomic.Int32
	rounds := make(chan struct{})
	o := w.options(nil)
	o.RedisURL = startRedis(t).URL()
	o.Duties = map[string]worker.Duty{"count": {Every: 1, Run: func(ctx context.Context) error {
		most.Store(max(most.Load(), inside.Add(1)))
		defer inside.Add(-1)
		select {
		case rounds <- struct{}{}:
		case <-ctx.Done():
		}
		return nil
	}}}
	first, second := w.start(o), w.start(o)
	for range 50 {
		<-rounds
	}
	first()
	second()
	if most.Load() != 1 {
		t.Errorf("%d at once", most.Load())
	}
}

// More than one sweep takes, with an interval that never ends: all of it is handed over, leased and done by what wakes what.
func TestWhatFellDueTogetherDoesNotWaitForTheNextSweep(t *testing.T) {
	w := newWorld(t)
	w.exec(`INSERT INTO follow_ups (id, case_id, kind, subject_id, owed_by, due_at, status)
		SELECT gen_random_uuid(), $1, 'case.review_due', gen_random_uuid(), $2, now(), 'open' FROM generate_series(1, 500)`, w.caseID, w.hub)
	ran := make(chan jobs.Job, 1000)
	o := w.options(map[jobs.Kind]worker.Handler{jobs.ReviewDue: w.effect(ran)})
	o.RedisURL, o.Sweep = startRedis(t).URL(), time.Hour
	stop := w.start(o)
	for range 500 {
		<-ran
	}
	stop()
	w.want("500", `SELECT count(*) FROM tasks WHERE kind = 'effect'`)
	w.want("500", `SELECT count(*) FROM outbox WHERE done_at IS NOT NULL AND attempt = 1`)
}
