package referral

import (
	"context"
	"errors"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/triage"
)

// renewBatch bounds the families that one transaction of a pass looks at: some tenths of a second.
const renewBatch = 1000

// Renewal is one pass of the rules over every family at the hub: once a business day, since days pass, and again for a rule set
// that goes live. It stops at any moment and goes on where it was.
type Renewal struct {
	ID         uuid.UUID
	Day        civil.Date
	RuleSetID  uuid.UUID
	AfterCase  uuid.UUID
	Looked     int
	Changed    int
	BeganAt    time.Time
	FinishedAt *time.Time
}

// TableName is gorm's.
func (Renewal) TableName() string { return "renewals" }

// Renew looks again at every family at the hub for which nobody answers at an agency yet, by today's date and the live rules, and
// keeps the decisions that say something new: her place in every list moves with it. It offers nothing and moves nobody by itself; a
// family that a rule had sent to review or to a waitlist and now sends elsewhere gets a job case.triage. A duty of the workers:
// while the pass of this day and these rules is done, it costs one read.
func (s *Service) Renew(ctx context.Context) error {
	pass, err := s.beginRenewal(ctx)
	if err != nil || pass.ID == uuid.Nil || pass.FinishedAt != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	seen := map[string][]triage.Place{} // by ZIP code: what places there are changes less in a pass than in a day
	looked := make(chan look, 1)        // while one batch is written, the next is read and decided
	group.Go(func() error {
		defer close(looked)
		for after := pass.AfterCase; ; {
			l, err := s.look(ctx, pass, after, seen)
			if err != nil {
				return err
			}
			select {
			case looked <- l:
			case <-ctx.Done():
				return ctx.Err()
			}
			if l.families == 0 {
				return nil
			}
			after = l.last
		}
	})
	group.Go(func() error {
		for l := range looked {
			if err := s.keepLook(ctx, pass, l); err != nil {
				return err
			}
		}
		return nil
	})
	if err := group.Wait(); !errors.Is(err, errRenewedElsewhere) {
		return err
	}
	return nil
}

// RulesChanged is the job behind rules.changed: it was enqueued when a rule set went live. The pass of today under that rule set
// begins anew, if there was one; the next round of Renew does it. Run twice, it begins twice and finds nothing new.
func (s *Service) RulesChanged(ctx context.Context, job jobs.Job) error {
	return s.asSystem(ctx, job, func(w *work) error {
		_, cal, err := w.desk()
		if err != nil {
			return err
		}
		w.store.renewAgain(cal.Day(w.tx.Now), job.SubjectID)
		return w.jobs.Settle(job)
	})
}

// beginRenewal is the pass of today under the live rules; the zero one while no rules are live.
func (s *Service) beginRenewal(ctx context.Context) (pass Renewal, err error) {
	err = s.db.InTx(ctx, auth.System("renew"), func(tx *pg.Tx) error {
		w := s.work(tx)
		live := w.liveRules()
		if live == nil {
			return nil
		}
		_, cal, err := w.desk()
		if err == nil {
			pass, err = w.store.renewal(cal.Day(tx.Now), live.id)
		}
		return err
	})
	return pass, err
}
