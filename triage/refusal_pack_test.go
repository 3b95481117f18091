package triage_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"doorstep/triage"
)

// Each case breaks one thing of the shipped pack, or of the example laid over
// it, and names the entry by which it must be refused.
func TestPackRefusals(t *testing.T) {
	for _, tc := range []struct {
		name, file, old, new, rule, want string
	}{
		{"unknown area", "example.yaml", "areas: [west]", "areas: [north]", "example_west", `no area "north"`},
		{"area without reason", "areas.yaml", "justification: *where", "# none", "east", "add a justification"},
		{"area without source", "areas.yaml", "source: local policy, to be confirmed with the sites", "# none", "west", "no source"},
		{"no ZIP code", "areas.yaml", `"21225", "21226", "21230"`, `"2122"`, "south", "not five digits"},
		{"empty area", "areas.yaml", `["21225", "21226", "21230"]`, "[]", "south", "has no ZIP code"},
		{"doubled ZIP code", "areas.yaml", `"21226"`, `"21225"`, "south", "stands twice"},

		{"share above all", "example.yaml", "share: 85", "share: 101", "example_first_time", "not a percentage"},
		{"no share", "example.yaml", "share: 85", "share: 0", "example_first_time", "not a percentage"},
		{"shares above all", "example.yaml", "share: 30", "share: 81", "example_two_shares", "come to 101 percent"},
		{"set-aside for a misspelt fact", "example.yaml", "when: homeless", "when: homeles", "example_no_home", "did you mean homeless"},
		{"set-aside without source", "example.yaml", "source: codes.ohio.gov/oac/3701-8-06 (older)\n        read: 2026-11\n    lead", "read: 2026-11\n    lead", "example_first_time", "no source"},
		{"set-aside of another program", "example.yaml", "code: example_no_home", "code: example_first_time", "example_first_time", "used twice"},

		{"contraception suggested", "connections.yaml", "kind: contraception\n", "kind: contraception\n    suggest_when: tobacco\n", "connect_contraception", "no rule suggests contraception"},
		{"mental health not asked first", "connections.yaml", "at a pace she sets. The answers of a form open a talk and name nothing.\n    ask_first: true", "quietly.", "connect_mental_health", "needs ask_first"},
		{"bereavement not asked first", "connections.yaml", "Let her bring it up.\n    ask_first: true", "Ask.", "connect_bereavement", "needs ask_first"},
		{"legal not asked first", "connections.yaml", "whoever she asked.\n    ask_first: true", "us.", "connect_legal", "needs ask_first"},
		{"treatment not asked first", "connections.yaml", "or a parent's.\n    ask_first: true", "at all.", "connect_treatment", "needs ask_first"},
		{"kind nobody knows", "connections.yaml", "kind: quitline", "kind: smoking", "connect_quitline", "no kind of connection"},
		{"kind twice", "connections.yaml", "kind: quitline", "kind: wic", "connect_quitline", "a second connection"},
		{"connection without source", "connections.yaml", "source: mchlibrary.org ESM 14.1.2", "# none", "connect_quitline", "no source"},
		{"connection without date", "connections.yaml", "source: mchlibrary.org ESM 14.1.2\n    read: 2026-11", "source: a page", "connect_quitline", "neither effective nor read"},
		{"suggested by a misspelt fact", "connections.yaml", "suggest_when: tobacco", "suggest_when: tobaco", "connect_quitline", "did you mean tobacco"},
		{"suggested by an unexplained proxy", "connections.yaml", "    justification: Medicaid", "    # Medicaid", "connect_wic", "add a justification"},
		{"suggested to everybody", "connections.yaml", "suggest_when: tobacco", "suggest_when: tobacco || !tobacco", "connect_quitline", "decides nothing"},

		{"stop that spares nothing known", "stops.yaml", "[hope]", "[hop]", "stop_after_loss", `no program "hop"`},
		{"stop that spares no kind", "stops.yaml", "[bereavement,", "[grief,", "stop_after_loss", `"grief" is no kind`},
		{"stop without source", "stops.yaml", "    source: mhealth", "    # mhealth", "stop_after_loss", "no source"},

		{"unknown source kind", "clocks.yaml", "    - source_kind: hospital\n      stage: postpartum\n      discharged", "    - source_kind: school\n      stage: postpartum\n      discharged", "clocks.first_attempt_by", `"school" is no kind`},
		{"unknown stage", "clocks.yaml", "    - stage: prenatal", "    - stage: antenatal", "clocks.first_attempt_by", `"antenatal" is not`},
		{"from discharge for all", "clocks.yaml", "      discharged: true\n", "", "clocks.first_attempt_by", "needs discharged"},
		{"from discharge elsewhere", "clocks.yaml", "    after: she was sent to other help", "    after: it\n    from_discharge: true", "clocks.connection_check", "belongs to first_attempt_by"},
		{"missing clock", "clocks.yaml", "  hold_review:\n    amount: 5", "  hold_review:\n    amount: 0", "clocks.hold_review", "amount and after are needed"},
		{"unsourced hours", "clocks.yaml", "    source: local policy; newmomhealth", "    # newmomhealth", "clocks.urgent_hours", "no source"},

		{"doubled reason", "reasons.yaml", "code: staff_left", "code: cannot_serve", "reasons.releases.cannot_serve", "used twice"},
		{"wordless reason", "reasons.yaml", `text: "She has other support."`, `text: ""`, "reasons.her_choices.has_other_support", "no text"},
		{"unsourced reason", "reasons.yaml", `program.", <<: *local}`, `program."}`, "reasons.her_choices.wants_other_program", "no source"},
		{"badly written code", "reasons.yaml", "code: staff_left", "code: Staff left", "reasons.releases.Staff left", "use small letters"},
		{"end that says nothing of change", "reasons.yaml", `text: "She moved away.", changeable: "no"`, `text: "She moved away."`, "reasons.enrollment_ends.moved", "changeable is"},
		{"change where it means nothing", "reasons.yaml", `text: "She was served."`, `text: "She was served.", changeable: ask`, "reasons.dispositions.served", "changeable is"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			src := source(t, "example")
			if !strings.Contains(src.Files[tc.file], tc.old) {
				t.Fatalf("%s does not hold %q", tc.file, tc.old)
			}
			src.Files[tc.file] = strings.Replace(src.Files[tc.file], tc.old, tc.new, 1)
			_, err := triage.Compile(src)
			var problems triage.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("accepted, or another error: %v", err)
			}
			if !slices.ContainsFunc(problems, func(p triage.Problem) bool {
				return p.File == tc.file && p.Line > 0 && p.RuleID == tc.rule && strings.Contains(p.Message, tc.want)
			}) {
				t.Errorf("no problem of %s says %q:\n%v", tc.rule, tc.want, err)
			}
		})
	}
}

func TestPackNeedsItsReasons(t *testing.T) {
	src := source(t, "example")
	second := src.Files["reasons.yaml"]
	delete(src.Files, "reasons.yaml")
	if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), "no reasons") {
		t.Errorf("without reasons: %v", err)
	}
	src.Files["a.yaml"], src.Files["b.yaml"] = second, second
	if _, err := triage.Compile(src); err == nil || !strings.Contains(err.Error(), "second reasons section") {
		t.Errorf("with two: %v", err)
	}
}

// A count under a name the rules do not know would be taken for 0.
func TestCountsOfUnknownSetAsidesAreRefused(t *testing.T) {
	rs := example(t)
	for name, p := range map[string]triage.Place{
		"another program's": {ProgramID: "x", Code: "example_shares", SetAsideUsed: map[string]int{"example_teen": 1}},
		"a program without": {ProgramID: "x", Code: "nfp", SetAsideUsed: map[string]int{"example_first_time": 1}},
		"an unknown one's":  {ProgramID: "x", Code: "nowhere", SetAsideUsed: map[string]int{"example_first_time": 1}},
		"less than none":    {ProgramID: "x", Code: "example_shares", SetAsideUsed: map[string]int{"example_first_time": -1}},
	} {
		if _, err := rs.Decide(firstTimeMother(), []triage.Place{p}); err == nil || !strings.Contains(err.Error(), "set-aside") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
