package triage_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"doorstep/triage"
)

// smallRules is a pack of a few lines, for tests that break or change one of them.
const smallRules = `pack:
  name: small
alarms:
  - id: alarm
    kind: danger
    when: danger_now
    text: She may be in danger.
    source: local policy
    read: 2026-11
triggers:
  - id: first_need
    when: tobacco
    text: She uses tobacco.
    source: local policy
    read: 2026-11
  - id: second_need
    when: age_years < 20
    text: She is under 20.
    source: local policy
    read: 2026-11
points:
  - trigger: first_need
    points: 1
    impactability: 2
    source: local policy, not validated
    read: 2026-11
zones:
  - id: hills
    name: The hills
    zips: ["43001"]
    justification: Visitors of the hills start there.
    source: local policy
    read: 2026-11
tiers:
  - name: soon
    text: Call soon.
    triggers: [second_need]
    points_at_least: 1
    source: local policy
    read: 2026-11
  - name: later
    text: Call in turn.
    otherwise: true
    source: local policy
    read: 2026-11
programs:
  - code: visits
    name: Visits
    eligibility:
      - id: visits_pregnant
        when: stage == "prenatal"
        text: She is pregnant.
        why_not: The baby has come.
        source: local policy
        read: 2026-11
      - id: visits_first
        when: earlier_live_births == 0
        text: It is her first.
        why_not: It is not her first.
        source: local policy
        read: 2026-11
    lead: {days: 0, source: local policy, read: 2026-11}
    model_end: {text: A year., source: local policy, read: 2026-11}
`

// small makes a whole pack of a few rules: with the clocks, reasons and forms of
// a shipped one, and a question for each fact whose name stands in the rules.
func small(t testing.TB, rules string) triage.Source {
	t.Helper()
	src := source(t, "ohio_county")
	src.Files = map[string]string{
		"rules.yaml": rules, "clocks.yaml": src.Files["clocks.yaml"], "reasons.yaml": src.Files["reasons.yaml"], "instruments.yaml": src.Files["instruments.yaml"],
	}
	words := regexp.MustCompile(`\w+`).FindAllString(rules, -1)
	questions := "questions:\n"
	for _, f := range triage.Vocabulary() {
		name := f.Name
		if f.AskedAs != "" {
			name = f.AskedAs
		}
		if slices.Contains(words, f.Name) && !f.Told && !strings.Contains(questions, " "+name+",") {
			questions += fmt.Sprintf("  - {fact: %s, ask: 'What of it?'}\n", name)
		}
	}
	src.Files["facts.yaml"] = questions
	return src
}
