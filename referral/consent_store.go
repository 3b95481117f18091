package referral

import (
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// programsRunBy are the programs that an agency runs today, in the order in which they were opened.
func (s *store) programsRunBy(agency uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`SELECT id FROM programs WHERE org_id = ? AND closed_at IS NULL ORDER BY created_at, id`, agency).Scan(&out).Error
	return out, wrap(err, "read the programs of organization %s", agency)
}

// revokeConsent ends every yes that stands at a gate of a case: of these programs, or of all when there are none.
func (s *store) revokeConsent(caseID uuid.UUID, gate int, programs []uuid.UUID) {
	s.tx.Queue(`UPDATE consents SET revoked_at = $4, revoked_by = $5 WHERE case_id = $1 AND gate = $2 AND revoked_at IS NULL AND answer = 'yes'
		AND basis = 'her_answer' AND (cardinality($3::uuid[]) = 0 OR program_id = ANY ($3))`, caseID, gate, append([]uuid.UUID{}, programs...), s.tx.Now, s.tx.Actor.ID)
}

// feedbackAnswers are what she said of news to her referrers, by live case; a no on a case that stands on it is among them. Hub only.
func (s *store) feedbackAnswers(cases []uuid.UUID) (map[uuid.UUID][]Consent, error) {
	var rows []struct {
		Consent
		Live uuid.UUID
	}
	err := s.db().Raw(`SELECT x.*, k.id AS live FROM cases k JOIN consents x ON x.case_id = k.id
			OR x.answer = 'no' AND x.case_id IN (SELECT id FROM cases WHERE stands_on = k.id)
		WHERE k.id IN ? AND x.gate IN ? ORDER BY x.given_at, x.id LIMIT 5000`, cases, []int{ScopeFeedback, ScopeReason}).Scan(&rows).Error
	out := map[uuid.UUID][]Consent{}
	for _, row := range rows {
		out[row.Live] = append(out[row.Live], row.Consent)
	}
	return out, wrap(err, "read what referrers may hear")
}

// refusals are each no on the cases that stand on this one. Hub only.
func (s *store) refusals(caseID uuid.UUID) ([]Consent, error) {
	var out []Consent
	err := s.db().Raw(`SELECT * FROM consents WHERE answer = 'no' AND case_id IN (SELECT id FROM cases WHERE stands_on = ?)
		ORDER BY given_at, id LIMIT 500`, caseID).Scan(&out).Error
	return out, wrap(err, "read what she refused beside case %s", caseID)
}

// agenciesThatSee are the agencies that see a case in full now.
func (s *store) agenciesThatSee(caseID uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`SELECT org_id FROM case_access WHERE case_id = ? AND level = 'full' AND until IS NULL ORDER BY since, id`, caseID).Scan(&out).Error
	return out, wrap(err, "read who sees case %s", caseID)
}

// endEnrollment ends the open enrollment of a case that she leaves.
func (s *store) endEnrollment(id uuid.UUID, as string, move uuid.UUID) {
	s.tx.Queue(`UPDATE enrollments SET ended_at = $2, ended_as = $3, closed_move = $4 WHERE id = $1`, id, s.tx.Now, as, move)
}

// programsServed are the programs of an agency that had a family.
func (s *store) programsServed(caseID, agency uuid.UUID) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`SELECT program_id FROM claims WHERE case_id = @case AND org_id = @org
		UNION SELECT program_id FROM enrollments WHERE case_id = @case AND org_id = @org`, map[string]any{"case": caseID, "org": agency}).Scan(&out).Error
	return out, wrap(err, "read where case %s was served", caseID)
}

func (s *store) handoverIsOpen(caseID uuid.UUID) (bool, error) {
	var open bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM handovers WHERE case_id = ? AND ended_at IS NULL)`, caseID).Scan(&open).Error
	return open, wrap(err, "look for a hand-over of case %s", caseID)
}

// caseOfEither is the newest case of a client, or the case itself: the id may be either's.
func (s *store) caseOfEither(id uuid.UUID) (Case, error) {
	var c Case
	err := s.db().Where("caregiver_id = ? OR id = ?", id, id).Order("received_at DESC, id").Take(&c).Error
	return c, pg.NotFound(err, "client or case")
}
