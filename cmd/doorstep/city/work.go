package city

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/worker"
	"doorstep/messages"
)

// work keeps the promises of the whole city: what is due is swept and done between the phases of a day, so that it meets the
// people's work always in the same order.
type work struct {
	*lane
	queue    *jobs.Queue
	worker   *worker.Worker
	notifier worker.Notifier
	handlers map[jobs.Kind]func(context.Context, jobs.Job) error
	later    []jobs.Job // taken from the queue, to be done several at a time when what moves cases is done
	failed   error      // the first job that failed for another reason than a database that is away
}

// laterAtOnce: a mail waits for its server more than it works.
const laterAtOnce = 6

// movesNothing are the jobs that leave a task or a mail and no more, so that their order is all the same.
func movesNothing() []jobs.Kind {
	return []jobs.Kind{jobs.NotifyReferrer, jobs.ReviewDue, jobs.OutreachDue, jobs.FirstAttemptDue, jobs.NextAttemptDue, jobs.FirstVisitDue, jobs.VisitDrought}
}

func newWork(ctx context.Context, o Options) (*work, error) {
	opened, err := lanes(ctx, o, 1)
	if err != nil {
		return nil, err
	}
	w := &work{lane: opened[0]}
	w.queue = jobs.NewQueue(w.db)
	w.notifier = worker.Notifier{DB: w.db, Send: o.Send, BaseURL: o.BaseURL, Lease: time.Minute,
		Lookup: func(_ context.Context, tx *pg.Tx, m jobs.Message) (worker.Recipient, error) {
			to, err := w.referrals.FeedbackAddress(tx, m)
			return worker.Recipient{Email: to.Email, ReferralID: to.ReferralID, Reference: to.Reference}, err
		}}
	handlers := map[jobs.Kind]worker.Handler{}
	w.handlers = w.referrals.Handlers()
	w.handlers[jobs.NotifyReferrer] = w.notifier.Handle
	w.handlers[jobs.MessageClient] = worker.Notifier{DB: w.db, Send: o.Send, Lease: time.Minute, Words: func(tx *pg.Tx, m jobs.Message) (string, string, error) {
		return w.referrals.WordsToHer(tx, m, messages.Example())
	},
		Lookup: func(_ context.Context, tx *pg.Tx, m jobs.Message) (worker.Recipient, error) {
			email, err := w.referrals.ClientAddress(tx, m)
			return worker.Recipient{Email: email}, err
		}}.Handle
	for kind, handle := range w.handlers {
		handlers[kind] = func(ctx context.Context, job jobs.Job) error {
			w.done[string(kind)]++
			if slices.Contains(movesNothing(), kind) {
				w.later = append(w.later, job)
				return nil
			}
			err := handle(ctx, job)
			if err != nil && !errors.Is(err, jobs.ErrNothingToDo) && !errors.Is(err, fault.Unavailable) && w.failed == nil {
				w.failed = fmt.Errorf("%s: %w", kind, err)
			}
			return err
		}
	}
	w.worker = worker.New(worker.Options{DB: w.db, Log: o.Log, Handlers: handlers, Backoff: func(int) time.Duration { return 0 }})
	return w, nil
}

// until does everything that is due at t.
func (w *work) until(ctx context.Context, t time.Time) error {
	w.at(t)
	for {
		h, err := w.queue.Horizon(ctx)
		if err != nil || h.Idle {
			return err
		}
		if _, err := w.worker.SweepAndWork(ctx); err != nil {
			return err
		}
		if err := errors.Join(w.failed, w.doLater(ctx)); err != nil {
			return err
		}
	}
}

func (w *work) doLater(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(laterAtOnce)
	for _, job := range w.later {
		group.Go(func() error {
			if err := w.handlers[job.Kind](ctx, job); err != nil {
				return fmt.Errorf("%s: %w", job.Kind, err)
			}
			return nil
		})
	}
	w.later = w.later[:0]
	return group.Wait()
}
