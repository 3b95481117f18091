package triage_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"doorstep/triage"
)

// Each case breaks one thing of a small pack. It must be refused by the rule, on
// the line that is at fault, in words that say what to do.
func TestLints(t *testing.T) {
	if _, err := triage.Compile(small(t, smallRules)); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name, old, new string
		rule, at, want string // at: what stands on the line
	}{
		{"misspelt fact", "when: tobacco", "when: tobaco", "first_need", "when: tobaco", `there is no fact "tobaco"; did you mean tobacco?`},
		{"unheard-of fact", "when: tobacco", "when: shoe_size > 4", "first_need", "when: shoe_size", `there is no fact "shoe_size": facts.yaml lists`},
		{"misspelt zone", "when: tobacco", "when: zone_hils", "first_need", "when: zone_hils", "did you mean zone_hills?"},
		{"misspelt key", "    when: tobacco", "    whem: tobacco", "first_need", "whem:", `unknown key "whem"; did you mean when?`},
		{"unheard-of key", "    kind: danger", "    colour: red", "alarm", "colour:", `unknown key "colour": the keys here are effective, id, justification, kind`},
		{"misspelt section", "zones:", "zonez:", "", "zonez:", "did you mean zones?"},
		{"text where a number stands", "points: 1", "points: one", "points.first_need", "points: one", `"one" is not a whole number`},
		{"text where a list stands", "triggers: [second_need]", "triggers: second_need", "soon", "triggers: second_need", "a list belongs here"},
		{"list where a text stands", "text: She uses tobacco.", "text: [She, uses, tobacco]", "first_need", "text:", "a text belongs here"},
		{"text where an entry stands", "    lead: {days: 0, source: local policy, read: 2026-11}", "    lead: 0 days", "visits_first", "lead:", "an entry with keys belongs here"},
		{"half a point", "points: 1", "points: 1.5", "points.first_need", "points: 1.5", "is not a whole number"},

		{"type clash", "age_years < 20", `age_years < "20"`, "second_need", "when:", "a whole number and a text do not go together"},
		{"no yes or no", "when: tobacco", "when: age_years", "first_need", "when: age_years", "not true or false: compare it"},
		{"impossible", "age_years < 20", "age_years < 20 && age_years > 30", "second_need", "when:", "unreachable"},
		{"always", "age_years < 20", "age_years < 20 || age_years >= 20", "second_need", "when:", "decides nothing"},
		{"two rules that shut each other out", "earlier_live_births == 0", `stage == "postpartum"`, "visits", "eligibility:", "no family can meet all of its rules"},
		{"a trigger that adds nothing", "when: age_years < 20", "when: tobacco || tobacco && age_years < 20", "second_need", "when:", "holds exactly when first_need does"},
		{"condition that YAML eats", "when: tobacco", "when: !tobacco", "first_need", "when:", "put the condition in quotes"},
		{"triggers that always agree", "when: age_years < 20", "when: '!!tobacco'", "second_need", "when:", "holds exactly when first_need does"},
		{"rules of a program that always agree", "earlier_live_births == 0", `stage != "postpartum"`, "visits_first", "when:", "holds exactly when visits_pregnant does"},
		{"no fallback", "    otherwise: true\n", "    triggers: [first_need]\n", "later", "name: later", "the last tier must take everyone"},
		{"fallback too soon", "    points_at_least: 1\n", "    otherwise: true\n", "soon", "otherwise:", "lists no triggers"},
		{"no source", "    text: She uses tobacco.\n    source: local policy\n", "    text: She uses tobacco.\n", "first_need", "id: first_need", `no source: say where it comes from, or "local policy"`},

		{"race", "when: tobacco", `when: race == "x"`, "first_need", "when: race", `refers to "race"`},
		{"ethnicity", "id: hills", "id: hispanic_hills", "hispanic_hills", "id: hispanic_hills", `refers to "hispanic"`},
		{"nationality", "when: tobacco", "when: born_in_nationality", "first_need", "when:", `refers to "nationality"`},
		{"immigration", "when: tobacco", "when: immigrant", "first_need", "when:", `refers to "immigrant"`},
		{"zone without reason", "when: tobacco", "when: zone_hills", "first_need", "when:", "zone_hills can stand in for who somebody is: add a justification"},
		{"ZIP without reason", "when: tobacco", `when: zip == "43001"`, "first_need", "when:", "zip can stand in for who somebody is"},
		{"insurance without reason", "when: tobacco", `when: insurance == "medicaid"`, "first_need", "when:", "insurance can stand in"},
		{"language without reason", "when: tobacco", `when: spoken_language == "es"`, "first_need", "when:", "spoken_language can stand in"},
		{"interpreter without reason", "when: tobacco", "when: interpreter", "first_need", "when:", "interpreter can stand in"},
		{"marital status", "when: tobacco", "when: '!married'", "first_need", "when:", "marital status stands in for who somebody is, so nobody is asked"},
		{"education", "when: tobacco", "when: finished_high_school == false", "first_need", "when:", "education stands in for who somebody is, so nobody is asked"},

		{"loop", "when: tobacco", "when: '[1, 2, 3].all(n, n < age_years)'", "first_need", "when:", "uses all, which goes over a list: rules may not repeat; write each case out"},
		{"loop in a loop", "when: tobacco", "when: '[1, 2].map(n, [n, n].map(m, m * n)) == []'", "first_need", "when:", "uses map, which goes over"},
		{"loop that searches", "when: tobacco", "when: '[1, 2].exists(n, n == age_years)'", "first_need", "when:", "uses exists, which goes over"},
		{"huge", "when: tobacco", "when: " + strings.Repeat("tobacco && age_years < 20 || ", 80) + "tobacco", "first_need", "when:", "more than 2000: split the rule"},
		{"long", "when: tobacco", "when: " + strings.Repeat("tobacco && age_years < 20 || ", 60) + "tobacco", "first_need", "when:", "over the limit of 120: split the rule"},
		{"deep", "when: tobacco", "when: " + strings.Repeat("(", 600) + "tobacco" + strings.Repeat(")", 600), "first_need", "when:", "split the rule"},

		{"points below zero", "points: 1\n", "points: -1\n", "points.first_need", "points: -1", "below zero"},
		{"weight below zero", "impactability: 2", "impactability: -2", "points.first_need", "impactability:", "below zero"},
		{"points for nothing", "    points: 1\n    impactability: 2\n", "", "points.first_need", "trigger: first_need", "leave it out"},
		{"points for a trigger that is not there", "trigger: first_need", "trigger: third_need", "points.third_need", "trigger: third_need", `no trigger "third_need"`},
		{"points without source", "    source: local policy, not validated\n", "", "points.first_need", "trigger: first_need", "no source"},
		{"more points than there are", "points_at_least: 1", "points_at_least: 2", "soon", "points_at_least:", "come to 1: unreachable"},
		{"tier behind a lower number", "    otherwise: true\n", "    points_at_least: 1\n", "later", "points_at_least:", "tier soon takes her with 1: unreachable"},
		{"trigger that nothing counts", "    points_at_least: 1\n", "", "first_need", "id: first_need", "no tier counts its points"},

		{"zone without a code", `zips: ["43001"]`, "zips: []", "hills", "zips:", "has no ZIP code"},
		{"zone with half a code", `zips: ["43001"]`, `zips: ["4300"]`, "hills", "zips:", "not five digits"},
		{"zone that says not why", "    justification: Visitors of the hills start there.\n", "", "hills", "id: hills", "add a justification"},

		{"alarm of no kind", "kind: danger", "kind: weather", "alarm", "kind: weather", "is not self_harm or danger"},
		{"second document", "alarms:\n", "---\nalarms:\n", "", "pack:", "more than one YAML document"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if !strings.Contains(smallRules, tc.old) {
				t.Fatalf("the pack does not hold %q", tc.old)
			}
			refused(t, small(t, strings.Replace(smallRules, tc.old, tc.new, 1)), "rules.yaml", tc.rule, tc.at, tc.want)
		})
	}
}

// What is asked and what is read must be the same.
func TestQuestionLints(t *testing.T) {
	for _, tc := range []struct {
		name, old, new string
		rule, at, want string
		file           string
	}{
		{"fact without question", "  - {fact: tobacco, ask: 'What of it?'}\n", "", "first_need", "when: tobacco", "reads tobacco, and no question says how staff ask for it", "rules.yaml"},
		{"question that nobody needs", "fact: tobacco,", "fact: mental_health,", "questions.mental_health", "mental_health", "nobody uses the answer, so do not ask", "facts.yaml"},
		{"question about a loss", "fact: tobacco,", "fact: pregnancy_loss_or_infant_death,", "questions.pregnancy_loss_or_infant_death", "loss", "never asked for", "facts.yaml"},
		{"question for what is worked out", "fact: tobacco,", "fact: zone_hills,", "questions.zone_hills", "zone_hills", "worked out from zip", "facts.yaml"},
		{"question for a form", "fact: tobacco,", "fact: epds_positive,", "questions.epds_positive", "epds_positive", "stand on the form", "facts.yaml"},
		{"misspelt", "fact: tobacco,", "fact: tobaco,", "questions.tobaco", "tobaco", "did you mean tobacco?", "facts.yaml"},
		{"wordless", "{fact: tobacco, ask: 'What of it?'}", "{fact: tobacco}", "questions.tobacco", "tobacco", "no ask", "facts.yaml"},
		{"grading", "{fact: tobacco, ask: 'What of it?'}", "{fact: tobacco, ask: 'Are you at risk?'}", "questions.tobacco", "tobacco", "say what was seen", "facts.yaml"},
		{"asked twice", "  - {fact: tobacco, ask: 'What of it?'}\n", "  - {fact: tobacco, ask: 'Do you?'}\n  - {fact: tobacco, ask: 'What of it?'}\n", "questions.tobacco", "What of it", "asked twice", "facts.yaml"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := small(t, smallRules)
			if !strings.Contains(src.Files["facts.yaml"], tc.old) {
				t.Fatalf("no %q in\n%s", tc.old, src.Files["facts.yaml"])
			}
			src.Files["facts.yaml"] = strings.Replace(src.Files["facts.yaml"], tc.old, tc.new, 1)
			refused(t, src, tc.file, tc.rule, tc.at, tc.want)
		})
	}
}

func refused(t *testing.T, src triage.Source, file, rule, at, want string) {
	t.Helper()
	_, err := triage.Compile(src)
	var problems triage.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("accepted, or another error: %v", err)
	}
	lines := strings.Split(src.Files[file], "\n")
	if !slices.ContainsFunc(problems, func(p triage.Problem) bool {
		return p.File == file && p.RuleID == rule && p.Line > 0 && strings.Contains(lines[p.Line-1], at) && strings.Contains(p.Message, want)
	}) {
		t.Errorf("no problem of %q on a line with %q says %q:\n%v", rule, at, want, err)
	}
}
