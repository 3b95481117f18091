package referral

import "github.com/google/uuid"

// dueDates are all that were given for a pregnancy, as far as the role may see, in the order in which they came.
func (s *store) dueDates(episode uuid.UUID) ([]DueDate, error) {
	var out []DueDate
	err := s.db().Where("episode_id = ?", episode).Order("recorded_at, id").Limit(200).Find(&out).Error
	return out, wrap(err, "read the due dates of episode %s", episode)
}

func (s *store) chooseDueDate(d DueDate) {
	s.tx.Queue(`UPDATE due_dates SET chosen_at = $2, chosen_by = $3 WHERE id = $1`, d.ID, d.ChosenAt, d.ChosenBy)
}

// rankOffers gives the open offers of a case its place in every list.
func (s *store) rankOffers(c *Case) {
	s.tx.Queue(`UPDATE offers SET rank_key = $2 WHERE case_id = $1 AND ended_at IS NULL`, c.ID, c.rankKey())
}
