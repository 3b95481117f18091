package referral

import "github.com/google/uuid"

// endTransferred ends what holds a family that another agency takes over. Nobody could have changed it: it was her wish.
func (s *store) endTransferred(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE claims SET ended_at = $2, ended_as = 'transferred', closed_move = $3 WHERE case_id = $1 AND ended_at IS NULL`, caseID, s.tx.Now, move)
	s.tx.Queue(`UPDATE enrollments SET ended_at = $2, ended_as = 'transferred', closed_move = $3 WHERE case_id = $1 AND ended_at IS NULL`, caseID, s.tx.Now, move)
}

// closeAgencyTasks ends what one agency had to do about a family that it serves no more. A connection or a hold of its own is still
// its to settle.
func (s *store) closeAgencyTasks(caseID, org, move uuid.UUID) {
	s.tx.Queue(`UPDATE tasks SET closed_at = $3, closed_as = 'no_longer_needed', closed_move = $4
		WHERE case_id = $1 AND org_id = $2 AND kind = ANY ($5) AND closed_at IS NULL`, caseID, org, s.tx.Now, move,
		[]string{taskFirstAttempt, taskNextAttempt, taskFirstVisit, taskVisitDrought, taskCompletion, taskWindowClosing, taskLoss, taskChildMoved})
}
