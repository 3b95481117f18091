package triage_test

import (
	"slices"
	"testing"

	"doorstep/triage"
)

// expectation is what the author of a golden case says beforehand, so that -update cannot record a mistake. What it leaves out is
// not looked at.
type expectation struct {
	Tier     string                    `yaml:"tier"`
	Band     *int                      `yaml:"band"`
	Alarms   []string                  `yaml:"alarms"`
	Fired    []string                  `yaml:"fired"` // all triggers, by id
	Programs map[string]triage.Verdict `yaml:"programs"`
	Route    []string                  `yaml:"route"`
	Review   []string                  `yaml:"review"`
	Flags    []string                  `yaml:"flags"`
}

func (e expectation) check(t *testing.T, d triage.Decision) {
	t.Helper()
	if e.Tier != "" && e.Tier != d.TierName {
		t.Errorf("tier %s, want %s", d.TierName, e.Tier)
	}
	if e.Band != nil && *e.Band != d.Band {
		t.Errorf("band %d, want %d", d.Band, *e.Band)
	}
	var fired, alarms []string
	for _, f := range d.Fired {
		fired = append(fired, f.RuleID)
	}
	for _, a := range d.Alarms {
		alarms = append(alarms, a.RuleID)
	}
	if e.Route != nil && !slices.Equal(d.Route, e.Route) {
		t.Errorf("route %v, want %v", d.Route, e.Route)
	}
	for _, list := range []struct {
		what      string
		got, want []string
	}{
		{"triggers", fired, e.Fired}, {"alarms", alarms, e.Alarms},
		{"review reasons", slices.Clone(d.ReviewReasons), e.Review}, {"flags", slices.Clone(d.Flags), e.Flags},
	} {
		slices.Sort(list.want)
		slices.Sort(list.got)
		if list.want != nil && !slices.Equal(list.got, list.want) {
			t.Errorf("%s %v, want %v", list.what, list.got, list.want)
		}
	}
	for code, want := range e.Programs {
		if got := program(t, d, code).Verdict; got != want {
			t.Errorf("%s is %s, want %s", code, got, want)
		}
	}
}
