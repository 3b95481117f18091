package e2e_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/rulebook"
)

// A draft on its way to being live: written, compared, simulated, looked at, noted, approved by a second person, released and rolled back.
func TestRulesets(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	for range 3 {
		l.refer(nil)
	}
	ana, ben := l.browser().as(l.seed.User(l.net.Hub, auth.TriageSupervisor)), l.browser().as(l.seed.User(l.net.Hub, auth.ProgramManager))
	ana.visit("/rulesets")
	ana.sees("Version 1", "Live", "came with the program")
	ana.check("rulesets")
	ana.press("Version 1")
	ana.state("ruleset-live")
	first := ana.path()
	ana.press("Write a new version")
	ana.check("ruleset-edit")
	text := get(ana, evaluate(`document.querySelector("[name=text]").value`))
	if !strings.Contains(text, "age_years < 20") {
		t.Fatalf("the file is not the one of the triggers: %.200s", text)
	}
	ana.put("text", strings.Replace(text, "age_years < 20", "age_yars < 19", 1))
	ana.fill("title", "Teenagers are under 19")
	ana.press("Keep it as a draft")
	ana.sees("Something needs a correction", "triggers.yaml")
	ana.state("ruleset-edit-error")
	ana.put("text", strings.Replace(text, "age_years < 20", "age_years < 19", 1))
	ana.press("Keep it as a draft")
	ana.sees("Version 2 is a draft now", "What changed against version 1", "age_years < 19", "Not yet")
	ana.check("ruleset-draft")
	draft := ana.path()
	ana.fill("days", "0")
	ana.press("Simulate it")
	ana.sees("How many days to look back: 1 to 400")
	ana.fill("days", "90")
	ana.press("Simulate it")
	ana.sees("0 of 0 families are done")
	ana.check("simulation-waiting")
	id := uuid.MustParse(strings.TrimPrefix(ana.path(), "/simulations/"))
	l.must(rulebook.Simulator{Rules: l.app.Rules, Past: l.app.Referrals.Past()}.Run(t.Context(), id, func(int, int) {}))
	ana.press("Look again")
	ana.sees("of 3 families would go somewhere else", "What it does to whom", "too few to tell")
	ana.check("simulation-done")
	ana.visit(draft)
	ana.write("words", "too short")
	ana.press("Keep this note")
	ana.sees("20 to 8000 characters")
	ana.write("words", "Three families were decided again and none of them moves.")
	ana.press("Keep this note")
	ana.sees("The note is kept")
	ana.visit("/simulations/" + id.String())
	ana.visit(draft)
	ana.sees("Have it approved by a second person")
	if strings.Contains(ana.text(), "I approve this version") {
		t.Error("who wrote the text is offered to approve it")
	}
	ana.state("ruleset-own-approval")

	ben.visit("/simulations/" + id.String())
	ben.visit(draft)
	ben.press("I approve this version")
	ben.sees("It is approved")
	ben.press("Make it live")
	ben.check("ruleset-release")
	ben.press("Make it live")
	ben.sees("Version 2 is live now", "Released")
	ben.visit(first)
	ben.press("Roll back to this version")
	ben.press("Roll back to this version")
	ben.sees("Say why")
	ben.check("ruleset-rollback-error")
	ben.write("reason", "Something is wrong with it.")
	ben.press("Roll back to this version")
	ben.sees("Version 1 is live now", "Something is wrong with it.")
	ben.check("ruleset-rolled-back")
}
