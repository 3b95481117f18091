package referral

import (
	"time"

	"github.com/google/uuid"
)

func (s *store) snooze(cases []uuid.UUID, until time.Time) {
	s.tx.Queue(`INSERT INTO snoozes (case_id, until, version, by_id, at) SELECT id, $2, version, $3, $4 FROM cases WHERE id = ANY ($1)
		ON CONFLICT (case_id) DO UPDATE SET until = excluded.until, version = excluded.version, by_id = excluded.by_id, at = excluded.at`,
		cases, until, s.tx.Actor.ID, s.tx.Now)
}

func (s *store) wake(cases []uuid.UUID) {
	s.tx.Queue(`DELETE FROM snoozes WHERE case_id = ANY ($1)`, cases)
}
