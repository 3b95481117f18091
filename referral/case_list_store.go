package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// dueBefore are the ends of the three words for due.
type dueBefore struct{ now, day, week time.Time }

type ownedRow struct {
	Case
	Owner *string
}

// allCases is a page of cases in rank order as a filter says. Each part is an EXISTS, so that the index of open work gives the order.
func (s *store) allCases(f CaseFilter, due dueBefore, after pg.Cursor, limit int) ([]ownedRow, error) {
	q := s.db().Table("cases c").Select("c.*, u.name AS owner").Joins("LEFT JOIN users u ON u.id = c.owner_id")
	if f.Status != "" {
		q = q.Where("c.status = ?", f.Status)
	} else {
		q = q.Where("c.status <> 'closed'")
	}
	switch f.Owner {
	case "":
	case OwnerMe:
		q = q.Where("c.owner_id = ?", s.tx.Actor.ID)
	case OwnerNone:
		q = q.Where("c.owner_id IS NULL")
	default:
		q = q.Where("c.owner_id = ?", f.Owner)
	}
	if f.Program != "" {
		q = q.Where(`(EXISTS (SELECT 1 FROM offers o WHERE o.case_id = c.id AND o.program_id = @p AND o.ended_at IS NULL)
			OR EXISTS (SELECT 1 FROM claims o WHERE o.case_id = c.id AND o.program_id = @p AND o.ended_at IS NULL)
			OR EXISTS (SELECT 1 FROM waitlist_entries o WHERE o.case_id = c.id AND o.program_id = @p AND o.ended_at IS NULL)
			OR EXISTS (SELECT 1 FROM enrollments o WHERE o.case_id = c.id AND o.program_id = @p AND o.ended_at IS NULL))`, map[string]any{"p": f.Program})
	}
	if f.Area != "" {
		q = q.Where("EXISTS (SELECT 1 FROM addresses a WHERE a.client_id = c.caregiver_id AND a.zip = ? AND a.ended_at IS NULL)", f.Area)
	}
	if f.Language != "" {
		q = q.Where("EXISTS (SELECT 1 FROM clients k WHERE k.id = c.caregiver_id AND split_part(k.spoken_language, '-', 1) = ?)", f.Language)
	}
	switch f.Due {
	case DueOver:
		q = q.Where("c.next_due_at < ?", due.now)
	case DueByToday:
		q = q.Where("c.next_due_at < ?", due.day)
	case DueByWeek:
		q = q.Where("c.next_due_at < ?", due.week)
	}
	if after.ID != "" {
		q = q.Where("c.rank_key > ?", after.Key)
	}
	var out []ownedRow
	err := q.Order("c.rank_key").Limit(limit).Scan(&out).Error
	return out, wrap(err, "list all cases")
}

func (s *store) filterChoices(hub uuid.UUID) (FilterChoices, error) {
	out := FilterChoices{People: []Named{}, Programs: []Named{}, Areas: []string{}, Languages: []string{}}
	var areas, languages []struct{ Value string }
	err := s.tx.ReadAll(
		pg.Read{Query: s.db().Raw(`SELECT DISTINCT u.id, u.name FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.org_id = ?
			AND m.role IN ('triage_coordinator', 'triage_supervisor') AND m.ended_at IS NULL AND u.disabled_at IS NULL ORDER BY u.name, u.id`, hub), Into: &out.People},
		pg.Read{Query: s.db().Raw(`SELECT p.id, p.name || ', ' || o.name AS name FROM programs p JOIN organizations o ON o.id = p.org_id WHERE p.closed_at IS NULL ORDER BY 2, 1`), Into: &out.Programs},
		pg.Read{Query: s.db().Raw(`SELECT DISTINCT zip AS value FROM program_areas ORDER BY 1 LIMIT 500`), Into: &areas},
		pg.Read{Query: s.db().Raw(`SELECT DISTINCT split_part(k.spoken_language, '-', 1) AS value FROM cases c JOIN clients k ON k.id = c.caregiver_id
			WHERE c.status <> 'closed' AND k.spoken_language IS NOT NULL ORDER BY 1 LIMIT 100`), Into: &languages})
	for _, a := range areas {
		out.Areas = append(out.Areas, a.Value)
	}
	for _, l := range languages {
		out.Languages = append(out.Languages, l.Value)
	}
	return out, wrap(err, "list what cases are filtered by")
}

// deskMember reports whether a person works at the hub's desk.
func (s *store) deskMember(user, hub uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.user_id = ? AND m.org_id = ?
		AND m.role IN ('triage_coordinator', 'triage_supervisor') AND m.ended_at IS NULL AND u.disabled_at IS NULL)`, user, hub).Scan(&found).Error
	return found, wrap(err, "look for user %s", user)
}

func (s *store) giveCase(id, to uuid.UUID) {
	s.tx.Queue(`UPDATE cases SET owner_id = $2 WHERE id = $1`, id, to)
}

type savedView struct {
	ID      uuid.UUID
	OwnerID uuid.UUID
	Name    string
	Filter  string
	SavedAt time.Time
}

// TableName is gorm's.
func (savedView) TableName() string { return "saved_views" }

func (s *store) savedViews() ([]savedView, error) {
	var out []savedView
	err := s.db().Where("owner_id = ?", s.tx.Actor.ID).Order("lower(name), id").Find(&out).Error
	return out, wrap(err, "list saved views")
}

// dropView reports whether the actor had it.
func (s *store) dropView(id uuid.UUID) (bool, error) {
	r := s.db().Exec(`DELETE FROM saved_views WHERE id = ? AND owner_id = ?`, id, s.tx.Actor.ID)
	return r.RowsAffected > 0, wrap(r.Error, "drop view %s", id)
}
