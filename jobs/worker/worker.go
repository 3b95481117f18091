package worker

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// Handler does one job: everything in one transaction that ends with jobs.Store.Settle(job). A retry calls it again. It
// returns nil, jobs.ErrSuperseded, jobs.ErrNothingToDo, or a fault: Unavailable and what nobody foresaw are tried again,
// any other kind goes to a person.
type Handler = func(ctx context.Context, job jobs.Job) error

// Options says what a worker does and how fast.
type Options struct {
	DB          *pg.DB
	RedisURL    string // redis:// or unix://; not used by SweepAndWork
	Log         *slog.Logger
	Handlers    map[jobs.Kind]Handler
	Duties      map[string]Duty
	Lease       time.Duration // 0 = 60 s: how long a job may take before another worker gets it
	Sweep       time.Duration // 0 = 1 s: how often to look for what is due or ready
	Concurrency int           // 0 = 8: jobs at once; keep it below the database's connections, since a send pins one
	// Backoff is the wait before an attempt is repeated; nil = 2 s, four times as long each time, at most an hour.
	Backoff func(attempt int) time.Duration
}

// Worker is one worker process.
type Worker struct {
	Options
	queue   *jobs.Queue
	wake    chan struct{} // something may be ready: do not wait for the next round
	held    held
	running atomic.Int64 // calls that are being worked on
	ended   atomic.Int64 // calls since the relay was woken
}

// New completes the options. It connects to nothing.
func New(o Options) *Worker {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	if o.Lease == 0 {
		o.Lease = time.Minute
	}
	if o.Sweep == 0 {
		o.Sweep = time.Second
	}
	if o.Concurrency == 0 {
		o.Concurrency = 8
	}
	if o.Backoff == nil {
		o.Backoff = backoff
	}
	return &Worker{Options: o, queue: jobs.NewQueue(o.DB), wake: make(chan struct{}, 1)}
}

// Run works until ctx ends, then lets running jobs finish. An error means that it could not start.
func (w *Worker) Run(ctx context.Context) error {
	link, err := w.connect(ctx)
	if err != nil {
		return err
	}
	defer link.close()
	var loops sync.WaitGroup
	loop := func(name string, interval time.Duration, wake <-chan struct{}, round func(context.Context) error) {
		loops.Go(func() { w.every(ctx, name, interval, wake, round) })
	}
	loop("sweep", w.Sweep, nil, w.sweep)
	loop("relay", w.Sweep, w.wake, func(ctx context.Context) error { return w.relay(ctx, link) })
	for name, duty := range w.duties() {
		loop(name, duty.Every, nil, func(ctx context.Context) error { return w.alone(ctx, name, duty) })
	}
	link.serve(ctx, w)
	loops.Wait()
	return nil
}

// SweepAndWork does without Redis what Run does with it, once: it sweeps, leases, and calls the handlers one after the other, by
// kind and subject, since the order in which the database returns rows is its own and a load must be repeatable. It returns how
// many jobs it ran. It is for loading a demonstration and for tests; production has one path, through Run.
func (w *Worker) SweepAndWork(ctx context.Context) (int, error) {
	if _, err := w.queue.Sweep(ctx, batch); err != nil {
		return 0, err
	}
	leased, err := w.queue.Lease(ctx, batch, w.Lease)
	if err != nil {
		return 0, err
	}
	slices.SortFunc(leased, func(a, b jobs.Job) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), bytes.Compare(a.SubjectID[:], b.SubjectID[:]))
	})
	for _, job := range leased {
		w.work(ctx, job)
	}
	return len(leased), nil
}

// batch is how many due rows one sweep takes: more would hold their locks too long.
const batch = 200

// sweep goes on at once while batches come out full: what fell due together, at midnight or while no worker ran, would
// otherwise be handed over at one batch an interval.
func (w *Worker) sweep(ctx context.Context) error {
	for {
		n, err := w.queue.Sweep(ctx, batch)
		if n > 0 {
			w.hurry()
		}
		if err != nil || n < batch {
			return err
		}
	}
}

// hurry makes the relay look at once.
func (w *Worker) hurry() {
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// every runs round after each interval or when woken, until ctx ends. A round that fails is logged; the next may succeed.
func (w *Worker) every(ctx context.Context, name string, interval time.Duration, wake <-chan struct{}, round func(context.Context) error) {
	for {
		if err := round(ctx); err != nil && ctx.Err() == nil {
			w.Log.ErrorContext(ctx, "a round of the worker failed", "round", name, "error", pg.SafeError(err))
		}
		select {
		case <-ctx.Done():
			return
		case <-wake:
		case <-time.After(interval):
		}
	}
}

// work runs one attempt and writes how it ended.
func (w *Worker) work(ctx context.Context, job jobs.Job) {
	limited, cancel := context.WithTimeout(ctx, w.Lease*2/3)
	err := w.call(limited, job)
	cancel()
	// Its end is written even when the worker is being stopped.
	ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if ending := w.end(ctx, job, err); ending != nil && !errors.Is(ending, jobs.ErrSuperseded) {
		w.Log.ErrorContext(ctx, "the end of a job could not be written; its lease will run out", "job", job.ID, "kind", job.Kind,
			"error", pg.SafeError(ending))
	}
}

// call runs the handler of exactly this kind. A panic is an error like any other nobody foresaw.
func (w *Worker) call(ctx context.Context, job jobs.Job) (err error) {
	defer func() {
		if recover() != nil { // the value may hold client data, the stack holds none
			err = fmt.Errorf("panic in a handler: %s", debug.Stack())
		}
	}()
	handler, known := w.Handlers[job.Kind]
	if !known {
		return fmt.Errorf("no handler for %s", job.Kind) // a newer release made it: tried again, there may be one by then
	}
	return handler(ctx, job)
}

// end is the one rule for how attempts end.
func (w *Worker) end(ctx context.Context, job jobs.Job, err error) error {
	switch kind := fault.KindOf(err); {
	case err == nil, errors.Is(err, jobs.ErrSuperseded):
		return nil
	case errors.Is(err, jobs.ErrNothingToDo):
		return w.queue.Finish(ctx, job, "nothing_to_do")
	case kind != fault.Unavailable && kind != fault.Internal, job.Attempt >= jobs.MaxAttempts:
		w.Log.ErrorContext(ctx, "a job is dead; a person has a task", "job", job.ID, "kind", job.Kind, "attempt", job.Attempt,
			"error", pg.SafeError(err))
		return w.queue.GiveUp(ctx, job, string(kind))
	default:
		w.Log.WarnContext(ctx, "a job failed and will be tried again", "job", job.ID, "kind", job.Kind, "attempt", job.Attempt,
			"error", pg.SafeError(err))
		return w.queue.Retry(ctx, job, w.Backoff(job.Attempt), string(kind))
	}
}

// backoff: 2 s, 8 s, 32 s, ... at most an hour, the last half of it by chance, so that what failed together does not come
// back together.
func backoff(attempt int) time.Duration {
	wait := min(2*time.Second<<(2*min(attempt-1, 10)), time.Hour)
	return wait/2 + rand.N(wait/2)
}
