package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"doorstep/auth"
	"doorstep/web"
)

// mark stands in every part of what a treatment program sends, and in nothing else of the world.
const mark = "ZZPART2CANARY"

// treatmentReferral is such a referral: free text, remarks, names on the consent and answers are all marked.
func treatmentReferral(d map[string]any) {
	d["sensitivity"] = "part2"
	d["referrer"] = map[string]any{"name": "Nurse " + mark, "phone": "410-555-0101"}
	d["note"] = "note " + mark
	d["contact_methods"].([]any)[0].(map[string]any)["remarks"] = mark
	d["addresses"].([]any)[0].(map[string]any)["remarks"] = mark
	d["screenings"] = []any{map[string]any{"instrument": "phq9", "version": mark, "items": []int{0, 0, 0, 0, 0, 0, 0, 0, 0}}}
	d["consent"] = map[string]any{"answer": "signed", "share_with_agencies": "yes"}
	d["part2"] = part2Elements()
}

func part2Elements() map[string]any {
	return map[string]any{"discloser": "Center " + mark, "recipients": []string{"Hub", "Program " + mark}, "what": []string{"referral"},
		"purpose": "home_visiting", "signed_on": "2026-03-02", "signature": "paper", "expires_on": "2027-03-01", "told_revocable": true}
}

// newCanary is the matrix on one family whom a treatment program sent, claimed by an agency, with everything that a route can name. joined:
// another hospital sent her before under another spelling, so that the program's record stands on that one's case.
func newCanary(t *testing.T, joined bool) (m *matrix, keys map[string]string) {
	m = newMatrix(t)
	program, _ := m.seed.Key(m.net.Clinic, auth.Referrer)
	keys = map[string]string{"its own program": program, "the agency that has her": m.agency, "another hospital": m.hospital}
	for role, key := range m.keys {
		keys[string(role)] = key
	}
	for _, role := range auth.Hub.Roles() {
		keys["hub "+string(role)], _ = m.seed.Key(m.net.Hub, role)
	}
	spelled := func(family string, change func(map[string]any)) string {
		return referralBody(t, func(d map[string]any) {
			if change != nil {
				change(d)
			}
			if joined {
				d["client"].(map[string]any)["given_name"], d["client"].(map[string]any)["family_name"] = "Ximena Lucía", family
				d["client"].(map[string]any)["date_of_birth"] = "1998-04-12"
				d["contact_methods"].([]any)[0].(map[string]any)["value"] = "(443) 555-0117"
				d["addresses"].([]any)[0].(map[string]any)["street"] = "2210 N. Calvert St, Apt 3"
			}
		})
	}
	if joined {
		m.must(201, call{method: "POST", path: "/api/v1/referrals", key: m.hospital, body: spelled("Zúñiga de la Peña", nil),
			header: http.Header{"Idempotency-Key": {"canary-0"}}})
	}
	sent := m.must(201, call{method: "POST", path: "/api/v1/referrals", key: program, body: spelled("Zuniga", treatmentReferral),
		header: http.Header{"Idempotency-Key": {"canary-1"}}})["id"].(string)
	var id string
	var stands bool
	if err := m.owner.QueryRowContext(t.Context(), `SELECT coalesce(c.stands_on, c.id), c.stands_on IS NOT NULL FROM referrals r JOIN cases c ON c.id = r.case_id
		WHERE r.id = $1`, sent).Scan(&id, &stands); err != nil || stands != joined {
		t.Fatal(stands, err)
	}
	m.ids["referrals"], m.ids["cases"] = sent, id
	post := func(path, key string, body any) map[string]any {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		return m.must(200, call{method: "POST", path: "/api/v1/cases/" + id + path, key: key, body: string(text), header: http.Header{"Idempotency-Key": {"canary" + path}}})
	}
	consent := post("/part2", m.hub, map[string]any{"consent": part2Elements(), "text": "by phone " + mark})["consent_id"]
	post("/part2/disclose", m.hub, map[string]any{"consent_id": consent, "recipient": "Program " + mark, "purpose": "home_visiting"})
	if !joined { // there a person is told by a task
		post("/review", m.hub, map[string]any{"reason": "other"})
	}
	m.choose()
	post("/claim", m.agency, map[string]any{})
	m.ids["connections"] = post("/connect", m.hub, map[string]any{"kind": "wic", "destination": "somewhere", "consent_how": "phone"})["created_id"].(string)
	return m, keys
}

// No role gets a word of it by any route but the compartment's own; and the list of disclosures names the recipient, with the notice.
func TestPart2DataShowsNowhereElse(t *testing.T) {
	for name, joined := range map[string]bool{"her only record": false, "a record that stands on another": true} {
		t.Run(name, func(t *testing.T) { showsNowhereElse(t, joined) })
	}
}

func showsNowhereElse(t *testing.T, joined bool) {
	m, keys := newCanary(t, joined)
	routes := m.options.Routes()
	slices.SortStableFunc(routes, func(a, b web.Route) int { return strings.Compare(a.Method, b.Method) }) // look first, then move
	shown := map[string]bool{}
	people := m.people()
	for _, r := range routes {
		if r.Page {
			for who, token := range people {
				if answer := m.browse(r.Method, m.pagePath(r, ""), token, nil); strings.Contains(answer.Body.String()+fmt.Sprint(answer.Header()), mark) && r.Permission != auth.DisclosureRead {
					t.Errorf("the page %s %s shows the record to %s", r.Method, r.Path, who)
				}
			}
			continue
		}
		for who, key := range keys {
			answer := m.send(call{method: r.Method, path: m.address(r, ""), key: key, body: m.spec.example(t, r)})
			if !strings.Contains(answer.Body.String()+fmt.Sprint(answer.Header()), mark) {
				continue
			}
			shown[r.Path+" "+who] = true
			may := r.Path == "/api/v1/cases/:id/part2" && r.Method == http.MethodGet || r.Path == "/api/v1/cases/:id/disclosures"
			if !may || !auth.May(auth.Role(strings.TrimPrefix(who, "hub ")), r.Permission) || answer.Header().Get("X-Part2-Notice") == "" {
				t.Errorf("%s %s shows the record to %s, or without the notice", r.Method, r.Path, who)
			}
		}
	}
	for _, at := range []string{"/api/v1/cases/:id/part2 hub triage_coordinator", "/api/v1/cases/:id/disclosures hub privacy_officer"} {
		if !shown[at] {
			t.Errorf("the mark was not seen at %s: the walk proves nothing", at)
		}
	}
	m.refusePart2(t, keys["its own program"])
	if strings.Contains(m.log.String(), mark) {
		t.Error("the log holds the mark")
	}
	for table := range m.counts() {
		m.noMark(t, table)
	}
}

// people are sessions of those who could come upon the family.
func (m *matrix) people() map[string]string {
	out := map[string]string{"its own program": m.session(m.net.Clinic, auth.Referrer), "the agency that has her": m.session(m.net.Agencies[0], auth.AgencyCoordinator)}
	for role, token := range m.sessions {
		out[string(role)] = token
	}
	return out
}

// refusePart2 sends what is wrong, with the mark in every value that a careless answer would repeat. The name of an unknown field is
// repeated to its sender alone.
func (m *matrix) refusePart2(t *testing.T, key string) {
	t.Helper()
	for _, change := range []func(map[string]any){
		func(d map[string]any) { d["part2"].(map[string]any)["purpose"] = mark },
		func(d map[string]any) { d["part2"].(map[string]any)["expires_on"] = mark },
		func(d map[string]any) { d["part2"].(map[string]any)["recipients"] = []string{} },
		func(d map[string]any) { d["consent"].(map[string]any)["answer"] = "yes_in_person" },
	} {
		answer := m.send(call{method: "POST", path: "/api/v1/referrals", key: key, body: referralBody(t, func(d map[string]any) { treatmentReferral(d); change(d) })})
		if answer.Code < 400 || strings.Contains(answer.Body.String(), mark) {
			t.Errorf("%d %s", answer.Code, answer.Body)
		}
	}
}

// noMark reads every row of a table as text, with bytes as they are; the compartment's own are sealed, too.
func (m *matrix) noMark(t *testing.T, table string) {
	t.Helper()
	var found int
	err := m.owner.QueryRowContext(t.Context(), `SELECT count(*) FROM `+table+` x WHERE position($1 IN to_jsonb(x)::text) > 0
		OR position(encode($1::bytea, 'hex') IN to_jsonb(x)::text) > 0`, mark).Scan(&found)
	if err != nil {
		t.Fatal(err)
	}
	if found > 0 {
		t.Errorf("%d rows of %s hold the mark", found, table)
	}
}
