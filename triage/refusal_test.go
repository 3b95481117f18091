package triage_test

import (
	"errors"
	"strings"
	"testing"

	"doorstep/triage"
)

// withRule adds a file with one trigger to the shipped pack; the trigger also
// stands in a tier, so that only the fault under test is left.
func withRule(t *testing.T, body string) triage.Source {
	t.Helper()
	src, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	src.Files["extra.yaml"] = "triggers:\n" + body
	src.Files["tiers.yaml"] = strings.Replace(src.Files["tiers.yaml"], "      - pimr_teen_mother\n", "      - pimr_teen_mother\n      - extra\n", 1)
	return src
}

func TestRefusals(t *testing.T) {
	const cite = "    source: a public page\n    read: 2026-11\n"
	rule := func(when string) string {
		return "  - id: extra\n    when: " + when + "\n    text: Some words.\n" + cite
	}
	for _, tc := range []struct {
		name, body, want string
	}{
		{"race in a condition", rule(`zip == "race"`), `refers to "race"`},
		{"ethnicity as a fact", rule("ethnicity_hispanic"), `refers to "ethnicity"`},
		{"country of birth in camel case", rule("countryOfBirth == 1"), `refers to "countryofbirth"`},
		{"nationality as an id", "  - id: nationality_x\n    when: tobacco && homeless\n    text: W.\n" + cite, `id refers to "nationality"`},
		{"immigration", rule(`zip == "immigrant"`), `refers to "immigrant"`},
		{"misspelt fact", rule("tobaco"), "did you mean tobacco?"},
		{"not a boolean", rule("age_years + 1"), "not true or false"},
		{"type clash", rule("age_years < 18.5"), "a whole number and a number with a point"},
		{"text against number", rule(`age_years == "18"`), "a whole number and a text"},
		{"loop", rule("'[1, 2].all(n, n > age_years)'"), "uses all, which goes over a list"},
		{"text function", rule(`spoken_language.matches("a*")`), "uses matches"},
		{"division", rule("100 / age_years > 5"), "uses /"},
		{"never true", rule("age_years < 10 && age_years > 20"), "unreachable"},
		{"constant", rule(`"false"`), "can never hold"},
		{"always true", rule("age_years >= 0"), "decides nothing"},
		{"value nobody can have", rule(`stage == "postnatal" || tobacco`), `compares with "postnatal"`},
		{"shadowed by a sooner tier", rule("lowest_birth_weight_grams < 1000"), "shadowed"},
		{"unexplained proxy", rule(`zip == "21217"`), "justification"},
		{"missing source", "  - id: extra\n    when: tobacco && homeless\n    text: W.\n    read: 2026-11\n", "no source"},
		{"missing date", "  - id: extra\n    when: tobacco && homeless\n    text: W.\n    source: a page\n", "neither effective nor read"},
		{"unknown key", rule("tobacco && homeless") + "    colour: red\n", `unknown key "colour"`},
		{"doubled id", rule("tobacco && homeless") + rule("tobacco && homeless"), "id is used twice"},
		{"id of another section", "  - id: alarm_danger_now\n    when: tobacco && homeless\n    text: W.\n" + cite, "id is used twice"},
		{"grading word", "  - id: extra\n    when: tobacco && homeless\n    text: High risk.\n" + cite, `says "risk"`},
		{"no condition", "  - id: extra\n    text: W.\n" + cite, "no condition"},
		{"unexplained policy", rule("tobacco && homeless") + "    unknown: as_yes\n", "unknown_reason"},
		{"no such policy", rule("tobacco && homeless") + "    unknown: maybe\n", `"maybe" is not`},
		{"too long", rule(strings.Repeat("tobacco && homeless || ", 60) + "tobacco"), "over the limit"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := triage.Compile(withRule(t, tc.body))
			var problems triage.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("accepted, or another error: %v", err)
			}
			for _, p := range problems {
				if p.File == "extra.yaml" && p.Line > 0 && p.RuleID != "" && strings.Contains(p.Message, tc.want) {
					return
				}
			}
			t.Errorf("no problem of extra.yaml says %q:\n%v", tc.want, err)
		})
	}
}

func TestAllProblemsAtOnceWithTheirLines(t *testing.T) {
	src := withRule(t, "  - id: extra\n    when: tobaco\n    text: W.\n    source: x\n    read: 2026-11\n\n"+
		"  - id: second\n    when: age_years\n    text: W.\n    source: x\n    read: 2026-11\n")
	_, err := triage.Compile(src)
	var problems triage.Problems
	if !errors.As(err, &problems) {
		t.Fatal(err)
	}
	lines := map[string]int{}
	for _, p := range problems {
		lines[p.RuleID] = p.Line
	}
	if lines["extra"] != 3 || lines["second"] != 9 { // of their conditions
		t.Errorf("lines %v in\n%v", lines, err)
	}
}

func TestEmptySourceIsRefused(t *testing.T) {
	if _, err := triage.Compile(triage.Source{}); err == nil {
		t.Error("an empty pack compiled")
	}
}

func TestHashDependsOnContentOnly(t *testing.T) {
	src, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	crlf := triage.Source{Files: map[string]string{}}
	for name, text := range src.Files {
		crlf.Files[name] = strings.ReplaceAll(text, "\n", "\r\n")
	}
	if src.Hash() != crlf.Hash() {
		t.Error("line ends change the hash")
	}
	crlf.Files["tiers.yaml"] += "# a word\n"
	if src.Hash() == crlf.Hash() {
		t.Error("a changed file keeps the hash")
	}
}
