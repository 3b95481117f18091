package jobs

import (
	"github.com/google/uuid"
)

// Hold stops the pending promises of these kinds on a case: none falls due while it is held, not even one that was handed over
// a moment ago, since its handler looks whether it is still pending.
func (s *Store) Hold(caseID uuid.UUID, kinds ...Kind) {
	s.tx.Queue(`UPDATE follow_ups SET status = 'held', held_at = $3 WHERE case_id = $1 AND kind = ANY ($2)
		AND status IN ('open', 'handed_over')`, caseID, kinds, s.tx.Now)
}

// Resume lets the held promises of a case run again with the time that was left when they were held. One that was overdue
// then is due at once.
func (s *Store) Resume(caseID uuid.UUID) {
	s.tx.Queue(`UPDATE follow_ups SET status = 'open', due_at = due_at + ($2::timestamptz - held_at), held_at = NULL
		WHERE case_id = $1 AND status = 'held'`, caseID, s.tx.Now)
}
