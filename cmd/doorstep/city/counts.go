package city

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// tables are the questions that tell one city from another, each answered with a name and a number. Read as the owner.
func tables() [][2]string {
	return [][2]string{
		{"by status", `SELECT c.status || coalesce(': ' || c.disposition, ''), count(*) FROM cases c GROUP BY 1`},
		{"by source", `SELECT o.name || ', ' || c.status, count(*) FROM cases c JOIN LATERAL
			(SELECT org_id FROM referrals WHERE case_id = c.id ORDER BY received_at LIMIT 1) r ON true JOIN organizations o ON o.id = r.org_id GROUP BY 1`},
		{"by agency and program", `SELECT o.name || ', ' || p.name || ', ' || coalesce('ended as ' || k.ended_as, 'open'), count(*)
			FROM claims k JOIN programs p ON p.id = k.program_id JOIN organizations o ON o.id = k.org_id GROUP BY 1`},
		{"by week", `SELECT to_char(c.received_at AT TIME ZONE 'America/New_York', 'IYYY-"W"IW') || ', ' || CASE WHEN enrolled_at IS NOT NULL THEN 'enrolled'
			WHEN claimed_at IS NOT NULL THEN 'claimed' WHEN said_yes_at IS NOT NULL THEN 'said yes' WHEN reached_at IS NOT NULL THEN 'reached' ELSE 'received' END,
			count(*) FROM cases c GROUP BY 1`},
		{"by move", `SELECT m.action || ' to ' || m.to_status, count(*) FROM case_moves m GROUP BY 1`},
		{"enrollments", `SELECT p.name || ', ' || coalesce(e.ended_as, 'open'), count(*) FROM enrollments e JOIN programs p ON p.id = e.program_id GROUP BY 1`},
		{"tasks", `SELECT t.kind || ', ' || coalesce(t.closed_as, 'open'), count(*) FROM tasks t GROUP BY 1`},
		{"messages", `SELECT m.template || ', ' || m.status || coalesce(' ' || m.reason, ''), count(*) FROM messages m GROUP BY 1`},
	}
}

// Counts describes what became of the city, so that two runs can be compared line by line.
func Counts(ctx context.Context, owner *sql.DB) (string, error) {
	var b strings.Builder
	for _, t := range tables() {
		rows, err := owner.QueryContext(ctx, t[1])
		if err != nil {
			return "", fmt.Errorf("count %s: %w", t[0], err)
		}
		fmt.Fprintf(&b, "# %s\n", t[0])
		if err := write(&b, rows); err != nil {
			return "", fmt.Errorf("count %s: %w", t[0], err)
		}
	}
	return b.String(), nil
}

func write(b *strings.Builder, rows *sql.Rows) error {
	defer func() { _ = rows.Close() }()
	counted := map[string]int{}
	for rows.Next() {
		var name string
		var n int
		if err := rows.Scan(&name, &n); err != nil {
			return err
		}
		counted[name] = n
	}
	for _, name := range slices.Sorted(maps.Keys(counted)) {
		fmt.Fprintf(b, "%6d  %s\n", counted[name], name)
	}
	return rows.Err()
}
