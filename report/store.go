package report

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

type store struct{ tx *pg.Tx }

// breakdowns is the join that gives each case its key and name; each finds its row by an index on the case. The first referral
// is not asked for with LIMIT 1: where statistics are missing, the planner then walks all referrals by time for each case.
func breakdowns(by By) (join string, known bool) {
	const latest = `SELECT program_id, org_id FROM (
			SELECT id, program_id, org_id, claimed_at AS since FROM claims WHERE case_id = c.id AND ended_as IS DISTINCT FROM 'undone'
			UNION ALL SELECT id, program_id, org_id, enrolled_at FROM enrollments
				WHERE case_id = c.id AND came_by <> 'claim' AND ended_as IS DISTINCT FROM 'undone') AS had
		ORDER BY since DESC, id DESC LIMIT 1`
	switch by {
	case BySource:
		return `LEFT JOIN LATERAL (SELECT (array_agg(org_id ORDER BY received_at, id))[1] AS org_id FROM referrals WHERE case_id = c.id) first ON true
			LEFT JOIN organizations k ON k.id = first.org_id`, true
	case ByAgency:
		return `LEFT JOIN LATERAL (` + latest + `) latest ON true LEFT JOIN organizations k ON k.id = latest.org_id`, true
	case ByProgram:
		return `LEFT JOIN LATERAL (` + latest + `) latest ON true LEFT JOIN programs k ON k.id = latest.program_id`, true
	case ByWeek: // counted from the time of receipt, by the hub's calendar
		return `LEFT JOIN (SELECT NULL::uuid AS id, NULL AS name) k ON true`, true
	}
	return "", false
}

// cohort is every case received in [from, to), found by the index on received_at.
func (s store) cohort(from, to time.Time, by By) ([]milestones, error) {
	join, _ := breakdowns(by)
	var cases []milestones
	err := s.tx.Gorm().Raw(`SELECT coalesce(k.id::text, '') AS key, coalesce(k.name, 'None yet') AS name, c.received_at AS received,
		c.triaged_at AS triaged, c.reached_at AS reached, c.said_yes_at AS said_yes, c.claimed_at AS claimed,
		c.first_visit_at AS first_visit, c.completed_at AS completed, c.status <> 'closed' AS open, c.id AS case_id
		FROM cases c `+join+` WHERE c.received_at >= ? AND c.received_at < ? AND coalesce(c.disposition, '') NOT IN ('entered_in_error', 'joined')`,
		from, to).Scan(&cases).Error
	if err != nil {
		return nil, fmt.Errorf("read the cohort by %s: %w", by, err)
	}
	return cases, nil
}

// holds gives each case of the cohort its holds.
func (s store) holds(from, to time.Time, cases []milestones) error {
	var rows []struct {
		CaseID   uuid.UUID
		PlacedAt time.Time
		LiftedAt *time.Time
	}
	err := s.tx.Gorm().Raw(`SELECT h.case_id, h.placed_at, h.lifted_at FROM holds h JOIN cases c ON c.id = h.case_id
		WHERE c.received_at >= ? AND c.received_at < ? ORDER BY h.placed_at`, from, to).Scan(&rows).Error
	if err != nil {
		return fmt.Errorf("read the holds of the cohort: %w", err)
	}
	of := map[uuid.UUID][]interval{}
	for _, h := range rows {
		of[h.CaseID] = append(of[h.CaseID], interval{h.PlacedAt, h.LiftedAt})
	}
	for i := range cases {
		cases[i].Holds = of[cases[i].CaseID]
	}
	return nil
}

func (s store) hubZone() (string, error) {
	var calendar struct{ TimeZone string }
	err := s.tx.Gorm().Table("calendars").Select("time_zone").Joins("JOIN organizations o ON o.calendar_id = calendars.id").
		Where("o.kind = ? AND o.closed_at IS NULL", auth.Hub).Order("o.created_at").Limit(1).Take(&calendar).Error
	if err != nil {
		return "", fmt.Errorf("read the hub's time zone: %w", pg.NotFound(err, "hub"))
	}
	return calendar.TimeZone, nil
}
