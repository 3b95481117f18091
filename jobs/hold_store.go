package jobs

import (
	"fmt"
	"time"

	"github.com/google/uuid"
)

// Hold stops the pending promises of these kinds on a case as of a moment: none falls due while it is held. A job that was
// handed over a moment ago ends without effect, so that it cannot fire before its time once the promise runs again.
func (s *Store) Hold(caseID uuid.UUID, at time.Time, kinds ...Kind) {
	s.tx.Queue(`UPDATE follow_ups SET status = 'held', held_at = $3 WHERE case_id = $1 AND kind = ANY ($2)
		AND status IN ('open', 'handed_over')`, caseID, kinds, at)
	s.tx.Queue(`UPDATE outbox SET done_at = clock_timestamp(), lease_until = NULL, reason = 'held' WHERE done_at IS NULL AND dead_at IS NULL
		AND subject_id IN (SELECT id FROM follow_ups WHERE case_id = $1 AND status = 'held')`, caseID)
}

// Resume lets the held promises of a case run again with the time that was left when they were held. One that was overdue
// then is due at once.
func (s *Store) Resume(caseID uuid.UUID) {
	s.tx.Queue(`UPDATE follow_ups SET status = 'open', due_at = due_at + ($2::timestamptz - held_at), held_at = NULL
		WHERE case_id = $1 AND status = 'held'`, caseID, s.tx.Now)
}

// WithdrawToClient takes back what is queued to her and has not begun to leave.
func (s *Store) WithdrawToClient(caseID uuid.UUID) {
	s.tx.Queue(`UPDATE messages SET status = 'withdrawn' WHERE case_id = $1 AND audience = 'client' AND status IN ('queued', 'handed_over')`, caseID)
}

// WithdrawByChannel takes back what is queued to her through one channel and has not begun to leave.
func (s *Store) WithdrawByChannel(caseID uuid.UUID, channel string) {
	s.tx.Queue(`UPDATE messages SET status = 'withdrawn' WHERE case_id = $1 AND audience = 'client' AND channel = $2
		AND status IN ('queued', 'handed_over')`, caseID, channel)
}

// WithdrawFeedback takes back what is queued to the referrers of a case and has not begun to leave, but the news that the referral
// came in.
func (s *Store) WithdrawFeedback(caseID uuid.UUID, but string) {
	s.tx.Queue(`UPDATE messages SET status = 'withdrawn' WHERE case_id = $1 AND audience = 'referrer' AND template <> $2
		AND status IN ('queued', 'handed_over')`, caseID, but)
}

// WithdrawAllToClient is WithdrawToClient for every case of these records of hers.
func (s *Store) WithdrawAllToClient(records []uuid.UUID) {
	s.tx.Queue(`UPDATE messages SET status = 'withdrawn' WHERE client_id = ANY ($1) AND audience = 'client' AND status IN ('queued', 'handed_over')`, records)
}

// NextDue is when the first of a case's open promises of these kinds falls due; nil when there is none.
func (s *Store) NextDue(caseID uuid.UUID, kinds ...Kind) (*time.Time, error) {
	var due []time.Time
	err := s.tx.Gorm().Raw(`SELECT due_at FROM follow_ups WHERE case_id = ? AND kind IN ? AND status = 'open' ORDER BY due_at LIMIT 1`,
		caseID, kinds).Scan(&due).Error
	switch {
	case err != nil:
		return nil, fmt.Errorf("read what case %s is promised next: %w", caseID, err)
	case len(due) == 0:
		return nil, nil //nolint:nilnil // a case may be promised nothing
	}
	return &due[0], nil
}

// ToClient are the messages to her about one case, as far as the role may see, newest first.
func (s *Store) ToClient(caseID uuid.UUID) ([]Message, error) {
	var out []Message
	err := s.tx.Gorm().Raw(`SELECT * FROM messages WHERE case_id = ? AND audience = 'client' ORDER BY not_before DESC, id DESC LIMIT 1000`, caseID).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read the messages to the client of case %s: %w", caseID, err)
	}
	return out, nil
}
