package triage_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/triage"
	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "rewrite the golden decisions; read the diff")

// goldenCase is a file of testdata/cases: what we know and what is available.
type goldenCase struct {
	About  string         `yaml:"about"`
	Pack   string         `yaml:"pack"` // a shipped pack, baltimore when absent; "example": that with testdata/packs/example.yaml
	Expect expectation    `yaml:"expect"`
	Facts  triage.Facts   `yaml:"facts"`
	Places []triage.Place `yaml:"places"` // absent: every program open
}

// golden is what is kept: the decision and its words. The hash is left out, so
// that a comment in a pack does not rewrite every file.
type golden struct {
	Decision triage.Decision `json:"decision"`
	Explain  []string        `json:"explain"`
}

func TestGolden(t *testing.T) {
	packs := packs{}
	files, err := filepath.Glob("testdata/cases/*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d cases, err %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".yaml"), func(t *testing.T) {
			c := readCase(t, file)
			rs := packs.of(t, c)
			d := decide(t, rs, c.Facts, c.Places)
			if d.RuleSetHash != rs.Hash() {
				t.Error("the decision does not name its rules")
			}
			c.Expect.check(t, d)
			g := golden{Decision: d, Explain: d.Explain()}
			g.Decision.RuleSetHash = ""
			got := asJSON(t, g)
			path := strings.TrimSuffix(file, ".yaml") + ".golden.json"
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("differs from %s; run with -update and read the diff", path)
			}
			for _, line := range g.Explain {
				if strings.Contains(strings.ToLower(line), "risk") || strings.Contains(line, "score") {
					t.Errorf("explanation grades her: %q", line)
				}
			}
		})
	}
}

// packs are the rule sets of the cases, each compiled once.
type packs map[string]*triage.RuleSet

func (p packs) of(t testing.TB, c goldenCase) *triage.RuleSet {
	if p[c.Pack] == nil {
		switch c.Pack {
		case "":
			p[c.Pack] = baltimore(t)
		case "example":
			p[c.Pack] = example(t)
		default:
			p[c.Pack] = shipped(t, c.Pack)
		}
	}
	return p[c.Pack]
}

func readCase(t testing.TB, file string) goldenCase {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var c goldenCase
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	switch {
	case c.Places != nil:
	case c.Pack == "", c.Pack == "example":
		c.Places = openPlaces()
	default:
		c.Places = everyPlace(shipped(t, c.Pack))
	}
	return c
}

// What is frozen today must give the same decision years from now.
func TestFrozenFactsReplay(t *testing.T) {
	packs := packs{}
	files, _ := filepath.Glob("testdata/cases/*.yaml")
	for _, file := range files {
		c := readCase(t, file)
		rs := packs.of(t, c)
		frozen, err := json.Marshal(c.Facts)
		if err != nil {
			t.Fatal(err)
		}
		var thawed triage.Facts
		if err := json.Unmarshal(frozen, &thawed); err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(thawed); !bytes.Equal(frozen, again) {
			t.Errorf("%s: facts do not round-trip", file)
		}
		if asJSON(t, decide(t, rs, c.Facts, c.Places)) != asJSON(t, decide(t, rs, thawed, c.Places)) {
			t.Errorf("%s: the replay decides otherwise", file)
		}
	}
}
