package pg

import (
	"context"
	"sync/atomic"
	"time"
)

// line lets transactions have connections in the order in which they asked. database/sql hands a freed connection to any of
// those who wait, by chance: under load an unlucky request waits many times as long as most, and nobody can say why.
type line struct {
	places chan struct{} // those who wait to send are served first come, first served
	waited atomic.Int64  // nanoseconds, in all
}

func newLine(places int) *line { return &line{places: make(chan struct{}, places)} }

// enter waits for a place, or until ctx ends. Give it back with leave.
func (l *line) enter(ctx context.Context) error {
	select {
	case l.places <- struct{}{}:
		return nil
	default:
	}
	begun := time.Now()
	defer func() { l.waited.Add(int64(time.Since(begun))) }()
	select {
	case l.places <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l *line) leave() { <-l.places }
