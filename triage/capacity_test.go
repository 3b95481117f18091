package triage_test

import (
	"strings"
	"testing"

	"doorstep/triage"
)

func TestAWordOnPlacesGrowsOld(t *testing.T) {
	rs := baltimore(t)
	fresh := rs.Capacity().FreshDays
	for _, tc := range []struct {
		name      string
		confirmed *triage.Date
		stale     bool
		age       int // -1: none said
	}{
		{"today", ptr(today), false, -1},
		{"tomorrow, by another clock", ptr(today.AddDays(1)), false, -1},
		{"the last fresh day", ptr(today.AddDays(-fresh)), false, -1},
		{"the day after", ptr(today.AddDays(-fresh - 1)), true, fresh + 1},
		{"never", nil, true, -1},
	} {
		places := equals(1)
		places[0].CapacityConfirmedOn = tc.confirmed
		d := decide(t, rs, firstTimeMother(), places)
		p := d.Programs[0]
		if p.CapacityStale != tc.stale || (tc.age < 0) != (p.CapacityAgeDays == nil) || tc.age >= 0 && *p.CapacityAgeDays != tc.age {
			t.Errorf("%s: stale %v, age %v", tc.name, p.CapacityStale, p.CapacityAgeDays)
		}
		if len(d.Route) != 1 {
			t.Errorf("%s: an old word bars her", tc.name)
		}
		if said := strings.Contains(strings.Join(d.Explain(), " "), "ask before you promise it"); said != tc.stale {
			t.Errorf("%s: said %v", tc.name, said)
		}
	}
}

func TestAPackWithoutACapacityRuleCallsNoWordOld(t *testing.T) {
	src, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(src.Files["clocks.yaml"], "capacity:\n")
	if !found {
		t.Fatal("the shipped pack has no capacity rule")
	}
	src.Files["clocks.yaml"] = before
	rs, err := triage.Compile(src)
	if err != nil {
		t.Fatal(err)
	}
	places := equals(1)
	places[0].CapacityConfirmedOn = nil
	if p := decide(t, rs, firstTimeMother(), places).Programs[0]; p.CapacityStale {
		t.Error("old by no rule")
	}
	for name, text := range map[string]string{
		"fresh_days: 0 is not between 1 and 400":         "capacity: {fresh_days: 0, source: x, read: 2026-11}\n",
		"no source":                                      "capacity: {fresh_days: 7, read: 2026-11}\n",
		"neither effective nor read says how old the so": "capacity: {fresh_days: 7, source: x}\n",
	} {
		src.Files["capacity.yaml"] = text
		if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", text, err)
		}
	}
	src.Files["capacity.yaml"] = "capacity: {fresh_days: 7, source: x, read: 2026-11}\n"
	src.Files["clocks.yaml"] = before + src.Files["capacity.yaml"]
	if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), "a second capacity section") {
		t.Error(err)
	}
}
