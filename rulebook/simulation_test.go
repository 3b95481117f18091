package rulebook_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/rulebook"
	"doorstep/triage"
)

// family is a past case of a hand-made set: pregnant, first baby, 20 weeks, low income, so NFP takes her; of this age.
func (d *desk) family(years int, race string, change func(*rulebook.PastCase)) {
	weeks, none := 140, 0
	c := rulebook.PastCase{CaseID: uuid.MustParse(fmt.Sprintf("00000000-0000-7000-8000-%012d", len(d.cases)+1)), Kept: true,
		Facts: triage.Facts{Today: triage.Date{Year: 2026, Month: 11, Day: 2}, Stage: triage.Prenatal, AgeYears: &years, GestationalDays: &weeks,
			EarlierLiveBirths: &none, LowIncome: triage.Yes, Insurance: "medicaid", SpokenLanguage: "en", ZIP: "21201"},
		Places: []triage.Place{{ProgramID: "p1", OrgID: "o1", Code: "nfp", InArea: true, AreaKnown: true, Intake: triage.IntakeOpen, Free: 5, Funded: 20,
			Languages: []string{"en"}, AgreementValid: true}}}
	if race != "" {
		c.RaceEthnicity = []string{race}
	}
	if change != nil {
		change(&c)
	}
	d.cases = append(d.cases, c)
}

// The draft no longer takes first babies of under 18 as "her income is low" by itself: it asks NFP for 20 years and more. And
// teenagers are under 19. All numbers below are counted by hand.
func TestSimulationCountsBothSides(t *testing.T) {
	d := newDesk(t)
	d.rooms = []rulebook.Room{{ProgramID: "p1", Name: "Nurses East", Code: "nfp", Free: 4, Open: true}, {ProgramID: "p2", Name: "Shut", Code: "hfa_traditional"}}
	for range 30 {
		d.family(25, "black", nil) // routed before and after
	}
	for range 12 {
		d.family(17, "black", nil) // teenager under both; loses her place
	}
	for range 20 {
		d.family(19, "white", nil) // loses her place, and is no teenager any more: later
	}
	for range 15 {
		d.family(30, "white", nil)
	}
	for range 5 {
		d.family(30, "asian", nil)
	}
	d.family(30, "white", func(c *rulebook.PastCase) { c.Kept = false })
	source := d.changed("triggers.yaml", "when: age_years < 20", "when: age_years < 19")
	source.Files["programs.yaml"] = strings.Replace(source.Files["programs.yaml"], "        when: stage == \"prenatal\"\n        text: She is pregnant.",
		"        when: stage == \"prenatal\" && age_years >= 20\n        text: She is pregnant.", 1)
	draft, err := d.Draft(t.Context(), d.ana, rulebook.DraftForm{Title: "Grown women only", Files: source.Files})
	d.must(err)

	simulation := d.simulated(draft.ID)
	r := d.seen(simulation, d.ben).Result
	if r.Families != 82 || r.NotKept != 1 || r.Errors != 0 || r.LiveFails {
		t.Errorf("%d families, %d not kept, %d errors", r.Families, r.NotKept, r.Errors)
	}
	if r.Enter != 0 || r.Leave != 32 || r.Elsewhere != 32 || r.Sooner != 0 || r.Later != 20 || r.AlarmsNew+r.AlarmsGone != 0 {
		t.Errorf("enter %d, leave %d, elsewhere %d, sooner %d, later %d", r.Enter, r.Leave, r.Elsewhere, r.Sooner, r.Later)
	}
	if got := fmt.Sprint(r.Flows); got != "[{nfp nfp 50} {nfp nobody 32}]" {
		t.Errorf("flows %s", got)
	}
	if len(r.Programs) != 2 || r.Programs[0].Live != 82 || r.Programs[0].Draft != 50 || *r.Programs[0].Free != 4 || r.Programs[1].Free != nil {
		t.Errorf("programs %+v", r.Programs)
	}
	if got := fmt.Sprint(r.Rules); got != "[{pimr_teen_mother 32 12}]" {
		t.Errorf("rules %s", got)
	}
	groups := map[string]rulebook.Row{}
	for _, s := range r.Groups {
		for _, row := range s.Rows {
			groups[s.By+"/"+row.Group] = row
		}
	}
	// 5 asian families are hidden, and with them the next smallest group, the 35 white: the total gives neither away.
	if asian, white := groups["race_ethnicity/asian"], groups["race_ethnicity/white"]; asian.Families != nil || white.Families != nil || white.Route.Draft != nil {
		t.Errorf("asian %+v, white %+v", asian, white)
	}
	// 42 black: 42 routed before, 30 after; none and 12 without. Alone visible in its measure, its rest of the total is 40.
	black := groups["race_ethnicity/black"]
	if black.Families == nil || *black.Families != 42 || *black.Route.Live != 1 || *black.Route.Draft != 0.714 || *black.Route.Difference != -0.286 {
		t.Errorf("black %+v", black)
	}
	if low, high := *black.Route.Low, *black.Route.High; low >= -0.286 || high <= -0.286 || high >= 0 || low < -0.5 {
		t.Errorf("interval %v to %v", low, high)
	}
	if under := groups["age/under 20"]; *under.Families != 32 || *under.Route.Draft != 0 {
		t.Errorf("under 20: %+v", under)
	}
	raw := d.text(`SELECT result::text || coalesce(progress::text, '') FROM rule_simulations WHERE id = $1`, simulation)
	for _, c := range d.cases {
		if strings.Contains(raw, c.CaseID.String()) {
			t.Fatal("a case stands in the result")
		}
	}
}

func TestTooManyUnknownSaysNothing(t *testing.T) {
	d := newDesk(t)
	for range 20 {
		d.family(25, "black", nil)
	}
	for range 15 {
		d.family(25, "", nil)
	}
	draft := d.draft("19")
	r := d.seen(d.simulated(draft.ID), d.ana).Result
	if race := r.Groups[0]; race.By != "race_ethnicity" || !race.TooManyUnknown || len(race.Rows) != 0 || *race.UnknownShare != 0.429 {
		t.Errorf("%+v", race)
	}
	if language := r.Groups[1]; language.TooManyUnknown || *language.UnknownShare != 0 {
		t.Errorf("%+v", language)
	}
}

// A job is killed between its slices, and comes twice: each family is counted once, and there is one result.
func TestSimulationIsTakenUpAgain(t *testing.T) {
	d := newDesk(t)
	for range 8 {
		d.family(25, "black", nil)
	}
	draft := d.draft("19")
	asked, err := d.Simulate(t.Context(), d.ana, draft.ID, rulebook.SimulationForm{Days: 30})
	d.must(err)
	queue := jobs.NewQueue(d.db)
	lease := func() jobs.Job {
		t.Helper()
		leased, err := queue.Lease(t.Context(), 10, 1e9)
		d.must(err)
		if len(leased) != 1 || leased[0].Kind != jobs.RulesSimulate || leased[0].SubjectID != asked.ID {
			t.Fatalf("leased %+v", leased)
		}
		return leased[0]
	}
	job := lease()
	d.must(d.simulator().Handle(t.Context(), job))
	if again := d.simulator().Handle(t.Context(), job); !errors.Is(again, jobs.ErrSuperseded) {
		t.Errorf("the same call again: %v", again)
	}
	if s := d.seen(asked.ID, d.ana); s.State != "running" || s.Done != 3 || s.Total != 8 || len(s.SeenBy) != 0 {
		t.Errorf("after a slice: %+v", s.SimulationRow)
	}
	d.must(d.simulator().Handle(t.Context(), lease()))
	d.must(d.simulator().Handle(t.Context(), lease()))
	s := d.seen(asked.ID, d.ana)
	if s.State != "done" || s.Done != 8 || s.Result.Families != 8 || len(s.SeenBy) != 1 {
		t.Errorf("at the end: %+v", s)
	}
	if n := d.text(`SELECT count(*) FROM outbox WHERE done_at IS NULL`); n != "0" {
		t.Errorf("%s jobs are left", n)
	}

	// One that cannot be done ends as failed with its last attempt, so that nobody waits for it.
	asked, err = d.Simulate(t.Context(), d.ana, draft.ID, rulebook.SimulationForm{Days: 30})
	d.must(err)
	away := d.simulator()
	away.Past.Count = func(context.Context, time.Time, time.Time) (int, error) { return 0, errors.New("away") }
	job = lease()
	for _, attempt := range []int{1, jobs.MaxAttempts} {
		job.Attempt = attempt
		if err := away.Handle(t.Context(), job); err == nil {
			t.Error("what failed is done")
		}
		want := map[int]string{1: "waiting", jobs.MaxAttempts: "failed"}[attempt]
		if s := d.seen(asked.ID, d.ana); s.State != want || s.Result != nil {
			t.Errorf("attempt %d: %s", attempt, s.State)
		}
	}
}

// A live version that a newer program refuses is no dead end: it is compared as what it does now, which is to ask a person.
func TestALiveVersionThatDoesNotCompileCanBeReplaced(t *testing.T) {
	d := newDesk(t)
	d.family(25, "black", nil)
	broken, err := json.Marshal(d.changed("triggers.yaml", "when: age_years < 20", "when: years_of_age < 20"))
	d.must(err)
	_, err = d.owner.Exec(`ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate`)
	d.must(err)
	_, err = d.owner.Exec(`UPDATE rule_sets SET source = $1, hash = $2`, string(broken), d.changed("triggers.yaml", "when: age_years < 20", "when: years_of_age < 20").Hash())
	d.must(err)
	_, err = d.owner.Exec(`ALTER TABLE rule_sets ENABLE TRIGGER rule_sets_gate`)
	d.must(err)
	var problems triage.Problems
	if err := d.CheckLive(t.Context()); !errors.As(err, &problems) || problems[0].File != "triggers.yaml" || problems[0].Line == 0 || problems[0].RuleID != "pimr_teen_mother" {
		t.Fatalf("%v", err)
	}
	draft := d.draft("19")
	simulation := d.approved(draft.ID)
	if r := d.seen(simulation, d.ana).Result; !r.LiveFails || r.Enter != 1 {
		t.Errorf("%+v", r)
	}
	_, err = d.Release(t.Context(), d.ana, draft.ID)
	d.must(err)
	d.must(d.CheckLive(t.Context()))
}

func TestBrokenTextsAreRefusedByFileLineAndRule(t *testing.T) {
	d := newDesk(t)
	for what, c := range map[string]struct{ now, want string }{
		"a race term":  {`when: race == "black"`, "race"},
		"a typo":       {`when: agee_years < 20`, "did you mean age_years"},
		"a type clash": {`when: age_years == "young"`, "condition"},
		"a loop":       {`when: "[1, 2].all(x, x > age_years)"`, "condition"},
	} {
		source := d.changed("triggers.yaml", "when: age_years < 20", c.now)
		_, err := d.Draft(t.Context(), d.ana, rulebook.DraftForm{Title: what, Files: source.Files})
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) == 0 {
			t.Errorf("%s: %v", what, err)
			continue
		}
		if got := f.Fields[0]; got.Pointer != "/files/triggers.yaml" || !strings.Contains(got.Detail, "triggers.yaml:7: rule pimr_teen_mother: ") || !strings.Contains(got.Detail, c.want) {
			t.Errorf("%s: %+v", what, got)
		}
	}
}

// Whoever is only reached later in the order shows in her group as well, though she goes where she went and is not called first.
func TestGroupsShowWhoIsReachedLater(t *testing.T) {
	d := newDesk(t)
	for range 20 {
		d.family(19, "black", nil)
	}
	for range 20 {
		d.family(25, "white", nil)
	}
	r := d.seen(d.simulated(d.draft("19").ID), d.ana).Result
	if r.Later != 20 || r.Sooner != 0 {
		t.Errorf("%d later, %d sooner", r.Later, r.Sooner)
	}
	for _, row := range r.Groups[0].Rows {
		if row.Group == "black" && (*row.Ahead.Live-*row.Ahead.Draft != 1 || *row.Ahead.Difference != -1) {
			t.Errorf("%+v", row.Ahead)
		}
		if row.Group == "white" && *row.Ahead.Difference != 0 {
			t.Errorf("%+v", row.Ahead)
		}
	}
}
