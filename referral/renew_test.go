package referral_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/jobs"
	"doorstep/referral"
)

const decisionsOf = `SELECT count(*) || ' ' || coalesce(max(cause), '') FROM decisions WHERE case_id = $1 AND cause = 'renew'`

// Nothing but the date has changed, so nothing is written until it says something new: she turns 20.
func TestAPassOfTheRulesKeepsOnlyWhatIsNew(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Client.DateOfBirth = "2006-10-09"
	_, id := w.receive(w.hospital, in)
	w.want("19", `SELECT facts ->> 'age_years' FROM decisions WHERE case_id = $1`, id)
	w.must(w.cases.Renew(t.Context()))
	w.must(w.cases.Renew(t.Context()))
	w.want("0 ", decisionsOf, id)
	w.want("1 1 0 done", `SELECT count(*) || ' ' || sum(looked) || ' ' || sum(changed) || ' ' || min(CASE WHEN finished_at IS NULL THEN '' ELSE 'done' END) FROM renewals`)

	w.clock.forward(2 * 24 * time.Hour) // 8 October: still 19
	w.must(w.cases.Renew(t.Context()))
	w.want("0 ", decisionsOf, id)
	w.clock.set(time.Date(2026, 10, 9, 4, 30, 0, 0, time.UTC)) // half an hour into her birthday, by the hub's calendar
	w.must(w.cases.Renew(t.Context()))
	w.want("1 renew", decisionsOf, id)
	w.want("20", `SELECT facts ->> 'age_years' FROM decisions WHERE case_id = $1 AND cause = 'renew'`, id)
	w.want("true false", `SELECT string_agg((outcome::text LIKE '%pimr_teen_mother%')::text, ' ' ORDER BY decided_at) FROM
		(SELECT * FROM decisions WHERE case_id = $1) d`, id)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'renew decisions' AND detail ->> 'changed' = '1'`)
}

// Review that rules alone ordered ends when the rules would not order it today; a family with an agency is never moved.
func TestAPassMovesOnlyWhomRulesHadPut(t *testing.T) {
	w := newWorld(t)
	claimed := w.claimed()
	w.exec(`UPDATE programs SET closed_at = $1`, w.clock.Now())
	_, id := w.receive(w.hospital, prenatal())
	w.status(referral.Review, id)
	w.exec(`UPDATE cases SET review_reasons = '{no_program_fits}' WHERE id = $1`, id)
	before := w.text(`SELECT cases::text FROM cases WHERE id = $1`, claimed)
	w.exec(`UPDATE programs SET closed_at = NULL`)
	w.clock.forward(24 * time.Hour)
	w.must(w.cases.Renew(t.Context()))
	w.want("1", `SELECT count(*) FROM outbox WHERE kind = 'case.triage' AND subject_id = $1 AND done_at IS NULL`, id)
	w.work()
	if status := w.text(`SELECT status FROM cases WHERE id = $1`, id); status == string(referral.Review) {
		t.Error("she stays in review")
	}
	w.want(before, `SELECT cases::text FROM cases WHERE id = $1`, claimed)
}

// A rule set that goes live again on one day is looked at again; the job may run twice.
func TestRulesThatChangeBeginAPassAnew(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.hospital, prenatal())
	w.must(w.cases.Renew(t.Context()))
	w.exec(`INSERT INTO outbox (id, kind, subject_id, attempt, next_at) SELECT gen_random_uuid(), $1, id, 0, now() FROM rule_sets`, jobs.RulesChanged)
	w.work()
	w.want("0", `SELECT count(*) FROM renewals WHERE finished_at IS NOT NULL`)
	w.must(w.cases.Renew(t.Context()))
	w.want("2", `SELECT sum(looked) FROM renewals WHERE finished_at IS NOT NULL`)
	w.want("0 ", decisionsOf, id)
}

// Rules that come back in the middle of their pass begin it anew: those behind it were looked at by others meanwhile.
func TestRulesThatComeBackBeginAnUnfinishedPassAnew(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.hospital, prenatal())
	w.must(w.cases.Renew(t.Context()))
	w.exec(`UPDATE renewals SET finished_at = NULL, after_case = 'ffffffff-ffff-ffff-ffff-ffffffffffff'`)
	w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
	w.exec(`UPDATE decisions SET digest = NULL`)
	w.exec(`INSERT INTO outbox (id, kind, subject_id, attempt, next_at) SELECT gen_random_uuid(), $1, id, 0, now() FROM rule_sets`, jobs.RulesChanged)
	w.work()
	w.must(w.cases.Renew(t.Context()))
	w.want("1 renew", decisionsOf, id)
}

// One row that nobody can read must not end every pass for everyone.
func TestAPassGoesOnBehindFactsThatCannotBeRead(t *testing.T) {
	w := newWorld(t)
	_, bad := w.receive(w.hospital, prenatal())
	_, id := w.receive(w.hospital, prenatal())
	w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
	w.exec(`UPDATE decisions SET digest = NULL, facts = CASE WHEN case_id = $1 THEN '{"today":"never"}' ELSE facts END`, bad)
	w.must(w.cases.Renew(t.Context()))
	w.want("1 renew", decisionsOf, id)
	w.want("0 ", decisionsOf, bad)
}

// A pass whose day is over writes nothing more: the next round begins that of the new day.
func TestAPassEndsWithItsDay(t *testing.T) {
	w := newWorld(t)
	w.receive(w.hospital, prenatal())
	w.must(w.cases.Renew(t.Context()))
	w.exec(`UPDATE renewals SET finished_at = NULL, after_case = '00000000-0000-0000-0000-000000000000'`)
	held, err := w.owner.Begin()
	w.must(err)
	_, err = held.Exec(`SELECT id FROM renewals FOR UPDATE`)
	w.must(err)
	ended := make(chan error, 1)
	go func() { ended <- w.cases.Renew(t.Context()) }()
	for w.text(`SELECT count(*) FROM pg_locks WHERE NOT granted`) == "0" {
		time.Sleep(5 * time.Millisecond)
	}
	w.clock.forward(24 * time.Hour) // what waits read the time before midnight; the batch behind it did not
	w.must(held.Commit())
	w.must(<-ended)
	w.want("0", `SELECT count(*) FROM renewals WHERE finished_at IS NOT NULL`)
	w.must(w.cases.Renew(t.Context()))
	w.want("1", `SELECT count(*) FROM renewals WHERE finished_at IS NOT NULL`)
}

// The facts of her last decision still know the child. No day that passes sets a clock for a child who is not there.
func TestAPassLeavesALossToThePerson(t *testing.T) {
	for _, reason := range []string{"loss", "child_not_with_her"} {
		w := newWorld(t)
		_, id := w.receive(w.hospital, postpartum())
		w.exec(`UPDATE cases SET status = 'review', review_reasons = ARRAY[$2], window_closes_on = NULL WHERE id = $1`, id, reason)
		w.exec(`DELETE FROM follow_ups WHERE kind = 'case.window_closing'`)
		w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
		w.exec(`UPDATE decisions SET digest = NULL`)
		w.must(w.cases.Renew(t.Context()))
		w.want("0", `SELECT count(*) FROM cases WHERE window_closes_on IS NOT NULL AND id = $1`, id)
		w.want("0", `SELECT count(*) FROM follow_ups WHERE kind = 'case.window_closing'`)
	}
}

// The release before froze no seed: with the next look chance decides for her too, and not the lowest id.
func TestAPassDrawsForThoseWhoCameBefore(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.hospital, prenatal())
	w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
	w.exec(`UPDATE decisions SET digest = NULL, facts = (facts::jsonb - 'draw_seed')::json`)
	w.must(w.cases.Renew(t.Context()))
	w.want(id.String(), `SELECT facts ->> 'draw_seed' FROM decisions WHERE cause = 'renew' AND case_id = $1`, id)
}

// The day a window's last safe day moves, the promise to look moves with it; there is never a second.
func TestAPassWatchesTheNextWindow(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Birth.Infants[0].BornOn = "2026-09-20"
	_, id := w.receive(w.hospital, in)
	due := w.text(`SELECT due_at FROM follow_ups WHERE subject_id = $1 AND kind = 'case.window_closing' AND status = 'open'`, id)
	w.exec(`UPDATE follow_ups SET due_at = due_at + interval '1 year' WHERE subject_id = $1 AND kind = 'case.window_closing'`, id)
	w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
	w.exec(`UPDATE decisions SET digest = NULL`)
	w.must(w.cases.Renew(t.Context()))
	w.want("1 renew", decisionsOf, id)
	w.want(due, `SELECT due_at FROM follow_ups WHERE subject_id = $1 AND kind = 'case.window_closing' AND status = 'open'`, id)
	w.want("1", `SELECT count(*) FROM follow_ups WHERE subject_id = $1 AND kind = 'case.window_closing'`, id)
}

// While people move families, a pass neither waits for them nor writes over them: whatever came last, the case shows it.
func TestAPassWhilePeopleMoveFamilies(t *testing.T) {
	w := newWorld(t)
	w.crowd(60)
	w.clock.set(time.Date(2026, 10, 9, 5, 0, 0, 0, time.UTC))
	cases := strings.Split(w.list(`SELECT id::text FROM cases`), ",")
	var people sync.WaitGroup
	for _, id := range cases[:30] {
		people.Go(func() {
			if _, err := w.cases.Triage(t.Context(), w.desk, uuid.MustParse(id)); err != nil {
				t.Error(err)
			}
		})
	}
	w.must(w.cases.Renew(t.Context()))
	people.Wait()
	w.want("60", `SELECT count(*) FROM cases c JOIN LATERAL (SELECT outcome, facts FROM decisions WHERE case_id = c.id ORDER BY decided_at DESC, id DESC LIMIT 1) d
		ON c.band = (d.outcome ->> 'band')::int AND d.facts ->> 'age_years' = '20'
		WHERE c.window_closes_on IS NOT DISTINCT FROM (d.outcome ->> 'earliest_window')::date AND split_part(c.rank_key, '|', 1) = c.band::text`)
	w.want("0", `SELECT count(*) FROM (SELECT case_id FROM decisions GROUP BY case_id HAVING count(*) > 3) d`)
}
