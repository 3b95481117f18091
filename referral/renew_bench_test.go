package referral_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"doorstep/referral"
)

// BenchmarkRenew is a nightly pass over 100,000 open cases (RENEW_CASES) on the day on which every woman turns 20: one fact of each
// has changed, each loses a trigger, and each decision is kept with all it was made from. The pass of the next day, which finds
// nothing new, is measured beside it. It runs as often as b.N says, on fresh families each time, so give it -benchtime 1x.
func BenchmarkRenew(b *testing.B) {
	cases := 100_000
	if n, err := strconv.Atoi(os.Getenv("RENEW_CASES")); err == nil {
		cases = n
	}
	for b.Loop() {
		b.StopTimer()
		w := newWorld(b)
		w.crowd(cases)
		w.clock.set(time.Date(2026, 10, 9, 5, 0, 0, 0, time.UTC))
		b.StartTimer()
		began := time.Now()
		w.must(w.cases.Renew(b.Context()))
		birthday := time.Since(began)
		b.StopTimer()
		w.want(strconv.Itoa(cases), `SELECT count(*) FROM decisions WHERE cause = 'renew'`)
		w.clock.forward(24 * time.Hour)
		began = time.Now()
		w.must(w.cases.Renew(b.Context()))
		b.ReportMetric(birthday.Seconds(), "s/all-change")
		b.ReportMetric(time.Since(began).Seconds(), "s/none-changes")
		b.ReportMetric(float64(cases), "cases")
		b.ReportMetric(float64(runtime.GOMAXPROCS(0)), "cores")
		w.want(strconv.Itoa(cases), `SELECT count(*) FROM decisions WHERE cause = 'renew'`)
		b.StartTimer()
	}
}

// crowd receives four families and repeats them, each with people, an episode, a case, a decision, a promise and a task of its own.
func (w *world) crowd(cases int) {
	w.Helper()
	needs := []map[string]string{{"mental_health": "yes"}, {"unstable_housing": "yes", "tobacco": "yes"}, {"clinician_concern": "yes"},
		{"partner_violence": "yes", "previous_preterm_birth": "yes"}}
	for _, n := range needs {
		in := prenatal()
		in.Client.DateOfBirth, in.Needs = "2006-10-09", n
		w.receive(w.hospital, in)
	}
	w.exec(`CREATE TEMP TABLE copies AS SELECT c.id AS case_id, gen_random_uuid() AS new_case, gen_random_uuid() AS client, gen_random_uuid() AS episode
		FROM generate_series(1, $1) g JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM cases) c ON c.n = g % 4`, cases-len(needs))
	for _, statement := range []string{
		`INSERT INTO clients SELECT x.client, given_name, family_name, date_of_birth, match_key, spoken_language, read_language, interpreter, insurance,
			do_not_contact, stop_version, created_at, death_recorded_at FROM copies x JOIN cases c ON c.id = x.case_id JOIN clients l ON l.id = c.caregiver_id`,
		`INSERT INTO episodes SELECT episode, now() FROM copies`,
		`INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('id', x.new_case, 'caregiver_id', x.client, 'episode_id', x.episode,
			'rank_key', left(c.rank_key, -36) || x.new_case))).* FROM copies x JOIN cases c ON c.id = x.case_id`,
		`INSERT INTO decisions SELECT gen_random_uuid(), x.new_case, rule_set_id, rule_set_hash, cause, facts, outcome, decided_at, places, digest
			FROM copies x JOIN decisions d USING (case_id)`,
		`INSERT INTO follow_ups (id, case_id, kind, subject_id, owed_by, due_at, status) SELECT gen_random_uuid(), x.new_case, kind, x.new_case, owed_by, due_at, status
			FROM copies x JOIN follow_ups f USING (case_id) WHERE kind = 'case.window_closing'`,
		`INSERT INTO tasks (id, case_id, org_id, role, kind, subject_id, urgent, due_at, created_at) SELECT gen_random_uuid(), x.new_case, org_id, role, kind,
			x.new_case, urgent, due_at, created_at FROM copies x JOIN tasks t USING (case_id) WHERE kind = 'case.safety_not_asked'`,
		`ANALYZE`,
	} {
		w.exec(statement)
	}
	w.want(string(referral.Outreach), `SELECT min(status) FROM cases`)
}
