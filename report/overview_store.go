package report

import (
	"fmt"
	"time"
)

// late counts the open cases whose next step was due before now, by that step. A hold stops what is owed to her: such a case is not late.
func (s store) late(now time.Time) ([]Late, error) {
	late := []Late{}
	err := s.tx.Gorm().Raw(`SELECT next_step AS step, count(*) AS cases FROM cases
		WHERE status <> 'closed' AND held_since IS NULL AND next_due_at < ? GROUP BY next_step ORDER BY count(*) DESC, next_step`, now).Scan(&late).Error
	if err != nil {
		return nil, fmt.Errorf("count what is late: %w", err)
	}
	return late, nil
}
