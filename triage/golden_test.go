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

// goldenCase is a file of testdata/cases: an example whose whole decision is
// kept beside it. What it expects is written beforehand, so that -update cannot
// record a mistake; its triggers are all that hold. Places without
// capacity_confirmed_on were confirmed today.
type goldenCase struct {
	triage.Example `yaml:",inline"`
	Pack           string `yaml:"pack"` // see source; baltimore when absent
}

// golden is what is kept: the decision and its words. The hash is left out, so
// that a comment in a pack does not rewrite every file.
type golden struct {
	Decision triage.Decision `json:"decision"`
	Explain  []string        `json:"explain"`
}

func TestGolden(t *testing.T) {
	for _, c := range goldenCases(t) {
		t.Run(c.File, func(t *testing.T) {
			rs := shipped(t, c.Pack)
			d := decide(t, rs, c.Facts, c.Places)
			if d.RuleSetHash != rs.Hash() {
				t.Error("the decision does not name its rules")
			}
			for _, line := range c.Differences(d) {
				t.Error(line)
			}
			if c.Expect.Fired != nil && len(d.Fired) != len(c.Expect.Fired) {
				t.Errorf("other triggers hold too: %+v", d.Fired)
			}
			g := golden{Decision: d, Explain: d.Explain()}
			g.Decision.RuleSetHash = ""
			got := asJSON(t, g)
			path := casesDir + c.File + ".golden.json"
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

const casesDir = "testdata/cases/"

func goldenCases(t testing.TB) []goldenCase {
	t.Helper()
	files, err := filepath.Glob(casesDir + "*.yaml")
	if err != nil || len(files) < 20 {
		t.Fatalf("%d cases, err %v", len(files), err)
	}
	var out []goldenCase
	for _, file := range files {
		out = append(out, readCase(t, file))
	}
	return out
}

func readCase(t testing.TB, file string) goldenCase {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	c := goldenCase{Pack: "baltimore"}
	c.File = strings.TrimSuffix(filepath.Base(file), ".yaml")
	dec := yaml.NewDecoder(bytes.NewReader(b))
	dec.KnownFields(true)
	if err := dec.Decode(&c); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	switch {
	case c.Places != nil:
	case c.Pack == "baltimore", c.Pack == "example":
		c.Places = openPlaces()
	default:
		c.Places = everyPlace(shipped(t, c.Pack))
	}
	for i := range c.Places {
		if c.Places[i].CapacityConfirmedOn == nil {
			c.Places[i].CapacityConfirmedOn = &c.Facts.Today
		}
	}
	return c
}

// What is frozen today must give the same decision years from now.
func TestFrozenFactsReplay(t *testing.T) {
	for _, c := range goldenCases(t) {
		rs := shipped(t, c.Pack)
		frozen, err := json.Marshal(c.Facts)
		if err != nil {
			t.Fatal(err)
		}
		var thawed triage.Facts
		if err := json.Unmarshal(frozen, &thawed); err != nil {
			t.Fatal(err)
		}
		if again, _ := json.Marshal(thawed); !bytes.Equal(frozen, again) {
			t.Errorf("%s: facts do not round-trip", c.File)
		}
		if asJSON(t, decide(t, rs, c.Facts, c.Places)) != asJSON(t, decide(t, rs, thawed, c.Places)) {
			t.Errorf("%s: the replay decides otherwise", c.File)
		}
	}
}
