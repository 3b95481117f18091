package referral

import (
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"doorstep/internal/pg"
)

// record is one client as the identity review compares her.
type record struct {
	client    Client
	contacts  []ContactMethod
	addresses []Address
	children  []Infant
	cases     []Case
}

// record reads it in one round trip. Hub only.
func (s *store) record(id uuid.UUID) (record, error) {
	var r record
	var clients []Client
	err := s.tx.ReadAll(
		pg.Read{Query: s.db().Where("id = ?", id), Into: &clients},
		pg.Read{Query: s.db().Where("client_id = ? AND ended_at IS NULL", id).Order("given_at, id").Limit(50), Into: &r.contacts},
		pg.Read{Query: s.db().Where("client_id = ? AND ended_at IS NULL", id).Order("given_at, id").Limit(50), Into: &r.addresses},
		pg.Read{Query: s.db().Raw(`SELECT i.* FROM infants i WHERE ended_at IS NULL AND episode_id IN (SELECT episode_id FROM cases WHERE caregiver_id = ?) ORDER BY born_on, id`, id), Into: &r.children},
		pg.Read{Query: s.db().Raw(`SELECT id, status, stage, next_step, next_due_at, received_at FROM cases WHERE caregiver_id = ?
			ORDER BY received_at, id LIMIT 50`, id), Into: &r.cases})
	if err == nil && len(clients) == 0 {
		err = pg.NotFound(gorm.ErrRecordNotFound, "client")
	}
	if err != nil {
		return r, wrap(err, "read client %s", id)
	}
	r.client = clients[0]
	return r, nil
}

// openQuestions is a page of the pairs that nobody decided yet, the oldest first.
func (s *store) openQuestions(after *time.Time, id uuid.UUID, limit int) ([]matchQuestion, error) {
	q := s.db().Where("answer IS NULL")
	if after != nil {
		q = q.Where("(asked_at, id) > (?, ?)", *after, id)
	}
	var out []matchQuestion
	err := q.Order("asked_at, id").Limit(limit).Find(&out).Error
	return out, wrap(err, "list the pairs to review")
}

// lockQuestion reads one pair for update, or NotFound.
func (s *store) lockQuestion(id uuid.UUID) (matchQuestion, error) {
	var q matchQuestion
	err := s.db().Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&q).Error
	return q, pg.NotFound(err, "match")
}

// saidNot: somebody said of two records that would be one person by this link that they are two.
func (s *store) saidNot(a, b uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`WITH one AS (SELECT id FROM clients WHERE id = ANY (CAST(@ids AS uuid[]))
			OR person_id IN (SELECT person_id FROM clients WHERE id = ANY (CAST(@ids AS uuid[]))))
		SELECT EXISTS (SELECT 1 FROM match_questions WHERE answer = 'not_same' AND client_a IN (SELECT id FROM one) AND client_b IN (SELECT id FROM one))`,
		map[string]any{"ids": texts([]uuid.UUID{a, b})}).Scan(&found).Error
	return found, wrap(err, "look for an answer about two records")
}

// answerPair writes what a person said of a pair, whether or not it was asked.
func (s *store) answerPair(id, a, b, caseID uuid.UUID, evidence JSON, answer string, by uuid.UUID) {
	s.tx.Queue(`INSERT INTO match_questions (id, client_a, client_b, case_id, evidence, asked_at, answer, answered_at, answered_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $6, $8) ON CONFLICT (client_a, client_b)
		DO UPDATE SET answer = excluded.answer, answered_at = excluded.answered_at, answered_by = excluded.answered_by`,
		id, a, b, caseID, []byte(evidence), s.tx.Now, answer, by)
}
