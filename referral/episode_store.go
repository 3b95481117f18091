package referral

import (
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
)

// ownPregnancy asks for the pregnancy as this case may read it: the parent who carried it, or whoever opened the episode. A
// caregiver who came later brings her own case, and what the first one told stays with the first.
func (s *store) ownPregnancy(c Case) *gorm.DB {
	return s.db().Raw(`SELECT * FROM pregnancies WHERE episode_id = @episode AND (@role = 'birth_parent'
		OR @caregiver = (SELECT caregiver_id FROM cases WHERE episode_id = @episode ORDER BY received_at, id LIMIT 1))`,
		map[string]any{"episode": c.EpisodeID, "role": c.CaregiverRole, "caregiver": c.CaregiverID})
}

// childRow is a child of the episode and how it stands to one case.
type childRow struct {
	Infant
	InCase bool
	Until  *time.Time
}

// children asks for all of the episode, in the order of birth.
func (s *store) children(c Case) *gorm.DB {
	return s.db().Raw(`SELECT i.*, ci.case_id IS NOT NULL AS in_case, ci.until FROM infants i
		LEFT JOIN case_infants ci ON ci.infant_id = i.id AND ci.case_id = ? WHERE i.episode_id = ? AND i.ended_at IS NULL
		ORDER BY i.birth_order`, c.ID, c.EpisodeID)
}

func (f *family) sortChildren(rows []childRow) {
	for _, row := range rows {
		switch {
		case row.InCase && row.Until == nil && row.DeathRecordedAt == nil:
			f.infants = append(f.infants, row.Infant)
			continue
		case row.InCase && row.Until == nil:
			f.died = append(f.died, row.Infant)
		case row.InCase:
			f.gone++
		}
		f.taken = append(f.taken, row.BirthOrder)
	}
}

// episodeOf is the pregnancy (at most one) and the children as one case shows them, as far as the role may see.
func (s *store) episodeOf(c Case) (pregnancies []Pregnancy, infants []Infant, err error) {
	if err = s.ownPregnancy(c).Scan(&pregnancies).Error; err != nil {
		return nil, nil, wrap(err, "read the pregnancy of case %s", c.ID)
	}
	err = s.db().Raw(`SELECT i.* FROM infants i JOIN case_infants ci ON ci.infant_id = i.id
		WHERE ci.case_id = ? AND ci.until IS NULL ORDER BY i.birth_order`, c.ID).Scan(&infants).Error
	return pregnancies, infants, wrap(err, "read the children of case %s", c.ID)
}

// endsOf is how other cases of this caregiver and episode ended.
func (s *store) endsOf(c Case) *gorm.DB {
	return s.db().Raw(`SELECT disposition FROM cases WHERE episode_id = ? AND caregiver_id = ? AND id <> ? AND status = 'closed'`,
		c.EpisodeID, c.CaregiverID, c.ID)
}

// endedInLoss: an earlier case was closed by a loss of which nothing else was written down.
func (f *family) endedInLoss(ends []string) bool {
	return slices.Contains(ends, PregnancyEnded) || slices.Contains(ends, ChildDied) && len(f.died) == 0
}

// casesOfEpisode are the other cases of an episode, oldest first. For the hub's eyes only.
func (s *store) casesOfEpisode(c Case) ([]uuid.UUID, error) {
	var out []uuid.UUID
	err := s.db().Raw(`SELECT id FROM cases WHERE episode_id = ? AND id <> ? ORDER BY received_at, id LIMIT 100`, c.EpisodeID, c.ID).Scan(&out).Error
	return out, wrap(err, "read the cases of episode %s", c.EpisodeID)
}

// earlier fills in what an earlier case of the same caregiver knows of the episode. A child that left it does not come back with it.
func (s *store) earlier(c Case, f *family) error {
	var pregnancies []Pregnancy
	var children []childRow
	var ends []string
	err := s.tx.ReadAll(pg.Read{Query: s.ownPregnancy(c), Into: &pregnancies}, pg.Read{Query: s.children(c), Into: &children},
		pg.Read{Query: s.endsOf(Case{EpisodeID: c.EpisodeID, CaregiverID: c.CaregiverID}), Into: &ends})
	if err != nil {
		return wrap(err, "read the children of case %s", c.ID)
	}
	if len(pregnancies) > 0 {
		f.pregnancy = &pregnancies[0]
	}
	f.sortChildren(children)
	f.lost = f.endedInLoss(ends)
	return nil
}

// keepPregnancy writes it unless the episode has one.
func (s *store) keepPregnancy(p *Pregnancy) {
	s.tx.Queue(`INSERT INTO pregnancies (episode_id, due_on, dating, dated_on, earlier_live_births, outcome, outcome_on)
		VALUES ($1, $2::date, $3, $4::date, $5, $6, $7::date) ON CONFLICT (episode_id) DO NOTHING`,
		p.EpisodeID, dateArg(p.DueOn), p.Dating, p.DatedOn.String(), p.EarlierLiveBirths, p.Outcome, dateArg(p.OutcomeOn))
}

// endPregnancy writes how it ended; today dates the row where none is there.
func (s *store) endPregnancy(p Pregnancy) {
	s.tx.Queue(`INSERT INTO pregnancies (episode_id, dating, dated_on, outcome, outcome_on, mother_discharged_on)
		VALUES ($1, 'unknown', $2::date, $3, $4::date, $5::date) ON CONFLICT (episode_id) DO UPDATE
		SET outcome = excluded.outcome, outcome_on = excluded.outcome_on, mother_discharged_on = excluded.mother_discharged_on`,
		p.EpisodeID, p.DatedOn.String(), p.Outcome, dateArg(p.OutcomeOn), dateArg(p.MotherDischargedOn))
}

func (s *store) infantDied(id uuid.UUID, on *civil.Date) {
	s.tx.Queue(`UPDATE infants SET death_recorded_at = $2, died_on = $3::date WHERE id = $1`, id, s.tx.Now, dateArg(on))
}

func (s *store) clientDied(id uuid.UUID) {
	s.tx.Queue(`UPDATE clients SET death_recorded_at = coalesce(death_recorded_at, $2) WHERE id = $1`, id, s.tx.Now)
}

// moveInfants lets children leave every case in which they stand, and stand in this one, with whose caregiver they live.
func (s *store) moveInfants(ids []uuid.UUID, to uuid.UUID, custody string) {
	s.tx.Queue(`UPDATE infants SET custody = $2 WHERE id = ANY ($1)`, ids, custody)
	s.tx.Queue(`UPDATE case_infants SET until = $3 WHERE infant_id = ANY ($1) AND case_id <> $2 AND until IS NULL`, ids, to, s.tx.Now)
	s.tx.Queue(`INSERT INTO case_infants (case_id, infant_id) SELECT $2, unnest($1::uuid[])
		ON CONFLICT (case_id, infant_id) DO UPDATE SET until = NULL`, ids, to)
}
