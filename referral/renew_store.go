package referral

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"gorm.io/gorm/clause"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// renewal is the pass of a day under a rule set; it begins with the first call.
func (s *store) renewal(day civil.Date, ruleSet uuid.UUID) (Renewal, error) {
	var pass Renewal
	err := s.db().Exec(`INSERT INTO renewals (id, day, rule_set_id, after_case, began_at) SELECT ?, ?, ?, ?, ?
		WHERE NOT EXISTS (SELECT 1 FROM renewals WHERE day = ? AND rule_set_id = ?) ON CONFLICT DO NOTHING`,
		pg.NewID(), day, ruleSet, uuid.Nil, s.tx.Now, day, ruleSet).Error
	if err == nil {
		err = s.db().Raw(`SELECT * FROM renewals WHERE day = ? AND rule_set_id = ?`, day, ruleSet).Scan(&pass).Error
	}
	return pass, wrap(err, "read the renewal of %s", day)
}

func (s *store) lockRenewal(id uuid.UUID) (Renewal, error) {
	var pass Renewal
	err := s.db().Clauses(clause.Locking{Strength: "UPDATE"}).Where("id = ?", id).Take(&pass).Error
	return pass, wrap(err, "read renewal %s", id)
}

// renewAgain begins the pass anew, one that is under way too: behind it may lie families whom other rules looked at meanwhile.
func (s *store) renewAgain(day civil.Date, ruleSet uuid.UUID) {
	s.tx.Queue(`UPDATE renewals SET finished_at = NULL, after_case = $3 WHERE day = $1 AND rule_set_id = $2`,
		day.String(), ruleSet, uuid.Nil)
}

func (s *store) saveRenewal(pass Renewal) {
	s.tx.Queue(`UPDATE renewals SET after_case = $2, looked = $3, changed = $4 WHERE id = $1`, pass.ID, pass.AfterCase, pass.Looked, pass.Changed)
}

func (s *store) endRenewal(pass Renewal) {
	s.tx.Queue(`UPDATE renewals SET finished_at = $2 WHERE id = $1`, pass.ID, s.tx.Now)
}

// familiesAtHub are the next cases for which no agency answers, in the order of their ids. They are not locked: what is kept
// about them is kept only if nobody moved them meanwhile.
func (s *store) familiesAtHub(after uuid.UUID, limit int) ([]atHub, error) {
	return s.atHub(`id > ? ORDER BY id LIMIT ?`, after, limit)
}

func (s *store) theseAtHub(ids []uuid.UUID) ([]atHub, error) {
	return s.atHub(`id IN ? ORDER BY id`, ids)
}

func (s *store) atHub(which string, args ...any) ([]atHub, error) {
	var out []atHub
	err := s.db().Raw(`SELECT c.id, c.version, c.status, c.review_reasons, c.received_at, c.next_due_at, cl.date_of_birth, cl.death_recorded_at IS NOT NULL OR cl.person_id IS NOT NULL
				AND EXISTS (SELECT 1 FROM clients o WHERE o.person_id = cl.person_id AND o.death_recorded_at IS NOT NULL) AS died,
			d.facts AS frozen, d.digest, coalesce((SELECT string_agg(n.program_id::text, ' ' ORDER BY n.given_at, n.id) FROM consents n
				WHERE n.case_id = c.id AND n.gate = 3 AND n.answer = 'yes' AND n.revoked_at IS NULL), '') AS chosen,
			coalesce((SELECT string_agg(e.program_id::text, ' ') FROM waitlist_entries e WHERE e.case_id = c.id AND e.ended_at IS NULL), '') AS waits,
			coalesce((SELECT a.zip FROM addresses a WHERE a.client_id = c.caregiver_id AND a.ended_at IS NULL AND a.zip IS NOT NULL
				ORDER BY a.given_at DESC, a.id LIMIT 1), (SELECT a.zip FROM cases s JOIN addresses a ON a.client_id = s.caregiver_id
				WHERE s.stands_on = c.id AND a.ended_at IS NULL AND a.zip IS NOT NULL ORDER BY s.received_at, s.id, a.given_at DESC, a.id LIMIT 1), '') AS zip
		FROM (SELECT * FROM cases WHERE status IN ('review', 'outreach', 'offered', 'waitlisted') AND `+which+`) c
		JOIN clients cl ON cl.id = c.caregiver_id
		JOIN LATERAL (SELECT facts, digest FROM decisions WHERE case_id = c.id ORDER BY decided_at DESC, id DESC LIMIT 1) d ON true
		ORDER BY c.id`, args...).Scan(&out).Error
	return out, wrap(err, "read the families at the hub")
}

// keepRenewed keeps what is new of cases that nobody moved since they were read, and returns which those are. Her place in
// every list moves, her next last safe day is watched, a question of safety is a task by askBy or none any more, and who would
// stand elsewhere gets a job.
func (s *store) keepRenewed(news []*renewed, live *liveRules, hub uuid.UUID, askBy time.Time) ([]uuid.UUID, error) {
	n := len(news)
	ids, versions, bands, windows, keys := make([]uuid.UUID, n), make([]int, n), make([]int, n), make([]*string, n), make([]string, n)
	fresh, facts, seen, outcomes, digests := make([]uuid.UUID, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	watches, again, open := make([]*time.Time, n), make([]bool, n), make([]bool, n)
	for i, r := range news {
		ids[i], versions[i], bands[i], windows[i], keys[i] = r.id, r.version, r.band, dateArg(r.windowClosesOn), r.rankKey
		fresh[i], facts[i], seen[i], outcomes[i], digests[i] = pg.NewID(), string(r.facts), string(r.places), string(r.outcome), r.digest
		watches[i], again[i], open[i] = r.watch, r.triage, r.unasked
	}
	kept, err := s.tx.IDs(`WITH news AS (SELECT * FROM unnest($1::uuid[], $2::int[], $3::smallint[], $4::date[], $5::text[], $6::uuid[], $7::text[],
			$8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::boolean[], $19::boolean[])
			AS n (id, version, band, window_closes_on, rank_key, decision, facts, places, outcome, digest, watch, again, unasked)),
		still AS (UPDATE cases SET band = n.band, window_closes_on = n.window_closes_on, rank_key = n.rank_key FROM news n
			WHERE cases.id = n.id AND cases.version = n.version RETURNING n.*),
		listed AS (UPDATE offers SET rank_key = n.rank_key FROM still n WHERE offers.case_id = n.id AND offers.ended_at IS NULL),
		kept AS (INSERT INTO decisions (id, case_id, rule_set_id, rule_set_hash, cause, facts, places, outcome, digest, decided_at)
			SELECT n.decision, n.id, $13, $14, 'renew', n.facts::json, n.places::json, n.outcome::json, n.digest, $15 FROM still n),
		unwatched AS (UPDATE follow_ups f SET status = 'cancelled' FROM still n
			WHERE f.subject_id = n.id AND f.kind = $16 AND f.status = 'open' AND n.watch IS NULL),
		watched AS (INSERT INTO follow_ups (id, case_id, kind, subject_id, owed_by, due_at, status)
			SELECT gen_random_uuid(), n.id, $16, n.id, $17, n.watch, 'open' FROM still n WHERE n.watch IS NOT NULL
			ON CONFLICT (kind, subject_id) WHERE status IN ('open', 'held', 'handed_over')
			DO UPDATE SET due_at = excluded.due_at WHERE follow_ups.status = 'open'),
		moving AS (INSERT INTO outbox (id, kind, subject_id, attempt, next_at)
			SELECT gen_random_uuid(), $18, n.id, 0, clock_timestamp() FROM still n WHERE n.again),
		asked AS (INSERT INTO tasks (id, case_id, org_id, role, kind, subject_id, urgent, due_at, created_at)
			SELECT gen_random_uuid(), n.id, $17, $20, $21, n.id, false, $22, $15 FROM still n WHERE n.unasked AND NOT EXISTS
				(SELECT 1 FROM tasks t WHERE t.case_id = n.id AND t.kind = $21 AND coalesce(t.closed_as, 'done') = 'done')
			ON CONFLICT (kind, subject_id) WHERE closed_at IS NULL DO NOTHING),
		answered AS (UPDATE tasks t SET closed_at = $15, closed_as = $23 FROM still n
			WHERE t.subject_id = n.id AND t.kind = $21 AND t.closed_at IS NULL AND NOT n.unasked)
		SELECT id FROM still`,
		ids, versions, bands, windows, keys, fresh, facts, seen, outcomes, digests, watches, again,
		live.id, live.hash, s.tx.Now, jobs.WindowClosing, hub, jobs.CaseTriage,
		open, auth.TriageCoordinator, taskSafety, askBy, jobs.TaskNotNeeded)
	return kept, wrap(err, "keep renewed decisions")
}
