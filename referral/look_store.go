package referral

import "github.com/google/uuid"

// lookAt moves the actor's look to this case, and forgets what nobody asks for any more.
func (s *store) lookAt(caseID uuid.UUID) {
	s.tx.Queue(`DELETE FROM looks WHERE by_id = $1 AND case_id <> $2 OR at < clock_timestamp() - interval '1 hour'`, s.tx.Actor.ID, caseID)
	s.tx.Queue(`INSERT INTO looks (case_id, by_id, at) VALUES ($1, $2, clock_timestamp()) ON CONFLICT (case_id, by_id) DO UPDATE SET at = excluded.at`, caseID, s.tx.Actor.ID)
}

func (s *store) onlookers(caseID uuid.UUID) ([]Onlooker, error) {
	out := []Onlooker{}
	err := s.db().Raw(`SELECT u.name, l.at FROM looks l JOIN users u ON u.id = l.by_id WHERE l.case_id = ? AND l.by_id <> ?
		AND l.at > clock_timestamp() - interval '5 minutes' ORDER BY l.at DESC LIMIT 5`, caseID, s.tx.Actor.ID).Scan(&out).Error
	return out, wrap(err, "read who looks at case %s", caseID)
}
