package jobs

import (
	"context"
	"fmt"
	"time"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Horizon is where the business clock stands in its work. It is for a movable clock, which may step on only when nothing that
// has fallen due is left undone.
type Horizon struct {
	Idle bool       // nothing due is waiting, in the outbox, leased or being sent; what a person has by now does not count
	Next *time.Time // when the next promise or message falls due; nil when nothing is promised
}

// Horizon looks at the whole of it in one statement.
func (q *Queue) Horizon(ctx context.Context) (Horizon, error) {
	var h Horizon
	err := q.db.InTx(ctx, auth.System("clock"), func(tx *pg.Tx) error {
		return tx.Gorm().Raw(`SELECT
			NOT EXISTS (SELECT 1 FROM outbox WHERE done_at IS NULL AND dead_at IS NULL)
			AND NOT EXISTS (SELECT 1 FROM follow_ups WHERE status = 'open' AND due_at <= @now)
			AND NOT EXISTS (SELECT 1 FROM messages WHERE status = 'sending' OR status = 'queued' AND not_before <= @now) AS idle,
			least((SELECT min(due_at) FROM follow_ups WHERE status = 'open' AND due_at > @now),
			      (SELECT min(not_before) FROM messages WHERE status = 'queued' AND not_before > @now)) AS next`,
			map[string]any{"now": tx.Now}).Scan(&h).Error
	})
	if err != nil {
		return h, fmt.Errorf("look at the horizon: %w", err)
	}
	return h, nil
}
