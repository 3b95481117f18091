package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"doorstep/auth"
)

func withKey(key ...string) http.Header { return http.Header{"Idempotency-Key": key} }

func TestSameKeySameAnswer(t *testing.T) {
	w := newWorld(t)
	c := call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, selfHarm), header: withKey("first")}
	one := w.send(c)
	before := w.counts()
	two := w.send(c)
	if one.Code != 201 || two.Code != 201 || one.Body.String() != two.Body.String() || one.Header().Get("Location") != two.Header().Get("Location") {
		t.Errorf("first %d %s, then %d %s", one.Code, one.Body, two.Code, two.Body)
	}
	if one.Header().Get("Idempotency-Replayed") != "" || two.Header().Get("Idempotency-Replayed") != "true" {
		t.Errorf("replayed: %q, then %q", one.Header().Get("Idempotency-Replayed"), two.Header().Get("Idempotency-Replayed"))
	}
	if after := w.counts(); before["referrals"] != after["referrals"] || before["audit_events"] != after["audit_events"] {
		t.Error("the second call did something")
	}

	c.body = referralBody(t, nil)
	if answer := w.send(c); answer.Code != 422 {
		t.Errorf("another body under the same key: %d", answer.Code)
	}
	c.key, _ = w.seed.Key(w.net.Clinic, auth.Referrer)
	if answer := w.send(c); answer.Code != 201 || answer.Header().Get("Idempotency-Replayed") != "" {
		t.Errorf("another organization's key of the same name: %d %s", answer.Code, answer.Body)
	}
}

// An empty body is the same for every case, so the case's address is part of what a key stands for.
func TestKeyIsForOneAddress(t *testing.T) {
	w := newWorld(t)
	for range 2 {
		w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, nil)})
	}
	items := w.must(200, call{method: "GET", path: "/api/v1/cases", key: w.hub})["items"].([]any)
	answers := map[int]int{}
	for _, item := range items {
		path := "/api/v1/cases/" + item.(map[string]any)["id"].(string) + "/triage"
		answers[w.send(call{method: "POST", path: path, key: w.hub, header: withKey("same")}).Code]++
	}
	if len(items) != 2 || answers[200] != 1 || answers[422] != 1 {
		t.Errorf("answers to one key at two addresses: %v", answers)
	}
}

func TestRefusalsAreNotKept(t *testing.T) {
	w := newWorld(t)
	c := call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: `{}`, header: withKey("again")}
	w.must(422, c)
	c.body = referralBody(t, nil)
	w.must(201, c)
}

func TestKeysThatAreNone(t *testing.T) {
	w := newWorld(t)
	before := w.counts()["referrals"]
	for name, header := range map[string]http.Header{
		"empty": withKey(""), "256 characters": withKey(strings.Repeat("k", 256)), "two": withKey("a", "b"), "not ASCII": withKey("schlüssel"),
		"a control character": withKey("a\tb"),
	} {
		if answer := w.send(call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, nil), header: header}); answer.Code != 400 {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
	if after := w.counts()["referrals"]; after != before {
		t.Errorf("%d referrals were taken", after-before)
	}
	w.must(201, call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, nil), header: withKey(strings.Repeat("k", 255))})
}

func TestManyAtOnceUnderOneKeyAreOne(t *testing.T) {
	w := newWorld(t)
	before := w.counts()["referrals"]
	c := call{method: "POST", path: "/api/v1/referrals", key: w.hospital, body: referralBody(t, nil), header: withKey("at once")}
	answers := make([]*httptest.ResponseRecorder, 32)
	start, done := make(chan struct{}), sync.WaitGroup{}
	for i := range answers {
		done.Go(func() {
			<-start
			answers[i] = w.send(c)
		})
	}
	close(start)
	done.Wait()
	taken := ""
	for _, a := range answers {
		switch {
		case a.Code == 409 && a.Header().Get("Retry-After") == "1":
		case a.Code == 201 && (taken == "" || taken == a.Body.String()):
			taken = a.Body.String()
		default:
			t.Errorf("%d %s", a.Code, a.Body)
		}
	}
	if n := w.counts()["referrals"] - before; n != 1 || taken == "" {
		t.Errorf("%d referrals were taken", n)
	}
	if again := w.send(c); again.Code != 201 || again.Body.String() != taken {
		t.Errorf("afterwards: %d %s", again.Code, again.Body)
	}
}
