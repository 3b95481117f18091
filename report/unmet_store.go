package report

import (
	"fmt"
	"time"
)

// unmet counts the cases received in [from, to), and the lists on which they stand or stood, each case once a list.
func (s store) unmet(from, to time.Time, into *Unmet) error {
	period := map[string]any{"from": from, "to": to}
	var cases struct{ Waiting, NoPlace, NoProgram int }
	err := s.tx.Gorm().Raw(`SELECT count(*) FILTER (WHERE status = 'waitlisted') AS waiting,
			count(*) FILTER (WHERE disposition = 'no_place_in_time') AS no_place,
			count(*) FILTER (WHERE disposition = 'no_program_fits') AS no_program
		FROM cases WHERE received_at >= @from AND received_at < @to`, period).Scan(&cases).Error
	if err != nil {
		return fmt.Errorf("count those without a place: %w", err)
	}
	into.Waiting, into.NoPlace, into.NoProgram = cases.Waiting, cases.NoPlace, cases.NoProgram
	err = s.tx.Gorm().Raw(`SELECT p.id AS key, p.name, p.closed_at IS NOT NULL AS closed,
			count(*) FILTER (WHERE e.waits) AS waiting,
			count(*) FILTER (WHERE NOT e.waits AND e.found) AS found,
			count(*) FILTER (WHERE NOT e.waits AND NOT e.found AND c.disposition = 'no_place_in_time') AS no_place
		FROM cases c
		JOIN (SELECT case_id, program_id, bool_or(ended_at IS NULL) AS waits, bool_or(ended_as = 'claimed') AS found
			FROM waitlist_entries WHERE ended_as IS DISTINCT FROM 'undone' GROUP BY case_id, program_id) e ON e.case_id = c.id
		JOIN programs p ON p.id = e.program_id
		WHERE c.received_at >= @from AND c.received_at < @to GROUP BY p.id ORDER BY p.name, p.id`, period).Scan(&into.Programs).Error
	if err != nil {
		return fmt.Errorf("count those on the lists: %w", err)
	}
	return nil
}
