package referral

import (
	"context"
	"runtime"
	"sync"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/triage"
)

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
