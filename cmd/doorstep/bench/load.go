package bench

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"
)

// sample is what one load measured.
type sample struct {
	perSecond float64
	took      []time.Duration // sorted
}

// at is the latency below which this share of the calls stayed.
func (s sample) at(share float64) time.Duration {
	if len(s.took) == 0 {
		return 0
	}
	return s.took[min(int(share*float64(len(s.took))), len(s.took)-1)]
}

// load calls do from so many workers at once, each as soon as its last call returned, for d or until enough calls were
// begun (0: no limit). The first failure ends it: what fails fast must not look fast.
func load(ctx context.Context, workers int, d time.Duration, enough int, do func(context.Context) error) (sample, error) {
	group, ctx := errgroup.WithContext(ctx)
	each := make([][]time.Duration, workers)
	var calls atomic.Int64
	begun := time.Now()
	for w := range workers {
		group.Go(func() error {
			for time.Since(begun) < d && (enough == 0 || calls.Add(1) <= int64(enough)) {
				start := time.Now()
				if err := do(ctx); err != nil {
					return fmt.Errorf("under load: %w", err)
				}
				each[w] = append(each[w], time.Since(start))
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return sample{}, err
	}
	s := sample{took: slices.Concat(each...)}
	s.perSecond = float64(len(s.took)) / time.Since(begun).Seconds()
	slices.Sort(s.took)
	return s, nil
}
