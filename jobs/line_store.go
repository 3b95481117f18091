package jobs

import (
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// TellLine lets the families that wait hear of room in a program, when this transaction commits. While nobody waits anywhere it
// does nothing: whoever begins to wait at this very moment is found by the hourly look.
func (s *Store) TellLine(program uuid.UUID) {
	s.tx.Queue(`INSERT INTO outbox (id, kind, subject_id, attempt, next_at) SELECT $1, $2, $3, 0, clock_timestamp()
		WHERE EXISTS (SELECT 1 FROM cases WHERE status = 'waitlisted')`, pg.NewID(), PlaceFree, program)
}
