package web_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/rulebook"
	"doorstep/triage"
)

// person is a key of a person's own.
func (w *world) person(role auth.Role) string {
	w.t.Helper()
	who := w.seed.User(w.net.Hub, role)
	key, _, err := w.options.Accounts.CreateKey(w.t.Context(), auth.System("test"), accounts.KeyForm{OrgID: w.net.Hub.ID, UserID: &who.ID, Role: role, Label: "test"})
	if err != nil {
		w.t.Fatal(err)
	}
	return key
}

// pack is the shipped pack with one text replaced, as a draft.
func draftBody(t *testing.T, old, now string) string {
	t.Helper()
	source, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	source.Files["triggers.yaml"] = strings.Replace(source.Files["triggers.yaml"], old, now, 1)
	body, err := json.Marshal(rulebook.DraftForm{Title: "a change", Files: source.Files})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// A version goes its whole way over the API: refused with its problems, drafted, compared, simulated over a real decision, noted,
// approved, released, shown to anyone, and rolled back.
func TestRulesOverTheAPI(t *testing.T) {
	w := newWorld(t)
	ana, ben := w.person(auth.TriageSupervisor), w.person(auth.ProgramManager)
	w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, func(d map[string]any) {
		d["client"].(map[string]any)["date_of_birth"] = "2006-06-01" // 19
	})})
	const teen = "when: age_years < 20"
	for _, wrong := range []string{`when: race == "x"`, `when: agee_years < 20`, `when: age_years == "x"`, `when: "[1].all(x, x < age_years)"`} {
		refused := w.must(422, call{method: "POST", path: "/api/v1/rulesets", key: ana, body: draftBody(t, teen, wrong)})
		first := refused["errors"].([]any)[0].(map[string]any)
		if first["pointer"] != "/files/triggers.yaml" || !strings.HasPrefix(first["detail"].(string), "triggers.yaml:7: rule pimr_teen_mother: ") {
			t.Errorf("%s: %v", wrong, first)
		}
	}
	post := func(status int, key, path, body string) map[string]any {
		t.Helper()
		return w.must(status, call{method: "POST", path: "/api/v1" + path, key: key, body: body, header: http.Header{"Idempotency-Key": {uuid.NewString()}}})
	}
	get := func(key, path string) map[string]any {
		t.Helper()
		return w.must(200, call{method: "GET", path: "/api/v1" + path, key: key})
	}
	post(422, w.hub, "/rulesets", draftBody(t, teen, "when: age_years < 19")) // a machine's key
	version := post(201, ana, "/rulesets", draftBody(t, teen, "when: age_years < 19"))
	id := version["id"].(string)
	if diff := get(w.hub, "/rulesets/"+id+"/diff"); len(diff["changes"].([]any)) != 1 {
		t.Errorf("diff %v", diff)
	}
	w.must(422, call{method: "GET", path: "/api/v1/rulesets/" + id + "/diff?from=x", key: w.hub})
	simulation := post(200, ana, "/rulesets/"+id+"/simulations", `{"days":30}`)["id"].(string)
	post(409, ana, "/rulesets/"+id+"/release", "")
	run := rulebook.Simulator{Rules: w.options.Rules, Past: w.options.Referrals.Past()}
	if err := run.Run(t.Context(), uuid.MustParse(simulation), func(int, int) {}); err != nil {
		t.Fatal(err)
	}
	result := get(ana, "/simulations/"+simulation)["result"].(map[string]any)
	if result["families"] != 1.0 || result["later"] != 1.0 || result["programs"] == nil {
		t.Errorf("%v", result)
	}
	sign := `{"simulation_id":"` + simulation + `"`
	post(200, ana, "/rulesets/"+id+"/note", sign+`,"words":"One family of nineteen years is reached later."}`)
	post(409, ana, "/rulesets/"+id+"/approve", sign+`}`)
	post(409, ben, "/rulesets/"+id+"/approve", sign+`}`) // not opened yet
	get(ben, "/simulations/"+simulation)
	post(200, ben, "/rulesets/"+id+"/approve", sign+`,"community":"Example Parents' Council"}`)
	post(200, ben, "/rulesets/"+id+"/release", "")
	if shown := get(w.hub, "/rulesets/"+id); shown["status"] != "live" || shown["words"] == nil || len(shown["releases"].([]any)) != 1 {
		t.Errorf("%v", shown["status"])
	}
	if public := w.must(200, call{method: "GET", path: "/rules.json"}); public["version"] != 2.0 || public["hash"] != version["hash"] {
		t.Errorf("the public page says version %v", public["version"])
	}
	old := slices.Collect(func(yield func(string) bool) {
		for _, v := range get(w.hub, "/rulesets")["items"].([]any) {
			if v := v.(map[string]any); v["version"] == 1.0 {
				yield(v["id"].(string))
			}
		}
	})
	post(422, ana, "/rulesets/"+old[0]+"/rollback", `{"reason":""}`)
	post(200, ana, "/rulesets/"+old[0]+"/rollback", `{"reason":"It was not meant so."}`)
	checked := post(200, ana, "/rulesets/check", strings.Replace(draftBody(t, teen, "when: agee_years < 20"), `"title":"a change","note":"","based_on":null,`, "", 1))
	if problems := checked["problems"].([]any); len(problems) == 0 || checked["summary"] != nil {
		t.Errorf("check: %v", checked)
	}
}

// The page is for anyone: whole without a script, escaped, kept for a while, and silent about people.
func TestRulesPage(t *testing.T) {
	w := newWorld(t)
	answer := w.send(call{method: "GET", path: "/rules"})
	page, h := answer.Body.String(), answer.Header()
	for _, want := range []string{`<html lang="en">`, `<a class="usa-skipnav" href="#main">`, `<main id="main"`, "<h1>", "Nurse-Family Partnership", "She is a teenager.",
		"Source: health.maryland.gov", "local policy", "4 business hours after the referral is received", `width=device-width`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q", want)
		}
	}
	words := regexp.MustCompile(`wvdhhr\.org/\S+`).ReplaceAllString(page, "") // an address has the words that it has
	for _, never := range []string{"<style", " style=", "onclick", "javascript:", "risk", "score", "http://", "ZgotmplZ"} {
		if strings.Contains(strings.ToLower(words), never) {
			t.Errorf("the page has %q", never)
		}
	}
	if policy := h.Get("Content-Security-Policy"); !strings.HasPrefix(policy, "default-src 'none'; script-src 'self'; style-src 'self'") || strings.Contains(policy, "unsafe") {
		t.Errorf("policy %q", policy)
	}
	if h.Get("Cache-Control") != "public, max-age=300" {
		t.Errorf("kept as %q", h.Get("Cache-Control"))
	}
	if again := w.send(call{method: "GET", path: "/rules", header: http.Header{"If-None-Match": {h.Get("ETag")}}}); again.Code != 304 {
		t.Errorf("the same again: %d", again.Code)
	}
	if odd := w.send(call{method: "GET", path: "/rules?x=1"}); odd.Code != 400 {
		t.Errorf("with a parameter: %d", odd.Code)
	}
	w.exec(`ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate`)
	w.exec(`UPDATE rule_sets SET source = jsonb_set(jsonb_set(source, '{files,pack.yaml}', '"pack: {name: baltimore, title: \"<script>alert(1)</script>\"}"'), '{x}', '1')`)
	source := triage.Source{Files: map[string]string{}}
	var text string
	if err := w.owner.QueryRow(`SELECT source FROM rule_sets`).Scan(&text); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(text), &source); err != nil {
		t.Fatal(err)
	}
	w.exec(`UPDATE rule_sets SET hash = $1`, source.Hash())
	if hostile := w.send(call{method: "GET", path: "/rules"}).Body.String(); strings.Contains(hostile, "<script>") || !strings.Contains(hostile, "&lt;script&gt;") {
		t.Error("a title is not escaped")
	}
	w.exec(`UPDATE rule_sets SET status = 'retired'`)
	if none := w.send(call{method: "GET", path: "/rules"}); none.Code != 200 || !strings.Contains(none.Body.String(), "A person looks at every referral.") {
		t.Errorf("without rules: %d", none.Code)
	}
}
