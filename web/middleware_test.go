package web_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"doorstep/web"
)

func TestEveryAnswerIsKeptFromCachesAndFrames(t *testing.T) {
	w := newWorld(t)
	for _, c := range []call{
		{method: "GET", path: "/api/v1/cases", key: w.hub}, {method: "GET", path: "/api/v1/cases"}, {method: "GET", path: "/nowhere"},
		{method: "PUT", path: "/api/v1/cases", key: w.hub}, {method: "GET", path: "/api/v1/cases/x", key: w.hub},
	} {
		answer := w.send(c)
		for name, want := range map[string]string{"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"} {
			if got := answer.Header().Get(name); got != want {
				t.Errorf("%s %s: %s is %q", c.method, c.path, name, got)
			}
		}
		if ct := answer.Header().Get("Content-Type"); !strings.HasSuffix(ct, "json; charset=utf-8") || !strings.Contains(answer.Header().Get("Content-Security-Policy"), "frame-ancestors 'none'") {
			t.Errorf("%s %s: %q", c.method, c.path, ct)
		}
		if id := answer.Header().Get("X-Request-Id"); len(id) != 36 || !strings.Contains(w.log.String(), id) {
			t.Errorf("%s %s: the request's id %q is not in the log", c.method, c.path, id)
		}
	}
}

func TestRouterRefusesInTheSameWords(t *testing.T) {
	w := newWorld(t)
	for path, want := range map[string]int{"/nowhere": 404, "/api/v1/": 404, "/api/v1/referrals": 405, "/.git/config": 404, "/debug/pprof/": 404, "/metrics": 404} {
		method := "DELETE"
		if want == 404 {
			method = "GET"
		}
		answer := w.send(call{method: method, path: path})
		if d := document(t, answer); answer.Code != want || d["detail"] == "" || d["status"] != float64(want) {
			t.Errorf("%s %s: %d %s", method, path, answer.Code, answer.Body)
		}
	}
	if answer := w.send(call{method: "DELETE", path: "/api/v1/referrals"}); answer.Header().Get("Allow") == "" {
		t.Error("405 does not say what is allowed")
	}
}

func TestHeadersThatLie(t *testing.T) {
	w := newWorld(t)
	lies := http.Header{"X-Forwarded-For": {"203.0.113.9"}, "X-Real-Ip": {"203.0.113.9"}, "Forwarded": {"for=203.0.113.9"}, "X-Request-Id": {"chosen\"} {"},
		"X-Http-Method-Override": {"DELETE"}, "X-Original-Url": {"/api/v1/alarms"}, "X-Forwarded-Host": {"evil.example"}}
	answer := w.send(call{method: "GET", path: "/api/v1/pool", key: w.agency, header: lies})
	if answer.Code != 200 || strings.Contains(w.log.String(), "203.0.113.9") || strings.Contains(w.log.String(), "chosen") ||
		answer.Header().Get("X-Request-Id") == "chosen\"} {" {
		t.Errorf("%d, log %s", answer.Code, w.log)
	}
	for name, header := range map[string]http.Header{
		"two keys":       {"Authorization": {"Bearer " + w.hub, "Bearer " + w.agency}},
		"another scheme": {"Authorization": {"Basic " + w.hub}},
		"no scheme":      {"Authorization": {w.hub}},
		"an odd header":  {"X-Api-Key": {w.hub}},
		"a cookie":       {"Cookie": {"key=" + w.hub}},
	} {
		answer := w.send(call{method: "GET", path: "/api/v1/cases", header: header})
		if answer.Code != 401 || answer.Header().Get("Www-Authenticate") == "" {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
}

func TestOnlyNamedProxiesAreBelieved(t *testing.T) {
	w := newWorld(t, func(o *web.Options) {
		o.Proxies = []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00::/8")}
	})
	for _, test := range []struct{ from, said, want string }{
		{"10.1.2.3:1", "203.0.113.9", "203.0.113.9"},
		{"[fd00::1]:1", "203.0.113.8", "203.0.113.8"},
		{"10.1.2.3:1", "198.51.100.1, 203.0.113.7", "203.0.113.7"}, // what stands left of the last hop is the caller's own claim
		{"10.2.2.3:1", "203.0.113.6", "10.2.2.3"},
		{"127.0.0.1:1", "203.0.113.5", "127.0.0.1"},
	} {
		w.send(call{method: "GET", path: "/api/v1/pool", key: w.agency, from: netip.MustParseAddrPort(test.from), header: http.Header{"X-Forwarded-For": {test.said}}})
		all := strings.Split(strings.TrimSpace(w.log.String()), "\n")
		var line struct{ IP string }
		if err := json.Unmarshal([]byte(all[len(all)-1]), &line); err != nil || line.IP != test.want {
			t.Errorf("from %s saying %s: %q, want %q", test.from, test.said, line.IP, test.want)
		}
	}
}

func TestKeyInAnAddressIsRefusedAndNotWritten(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/api/v1/cases?key=" + w.hub, "/api/v1/cases/" + w.hub, "/api/v1/cases?after=ds%5F" + w.hub[3:], "/" + w.hub, "/livez?" + w.hub} {
		answer := w.send(call{method: "GET", path: path, key: w.hub})
		if answer.Code != 400 || !strings.Contains(answer.Body.String(), "revoked") {
			t.Errorf("%d %s", answer.Code, answer.Body)
		}
	}
	if strings.Contains(w.log.String(), w.hub[3:]) {
		t.Error("the key is in the log")
	}
}

func TestParametersNobodyKnowsAreRefused(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/api/v1/cases?org_id=2", "/api/v1/cases?after=&after=", "/api/v1/pool?status=offered", "/api/v1/alarms?x=1",
		"/api/v1/cases/01900000-0000-7000-8000-000000000000?id=2"} {
		key := w.hub
		if strings.Contains(path, "pool") {
			key = w.agency
		}
		if answer := w.send(call{method: "GET", path: path, key: key}); answer.Code != 400 {
			t.Errorf("%s: %d", path, answer.Code)
		}
	}
	for _, path := range []string{"/api/v1/cases?after=not-a-cursor", "/api/v1/tasks?after=AAAA", "/api/v1/reports/throughput?from=x&to=y&by=z", "/api/v1/tasks?after=YR9i"} {
		if answer := w.send(call{method: "GET", path: path, key: w.hub}); answer.Code != 422 {
			t.Errorf("%s: %d %s", path, answer.Code, answer.Body)
		}
	}
}

// What is sent about a family, and what addresses hold, must be found in no line of the log and no metric.
func TestLogAndMetricsHoldNoClientData(t *testing.T) {
	w := newWorld(t)
	canary := "Canary" + letters()
	receipt := w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, func(d map[string]any) {
		d["client"].(map[string]any)["family_name"] = canary
		d["note"] = canary
	})})
	w.send(call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: `{"client":{"family_name":"` + canary + `"},"` + canary + `":1}`})
	w.send(call{method: "GET", path: "/api/v1/referrals/" + receipt["id"].(string) + "?name=" + canary, key: w.hospital})
	w.send(call{method: "GET", path: "/" + canary})
	w.send(call{method: canary, path: "/api/v1/cases"})
	scrape := httptest.NewRecorder()
	web.Aside(w.options.Metrics, w.options.Probes).ServeHTTP(scrape, httptest.NewRequestWithContext(t.Context(), "GET", "/metrics", nil))
	for where, text := range map[string]string{"log": w.log.String(), "metrics": scrape.Body.String()} {
		for what, secret := range map[string]string{"the name": canary, "the id": receipt["id"].(string), "the key": w.hospital} {
			if strings.Contains(text, secret) {
				t.Errorf("%s stands in the %s", what, where)
			}
		}
	}
	if !strings.Contains(scrape.Body.String(), `route="/api/v1/referrals"`) || !strings.Contains(scrape.Body.String(), "doorstep_db_connections_in_use") {
		t.Errorf("the metrics are missing: %.500s", scrape.Body)
	}
}
