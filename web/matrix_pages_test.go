package web_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/web"
)

// session signs a new person of that role in and returns the token that their browser would hold.
func (w *world) session(org seed.Org, role auth.Role) string {
	w.t.Helper()
	who := w.seed.User(org, role)
	ticket, err := w.options.Accounts.OpenDemo().SignIn(w.t.Context(), who.ID, org.ID, role)
	if err != nil {
		w.t.Fatal(err)
	}
	return ticket.Token
}

// browse asks for a page, or sends an empty form to it, as a browser does.
func (w *world) browse(method, path, token string, header http.Header) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), method, path, strings.NewReader(""))
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if token != "" {
		r.AddCookie(&http.Cookie{Name: "doorstep", Value: token})
	}
	for name, values := range header {
		r.Header[name] = values
	}
	answer := httptest.NewRecorder()
	w.server.ServeHTTP(answer, r)
	return answer
}

// pagePath fills in ids as address does; other parts of a path are of no use to a stranger.
func (m *matrix) pagePath(r web.Route, id string) string {
	if strings.Contains(r.Path, ":id") && id == "" {
		word := strings.Split(r.Path, "/")[1]
		if id = m.ids[word]; id == "" {
			m.t.Fatalf("the matrix has no id for %s: teach it where to find one", r.Path)
		}
	}
	return strings.NewReplacer(":id", id, ":token", strings.Repeat("x", 43), ":version", "0").Replace(r.Path)
}

// pageViolations is violations for pages: nobody is led to the door, who may not is told so, and what is another organization's looks like
// what is not there.
func (m *matrix) pageViolations(r web.Route) (out []string) {
	name := r.Method + " " + r.Path
	expect := func(who, token string, status int) *httptest.ResponseRecorder {
		answer := m.browse(r.Method, m.pagePath(r, ""), token, nil)
		if answer.Code != status {
			out = append(out, fmt.Sprintf("%s: %s got %d, not %d", name, who, answer.Code, status))
		}
		if to := answer.Header().Get("Location"); status == http.StatusSeeOther && !strings.HasPrefix(to, "/sign-in") {
			out = append(out, fmt.Sprintf("%s: %s was led to %q", name, who, to))
		}
		return answer
	}
	if r.Kind == web.Public || r.Kind == web.Door {
		if answer := m.browse(r.Method, m.pagePath(r, ""), "", nil); answer.Code >= 500 {
			out = append(out, fmt.Sprintf("%s: nobody got %d", name, answer.Code))
		}
		return out
	}
	expect("nobody", "", http.StatusSeeOther)
	expect("garbage", strings.Repeat("x", 43), http.StatusSeeOther)
	if r.Kind == web.Signed {
		return out
	}
	if r.Permission == "" {
		return append(out, name+": names no permission")
	}
	stranger := ""
	for role, token := range m.sessions {
		if !auth.May(role, r.Permission) {
			expect(string(role), token, http.StatusForbidden)
		} else if m.strangerFor(role).ID != m.net.Hub.ID {
			stranger = token
		}
	}
	if stranger == "" || r.Kind == web.Create || r.Kind == web.List && r.Method == http.MethodPost {
		return out
	}
	if r.Kind == web.List {
		answer := m.browse(r.Method, m.pagePath(r, ""), stranger, nil)
		for word, id := range m.ids {
			if strings.Contains(answer.Body.String(), id) {
				out = append(out, fmt.Sprintf("%s: another organization sees an id of %s", name, word))
			}
		}
		return out
	}
	foreign := expect("another organization", stranger, http.StatusNotFound)
	for _, id := range []string{uuid.NewString(), "x", "%00"} {
		missing := m.browse(r.Method, m.pagePath(r, id), stranger, nil)
		if bare(missing) != bare(foreign) {
			out = append(out, fmt.Sprintf("%s: a foreign thing (%d) and id %q (%d) are told apart", name, foreign.Code, id, missing.Code))
		}
	}
	return out
}

// anyID is what tells two pages apart that say the same: ids, and how many seconds the session still lasts.
var anyID = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f-]{27}|data-seconds="\d+"`)

func bare(answer *httptest.ResponseRecorder) string {
	return fmt.Sprint(answer.Code, anyID.ReplaceAllString(answer.Body.String(), ""))
}

// A form that did not come from a page of ours does nothing, whatever session its browser holds.
func TestFormsFromElsewhere(t *testing.T) {
	w := newWorld(t)
	token := w.session(w.net.Hub, auth.TriageSupervisor)
	for name, header := range map[string]http.Header{
		"another site":   {"Sec-Fetch-Site": {"cross-site"}, "Origin": {"https://evil.example"}},
		"a sibling":      {"Sec-Fetch-Site": {"same-site"}},
		"another origin": {"Sec-Fetch-Site": nil, "Origin": {"https://evil.example"}},
		"it is not said": {"Sec-Fetch-Site": nil},
	} {
		if answer := w.browse("POST", "/sign-out", token, header); answer.Code != http.StatusForbidden {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
	if answer := w.browse("GET", "/cases", token, nil); answer.Code != http.StatusOK {
		t.Errorf("the session was ended: %d", answer.Code)
	}
	if answer := w.browse("POST", "/sign-out", token, nil); answer.Code != http.StatusSeeOther {
		t.Errorf("from our own page: %d", answer.Code)
	}
	if answer := w.browse("GET", "/cases", token, nil); answer.Header().Get("Location") != "/sign-in?next=%2Fcases" {
		t.Errorf("after signing out: %d %v", answer.Code, answer.Header())
	}
}

// The demo's door is a route only where somebody opened it.
func TestOnlyTheDemoHasADoor(t *testing.T) {
	w := newWorld(t)
	for _, method := range []string{"GET", "POST"} {
		if answer := w.browse(method, "/demo", "", http.Header{"Accept": {"text/html"}}); answer.Code != http.StatusNotFound {
			t.Errorf("%s /demo: %d", method, answer.Code)
		}
	}
	if slices.ContainsFunc(w.options.Routes(), func(r web.Route) bool { return r.Path == "/demo" }) {
		t.Error("the door is a route")
	}
}

// What every page says to the browser about itself.
func TestPagesAreShut(t *testing.T) {
	w := newWorld(t)
	answer := w.browse("GET", "/sign-in", "", nil)
	for name, want := range map[string]string{"Content-Security-Policy": "default-src 'none'; script-src 'self'", "X-Frame-Options": "DENY", "Cache-Control": "no-store",
		"Referrer-Policy": "same-origin", "X-Content-Type-Options": "nosniff"} {
		if got := answer.Header().Get(name); !strings.HasPrefix(got, want) {
			t.Errorf("%s is %q", name, got)
		}
	}
	for _, never := range []string{" style=", "<style", "onclick", "javascript:", "http://", "https://", "hx-on"} {
		if strings.Contains(answer.Body.String(), never) {
			t.Errorf("the page has %q", never)
		}
	}
	report := func(body string) string {
		w.browse("POST", "/csp-report", "", http.Header{"Content-Type": {"application/csp-report"}})
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/csp-report", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/csp-report")
		w.server.ServeHTTP(httptest.NewRecorder(), r)
		return w.log.String()
	}
	if log := report(`{"csp-report":{"document-uri":"http://x/cases/SECRETID","effective-directive":"style-src-elem"}}`); !strings.Contains(log, "style-src-elem") || strings.Contains(log, "SECRETID") {
		t.Errorf("the log says %s", log)
	}
}

// A page sends a key with its form: pressed twice, it is done once. Fields that a page does not have are refused.
func TestFormsAreRead(t *testing.T) {
	w := newWorld(t)
	send := func(body string) *httptest.ResponseRecorder {
		r := httptest.NewRequestWithContext(t.Context(), "POST", "/password", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", "http://"+r.Host)
		answer := httptest.NewRecorder()
		w.server.ServeHTTP(answer, r)
		return answer
	}
	for body, want := range map[string]int{"email=a%40example.org": 303, "email=": 422, "": 422, "email=a&email=b": 400, "email=a%40example.org&role=administrator": 400,
		"email=%00": 400, "email=%ff": 400, "email=%zz": 400, "email=a%40example.org&_key=" + strings.Repeat("k", 300): 400} {
		if answer := send(body); answer.Code != want {
			t.Errorf("%.60q: %d, want %d", body, answer.Code, want)
		}
	}
}
