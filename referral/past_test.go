package referral_test

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/referral"
	"doorstep/rulebook"
	"doorstep/triage"
)

// past is a world with decisions of a few families, each many times over: PAST_CASES=100000 for the long run.
func past(t *testing.T) (w *world, cases int) {
	t.Helper()
	w = newWorld(t)
	for i, race := range [][]string{{"black"}, {"white"}, {"hispanic_latino", "black"}, nil} {
		in := prenatal()
		if i%2 == 0 {
			in = postpartum()
		}
		in.Client.DateOfBirth = fmt.Sprintf("%d-04-02", 1990+5*i) // the youngest is 21
		if race != nil {
			in.Demographics = &referral.SubmittedDemographics{RaceEthnicity: race, Source: "self_report"}
		}
		w.receive(w.hospital, in)
	}
	cases = 4
	if text := os.Getenv("PAST_CASES"); text != "" {
		n, err := strconv.Atoi(text)
		w.must(err)
		w.exec(`DROP INDEX cases_one_open`)
		w.exec(`CREATE TABLE copies AS SELECT c.id AS old, gen_random_uuid() AS new FROM cases c, generate_series(1, $1)`, n/4-1)
		w.exec(`INSERT INTO cases SELECT (jsonb_populate_record(c, jsonb_build_object('id', m.new))).* FROM cases c JOIN copies m ON m.old = c.id`)
		w.exec(`INSERT INTO decisions (id, case_id, rule_set_id, rule_set_hash, cause, facts, places, outcome, decided_at)
			SELECT gen_random_uuid(), m.new, rule_set_id, rule_set_hash, cause, facts, places, outcome, decided_at FROM decisions d JOIN copies m ON m.old = d.case_id`)
		w.exec(`ANALYZE`)
		cases = n / 4 * 4
	}
	return w, cases
}

// What the referrals decided is decided again: all of it, in batches, with what each woman said of herself beside her facts.
func TestPastCasesAreSimulatedAndReplayed(t *testing.T) {
	w, cases := past(t)
	rules := rulebook.NewService(w.db)
	source, err := triage.Embedded("baltimore")
	w.must(err)
	source.Files["note.yaml"] = "# the same rules\n"
	draft, err := rules.Draft(t.Context(), w.lead, rulebook.DraftForm{Title: "a remark", Files: source.Files})
	w.must(err)
	asked, err := rules.Simulate(t.Context(), w.lead, draft.ID, rulebook.SimulationForm{Days: 10})
	w.must(err)
	begun, peak := time.Now(), uint64(0)
	w.must(rulebook.Simulator{Rules: rules, Past: w.cases.Past()}.Run(t.Context(), asked.ID, func(done, total int) {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		peak = max(peak, m.HeapInuse)
		if total != cases {
			t.Errorf("%d of %d", done, total)
		}
	}))
	t.Logf("%d cases simulated in %s, heap at most %d MB", cases, time.Since(begun).Round(time.Millisecond), peak>>20)
	s, err := rules.OpenSimulation(t.Context(), w.lead, asked.ID)
	w.must(err)
	r := s.Result
	if r.Families != cases || r.Enter+r.Leave+r.Elsewhere+r.Sooner+r.Later+r.NotKept+r.Errors != 0 || len(r.Groups) != 5 || len(r.Programs) != 2 {
		t.Errorf("%+v", r)
	}
	if n := len(r.Groups[0].Rows); n != 4 { // black, more_than_one, unknown, white
		t.Errorf("groups by race and ethnicity: %+v", r.Groups[0])
	}
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'read past decisions'`)

	begun = time.Now()
	got, err := rules.Replay(t.Context(), w.cases.Decisions(t.Context(), 0), func(d rulebook.Differs) { t.Error(d) })
	w.must(err)
	if got.Identical != cases || got.Decisions != cases {
		t.Errorf("%+v", got)
	}
	t.Logf("%d decisions replayed in %s", cases, time.Since(begun).Round(time.Millisecond))

	var changed uuid.UUID
	w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
	w.must(w.owner.QueryRow(`UPDATE decisions SET outcome = replace(outcome::text, '"next":"', '"next":"x')::json
		WHERE id = (SELECT id FROM decisions ORDER BY id LIMIT 1) RETURNING id`).Scan(&changed))
	var found []rulebook.Differs
	if got, err = rules.Replay(t.Context(), w.cases.Decisions(t.Context(), 0), func(d rulebook.Differs) { found = append(found, d) }); err != nil || got.Differ != 1 {
		t.Fatalf("%+v %v", got, err)
	}
	if found[0].ID != changed || found[0].Path != "/next" {
		t.Errorf("%+v", found)
	}
}
