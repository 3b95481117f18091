package referral

import (
	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/fault"
)

// openHandover is the hand-over that waits for its answer.
func (s *store) openHandover(caseID uuid.UUID) (Handover, error) {
	var found []Handover
	err := s.db().Where("case_id = ? AND ended_at IS NULL", caseID).Limit(1).Find(&found).Error
	if err == nil && len(found) == 0 {
		return Handover{}, fault.Wrap(fault.Conflict, gorm.ErrRecordNotFound, "This family is not being handed over to another jurisdiction.")
	}
	if err != nil {
		return Handover{}, wrap(err, "read the hand-over of case %s", caseID)
	}
	return found[0], nil
}

func (s *store) endHandover(id uuid.UUID, as string, move uuid.UUID) {
	s.tx.Queue(`UPDATE handovers SET ended_at = $2, ended_as = $3, closed_move = $4, acknowledged_at = CASE WHEN $3 = 'acknowledged' THEN $2::timestamptz END
		WHERE id = $1`, id, s.tx.Now, as, move)
}

// forgetHandover ends a hand-over of a case that closes by something else: nobody waits for its answer any more.
func (s *store) forgetHandover(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE tasks SET closed_at = $2, closed_as = 'no_longer_needed', closed_move = $3 WHERE case_id = $1 AND kind = $4 AND closed_at IS NULL`,
		caseID, s.tx.Now, move, taskHandover)
	s.tx.Queue(`UPDATE handovers SET ended_at = $2, ended_as = 'taken_back', closed_move = $3 WHERE case_id = $1 AND ended_at IS NULL`, caseID, s.tx.Now, move)
}

func (s *store) undoHandover(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE handovers SET ended_at = NULL, ended_as = NULL, acknowledged_at = NULL, closed_move = NULL WHERE case_id = $1 AND closed_move = $2`, caseID, move)
}

// wasAskedInEarnest is wasAsked, but for what proved not to be needed.
func (s *store) wasAskedInEarnest(subject uuid.UUID, kind string) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM tasks WHERE kind = ? AND subject_id = ? AND closed_as IS DISTINCT FROM 'no_longer_needed')`,
		kind, subject).Scan(&found).Error
	return found, wrap(err, "look for task %s of %s", kind, subject)
}

// wasAsked reports whether a person was ever given this kind of task about a subject.
func (s *store) wasAsked(subject uuid.UUID, kind string) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM tasks WHERE kind = ? AND subject_id = ?)`, kind, subject).Scan(&found).Error
	return found, wrap(err, "look for task %s of %s", kind, subject)
}
