//go:build failpoints

package chaos_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"doorstep/audit"
)

// law is what must hold once everything is drained. The query lists the ids of what breaks it.
type law struct{ says, broken string }

// laws that the database can judge alone.
func laws() []law {
	return []law{
		{"I1 no person was referred twice",
			`SELECT client_id FROM referrals GROUP BY client_id HAVING count(*) > 1`},
		{"I1 no two clients are one person",
			`SELECT family_name FROM clients GROUP BY family_name HAVING count(*) > 1`},
		{"I2 a decision stands for each referral's case, or a person reviews it",
			`SELECT r.id FROM referrals r JOIN cases c ON c.id = r.case_id WHERE 'not_triaged' <> ALL (c.review_reasons)
				AND NOT EXISTS (SELECT FROM decisions d JOIN rule_sets s ON s.id = d.rule_set_id AND s.hash = d.rule_set_hash WHERE d.case_id = c.id)`},
		{"I2 one version of the rules decided a case",
			`SELECT case_id FROM decisions GROUP BY case_id HAVING count(DISTINCT rule_set_hash) > 1`},
		{"I2 nobody and no case is there without a referral",
			`SELECT id FROM clients c WHERE NOT EXISTS (SELECT FROM referrals r WHERE r.client_id = c.id) UNION ALL
				SELECT id FROM cases c WHERE NOT EXISTS (SELECT FROM referrals r WHERE r.case_id = c.id)`},
		{"I2 the history tells of each referral",
			`SELECT id FROM referrals r WHERE NOT EXISTS (SELECT FROM audit_events a
				WHERE a.case_id = r.case_id AND a.kind = 'change' AND a.org_id = r.org_id AND a.at = r.received_at)`},
		{"I2 each referral left its promises",
			`SELECT id FROM referrals r WHERE NOT EXISTS (SELECT FROM follow_ups f WHERE f.case_id = r.case_id)
				OR NOT EXISTS (SELECT FROM messages m WHERE m.referral_id = r.id AND m.template = 'received')`},
		{"I3 a case has at most one open claim",
			`SELECT case_id FROM claims WHERE ended_at IS NULL GROUP BY case_id HAVING count(*) > 1`},
		{"I4 a person has each message in doubt, and each that failed",
			`SELECT id FROM messages m WHERE status IN ('in_doubt', 'failed') AND NOT EXISTS (SELECT FROM tasks t
				WHERE t.subject_id = m.id AND t.kind = 'message.' || m.status AND t.closed_at IS NULL)`},
		{"I4 each promise that fell due and that nobody kept had its effect once",
			`SELECT id FROM follow_ups f WHERE kind = 'case.outreach_due' AND status = 'done' AND closed_move IS NULL AND 1 <> (SELECT count(*) FROM audit_events a
				WHERE a.case_id = f.case_id AND a.action = 'promise overdue' AND a.subject_id = f.subject_id)`},
		{"I5 each move of a case stands in the history once",
			`SELECT id FROM case_moves m WHERE 1 <> (SELECT count(*) FROM audit_events a WHERE a.case_id = m.case_id AND a.kind = 'change'
				AND a.subject = 'case' AND a.action = m.action AND a.to_status = m.to_status AND a.at = m.moved_at)`},
		{"I5 sealed numbers have no gap",
			`SELECT max(seq) FROM audit_seals HAVING max(seq) <> count(*)`},
		{"I9 no job is undone, and none is dead",
			`SELECT id FROM outbox WHERE done_at IS NULL`},
		{"I9 nothing is handed over to nobody",
			`SELECT id FROM follow_ups WHERE status IN ('handed_over', 'dead') UNION ALL
				SELECT id FROM messages WHERE status IN ('handed_over', 'sending')`},
	}
}

// check reports what is broken.
func (l *lab) check(t *testing.T) {
	t.Helper()
	for _, law := range laws() {
		l.holds(t, law)
	}
	l.checkAnswers(t)
	l.checkMail(t)
	l.checkReport(t)
	l.checkHistory(t)
}

// holds runs a law's query; args are what callers and mail servers saw.
func (l *lab) holds(t *testing.T, law law, args ...any) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	var count int
	var some string
	err := l.db.QueryRowContext(ctx, `SELECT count(*), coalesce(string_agg(id, ' ') FILTER (WHERE n <= 5), '')
		FROM (SELECT b.id::text, row_number() OVER () AS n FROM (`+law.broken+`) AS b (id)) AS found`, args...).Scan(&count, &some)
	if err != nil {
		t.Fatalf("%s: %v", law.says, err)
	}
	if count > 0 {
		t.Errorf("broken: %s, %d times: %s", law.says, count, some)
	}
}

// checkAnswers compares what callers were told with what is on disk.
func (l *lab) checkAnswers(t *testing.T) {
	t.Helper()
	var keys, ids, cases []string
	won, early := map[string]time.Time{}, map[string]time.Time{} // by case: when the claim that won was begun, the first refusal ended
	for _, r := range l.journal.since(0) {
		claimed, isClaim := strings.CutSuffix(r.Path, "/claim")
		switch {
		case r.Status == 0:
			t.Errorf("%s with key %s was never answered in %d tries", r.Path, r.Key, r.Tries)
		case isClaim && r.acknowledged():
			cases = append(cases, strings.TrimPrefix(claimed, "/cases/"))
			won[claimed] = r.Begun
		case isClaim && r.Status == http.StatusConflict:
			if first, seen := early[claimed]; !seen || r.Ended.Before(first) {
				early[claimed] = r.Ended
			}
		case r.Path == "/referrals" && r.acknowledged():
			keys, ids = append(keys, r.Key), append(ids, r.ID)
		case r.Path == "/referrals":
			t.Errorf("a referral was refused with %d", r.Status)
		}
	}
	for id, refused := range early {
		if begun, claimed := won[id]; !claimed || refused.Before(begun) {
			t.Errorf("broken: I3 nobody hears that another was faster before another was: %s", id)
		}
	}
	l.holds(t, law{"I1 each acknowledged referral is there, and its key leads to it alone",
		`SELECT j.key FROM unnest($1::text[], $2::text[]) AS j (key, id) WHERE NOT EXISTS (SELECT FROM referrals r WHERE r.id = j.id::uuid)
			OR 1 <> (SELECT count(*) FROM idempotency_keys k WHERE k.key = j.key)
			OR 1 <> (SELECT count(*) FROM idempotency_keys k WHERE convert_from(k.receipt, 'UTF8')::jsonb ->> 'id' = j.id AND k.key = j.key)`}, keys, ids)
	l.holds(t, law{"I1 there is no referral that nobody was told of",
		`SELECT id FROM referrals WHERE id::text <> ALL ($1::text[])`}, ids)
	l.holds(t, law{"I3 claims that were won are claims, one a case",
		`SELECT coalesce(c.case_id::text, j.id) FROM claims c FULL JOIN (SELECT id, count(*) AS n FROM unnest($1::text[]) AS id GROUP BY id) AS j
			ON j.id = c.case_id::text WHERE c.id IS NULL OR j.n IS DISTINCT FROM 1`}, cases)
}

// checkMail compares the ledger with what the mail servers took, by Message-ID.
func (l *lab) checkMail(t *testing.T) {
	t.Helper()
	var ids []string
	for _, m := range l.mails() {
		id, _, _ := strings.Cut(m.MessageID, "@")
		ids = append(ids, id)
	}
	l.holds(t, law{"I4 each message that was due left once, or is in doubt with a person",
		`SELECT coalesce(m.id::text, j.id) FROM messages m FULL JOIN (SELECT id, count(*) AS n FROM unnest($1::text[]) AS id GROUP BY id) AS j
			ON j.id = m.id::text WHERE NOT coalesce(CASE m.status WHEN 'sent' THEN j.n = 1 WHEN 'in_doubt' THEN coalesce(j.n, 0) <= 1
			WHEN 'queued' THEN j.n IS NULL AND m.not_before > clock_timestamp() ELSE m.status <> 'handed_over' AND j.n IS NULL END, false)`}, ids)
}

// checkHistory recomputes the chain once every event is in it.
func (l *lab) checkHistory(t *testing.T) {
	t.Helper()
	var r audit.Report
	eventually(t, 15*time.Second, "the whole history is sealed", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		var err error
		if r, err = audit.NewSealer(l.app).Verify(ctx); err != nil {
			t.Fatal(err)
		}
		return r.Unsealed == 0
	})
	if r.Broken != nil {
		t.Errorf("broken: I5 the chain of the history: %s", *r.Broken)
	}
}
