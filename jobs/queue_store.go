package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Queue is the machine's side of the outbox: what the sweeper, the relay and the workers do to rows, each call in a
// transaction of its own. Any number of processes may call it at once.
type Queue struct{ db *pg.DB }

// NewQueue builds the queue on a database.
func NewQueue(db *pg.DB) *Queue { return &Queue{db} }

// Sweep hands over what has come due, at most batch rows of each: follow-ups and messages become outbox rows, and a send
// whose lease is over becomes in doubt. It returns how many rows it moved.
func (q *Queue) Sweep(ctx context.Context, batch int) (int, error) {
	var due []dueRow
	lost := 0
	err := q.db.InTx(ctx, auth.System("sweeper"), func(tx *pg.Tx) (err error) {
		if due, err = dueRows(tx, batch); err != nil {
			return err
		}
		store := NewStore(tx)
		for _, d := range due {
			if err := store.Enqueue(d.Kind, d.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil { // apart: a task locks its case's row, which a use case locks before its follow-ups
		err = q.db.InTx(ctx, auth.System("sweeper"), func(tx *pg.Tx) (err error) {
			lost, err = NewStore(tx).doubtExpired(batch)
			return err
		})
	}
	if err != nil {
		return 0, fmt.Errorf("sweep: %w", err)
	}
	return len(due) + lost, nil
}

type dueRow struct {
	ID   uuid.UUID
	Kind Kind
}

// dueRows marks what is due as handed over. An array, not IN: the planner cannot know how few rows a LIMIT leaves and would
// read the whole table. Only e-mail has a sender yet.
func dueRows(tx *pg.Tx, batch int) (due []dueRow, err error) {
	err = tx.Gorm().Raw(`WITH f AS (
			UPDATE follow_ups SET status = 'handed_over' WHERE id = ANY (ARRAY(SELECT id FROM follow_ups
				WHERE status = 'open' AND due_at <= @now ORDER BY due_at LIMIT @batch FOR UPDATE SKIP LOCKED))
			RETURNING id, kind),
		m AS (
			UPDATE messages SET status = 'handed_over' WHERE id = ANY (ARRAY(SELECT id FROM messages
				WHERE status = 'queued' AND not_before <= @now ORDER BY not_before LIMIT @batch FOR UPDATE SKIP LOCKED))
			RETURNING id, audience)
		SELECT id, kind FROM f UNION ALL SELECT id, CASE audience WHEN 'client' THEN @client ELSE @notify END FROM m`,
		map[string]any{"now": tx.Now, "batch": batch, "notify": NotifyReferrer, "client": MessageClient}).Scan(&due).Error
	return due, err
}

// Lease takes ready rows for this caller, so that at most window rows are under a lease at once: more than the workers can
// finish within the lease would run out there and spend attempts on waiting. A leased row is ready again when its lease is
// over, so next_at says both, and one index finds what is ready and what is leased however long the backlog. A row whose
// attempts are used up is given up instead; so a job that kills its worker ends too.
func (q *Queue) Lease(ctx context.Context, window int, lease time.Duration) ([]Job, error) {
	var leased []Job
	err := q.db.InTx(ctx, auth.System("relay"), func(tx *pg.Tx) error {
		leased = nil
		return tx.Gorm().Raw(`UPDATE outbox SET attempt = attempt + 1, lease_until = clock_timestamp() + @lease * interval '1 microsecond',
				next_at = clock_timestamp() + @lease * interval '1 microsecond'
			WHERE id = ANY (ARRAY(SELECT id FROM outbox
				WHERE done_at IS NULL AND dead_at IS NULL AND next_at <= (SELECT clock_timestamp()) ORDER BY next_at
				LIMIT greatest(0, @window - (SELECT count(*) FROM outbox
					WHERE done_at IS NULL AND dead_at IS NULL AND next_at > (SELECT clock_timestamp()) AND lease_until IS NOT NULL))
				FOR UPDATE SKIP LOCKED))
			RETURNING id, kind, subject_id, attempt`,
			map[string]any{"lease": lease.Microseconds(), "window": window}).Scan(&leased).Error
	})
	if err != nil {
		return nil, fmt.Errorf("lease jobs: %w", err)
	}
	ready := leased[:0]
	for _, job := range leased {
		if job.Attempt <= MaxAttempts {
			ready = append(ready, job)
		} else if err := q.GiveUp(ctx, job, "attempts_used_up"); err != nil {
			return nil, err
		}
	}
	return ready, nil
}

// Find reads the job that a worker was woken for. ErrSuperseded when this attempt is no longer the newest, or it is finished.
func (q *Queue) Find(ctx context.Context, id uuid.UUID, attempt int) (Job, error) {
	var found []Job
	err := q.db.InTx(ctx, auth.System("worker"), func(tx *pg.Tx) error {
		return tx.Gorm().Raw(`SELECT id, kind, subject_id, attempt FROM outbox
			WHERE id = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL`, id, attempt).Scan(&found).Error
	})
	if err != nil {
		return Job{}, fmt.Errorf("find job %s: %w", id, err)
	}
	if len(found) == 0 {
		return Job{}, ErrSuperseded
	}
	return found[0], nil
}

// Release gives leased jobs back as if they had not been taken: nothing ran, so the attempt does not count.
func (q *Queue) Release(ctx context.Context, leased []Job) error {
	err := q.db.InTx(ctx, auth.System("relay"), func(tx *pg.Tx) error {
		for _, job := range leased {
			tx.Queue(`UPDATE outbox SET attempt = attempt - 1, lease_until = NULL, next_at = clock_timestamp()
				WHERE id = $1 AND attempt = $2 AND done_at IS NULL AND dead_at IS NULL`, job.ID, job.Attempt)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("release %d jobs: %w", len(leased), err)
	}
	return nil
}

// Retry lets a job run again after a while. reason is a code. It does nothing to a job that somebody else has by now.
func (q *Queue) Retry(ctx context.Context, job Job, after time.Duration, reason string) error {
	err := q.db.InTx(ctx, auth.System("worker"), func(tx *pg.Tx) error {
		tx.Queue(`UPDATE outbox SET lease_until = NULL, next_at = clock_timestamp() + $3 * interval '1 microsecond', reason = $4
			WHERE id = $1 AND attempt = $2 AND done_at IS NULL AND dead_at IS NULL`, job.ID, job.Attempt, after.Microseconds(), reason)
		return nil
	})
	if err != nil {
		return fmt.Errorf("retry job %s: %w", job.ID, err)
	}
	return nil
}

// Finish ends a job that had nothing to do. reason is a code. ErrSuperseded as Settle.
func (q *Queue) Finish(ctx context.Context, job Job, reason string) error {
	return q.db.InTx(ctx, auth.System("worker"), func(tx *pg.Tx) error { return NewStore(tx).finish(job, &reason) })
}

// GiveUp ends a job that no machine can do: it is dead, with its follow-up or message, and an urgent task asks the hub's
// supervisors. reason is a code. ErrSuperseded as Settle.
func (q *Queue) GiveUp(ctx context.Context, job Job, reason string) error {
	return q.db.InTx(ctx, auth.System("worker"), func(tx *pg.Tx) error { return NewStore(tx).giveUp(job, reason) })
}

// Cleanup deletes finished outbox rows, idempotency keys and drafts of referrals older than 7 days. Dead rows stay for the reader.
func (q *Queue) Cleanup(ctx context.Context) error {
	err := q.db.InTx(ctx, auth.System("cleanup"), func(tx *pg.Tx) error {
		tx.Queue(`DELETE FROM outbox WHERE done_at IS NOT NULL AND recorded_at < clock_timestamp() - interval '7 days'`)
		tx.Queue(`DELETE FROM idempotency_keys WHERE recorded_at < clock_timestamp() - interval '7 days'`)
		tx.Queue(`DELETE FROM drafts WHERE saved_at < $1`, tx.Now.AddDate(0, 0, -7)) // what was promised to their writers, so by business time
		return nil
	})
	if err != nil {
		return fmt.Errorf("clean up: %w", err)
	}
	return nil
}
