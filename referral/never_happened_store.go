package referral

import "github.com/google/uuid"

// notOver takes the outcome from a pregnancy.
func (s *store) notOver(episode uuid.UUID) {
	s.tx.Queue(`UPDATE pregnancies SET outcome = NULL, outcome_on = NULL, mother_discharged_on = NULL WHERE episode_id = $1`, episode)
}

// endInfants ends children that were recorded in error, and lets them leave every case.
func (s *store) endInfants(ids []uuid.UUID) {
	s.tx.Queue(`UPDATE case_infants SET until = $2 WHERE infant_id = ANY ($1) AND until IS NULL`, ids, s.tx.Now)
	s.tx.Queue(`UPDATE infants SET ended_at = $2 WHERE id = ANY ($1)`, ids, s.tx.Now)
}

func (s *store) infantsLive(ids []uuid.UUID) {
	s.tx.Queue(`UPDATE infants SET death_recorded_at = NULL, died_on = NULL WHERE id = ANY ($1)`, ids)
}

func (s *store) clientLives(id uuid.UUID) {
	s.tx.Queue(`UPDATE clients SET death_recorded_at = NULL WHERE id = $1`, id)
}

// endedByDeath reports whether the newest enrollment of a case ended with its caregiver's death.
func (s *store) endedByDeath(caseID uuid.UUID) (bool, error) {
	var ends []string
	err := s.db().Raw(`SELECT coalesce(ended_as, '') FROM enrollments WHERE case_id = ? ORDER BY ended_at DESC NULLS FIRST, id LIMIT 1`, caseID).Scan(&ends).Error
	return len(ends) > 0 && ends[0] == ClientDied, wrap(err, "read the enrollment of case %s", caseID)
}

// childrenElsewhere are the living children of the episode that stand in a case of another caregiver, each with that case.
func (s *store) childrenElsewhere(c Case) (out []childElsewhere, err error) {
	err = s.db().Raw(`SELECT i.*, ci.case_id AS elsewhere FROM infants i JOIN case_infants ci ON ci.infant_id = i.id AND ci.until IS NULL
		JOIN cases k ON k.id = ci.case_id WHERE i.episode_id = ? AND k.caregiver_id <> ? AND i.ended_at IS NULL AND i.death_recorded_at IS NULL
		ORDER BY i.birth_order, k.status = 'closed', k.received_at DESC, k.id`, c.EpisodeID, c.CaregiverID).Scan(&out).Error
	return out, wrap(err, "read the children of episode %s", c.EpisodeID)
}
