package triage_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"doorstep/triage"
)

// Every example that a shipped pack carries holds.
func TestShippedExamplesHold(t *testing.T) {
	for _, pack := range triage.Shipped() {
		examples, err := triage.Examples(os.DirFS("packs/" + pack))
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range examples {
			d, err := e.Decide(shipped(t, pack))
			if err != nil {
				t.Errorf("%s/%s: %v", pack, e.File, err)
			}
			for _, line := range e.Differences(d) {
				t.Errorf("%s/%s: %s", pack, e.File, line)
			}
		}
	}
}

// An example that is wrong says in what, and one that is misspelt does not pass.
func TestExampleSaysWhatDiffers(t *testing.T) {
	folder := fstest.MapFS{"examples/a.yaml": {Data: []byte(`
about: wrong in everything
facts: {today: 2026-11-02, stage: prenatal, age_years: 23, gestational_days: 195, earlier_live_births: 0, low_income: "yes"}
expect:
  tier: urgent
  band: 3
  next: review
  review: [no_place]
  route: []
  programs: {nfp: not_eligible}
  last_day: {nfp: ""}
  alarms: [danger]
  fired: [pimr_teen_mother]
  flags: []
  ask: [zip]
`)},
		"examples/none.yaml": {Data: []byte(`
about: says that there is nothing where there is something
facts: {today: 2026-11-02, age_years: 17}
expect: {fired: [], ask: []}
`)}}
	examples, err := triage.Examples(folder)
	if err != nil || len(examples) != 2 {
		t.Fatalf("%v, %v", examples, err)
	}
	said := ""
	for _, e := range examples {
		d, err := e.Decide(baltimore(t))
		if err != nil {
			t.Fatal(err)
		}
		said += strings.Join(e.Differences(d), "\n") + "\n"
	}
	for _, want := range []string{"tier: expected urgent, got standard", "band: expected 3, got 1", "next: expected review, got route",
		"review: expected no_place, got none", "route: expected none, got ", "program nfp: expected not_eligible, got eligible",
		"last day of nfp: expected none, got 2026-11-09", "alarms: expected danger, got none", "trigger pimr_teen_mother: expected to hold", "ask zip: expected",
		"flags: expected none, got self_harm", "triggers: expected none, got pimr_teen_mother", "ask: expected nothing, got "} {
		if !strings.Contains(said, want) {
			t.Errorf("%q is not said:\n%s", want, said)
		}
	}
	folder["examples/b.yaml"] = &fstest.MapFile{Data: []byte("facts: {today: 2026-11-02}\nexpct: {tier: urgent}")}
	if _, err := triage.Examples(folder); err == nil || !strings.Contains(err.Error(), "expct") {
		t.Errorf("a misspelt key: %v", err)
	}
}
