package triage_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"
	"time"

	"doorstep/triage"
	"go.yaml.in/yaml/v3"
)

// Where the order of a list means something, it stays: tiers, set-asides, first
// contacts, the ladder, and reasons as they are shown.
func ordered(key string) bool {
	return slices.Contains([]string{"tiers", "set_asides", "first_contact", "alarm_ladder", "agency_declines", "her_choices", "releases",
		"enrollment_ends", "dispositions"}, key)
}

// Files, sections and entries may be written in any order.
func TestOrderOfThePackNeverMatters(t *testing.T) {
	all := goldenCases(t)
	decided := func(rs *triage.RuleSet, c goldenCase) string {
		d := decide(t, rs, c.Facts, c.Places)
		d.RuleSetHash = ""
		return bytesOf(t, d)
	}
	for _, name := range append(triage.Shipped(), "example") {
		rs := shipped(t, name)
		cases := slices.DeleteFunc(slices.Clone(all), func(c goldenCase) bool { // whose set-asides are of another pack
			return c.Pack != name && slices.ContainsFunc(c.Places, func(p triage.Place) bool { return len(p.SetAsideUsed) > 0 })
		})
		var want []string
		for _, c := range cases {
			want = append(want, decided(rs, c))
		}
		for seed := range int64(4) {
			other, err := triage.Compile(shuffled(t, source(t, name), rand.New(rand.NewSource(seed))))
			if err != nil {
				t.Fatalf("%s, seed %d: %v", name, seed, err)
			}
			for i, c := range cases {
				if decided(other, c) != want[i] {
					t.Errorf("%s, seed %d: %s is decided otherwise", name, seed, c.File)
				}
			}
		}
	}
}

// shuffled writes the same pack in other files and another order.
func shuffled(t *testing.T, src triage.Source, r *rand.Rand) triage.Source {
	t.Helper()
	files := make([]map[string]any, 4)
	for i := range files {
		files[i] = map[string]any{}
	}
	for _, text := range src.Files {
		var sections map[string]any
		if err := yaml.Unmarshal([]byte(text), &sections); err != nil {
			t.Fatal(err)
		}
		for key, section := range sections {
			entries, list := shuffle(key, section, r).([]any)
			if !list || ordered(key) {
				files[r.Intn(len(files))][key] = section
				continue
			}
			for _, e := range entries {
				f := files[r.Intn(len(files))]
				before, _ := f[key].([]any)
				f[key] = append(before, e)
			}
		}
	}
	out := triage.Source{Files: map[string]string{}}
	for i, f := range files {
		text, err := yaml.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		out.Files[fmt.Sprintf("%d%d.yaml", r.Intn(9), i)] = string(text)
	}
	return out
}

// shuffle reorders the lists in v, and writes days as the texts they were.
func shuffle(key string, v any, r *rand.Rand) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case map[string]any:
		for k := range v {
			v[k] = shuffle(k, v[k], r)
		}
	case []any:
		for i := range v {
			v[i] = shuffle("", v[i], r)
		}
		if !ordered(key) {
			r.Shuffle(len(v), func(i, j int) { v[i], v[j] = v[j], v[i] })
		}
	}
	return v
}

// The words of a rule set are told in one order, whoever asks.
func TestWhatAPackTellsIsInOneOrder(t *testing.T) {
	a := shipped(t, "ohio_county")
	b, err := triage.Compile(shuffled(t, source(t, "ohio_county"), rand.New(rand.NewSource(7))))
	if err != nil {
		t.Fatal(err)
	}
	tell := func(rs *triage.RuleSet) string {
		return strings.Join([]string{asJSON(t, rs.Tiers()), asJSON(t, rs.Programs()), asJSON(t, rs.Questions()), asJSON(t, rs.Connections()),
			asJSON(t, rs.Instruments()), asJSON(t, rs.Reasons())}, "")
	}
	if tell(a) != tell(b) {
		t.Errorf("%s\n%s", tell(a), tell(b))
	}
}
