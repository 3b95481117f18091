package worker

import (
	"context"
	"maps"
	"time"
)

// Duty is periodic work of the whole house, such as sealing the audit: one process at a time does it. It must be safe to
// run twice, since a lock lives only as long as its connection.
type Duty struct {
	Every time.Duration
	Run   func(context.Context) error
}

// duties adds the worker's own to what it was given.
func (w *Worker) duties() map[string]Duty {
	all := maps.Clone(w.Duties)
	if all == nil {
		all = map[string]Duty{}
	}
	all["jobs.cleanup"] = Duty{Every: time.Hour, Run: w.queue.Cleanup}
	return all
}

// alone runs a duty unless another process is at it.
func (w *Worker) alone(ctx context.Context, name string, duty Duty) error {
	_, err := w.DB.Alone(ctx, name, duty.Run)
	return err
}
