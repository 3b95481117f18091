package referral

import "github.com/google/uuid"

type lineRow struct {
	ProgramID  uuid.UUID
	Offered    int
	NextInLine *uuid.UUID
}

// lines is, by program, how many offers stand and which case is next among those that chose to wait for it.
func (s *store) lines() (map[uuid.UUID]lineRow, error) {
	var rows []lineRow
	err := s.db().Raw(`SELECT p.id AS program_id, (SELECT count(*) FROM offers o WHERE o.program_id = p.id AND o.ended_at IS NULL AND o.kind <> 'pool') AS offered,
		(SELECT c.id FROM waitlist_entries e JOIN cases c ON c.id = e.case_id WHERE e.program_id = p.id AND e.ended_at IS NULL AND c.status = 'waitlisted'
			ORDER BY ` + lineOrder + ` LIMIT 1) AS next_in_line
		FROM programs p WHERE p.closed_at IS NULL`).Scan(&rows).Error
	out := make(map[uuid.UUID]lineRow, len(rows))
	for _, r := range rows {
		out[r.ProgramID] = r
	}
	return out, wrap(err, "read the lines of the programs")
}
