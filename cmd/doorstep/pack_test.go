package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/triage"
)

// changedPack writes a shipped pack with some of its files changed.
func changedPack(t *testing.T, name string, change map[string][2]string) string {
	t.Helper()
	source, err := triage.Embedded(name)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for file, text := range source.Files {
		if c, changed := change[file]; changed {
			if !strings.Contains(text, c[0]) {
				t.Fatalf("%s does not hold %q", file, c[0])
			}
			text = strings.Replace(text, c[0], c[1], 1)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestMigrateUpBeginsWithTheRulesOfRULE_PACK(t *testing.T) {
	for _, pack := range []string{"ohio_county", changedPack(t, "ohio_county", map[string][2]string{"pack.yaml": {"name: ohio_county", "name: another_county"}})} {
		_, environ := surroundings(t)
		out, err := command(t, append(environ, "RULE_PACK="+pack), "migrate", "up")
		if err != nil || !strings.Contains(out, "county are live as rule set version 1") {
			t.Errorf("%s: %q %v", pack, out, err)
		}
	}
}

// Every role refuses rules that do not compile, with all that is wrong by file, line and rule.
func TestBrokenRulesAreRefusedAtStart(t *testing.T) {
	broken := changedPack(t, "ohio_county", map[string][2]string{
		"triggers.yaml": {"when: tobacco", "when: tobaco"},
		"tiers.yaml":    {"points_at_least: 4", "points_at_leest: 4"},
		"local.yaml":    {"clinician_asks, points: 2", "clinician_asks, points: -2"},
		"alarms.yaml":   {"when: danger_now", "when: '[1, 2].all(n, danger_now)'"},
	})
	_, environ := surroundings(t)
	for _, role := range [][]string{{"migrate", "up"}, {"serve"}, {"worker"}} {
		_, err := command(t, append(environ, "RULE_PACK="+broken, "REDIS_URL=redis://127.0.0.1:1", "BASE_URL=http://x.example",
			"SMTP_ADDR=127.0.0.1:1", "SMTP_FROM=a@x.example"), role...)
		for _, want := range []string{
			"triggers.yaml:40: rule tobacco_named: ", "did you mean tobacco?",
			`tiers.yaml:8: rule first: unknown key "points_at_leest"; did you mean points_at_least?`,
			"local.yaml:14: rule points.clinician_asks: ", "alarms.yaml:12: rule alarm_danger_now: condition uses all",
		} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%v does not say %q: %v", role, want, err)
			}
		}
	}
	out, err := command(t, environ, "migrate", "status")
	if err != nil || !strings.Contains(out, "00001") {
		t.Errorf("%q %v", out, err)
	}
	if _, err := command(t, append(environ, "RULE_PACK=nowhere"), "migrate", "up"); err == nil || !strings.Contains(err.Error(), "ohio_county") {
		t.Errorf("an unknown name: %v", err)
	}
}
