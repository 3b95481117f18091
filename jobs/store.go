package jobs

import (
	"fmt"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Store writes promises, messages and tasks in the caller's transaction, in the database role that the caller is in (the
// hub's: these tables are written across organizations). Writes whose result nobody reads are queued, in the order of the
// calls, and sent with the next Flush or the commit.
type Store struct{ tx *pg.Tx }

// NewStore builds the store on one transaction.
func NewStore(tx *pg.Tx) *Store { return &Store{tx} }

// Promise opens a follow-up, held from the start when f.HeldAt says so. A second open one of the same kind and subject fails the
// transaction: Keep the first before.
func (s *Store) Promise(f FollowUp) error {
	if f.ID == uuid.Nil {
		f.ID = pg.NewID()
	}
	f.Status = Open
	if f.HeldAt != nil {
		f.Status = Held
	}
	return s.tx.Insert(&f)
}

// FollowUp reads one promise. A handler calls it with its job's subject, locks the case, and reads it again if it waited.
func (s *Store) FollowUp(id uuid.UUID) (FollowUp, error) {
	var f FollowUp
	if err := s.tx.Gorm().Where("id = ?", id).Take(&f).Error; err != nil {
		return f, fmt.Errorf("read follow-up %s: %w", id, pg.NotFound(err, "follow-up"))
	}
	return f, nil
}

// Keep ends the pending follow-ups of these kinds on a subject: what was promised is done. move is nil outside a move.
func (s *Store) Keep(move *uuid.UUID, subject uuid.UUID, kinds ...Kind) error {
	s.tx.Queue(`UPDATE follow_ups SET status = 'done', held_at = NULL, closed_move = $1
		WHERE subject_id = $2 AND kind = ANY ($3) AND status IN ('open', 'held', 'handed_over')`, move, subject, kinds)
	return nil
}

// CancelCase ends all pending follow-ups of a case, or those of these kinds, without them being done.
func (s *Store) CancelCase(move *uuid.UUID, caseID uuid.UUID, kinds ...Kind) error {
	s.tx.Queue(`UPDATE follow_ups SET status = 'cancelled', held_at = NULL, closed_move = $1 WHERE case_id = $2
		AND (cardinality($3::text[]) = 0 OR kind = ANY ($3)) AND status IN ('open', 'held', 'handed_over')`, move, caseID, append([]Kind{}, kinds...))
	return nil
}

// Enqueue hands work to the workers when this transaction commits. Only the kinds that are no follow-ups need it; the others are
// promised.
func (s *Store) Enqueue(kind Kind, subject uuid.UUID) error {
	s.tx.Queue(`INSERT INTO outbox (id, kind, subject_id, attempt, next_at) VALUES ($1, $2, $3, 0, clock_timestamp())`,
		pg.NewID(), kind, subject)
	return nil
}

// Settle ends a job in the transaction of its effect, which fails with ErrSuperseded when another attempt was first, or has the
// job now: at the next Flush or at the commit, with which it travels. Call it last. The job's follow-up, if it is one and
// still pending, is done with it.
func (s *Store) Settle(job Job) error { return s.finish(job, nil) }

const settle = `UPDATE outbox SET done_at = clock_timestamp(), lease_until = NULL, reason = $3
	WHERE id = $1 AND attempt = $2 AND done_at IS NULL AND dead_at IS NULL`

// finish is Settle with a reason for the reader of the outbox. Lock order: follow-up before outbox row, as everywhere.
func (s *Store) finish(job Job, reason *string) error {
	s.keep(job)
	s.tx.Fence(ErrSuperseded, settle, job.ID, job.Attempt, reason)
	return nil
}

// SettleIfMine is Settle for a transaction with a fence of its own, which stands even when another attempt has the job by now.
func (s *Store) SettleIfMine(job Job) error {
	s.keep(job)
	s.tx.Queue(settle, job.ID, job.Attempt, nil)
	return nil
}

func (s *Store) keep(job Job) {
	s.tx.Queue(`UPDATE follow_ups SET status = 'done' WHERE id = $1 AND status IN ('open', 'handed_over')`, job.SubjectID)
}

// giveUp is Settle for a job that no machine can do. The task goes first: it locks the case's row, which comes before all.
func (s *Store) giveUp(job Job, reason string) error {
	var cases []uuid.UUID
	err := s.tx.Gorm().Raw(`SELECT case_id FROM follow_ups WHERE id = @id UNION ALL SELECT case_id FROM messages WHERE id = @id
		UNION ALL SELECT id FROM cases WHERE id = @id UNION ALL SELECT case_id FROM batch_items WHERE id = @id`, map[string]any{"id": job.SubjectID}).Scan(&cases).Error
	if err != nil {
		return fmt.Errorf("find the case of job %s: %w", job.ID, err)
	}
	var caseID *uuid.UUID
	if len(cases) > 0 {
		caseID = &cases[0]
	}
	if err := s.AddHubTask(TaskJobDead, job.ID, caseID); err != nil {
		return err
	}
	s.tx.Queue(`UPDATE follow_ups SET status = 'dead' WHERE id = $1 AND status IN ('open', 'handed_over')`, job.SubjectID)
	s.tx.Queue(`UPDATE messages SET status = 'failed', reason = $2 WHERE id = $1 AND status = 'handed_over'`, job.SubjectID, reason)
	if err := s.tx.Flush(); err != nil {
		return fmt.Errorf("give up job %s: %w", job.ID, err)
	}
	r := s.tx.Gorm().Exec(`UPDATE outbox SET dead_at = clock_timestamp(), lease_until = NULL, reason = ?
		WHERE id = ? AND attempt = ? AND done_at IS NULL AND dead_at IS NULL`, reason, job.ID, job.Attempt)
	if r.Error != nil {
		return fmt.Errorf("give up job %s: %w", job.ID, r.Error)
	}
	if r.RowsAffected == 0 {
		return ErrSuperseded
	}
	return nil
}

// Undo takes back what a move of a case promised and closed: its follow-ups, tasks and messages. What it opened is
// cancelled before what it closed is opened again, since both may be of one kind and subject.
func (s *Store) Undo(caseID, move uuid.UUID) error {
	s.tx.Queue(`UPDATE follow_ups SET status = 'cancelled', held_at = NULL
		WHERE case_id = $1 AND opened_move = $2 AND status IN ('open', 'held', 'handed_over')`, caseID, move)
	// One that a job promised since, outside any move, gives way too.
	s.tx.Queue(`UPDATE follow_ups f SET status = 'cancelled', held_at = NULL FROM follow_ups o
		WHERE o.case_id = $1 AND o.closed_move = $2 AND o.opened_move IS DISTINCT FROM $2 AND o.status IN ('done', 'cancelled')
		AND f.kind = o.kind AND f.subject_id = o.subject_id AND f.status IN ('open', 'held', 'handed_over')`, caseID, move)
	s.tx.Queue(`UPDATE follow_ups SET status = 'open', closed_move = NULL
		WHERE case_id = $1 AND closed_move = $2 AND opened_move IS DISTINCT FROM $2 AND status IN ('done', 'cancelled')`, caseID, move)
	s.tx.Queue(`UPDATE tasks SET closed_at = $3, closed_by = $4, closed_as = 'no_longer_needed'
		WHERE case_id = $1 AND opened_move = $2 AND closed_at IS NULL`, caseID, move, s.tx.Now, s.actor())
	s.tx.Queue(`UPDATE tasks SET closed_at = NULL, closed_by = NULL, closed_as = NULL, closed_move = NULL
		WHERE case_id = $1 AND closed_move = $2 AND opened_move IS DISTINCT FROM $2`, caseID, move)
	return s.WithdrawMessages(caseID, move)
}

// actor is who closes a task: nil for the system, which has no id.
func (s *Store) actor() *uuid.UUID {
	if s.tx.Actor.ID == uuid.Nil {
		return nil
	}
	return &s.tx.Actor.ID
}
