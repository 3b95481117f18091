package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/providers"
)

// list writes a family without her name. One that is listed stays as she is.
func (s *store) list(id uuid.UUID, program providers.Program, key []byte) {
	s.tx.Queue(`INSERT INTO served_families (id, program_id, org_id, match_key, listed_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (program_id, match_key) WHERE ended_at IS NULL DO NOTHING`, id, program.ID, program.OrgID, key, s.tx.Now)
}

// endListing ends it: she is named now.
func (s *store) endListing(id uuid.UUID) {
	s.tx.Queue(`UPDATE served_families SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL`, id, s.tx.Now)
}

// hasPlace reports whether a place of the program is promised to this client or used by her: she takes no second one.
func (s *store) hasPlace(client, program uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM cases c WHERE c.caregiver_id = @client AND (
			EXISTS (SELECT 1 FROM claims k WHERE k.case_id = c.id AND k.program_id = @program AND k.ended_at IS NULL)
			OR EXISTS (SELECT 1 FROM enrollments e WHERE e.case_id = c.id AND e.program_id = @program AND e.ended_at IS NULL)))`,
		map[string]any{"client": client, "program": program}).Scan(&found).Error
	return found, wrap(err, "look for a place of client %s", client)
}

func (s *store) isEnrolled(client, program uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM enrollments e JOIN cases c ON c.id = e.case_id
		WHERE c.caregiver_id = ? AND e.program_id = ? AND e.ended_at IS NULL)`, client, program).Scan(&found).Error
	return found, wrap(err, "look for an enrollment of client %s", client)
}

func (s *store) wasImported(client, program uuid.UUID, held time.Time) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM enrollments e JOIN cases c ON c.id = e.case_id
		WHERE c.caregiver_id = ? AND e.program_id = ? AND e.came_by = 'import' AND e.enrolled_at = ?)`, client, program, held).Scan(&found).Error
	return found, wrap(err, "look for an import of client %s", client)
}
