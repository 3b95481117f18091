package referral

import (
	"github.com/google/uuid"
	"gorm.io/gorm"
)

// shownSince is how many changes a refusal names at most: the newest tell enough.
const shownSince = 20

// since are the newest moves of a case after a version, oldest first.
func (s *store) since(caseID uuid.UUID, version int) ([]sinceRow, error) {
	var out []sinceRow
	err := s.db().Raw(`SELECT * FROM (SELECT m.seq, m.action, m.moved_at, m.actor_org, coalesce(u.name, '') AS name,
			coalesce((SELECT string_agg(DISTINCT x.subject || ' ' || x.field, ', ') FROM corrections x WHERE x.move_id = m.id), '') AS fields
		FROM case_moves m LEFT JOIN api_keys k ON k.id = m.actor_id LEFT JOIN users u ON u.id = coalesce(k.user_id, m.actor_id)
		WHERE m.case_id = ? AND m.seq > ? ORDER BY m.seq DESC LIMIT ?) AS newest ORDER BY seq`, caseID, version, shownSince).Scan(&out).Error
	return out, wrap(err, "read what changed on case %s", caseID)
}

func (s *store) amendClient(c *Client) {
	s.tx.Queue(`UPDATE clients SET given_name = $2, family_name = $3, date_of_birth = $4::date, match_key = $5, spoken_language = $6,
		read_language = $7, interpreter = $8, insurance = $9 WHERE id = $1`, c.ID, c.GivenName, c.FamilyName, dateArg(c.DateOfBirth), c.MatchKey,
		c.SpokenLanguage, c.ReadLanguage, c.Interpreter, c.Insurance)
}

func (s *store) amendPregnancy(p *Pregnancy) {
	s.tx.Queue(`UPDATE pregnancies SET earlier_live_births = $2, outcome_on = $3::date, mother_discharged_on = $4::date WHERE episode_id = $1`,
		p.EpisodeID, p.EarlierLiveBirths, dateArg(p.OutcomeOn), dateArg(p.MotherDischargedOn))
}

func (s *store) amendInfant(i *Infant) {
	s.tx.Queue(`UPDATE infants SET given_name = $2, born_on = $3::date, birth_weight_grams = $4, gestation_days = $5, nicu = $6,
		discharged_on = $7::date, discharge_expected_on = $8::date, custody = $9 WHERE id = $1`, i.ID, i.GivenName, dateArg(i.BornOn),
		i.BirthWeightGrams, i.GestationDays, i.Nicu, dateArg(i.DischargedOn), dateArg(i.DischargeExpectedOn), i.Custody)
}

func (s *store) amendScreening(r *ScreeningRow) {
	s.tx.Queue(`UPDATE screenings SET language = $2, items = $3, given_on = $4::date, done_today = $5 WHERE id = $1`,
		r.ID, r.Language, string(r.Items), dateArg(r.GivenOn), r.DoneToday)
}

// amendedAnswers asks for the corrected answers of a case, oldest first.
func (s *store) amendedAnswers(caseID uuid.UUID) *gorm.DB {
	return s.db().Where("case_id = ? AND subject = 'answer'", caseID).Order("corrected_at, id")
}

// corrections are those of a case, of what stands on it, and of its caregiver on other cases, newest first, as far as the role may see.
func (s *store) corrections(c Case) ([]Correction, error) {
	var out []Correction
	err := s.db().Where("case_id = ? OR row_id = ? OR case_id IN (SELECT id FROM cases WHERE stands_on = ?)", c.ID, c.CaregiverID, c.ID).Order("corrected_at DESC, id DESC").Limit(500).Find(&out).Error
	return out, wrap(err, "read the corrections of case %s", c.ID)
}
