package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web"
	"doorstep/web/kit"
	"doorstep/web/ui"
)

func roles() []auth.Role {
	return []auth.Role{auth.Referrer, auth.AgencyCoordinator, auth.HomeVisitor, auth.AgencyManager, auth.TriageCoordinator,
		auth.TriageSupervisor, auth.ProgramManager, auth.Administrator, auth.PrivacyOfficer, auth.Integration}
}

// matrix is the world with one of everything in it that a route can name: a hospital's referral, offered to one agency.
type matrix struct {
	*world
	ids     map[string]string    // by the first word of a path
	keys    map[auth.Role]string // each in an organization that has nothing to do with the case, or in the hub
	revoked string

	sessions map[auth.Role]string // tokens of people, likewise
}

func newMatrix(t *testing.T) *matrix {
	t.Helper()
	w := newWorld(t)
	m := &matrix{world: w, ids: map[string]string{}, keys: map[auth.Role]string{}}
	receipt := w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, selfHarm)})
	m.ids["referrals"] = receipt["id"].(string)
	first := func(path string) string {
		items := w.must(200, call{method: "GET", path: path, key: w.hub})["items"].([]any)
		if len(items) == 0 {
			t.Fatalf("%s is empty", path)
		}
		return items[0].(map[string]any)["id"].(string)
	}
	m.ids["cases"], m.ids["alarms"], m.ids["tasks"] = first("/api/v1/cases"), first("/api/v1/alarms"), first("/api/v1/tasks")
	m.ids["programs"] = w.net.Programs[0].ID.String()
	m.ids["imports"] = w.imported()
	m.ids["uploads"] = m.ids["imports"]
	m.ids["batches"], m.ids["simulations"] = uuid.NewString(), uuid.NewString()
	m.ids["matches"], m.ids["links"] = uuid.NewString(), uuid.NewString()
	draft := uuid.New()
	if _, err := w.options.Referrals.SaveDraft(t.Context(), w.seed.User(w.net.Hospital, auth.Referrer), draft, referral.DraftAnswers{"stage": {"prenatal"}}); err != nil {
		t.Fatal(err)
	}
	m.ids["drafts"] = draft.String()
	taken := w.must(201, call{method: "POST", path: "/api/v1/taken-referrals", key: w.hub, body: `{"how":"fax","received_at":"2026-03-02T14:00:00Z","referral":` + referralBody(t, nil) + `}`})
	m.ids["saved-views"], m.ids["views"] = uuid.NewString(), uuid.NewString()
	m.ids["take"] = m.ids["drafts"]
	scan, err := w.options.Referrals.KeepScan(t.Context(), w.seed.User(w.net.Hub, auth.TriageCoordinator), uuid.MustParse(taken["id"].(string)), strings.NewReader("%PDF-1.4 example"))
	if err != nil {
		t.Fatal(err)
	}
	m.ids["scans"] = scan.ID.String()
	m.ids["family-requests"], m.ids["complaints"] = uuid.NewString(), uuid.NewString()
	m.ids["rulesets"] = first("/api/v1/rulesets")
	m.ids["organizations"], m.ids["users"] = w.net.Agencies[0].ID.String(), w.seed.User(w.net.Agencies[0], auth.HomeVisitor).ID.String()
	m.ids["message-templates"], m.ids["messages"], m.ids["message-versions"] = uuid.NewString(), uuid.NewString(), uuid.NewString()
	m.ids["caseload-files"] = uuid.NewString()
	m.ids["calendars"] = w.seed.Calendar(nil).String()
	w.exec(`INSERT INTO batches (id, kind, org_id, program_id, reason, requested_at, requested_by)
		VALUES ($1, 'close_program', $2, $3, 'other', clock_timestamp(), $4)`, m.ids["batches"], w.net.Agencies[0].ID, w.net.Programs[0].ID, uuid.NewString())
	for _, path := range []string{"/alarms/" + m.ids["alarms"] + "/acknowledge", "/alarms/" + m.ids["alarms"] + "/outcome"} {
		body := ""
		if strings.HasSuffix(path, "outcome") {
			body = `{"outcome":"safe_now"}`
		}
		w.must(200, call{method: "POST", path: "/api/v1" + path, key: w.hub, body: body})
	}
	m.ids["connections"] = w.must(200, call{method: "POST", path: "/api/v1/cases/" + m.ids["cases"] + "/connect", key: w.hub,
		body: `{"kind":"wic","destination":"somewhere","consent_how":"phone"}`})["created_id"].(string)
	m.ids["holds"] = w.must(200, call{method: "POST", path: "/api/v1/cases/" + m.ids["cases"] + "/hold", key: w.hub,
		body: `{"kind":"client_asked","reason_code":"she_asked_for_time"}`})["created_id"].(string)
	m.choose()
	m.ids["searches"] = w.must(201, call{method: "POST", path: "/api/v1/searches", key: w.hub, body: `{"name":"Example"}`})["id"].(string)
	m.ids["search"], m.ids["queue"] = m.ids["searches"], m.ids["tasks"]

	m.sessions = map[auth.Role]string{}
	for _, role := range roles() {
		m.keys[role], _ = w.seed.Key(m.strangerFor(role), role)
		if role != auth.Integration { // no person is one
			m.sessions[role] = w.session(m.strangerFor(role), role)
		}
	}
	key, actor := w.seed.Key(w.net.Agencies[0], auth.AgencyManager)
	w.exec(`UPDATE api_keys SET revoked_at = clock_timestamp() WHERE id = $1`, actor.ID)
	m.revoked = key
	return m
}

// strangerFor is an organization that gives this role; only the hub gives the hub's.
func (m *matrix) strangerFor(role auth.Role) seed.Org {
	for _, org := range []seed.Org{m.net.Clinic, m.net.Agencies[1]} {
		if slices.Contains(org.Kind.Roles(), role) {
			return org
		}
	}
	return m.net.Hub
}

// choose brings the case as far as an open offer to the first agency.
func (m *matrix) choose() {
	m.t.Helper()
	m.must(200, call{method: "POST", path: "/api/v1/cases/" + m.ids["cases"] + "/choice", key: m.hub,
		body: fmt.Sprintf(`{"answer":"yes","programs":[%q],"how":"phone","language":"en"}`, m.net.Programs[0].ID)})
}

// query is what a route needs behind its path.
func query(r web.Route) string {
	return map[string]string{"/api/v1/reports/throughput": "?from=2026-03-01&to=2026-03-31&by=agency",
		"/api/v1/reports/unmet-need": "?from=2026-03-01&to=2026-03-31", "/api/v1/reports/overview": "?from=2026-03-01&to=2026-03-31"}[r.Path]
}

// address fills in the id of a thing that exists, or id when it is given.
func (m *matrix) address(r web.Route, id string) string {
	m.t.Helper()
	if !strings.Contains(r.Path, ":id") {
		return r.Path + query(r)
	}
	if id == "" {
		word := strings.Split(r.Path, "/")[3]
		if id = m.ids[word]; id == "" {
			m.t.Fatalf("the matrix has no id for %s: teach it where to find one", r.Path)
		}
	}
	return strings.Replace(r.Path, ":id", id, 1)
}

// violations walks every route as everybody who may not, and lists what they got that they should not.
func (m *matrix) violations() []string {
	var out []string
	for _, r := range m.options.Routes() {
		if r.Page {
			out = append(out, m.pageViolations(r)...)
			continue
		}
		name := r.Method + " " + r.Path
		expect := func(who, key string, status int) *httptest.ResponseRecorder {
			answer := m.send(call{method: r.Method, path: m.address(r, ""), key: key, body: m.spec.example(m.t, r)})
			if answer.Code != status {
				out = append(out, fmt.Sprintf("%s: %s got %d, not %d", name, who, answer.Code, status))
			}
			return answer
		}
		if r.Kind == web.Public {
			expect("nobody", "", http.StatusOK)
			continue
		}
		if r.Permission == "" {
			out = append(out, name+": names no permission")
			continue
		}
		expect("nobody", "", http.StatusUnauthorized)
		expect("garbage", "ds_0123456789abcdef_"+strings.Repeat("x", 43), http.StatusUnauthorized)
		expect("a revoked key", m.revoked, http.StatusUnauthorized)
		for role, key := range m.keys {
			if !auth.May(role, r.Permission) {
				expect(string(role), key, http.StatusForbidden)
			}
		}
		may := slices.DeleteFunc(roles(), func(role auth.Role) bool { return !auth.May(role, r.Permission) })
		if len(may) == 0 {
			out = append(out, name+": no role has its permission")
			continue
		}
		may = slices.DeleteFunc(may, func(role auth.Role) bool { return m.strangerFor(role).ID == m.net.Hub.ID })
		if len(may) == 0 {
			continue // the hub's alone: every other organization was refused above
		}
		key := m.keys[may[0]]
		switch r.Kind {
		case web.Create: // makes something of the caller's own
		case web.Item:
			foreign := expect("another organization", key, http.StatusNotFound)
			for _, id := range []string{uuid.NewString(), "x", strings.ToUpper("{" + uuid.NewString() + "}"), "%00", "1%3Bdrop%20table"} {
				missing := m.send(call{method: r.Method, path: m.address(r, id), key: key, body: m.spec.example(m.t, r)})
				if without(missing) != without(foreign) {
					out = append(out, fmt.Sprintf("%s: a foreign thing (%d) and id %q (%d) are told apart", name, foreign.Code, id, missing.Code))
				}
			}
		case web.List:
			answer := m.send(call{method: r.Method, path: m.address(r, ""), key: key})
			if answer.Code == http.StatusOK && !empty(m.t, answer) {
				out = append(out, name+": another organization got a list that is not empty")
			}
		default:
			out = append(out, name+": has no kind that the matrix knows")
		}
	}
	return out
}

// without is an answer but for the request's id.
func without(answer *httptest.ResponseRecorder) string {
	before, after, _ := strings.Cut(answer.Body.String(), `"urn:uuid:`)
	if len(after) > 36 {
		after = after[36:]
	}
	return fmt.Sprint(answer.Code, before, after)
}

func empty(t *testing.T, answer *httptest.ResponseRecorder) bool {
	d := document(t, answer)
	for _, list := range []string{"items", "rows"} {
		if items, _ := d[list].([]any); len(items) > 0 {
			return false
		}
	}
	return true
}

func TestRouteMatrix(t *testing.T) {
	m := newMatrix(t)
	for _, v := range m.violations() {
		t.Error(v)
	}
}

// The matrix would be worth nothing if it passed without the fence that it is about.
func TestRouteMatrixFailsWithoutRowLevelSecurity(t *testing.T) {
	m := newMatrix(t)
	for table := range m.counts() {
		m.exec(`ALTER TABLE ` + table + ` DISABLE ROW LEVEL SECURITY`)
	}
	found := m.violations()
	for _, path := range []string{"/referrals/:id", "/cases/:id", "/programs/:id"} {
		if leak := "GET /api/v1" + path + ": another organization got 200, not 404"; !slices.Contains(found, leak) {
			t.Errorf("with row-level security off the matrix did not see %q", leak)
		}
	}
}

// The second fence stands alone: a hub's role that was forged into an agency's key passes the first and opens nothing.
func TestForgedRoleOpensNothing(t *testing.T) {
	m := newMatrix(t)
	for _, r := range m.options.Routes() {
		if r.Kind == web.Public || r.Kind == web.Create || r.Page { // pages use the same use cases
			continue
		}
		for _, role := range auth.Hub.Roles() {
			if !auth.May(role, r.Permission) || slices.Contains(auth.Agency.Roles(), role) { // an agency has programs of its own, too
				continue
			}
			key, actor := m.seed.Key(m.net.Agencies[1], auth.AgencyCoordinator)
			m.exec(`UPDATE api_keys SET role = $1 WHERE id = $2`, string(role), actor.ID)
			answer := m.send(call{method: r.Method, path: m.address(r, ""), key: key, body: m.spec.example(t, r)})
			if answer.Code < 400 && (r.Kind == web.Item || !empty(t, answer)) {
				t.Errorf("%s %s: %s forged into an agency's key got %d", r.Method, r.Path, role, answer.Code)
			}
		}
	}
}

// Each use case asks for the permission that stands beside its route: called past the door, it refuses the same roles.
func TestUseCasesAskForTheRoutesPermission(t *testing.T) {
	w := newWorld(t)
	e := echo.New()
	for _, r := range w.options.Routes() {
		if r.Permission == "" {
			continue
		}
		for _, role := range roles() {
			request := httptest.NewRequestWithContext(t.Context(), r.Method, "/"+query(r), strings.NewReader(w.spec.example(t, r)))
			request.Header.Set("Content-Type", "application/json")
			c := e.NewContext(request, httptest.NewRecorder())
			c.SetParamNames("id")
			c.SetParamValues(uuid.NewString())
			actor := auth.Actor{Kind: "key", ID: uuid.New(), OrgID: w.net.Agencies[1].ID, OrgKind: auth.Agency, Role: role}
			kit.SetActor(c, actor)
			if r.Page {
				request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				ui.Begin(c, w.options.Ground, accounts.Session{Actor: actor})
			}
			err := r.Handler(c)
			if refused := fault.KindOf(err) == fault.Forbidden && err != nil; refused == auth.May(role, r.Permission) {
				t.Errorf("%s %s: the route lets in %q for %s, and the use case answers %v", r.Method, r.Path, role, r.Permission, err)
			}
		}
	}
}
