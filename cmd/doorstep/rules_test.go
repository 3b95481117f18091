package main

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/config"
	"doorstep/internal/dbtest/seed"
	"doorstep/rulebook"
)

// packFolder is the shipped pack in a folder, with one text of its triggers replaced.
func packFolder(t *testing.T, old, now string) string {
	t.Helper()
	return changedPack(t, "baltimore", map[string][2]string{"triggers.yaml": {old, now}})
}

const teenager = "when: age_years < 20"

func TestRulesCheckNamesFileLineAndRule(t *testing.T) {
	for what, wrong := range map[string]string{"a race term": `when: race == "x"`, "a typo": "when: agee_years < 20",
		"a type clash": `when: age_years == "x"`, "a loop": `when: "[1].all(x, x < age_years)"`} {
		out, err := command(t, nil, "rules", "check", packFolder(t, teenager, wrong))
		if err == nil || !strings.Contains(out, "triggers.yaml:7: rule pimr_teen_mother: ") {
			t.Errorf("%s: %v\n%s", what, err, out)
		}
	}
	out, err := command(t, nil, "rules", "check", packFolder(t, "", ""))
	if err != nil || !strings.Contains(out, "baltimore is good.") || !strings.Contains(out, "tiers        3") {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestRulesTestExplainAndDiffAFolder(t *testing.T) {
	dir := packFolder(t, teenager, "when: age_years < 21")
	if err := os.CopyFS(filepath.Join(dir, "examples"), os.DirFS("../../triage/packs/baltimore/examples")); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, nil, "rules", "test", dir)
	if err == nil || !strings.Contains(out, "WRONG twenty_today.yaml: At twenty she is no teenager.\n      tier: expected standard, got priority\n") ||
		!strings.Contains(out, "ok    teenager.yaml") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = command(t, nil, "rules", "explain", dir, filepath.Join(dir, "examples/danger_now.yaml"))
	if err != nil || !strings.HasPrefix(out, "Act today.") {
		t.Errorf("%v\n%s", err, out)
	}
	out, err = command(t, nil, "rules", "diff", packFolder(t, "", ""), dir)
	if err != nil || out != "Trigger pimr_teen_mother was changed.\n  condition: from \"age_years < 20\" to \"age_years < 21\"\n" {
		t.Errorf("%v\n%s", err, out)
	}
}

// The whole way of a version by commands, as an operator walks it with two colleagues.
func TestRulesByCommands(t *testing.T) {
	db, environ := surroundings(t)
	hub := seed.New(t, db.Open(t, nil)).Hub(seed.Org{})
	do := func(want string, args ...string) {
		t.Helper()
		out, err := command(t, environ, args...)
		if err != nil || !strings.Contains(out, want) {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	refuse := func(want string, args ...string) {
		t.Helper()
		if out, err := command(t, environ, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
		}
	}
	do("version 1", "migrate", "up")
	for name, role := range map[string]string{"ana": "triage_supervisor", "ben": "program_manager"} {
		do("key", "user", "add", "--org", hub.ID.String(), "--email", name+"@example.org", "--name", name, "--role", role)
	}
	ana, ben := "--as=ana@example.org", "--as=ben@example.org"
	dir := packFolder(t, teenager, "when: age_years < 19")
	refuse("rules:draft", "rules", "draft", dir, "--title=x", "--as=nobody@example.org")
	do("Version 2 is a draft", "rules", "draft", dir, "--title=Teenagers are under 19", ana)
	do("0 of 0 families", "rules", "simulate", "2", "--days=30", ana)
	do("Next: Have it approved", "rules", "note", "2", "Nobody was decided yet, so nothing changes for any group.", ana)
	refuse("Open the finished simulation", "rules", "approve", "2", ben)
	do("[ ] approved", "rules", "show", "2", ben)
	do("may be released", "rules", "approve", "2", ben)
	do("Version 2 is live", "rules", "release", "2", ana)
	do("Version 1 is live", "rules", "rollback", "--to=1", "--reason=not meant so", ben)
	do("1        live", "rules", "list")
	do("differ    0", "rules", "replay")
	out := filepath.Join(t.TempDir(), "pack")
	do("rollback", "rules", "show", "1", "--out="+out)
	do("No rule, number or text differs.", "rules", "diff", "1", out)
}

// A live version that this program refuses is named at the start, and nothing else stops.
func TestStartSaysWhatIsWrongWithTheLiveRules(t *testing.T) {
	db, environ := surroundings(t)
	if _, err := command(t, environ, "migrate", "up"); err != nil {
		t.Fatal(err)
	}
	source, err := folder(packFolder(t, teenager, "when: agee_years < 20"))
	if err != nil {
		t.Fatal(err)
	}
	owner := db.Owner(t)
	for _, statement := range []string{`ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate`,
		`UPDATE rule_sets SET hash = '` + source.Hash() + `', source = jsonb_set(source, '{files,triggers.yaml}',
			to_jsonb(replace(source->'files'->>'triggers.yaml', 'when: age_years < 20', 'when: agee_years < 20')))`} {
		if _, err := owner.Exec(statement); err != nil {
			t.Fatal(err)
		}
	}
	c, err := config.Read(environ, config.Serve())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	a, err := newApp(t.Context(), c, options{log: slog.New(slog.NewJSONHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	a.checkRules(t.Context())
	if !strings.Contains(log.String(), `"file":"triggers.yaml","line":7,"rule":"pimr_teen_mother"`) {
		t.Errorf("%s", log.String())
	}
}

// The live version changes again and again while fifty clients send referrals to two processes: none fails, and each decision
// names exactly one version, by the hash that stands in its outcome too.
func TestTheLiveVersionChangesUnderLoad(t *testing.T) {
	r := newTrack(t, 1, 1000)
	hub := seed.Org{ID: r.id(`SELECT id::text FROM organizations WHERE kind = 'hub'`), Kind: auth.Hub}
	ana, ben := r.seed.User(hub, auth.TriageSupervisor), r.seed.User(hub, auth.ProgramManager)
	rules := rulebook.NewService(r.db)
	first, second := r.twoVersions(rules, ana, ben)

	const clients, each = 50, 3
	failures := make(chan string, clients*each)
	var sent sync.WaitGroup
	for i := range clients {
		sent.Go(func() {
			for n := range each {
				status, out, err := r.send(i, r.clinic, "/referrals", map[string]any{"stage": "prenatal",
					"client":    map[string]any{"given_name": "Racer", "family_name": "Loadfamily " + letters(i*each+n), "date_of_birth": bornOn(i*each + n), "insurance": "medicaid"},
					"pregnancy": map[string]any{"weeks": 15, "earlier_live_births": 0}, "addresses": []any{map[string]any{"zip": "21201", "safe_mail": "yes"}},
					"consent": map[string]any{"answer": "yes_in_person", "share_with_agencies": "yes"}})
				if err != nil || status != http.StatusCreated {
					failures <- fmt.Sprint(status, out, err)
				}
			}
		})
	}
	over := make(chan struct{})
	go func() { sent.Wait(); close(over) }()
	swaps := 0
	for running := true; running || swaps < 4; swaps++ {
		to := []uuid.UUID{first, second}[swaps%2]
		if _, err := rules.RollBack(t.Context(), ana, to, rulebook.RollbackForm{Reason: "test"}); err != nil {
			t.Fatal(err)
		}
		select {
		case <-over:
			running = false
		case <-time.After(5 * time.Millisecond):
		}
	}
	close(failures)
	for f := range failures {
		t.Error(f)
	}
	var got struct{ Cases, Decisions, Torn, Versions int }
	r.query(&got, `SELECT (SELECT count(*) FROM cases) AS cases, count(*) AS decisions, count(DISTINCT rule_set_id) AS versions,
		count(*) FILTER (WHERE s.hash IS DISTINCT FROM d.rule_set_hash OR d.outcome ->> 'rule_set_hash' <> d.rule_set_hash) AS torn
		FROM decisions d LEFT JOIN rule_sets s ON s.id = d.rule_set_id`)
	if got.Cases != clients*each || got.Decisions != clients*each || got.Torn != 0 || got.Versions != 2 {
		t.Errorf("after %d swaps: %+v", swaps, got)
	}
	t.Logf("%d swaps, %+v", swaps, got)
}

// letters names families apart without digits.
func letters(n int) string {
	return string(rune('a'+n/26%26)) + string(rune('a'+n%26)) + string(rune('a'+n/676))
}

// twoVersions brings a second version through the gate, so that both have been live.
func (r *track) twoVersions(rules *rulebook.Service, ana, ben auth.Actor) (first, second uuid.UUID) {
	r.t.Helper()
	must := func(err error) {
		r.t.Helper()
		if err != nil {
			r.t.Fatal(err)
		}
	}
	ctx := r.t.Context()
	source, err := folder(packFolder(r.t, teenager, "when: age_years < 19"))
	must(err)
	draft, err := rules.Draft(ctx, ana, rulebook.DraftForm{Title: "test", Files: source.Files})
	must(err)
	asked, err := rules.SimulateHere(ctx, ana, draft.ID, rulebook.SimulationForm{Days: 1})
	must(err)
	nobody := rulebook.Past{Count: func(context.Context, time.Time, time.Time) (int, error) { return 0, nil },
		Cases: func(context.Context, time.Time, time.Time, uuid.UUID) iter.Seq2[rulebook.PastCase, error] {
			return func(func(rulebook.PastCase, error) bool) {}
		},
		Rooms: func(context.Context) ([]rulebook.Room, error) { return nil, nil }}
	must(rulebook.Simulator{Rules: rules, Past: nobody}.Run(ctx, asked.ID, func(int, int) {}))
	for _, who := range []auth.Actor{ana, ben} {
		_, err = rules.OpenSimulation(ctx, who, asked.ID)
		must(err)
	}
	_, err = rules.WriteNote(ctx, ana, draft.ID, rulebook.NoteForm{SimulationID: asked.ID, Words: "Nobody was decided, so nothing changes."})
	must(err)
	_, err = rules.Approve(ctx, ben, draft.ID, rulebook.ApproveForm{SimulationID: asked.ID})
	must(err)
	_, err = rules.Release(ctx, ben, draft.ID)
	must(err)
	return r.id(`SELECT id::text FROM rule_sets WHERE version = 1`), draft.ID
}

func (r *track) id(sql string) uuid.UUID {
	r.t.Helper()
	var text string
	r.query(&text, sql)
	return uuid.MustParse(text)
}
