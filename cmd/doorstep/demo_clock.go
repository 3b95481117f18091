package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"doorstep/jobs"
)

// movableClock is the business clock of a tour: one object for everything in this process. It stands still until moved.
type movableClock struct {
	mu    sync.Mutex
	now   time.Time
	queue *jobs.Queue
}

// tourStart is a Monday morning, a week before daylight saving begins, so that the tour lives through the change.
func tourStart() time.Time { return time.Date(2026, time.March, 2, 14, 0, 0, 0, time.UTC) }

// Now is the business time.
func (c *movableClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *movableClock) set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// drainLimit is how long work that is due may take before the tour gives up on it.
const drainLimit = 30 * time.Second

// Advance moves to t, stopping at each moment when something falls due until the workers have done it. Otherwise a promise
// of Tuesday would be kept on Friday.
func (c *movableClock) Advance(ctx context.Context, to time.Time) error {
	for {
		next, err := c.drained(ctx)
		if err != nil {
			return err
		}
		if next == nil || next.After(to) {
			if c.Now().Before(to) {
				c.set(to)
			}
			return nil
		}
		c.set(*next)
	}
}

// drained waits until nothing that is due is left and returns when the next thing falls due.
func (c *movableClock) drained(ctx context.Context) (*time.Time, error) {
	ctx, cancel := context.WithTimeout(ctx, drainLimit)
	defer cancel()
	for {
		h, err := c.queue.Horizon(ctx)
		if err != nil {
			return nil, err
		}
		if h.Idle {
			return h.Next, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("work that is due was not done within %s", drainLimit)
		case <-time.After(5 * time.Millisecond):
		}
	}
}
