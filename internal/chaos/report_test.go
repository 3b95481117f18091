//go:build failpoints

package chaos_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"testing"

	"doorstep/auth"
)

// figures are a line of the throughput report.
type figures struct {
	Key        string
	Received   int
	Triaged    int
	Reached    int
	SaidYes    int `json:"said_yes"`
	Claimed    int
	FirstVisit int `json:"first_visit"`
	Completed  int
	StillOpen  int `json:"still_open"`
}

// recount counts the funnel from what happened (referrals, decisions, attempts, consents, claims, visits, enrollments, moves)
// and reads none of the milestones that the report counts. %s is the key of a case.
const recount = `SELECT %s AS key, count(*), count(*) FILTER (WHERE EXISTS (SELECT FROM decisions x WHERE x.case_id = c.id)),
		count(*) FILTER (WHERE EXISTS (SELECT FROM attempts x WHERE x.case_id = c.id AND x.outcome = 'reached')),
		count(*) FILTER (WHERE EXISTS (SELECT FROM consents x WHERE x.case_id = c.id AND x.gate = 3 AND x.answer = 'yes')),
		count(*) FILTER (WHERE claim.org_id IS NOT NULL),
		count(*) FILTER (WHERE EXISTS (SELECT FROM visits x WHERE x.case_id = c.id AND x.first AND x.status = 'completed')),
		count(*) FILTER (WHERE EXISTS (SELECT FROM enrollments x WHERE x.case_id = c.id AND x.ended_as = 'completed')),
		count(*) FILTER (WHERE last.to_status <> 'closed')
	FROM (SELECT DISTINCT ON (case_id) case_id AS id, org_id AS first_org, received_at FROM referrals ORDER BY case_id, received_at, id) c
	JOIN (SELECT DISTINCT ON (case_id) case_id, to_status FROM case_moves WHERE undone_at IS NULL ORDER BY case_id, seq DESC) last
		ON last.case_id = c.id
	LEFT JOIN (SELECT DISTINCT ON (case_id) case_id, org_id, program_id FROM claims WHERE ended_as IS DISTINCT FROM 'undone'
		ORDER BY case_id, claimed_at DESC, id DESC) claim ON claim.case_id = c.id
	WHERE NOT EXISTS (SELECT FROM cases x WHERE x.id = c.id AND x.stands_on IS NOT NULL) -- counted where she goes on
	GROUP BY 1`

// breakdowns are the report's, and how the recount finds the key of a case.
var breakdowns = map[string]string{
	"source":  `c.first_org::text`,
	"agency":  `coalesce(claim.org_id::text, '')`,
	"program": `coalesce(claim.program_id::text, '')`,
	"week":    `to_char(c.received_at AT TIME ZONE 'America/New_York', 'IYYY"-W"IW')`,
}

// checkReport is I6: what a manager is told over HTTP equals a recount from raw rows.
func (l *lab) checkReport(t *testing.T) {
	t.Helper()
	for by, key := range breakdowns {
		want, all := l.recounted(t, key)
		got := l.reported(t, by)
		told := map[string]figures{}
		for _, row := range got.Rows {
			told[row.Key] = row
		}
		if got.Total.Key = ""; !reflect.DeepEqual(told, want) || got.Total != all {
			t.Errorf("broken: I6 the throughput report by %s equals a recount from raw rows:\nreport  %+v %+v\nrecount %+v %+v", by, got.Total, told, all, want)
		}
	}
}

// reported is the report of all days of this run.
func (l *lab) reported(t *testing.T, by string) (report struct {
	Total figures
	Rows  []figures
}) {
	t.Helper()
	manager, path := l.keys(auth.ProgramManager)[0], fmt.Sprintf("/reports/throughput?from=%s&to=%s&by=%s", l.today().AddDays(-2), l.today().AddDays(2), by)
	answer, text, err := l.once(t.Context(), l.between(0, 1), http.MethodGet, manager, path, "", nil)
	if err == nil && answer.StatusCode == http.StatusOK {
		err = json.Unmarshal(text, &report)
	}
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("a manager asks for the report by %s and has %v, %s", by, err, text)
	}
	return report
}

// recounted is the recount by key, and its sum.
func (l *lab) recounted(t *testing.T, key string) (rows map[string]figures, all figures) {
	t.Helper()
	found, err := l.db.QueryContext(t.Context(), fmt.Sprintf(recount, key))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = found.Close() }()
	rows = map[string]figures{}
	for found.Next() {
		var f figures
		if err := found.Scan(&f.Key, &f.Received, &f.Triaged, &f.Reached, &f.SaidYes, &f.Claimed, &f.FirstVisit, &f.Completed, &f.StillOpen); err != nil {
			t.Fatal(err)
		}
		rows[f.Key] = f
		all.Received, all.Triaged, all.Reached = all.Received+f.Received, all.Triaged+f.Triaged, all.Reached+f.Reached
		all.SaidYes, all.Claimed, all.FirstVisit = all.SaidYes+f.SaidYes, all.Claimed+f.Claimed, all.FirstVisit+f.FirstVisit
		all.Completed, all.StillOpen = all.Completed+f.Completed, all.StillOpen+f.StillOpen
	}
	if err := found.Err(); err != nil {
		t.Fatal(err)
	}
	return rows, all
}
