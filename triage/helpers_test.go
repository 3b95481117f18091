package triage_test

import (
	"encoding/json"
	"os"
	"sync"
	"testing"

	"doorstep/triage"
)

// compiled holds the packs that tests asked for, each compiled once: a rule set
// never changes, and compiling is most of what a small test costs.
var compiled sync.Map

// shipped is a pack of the binary, or the "example" of testdata.
func shipped(t testing.TB, name string) *triage.RuleSet {
	t.Helper()
	if rs, ok := compiled.Load(name); ok {
		return rs.(*triage.RuleSet)
	}
	rs, err := triage.Compile(source(t, name))
	if err != nil {
		t.Fatal(err)
	}
	compiled.Store(name, rs)
	return rs
}

// source is the text of a pack. "example" is that of the city with a file of
// testdata laid over it: what no source backs for the city is tried there and
// never shipped.
func source(t testing.TB, name string) triage.Source {
	t.Helper()
	if name == "example" {
		src := source(t, "baltimore")
		b, err := os.ReadFile("testdata/packs/example.yaml")
		if err != nil {
			t.Fatal(err)
		}
		src.Files["example.yaml"] = string(b)
		return src
	}
	src, err := triage.Embedded(name)
	if err != nil {
		t.Fatal(err)
	}
	return src
}

func baltimore(t testing.TB) *triage.RuleSet { return shipped(t, "baltimore") }

func example(t testing.TB) *triage.RuleSet { return shipped(t, "example") }

func day(t testing.TB, s string) triage.Date {
	t.Helper()
	d, err := triage.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func ptr[T any](v T) *T { return &v }

// today is the day of every test that does not care which.
var today = triage.Date{Year: 2026, Month: 11, Day: 2}

// openPlaces offers every program that the city's page names, open and in area.
func openPlaces() []triage.Place {
	var out []triage.Place
	for _, code := range []string{"early_head_start", "healthy_start", "hfa_enhanced", "hfa_traditional", "hope", "nfp"} {
		out = append(out, triage.Place{
			ProgramID: code + "-1", OrgID: "org-" + code, Code: code, InArea: true, AreaKnown: true,
			Intake: triage.IntakeOpen, Free: 3, Funded: 25, Languages: []string{"en", "es"}, AgreementValid: true,
		})
	}
	return out
}

// everyPlace offers every program of a pack, open and in area.
func everyPlace(rs *triage.RuleSet) []triage.Place {
	var out []triage.Place
	for _, p := range rs.Programs() {
		out = append(out, triage.Place{
			ProgramID: p.Code + "-1", OrgID: "org-" + p.Code, Code: p.Code, InArea: true, AreaKnown: true,
			Intake: triage.IntakeOpen, Free: 3, Funded: 20, Languages: []string{"en"}, AgreementValid: true,
		})
	}
	return out
}

func decide(t testing.TB, rs *triage.RuleSet, f triage.Facts, places []triage.Place) triage.Decision {
	t.Helper()
	d, err := rs.Decide(f, places)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func program(t testing.TB, d triage.Decision, code string) triage.ProgramVerdict {
	t.Helper()
	for _, p := range d.Programs {
		if p.Code == code {
			return p
		}
	}
	t.Fatalf("no verdict on %s", code)
	return triage.ProgramVerdict{}
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b) + "\n"
}

// items builds form answers; -1 is an item she did not answer.
func items(values ...int) []*int {
	out := make([]*int, len(values))
	for i, v := range values {
		if v >= 0 {
			out[i] = ptr(v)
		}
	}
	return out
}
