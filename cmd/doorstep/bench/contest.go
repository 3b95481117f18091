package bench

import (
	"context"
	"slices"
	"time"
)

// way is one way of doing the thing that is measured.
type way func(context.Context) error

// contest lets several ways of doing one thing take turns, so that whatever else the machine does hits all of them.
type contest struct {
	ways    []way
	samples map[int][][]sample // by connections, round and way
}

// levels are the numbers of connections at which everything is measured.
func levels() []int { return []int{1, 8, 32} }

func newContest(ways ...way) *contest {
	return &contest{ways: ways, samples: map[int][][]sample{}}
}

// loads is how many loads run will make, the warm-up included.
func (c *contest) loads(rounds int) int { return len(c.ways) * (1 + rounds*len(levels())) }

// run measures every way at every level. Each load ends after d or after enough calls (0: no limit); settle, if any, runs
// after it. One load of each way goes before and is not counted: it opens connections and prepares statements.
func (c *contest) run(ctx context.Context, d time.Duration, enough, rounds int, settle way) error {
	turn := func(i, workers int) (sample, error) {
		s, err := load(ctx, workers, d, enough, c.ways[i])
		if err == nil && settle != nil {
			err = settle(ctx)
		}
		return s, err
	}
	for i := range c.ways {
		if _, err := turn(i, slices.Max(levels())); err != nil {
			return err
		}
	}
	for round := range rounds {
		for _, n := range levels() {
			samples := make([]sample, len(c.ways))
			for i := range c.ways {
				i = (i + round) % len(c.ways) // nobody is always first
				var err error
				if samples[i], err = turn(i, n); err != nil {
					return err
				}
			}
			c.samples[n] = append(c.samples[n], samples)
		}
	}
	return nil
}

// over collects a figure of every round at a level.
func (c *contest) over(level int, figure func([]sample) float64) []float64 {
	var all []float64
	for _, round := range c.samples[level] {
		all = append(all, figure(round))
	}
	return all
}
