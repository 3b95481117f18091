package referral

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"doorstep/audit"
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

// look is one batch of a pass, read and decided.
type look struct {
	after, last uuid.UUID // the cases it lies between
	families    int       // 0: the pass has come to its end
	news        []*renewed
}

func (s *Service) look(ctx context.Context, pass Renewal, after uuid.UUID, seen map[string][]triage.Place) (look, error) {
	l := look{after: after}
	err := s.db.InTx(ctx, auth.System("renew"), func(tx *pg.Tx) error {
		w := s.work(tx)
		families, err := w.store.familiesAtHub(after, renewBatch)
		if err != nil || len(families) == 0 {
			return err
		}
		l.families, l.last = len(families), families[len(families)-1].ID
		l.news, err = w.lookAgain(families, pass, seen)
		return err
	})
	return l, err
}

// errRenewedElsewhere: another process is at this pass, its rules are no longer live, or its day is over: yesterday's date must
// not replace what somebody decided today. The next round begins where it stands.
var errRenewedElsewhere = errors.New("this pass goes on elsewhere")

// keepLook writes one batch, and how far the pass is, in one transaction.
func (s *Service) keepLook(ctx context.Context, pass Renewal, l look) error {
	return s.db.InTx(ctx, auth.System("renew"), func(tx *pg.Tx) error {
		w := s.work(tx)
		now, err := w.store.lockRenewal(pass.ID)
		if err != nil {
			return err
		}
		_, cal, err := w.desk()
		if err != nil {
			return err
		}
		if live := w.liveRules(); live == nil || live.id != pass.RuleSetID || cal.Day(w.tx.Now) != pass.Day || now.AfterCase != l.after || now.FinishedAt != nil {
			return errRenewedElsewhere
		}
		if l.families == 0 {
			w.store.endRenewal(now)
			return w.audit.Record(audit.Event{Action: "renew decisions", Subject: "renewal", SubjectID: &now.ID, Detail: map[string]any{
				"rule_set": w.liveRules().hash, "day": now.Day.String(), "looked": now.Looked, "changed": now.Changed}})
		}
		kept, err := w.keepNews(now, l.news)
		now.AfterCase, now.Looked, now.Changed = l.last, now.Looked+l.families, now.Changed+kept
		w.store.saveRenewal(now)
		return err
	})
}

// keepNews keeps what is new. Whom somebody moved since she was read is read and decided again, here, where others wait for nothing.
func (w *work) keepNews(pass Renewal, news []*renewed) (int, error) {
	hub, cal, err := w.desk()
	if err != nil {
		return 0, err
	}
	total := 0
	for len(news) > 0 {
		kept, err := w.store.keepRenewed(news, w.liveRules(), hub.ID, deadline(w.liveRules().rules.Clocks().FirstAttempt, cal, w.tx.Now))
		if err != nil {
			return total, err
		}
		total += len(kept)
		moved := slices.DeleteFunc(news, func(r *renewed) bool { return slices.Contains(kept, r.id) })
		if len(moved) == 0 {
			break
		}
		ids := make([]uuid.UUID, len(moved))
		for i, r := range moved {
			ids[i] = r.id
		}
		families, err := w.store.theseAtHub(ids)
		if err != nil {
			return total, err
		}
		if news, err = w.lookAgain(families, pass, map[string][]triage.Place{}); err != nil {
			return total, err
		}
	}
	return total, nil
}

// lookAgain decides every family anew, on all processors, and returns those whose decision says something new.
func (w *work) lookAgain(families []atHub, pass Renewal, seen map[string][]triage.Place) ([]*renewed, error) {
	live := w.liveRules()
	if live == nil || live.id != pass.RuleSetID {
		return nil, errRenewedElsewhere
	}
	_, cal, err := w.desk()
	if err != nil {
		return nil, err
	}
	for i := range families {
		zip, err := families[i].thaw(pass.Day)
		if err != nil {
			families[i].unread = true // her last decision stands, and the pass goes on for the others
			continue
		}
		if _, ok := seen[zip]; !ok {
			open, err := w.providers.Places(zip, pass.Day)
			if err != nil {
				return nil, err
			}
			seen[zip] = places(open, zip != "", cal)
		}
	}
	out := make([]*renewed, len(families))
	errs := make([]error, len(families))
	var lanes sync.WaitGroup
	step := runtime.GOMAXPROCS(0)
	for lane := range step {
		lanes.Go(func() {
			for i := lane; i < len(families); i += step {
				out[i], errs[i] = families[i].renew(live.rules, seen[families[i].facts.ZIP])
			}
		})
	}
	lanes.Wait()
	var news []*renewed
	for i, r := range out {
		if errs[i] != nil {
			return nil, errs[i]
		}
		if r == nil {
			continue
		}
		if r.firstSafe != nil {
			due := startOf(*r.firstSafe, cal)
			r.watch = &due
		}
		news = append(news, r)
	}
	return news, nil
}
