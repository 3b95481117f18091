package rulebook_test

import (
	"context"
	"database/sql"
	"errors"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"doorstep/internal/fault"
	"doorstep/rulebook"
)

// A draft walks through the gate, and each use case says what is missing.
func TestAVersionGoesLiveThroughTheGate(t *testing.T) {
	d := newDesk(t)
	ctx, draft := t.Context(), d.draft("19")
	release := func() error { _, err := d.Release(ctx, d.ana, draft.ID); return err }
	d.refused(fault.Conflict, "Simulate this text", release())

	simulation := d.simulated(draft.ID)
	d.refused(fault.Conflict, "Open the finished simulation", release())
	note := rulebook.NoteForm{SimulationID: simulation, Words: "No group loses its place in the order."}
	_, err := d.WriteNote(ctx, d.ana, draft.ID, note)
	d.refused(fault.Conflict, "Open the finished simulation", err)

	d.seen(simulation, d.ana, d.ben)
	_, err = d.Approve(ctx, d.ben, draft.ID, rulebook.ApproveForm{SimulationID: simulation})
	d.refused(fault.Conflict, "equity note", err)
	_, err = d.WriteNote(ctx, d.ana, draft.ID, rulebook.NoteForm{SimulationID: simulation, Words: " fine "})
	d.refused(fault.Invalid, "correction", err)
	_, err = d.WriteNote(ctx, d.coordinator, draft.ID, note)
	d.refused(fault.Forbidden, "role", err)
	_, err = d.WriteNote(ctx, d.ana, draft.ID, note)
	d.must(err)
	d.refused(fault.Conflict, "second person", release())

	approve := rulebook.ApproveForm{SimulationID: simulation, Community: "Example Parents' Council"}
	_, err = d.Approve(ctx, d.ana, draft.ID, approve)
	d.refused(fault.Conflict, "second person", err)
	_, err = d.Approve(ctx, d.cleo, draft.ID, approve) // she has not seen it
	d.refused(fault.Conflict, "Open the finished simulation", err)
	signed, err := d.Approve(ctx, d.ben, draft.ID, approve)
	d.must(err)
	for _, s := range signed.Gate {
		if !s.Done {
			t.Errorf("%s is not done", s.Step)
		}
	}
	_, err = d.Release(ctx, d.cleo, draft.ID)
	d.refused(fault.Conflict, "Open the finished simulation", err)
	d.must(release())

	set, err := d.live(ctx)
	d.must(err)
	if set.Hash() != draft.Hash {
		t.Fatal("the old rules hold")
	}
	full, err := d.Show(ctx, d.coordinator, draft.ID)
	d.must(err)
	if full.Status != "live" || len(full.Releases) != 1 || full.Releases[0].Community == "" || *full.Releases[0].Replaced != 1 || full.Author == "" || *full.BasedOn != 1 {
		t.Errorf("%+v, %+v", full.Version, full.Releases)
	}
	if n := d.text(`SELECT count(*) FROM outbox WHERE kind = 'rules.changed' AND subject_id = $1`, draft.ID); n != "1" {
		t.Errorf("%s jobs look at open cases", n)
	}
	if n := d.text(`SELECT string_agg(action, ',' ORDER BY action) FROM audit_events WHERE subject_id = $1`, draft.ID); n != "approve rules,draft rules,note on rules,release rules" {
		t.Errorf("history: %s", n)
	}
}

func TestRollBackIsOneCommandWithAReason(t *testing.T) {
	d := newDesk(t)
	ctx, draft := t.Context(), d.draft("19")
	_, err := d.RollBack(ctx, d.ana, draft.ID, rulebook.RollbackForm{Reason: "wrong"})
	d.refused(fault.Conflict, "live before", err)
	d.approved(draft.ID)
	_, err = d.Release(ctx, d.ana, draft.ID)
	d.must(err)
	_, err = d.RollBack(ctx, d.cleo, d.first, rulebook.RollbackForm{Reason: " "})
	d.refused(fault.Invalid, "correction", err)
	_, err = d.RollBack(ctx, d.cleo, d.first, rulebook.RollbackForm{Reason: "Teenagers of nineteen wait too long."})
	d.must(err)
	set, err := d.live(ctx)
	d.must(err)
	if set.Hash() != pack(t).Hash() {
		t.Fatal("the wrong rules hold")
	}
	// What was rolled back comes again by the same text, as a new version that walks through the gate anew.
	again := d.draft("19")
	if again.Version != 3 || again.Hash != draft.Hash {
		t.Fatalf("%+v", again)
	}
	d.approved(again.ID)
	_, err = d.Release(ctx, d.ben, again.ID)
	d.must(err)
	_, err = d.Draft(ctx, d.ana, rulebook.DraftForm{Title: "the same", Files: d.changed("triggers.yaml", "age_years < 20", "age_years < 19").Files})
	d.refused(fault.Conflict, "Nothing changed", err)
}

// What was simulated against another version proves nothing about this one.
func TestAReleaseMakesOtherSimulationsOld(t *testing.T) {
	d := newDesk(t)
	one, two := d.draft("19"), d.draft("18")
	d.approved(one.ID)
	d.approved(two.ID)
	errs := make([]error, 2)
	var both sync.WaitGroup
	for i, id := range []uuid.UUID{one.ID, two.ID} {
		both.Go(func() { _, errs[i] = d.Release(context.Background(), d.ana, id) })
	}
	both.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Fatalf("two at once: %v, %v", errs[0], errs[1])
	}
	d.refused(fault.Conflict, "Simulate this text", errors.Join(errs...))
	if n := d.text(`SELECT count(*) FROM rule_sets WHERE status = 'live'`); n != "1" {
		t.Fatalf("%s versions are live", n)
	}
}

// The gate holds for whoever holds the hub's database role and writes SQL.
func TestTheDatabaseRefusesWhatTheGateLacks(t *testing.T) {
	d := newDesk(t)
	draft, other := d.draft("19").ID, d.draft("18").ID
	simulation, foreign := d.simulated(draft), d.simulated(other)
	const release = `INSERT INTO rule_releases (id, rule_set_id, kind, replaced_id, approval_id, reason, released_at, released_by)
		VALUES (gen_random_uuid(), $1, $2, $3, $4, $5, clock_timestamp(), $6)`
	hub := func() (*sql.Tx, error) {
		tx, err := d.app.Begin()
		if err == nil {
			_, err = tx.Exec(`SET LOCAL ROLE doorstep_hub`)
		}
		return tx, err
	}
	refuse := func(what, query string, args ...any) {
		t.Helper()
		tx, err := hub()
		defer func() { _ = tx.Rollback() }()
		d.must(err)
		_, err = tx.Exec(query, args...)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || !slices.Contains([]string{"23514", "42501"}, refused.Code) { // a check, a privilege
			t.Errorf("%s: the database let it through (%v)", what, err)
		}
	}
	run := func(query string, args ...any) {
		t.Helper()
		tx, err := hub()
		d.must(err)
		_, err = tx.Exec(query, args...)
		d.must(err)
		d.must(tx.Commit())
	}
	ana, ben, cleo := d.ana.ID, d.ben.ID, d.cleo.ID
	const note = `INSERT INTO rule_notes (id, simulation_id, words, written_at, written_by) VALUES ($1, $2, $3, clock_timestamp(), $4)`
	const approval = `INSERT INTO rule_approvals (id, note_id, approved_at, approved_by) VALUES ($1, $2, clock_timestamp(), $3)`
	const view = `INSERT INTO rule_simulation_views (simulation_id, user_id, seen_at) VALUES ($1, $2, clock_timestamp())`

	refuse("a draft by hand", `UPDATE rule_sets SET status = 'live' WHERE id = $1`, draft)
	refuse("a live one beside the live one", `INSERT INTO rule_sets SELECT gen_random_uuid(), 9, pack, hash, 'live', source, created_at, created_by FROM rule_sets WHERE status = 'live'`)
	refuse("another text under a live hash", `UPDATE rule_sets SET source = '{"files":{}}' WHERE status = 'live'`)
	refuse("the live one taken away", `UPDATE rule_sets SET status = 'retired' WHERE status = 'live'`)
	refuse("another day in force", `UPDATE rule_sets SET effective_at = effective_at - interval '1 year' WHERE status = 'live'`)
	refuse("a live one removed", `DELETE FROM rule_sets WHERE status = 'live'`)
	const forged = `INSERT INTO rule_simulations (id, rule_set_id, hash, against_id, against_hash, days, asked_at, asked_by, state, total, done, finished_at, result)
		SELECT gen_random_uuid(), s.rule_set_id, s.hash, s.against_id, s.against_hash, 1, s.asked_at, s.asked_by, 'done', 0, 0, s.finished_at, '{}' FROM rule_simulations s LIMIT 1`
	refuse("a simulation that nobody ran", forged)
	refuse("a simulation of another text", `INSERT INTO rule_simulations (id, rule_set_id, hash, against_id, against_hash, days, asked_at, asked_by, state, total, done)
		SELECT gen_random_uuid(), rule_set_id, 'x', against_id, against_hash, 1, asked_at, asked_by, 'waiting', 0, 0 FROM rule_simulations LIMIT 1`)
	refuse("a release without an approval", release, draft, "release", d.first, nil, nil, ana)
	refuse("a roll-back to what never was live", release, draft, "rollback", d.first, nil, "because", ana)
	refuse("a roll-back without a reason", release, d.first, "rollback", d.first, nil, nil, ana)

	written, approved := uuid.New(), uuid.New()
	refuse("a note unseen", note, written, simulation, "words that say something", ana)
	run(view, simulation, ana)
	refuse("a note without words", note, written, simulation, " . ", ana)
	run(note, written, simulation, "words that say something", ana)
	refuse("a note that is changed", `UPDATE rule_notes SET words = 'others'`)
	refuse("approved by the author", approval, approved, written, ana)
	refuse("approved unseen", approval, approved, written, ben)
	run(view, simulation, ben)
	run(approval, approved, written, ben)
	refuse("released unseen", release, draft, "release", d.first, approved, nil, cleo)
	refuse("an approval of another text", release, other, "release", d.first, approved, nil, ana)
	refuse("against a version that is not live", release, draft, "release", nil, approved, nil, ana)
	refuse("a finished simulation changed", `UPDATE rule_simulations SET result = '{}' WHERE id = $1`, foreign)
	over := uuid.New()
	run(`INSERT INTO rule_simulations (id, rule_set_id, hash, against_id, against_hash, days, asked_at, asked_by, state, total, done)
		SELECT $1, rule_set_id, hash, against_id, against_hash, 1, asked_at, asked_by, 'waiting', 0, 0 FROM rule_simulations WHERE id = $2`, over, foreign)
	run(`UPDATE rule_simulations SET state = 'failed', finished_at = clock_timestamp() WHERE id = $1`, over)
	refuse("a failed simulation done after all", `UPDATE rule_simulations SET state = 'done', result = '{}' WHERE id = $1`, over)
	refuse("a view forged before the end", `UPDATE rule_simulation_views SET seen_at = now()`)
	refuse("a view taken away", `DELETE FROM rule_simulation_views`)
	run(release, draft, "release", d.first, approved, nil, ana)
	if status := d.text(`SELECT string_agg(version || status, ' ' ORDER BY version) FROM rule_sets`); status != "1retired 2live 3draft" {
		t.Errorf("after the release: %s", status)
	}
	refuse("a release taken away", `DELETE FROM rule_releases`)
	refuse("the same release again", release, draft, "release", draft, approved, nil, ana)
}

// Coordinators read, two roles write, machines sign nothing, and other organizations find nothing.
func TestRightsOverRules(t *testing.T) {
	d := newDesk(t)
	ctx := t.Context()
	if _, err := d.List(ctx, d.coordinator, ""); err != nil {
		t.Error(err)
	}
	_, err := d.List(ctx, d.agency, "")
	d.refused(fault.Forbidden, "role", err)
	_, err = d.Draft(ctx, d.coordinator, rulebook.DraftForm{Title: "x", Files: pack(t).Files})
	d.refused(fault.Forbidden, "role", err)
	machine := d.ana
	machine.Kind = "key"
	_, err = d.Draft(ctx, machine, rulebook.DraftForm{Title: "x", Files: pack(t).Files})
	d.refused(fault.Invalid, "in their own name", err)
	forged := d.agency
	forged.Role = d.ana.Role
	_, err = d.Show(ctx, forged, d.first)
	d.refused(fault.NotFound, "no such", err)
}
