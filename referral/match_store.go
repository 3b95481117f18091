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

// record reads one. Hub only.
func (s *store) record(id uuid.UUID) (record, error) {
	all, err := s.records(id)
	return all[id], err
}

// records reads several in one round trip. Hub only. Faults: NotFound for any.
func (s *store) records(ids ...uuid.UUID) (map[uuid.UUID]record, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var clients []Client
	var contacts []ContactMethod
	var addresses []Address
	var children []struct {
		CaregiverID uuid.UUID
		Infant
	}
	var cases []Case
	most := 50 * len(ids)
	err := s.tx.ReadAll(
		pg.Read{Query: s.db().Where("id IN ?", ids), Into: &clients},
		pg.Read{Query: s.db().Where("client_id IN ? AND ended_at IS NULL", ids).Order("given_at, id").Limit(most), Into: &contacts},
		pg.Read{Query: s.db().Where("client_id IN ? AND ended_at IS NULL", ids).Order("given_at, id").Limit(most), Into: &addresses},
		pg.Read{Query: s.db().Raw(`SELECT DISTINCT c.caregiver_id, i.* FROM infants i JOIN cases c USING (episode_id)
			WHERE i.ended_at IS NULL AND c.caregiver_id IN ? ORDER BY i.born_on, i.id`, ids), Into: &children},
		pg.Read{Query: s.db().Raw(`SELECT id, caregiver_id, status, stage, next_step, next_due_at, received_at FROM cases WHERE caregiver_id IN ?
			ORDER BY received_at, id LIMIT ?`, ids, most), Into: &cases})
	if err != nil {
		return nil, wrap(err, "read clients %v", ids)
	}
	out := make(map[uuid.UUID]record, len(clients))
	for _, c := range clients {
		out[c.ID] = record{client: c}
	}
	for _, id := range ids {
		if _, ok := out[id]; !ok {
			return nil, wrap(pg.NotFound(gorm.ErrRecordNotFound, "client"), "read client %s", id)
		}
	}
	add := func(id uuid.UUID, change func(*record)) {
		r := out[id]
		change(&r)
		out[id] = r
	}
	for _, c := range contacts {
		add(c.ClientID, func(r *record) { r.contacts = append(r.contacts, c) })
	}
	for _, a := range addresses {
		add(a.ClientID, func(r *record) { r.addresses = append(r.addresses, a) })
	}
	for _, c := range children {
		add(c.CaregiverID, func(r *record) { r.children = append(r.children, c.Infant) })
	}
	for _, c := range cases {
		add(c.CaregiverID, func(r *record) { r.cases = append(r.cases, c) })
	}
	return out, nil
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
