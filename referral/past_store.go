package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/rulebook"
)

// pastRow is the newest decision of a case within a period.
type pastRow struct {
	CaseID        uuid.UUID
	Facts         []byte
	Places        []byte
	RaceEthnicity Texts
}

func (s *store) countPast(from, until time.Time) (n int, err error) {
	err = s.db().Raw(`SELECT count(DISTINCT case_id) FROM decisions WHERE decided_at >= ? AND decided_at <= ?`, from, until).Scan(&n).Error
	return n, wrap(err, "count past cases")
}

// pastCases walks the index on the case and the time, which alone picks the newest; the wide columns are read for those only.
func (s *store) pastCases(from, until time.Time, after uuid.UUID, limit int) ([]pastRow, error) {
	var out []pastRow
	err := s.db().Raw(`SELECT d.case_id, d.facts, d.places, coalesce(g.race_ethnicity, '{}') AS race_ethnicity
		FROM (SELECT DISTINCT ON (case_id) case_id, id FROM decisions WHERE case_id > @after AND decided_at >= @from AND decided_at <= @until
			ORDER BY case_id, decided_at DESC, id DESC LIMIT @limit) AS newest
		JOIN decisions d ON d.id = newest.id JOIN cases c ON c.id = d.case_id LEFT JOIN demographics g ON g.client_id = c.caregiver_id
		ORDER BY d.case_id`, map[string]any{"after": after, "from": from, "until": until, "limit": limit}).Scan(&out).Error
	return out, wrap(err, "read past cases")
}

func (s *store) keptDecisions(from time.Time, after uuid.UUID, limit int) ([]rulebook.Kept, error) {
	var out []rulebook.Kept
	err := s.db().Raw(`SELECT id, rule_set_id, rule_set_hash, facts, places, outcome FROM decisions WHERE id > @after AND decided_at >= @from
		ORDER BY id LIMIT @limit`, map[string]any{"after": after, "from": from, "limit": limit}).Scan(&out).Error
	return out, wrap(err, "read stored decisions")
}
