//go:build failpoints

package chaos_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// serveDiesBeforeItsCommit: nothing of the request stands, and the same key makes it once at the other server.
func serveDiesBeforeItsCommit(l *lab, t *testing.T) func() {
	asked := len(l.journal.since(0))
	l.dieAndStart(t, "FAILPOINT_COMMIT")
	return func() {
		if !l.answered(asked, func(r request) bool { return r.Tries > 1 && !r.Replayed }) {
			t.Error("nobody had to ask again for what was never committed")
		}
	}
}

// serveDiesBeforeItsAnswer: what was committed when the process died is the answer to the same key.
func serveDiesBeforeItsAnswer(l *lab, t *testing.T) func() {
	asked := len(l.journal.since(0))
	l.dieAndStart(t, "FAILPOINT_201")
	return func() {
		if !l.answered(asked, func(r request) bool { return r.Tries > 1 && r.Replayed }) {
			t.Error("nobody was given the stored answer of the process that died")
		}
	}
}

// dieAndStart has one server die at a failpoint, at a time drawn by chance, and starts it again.
func (l *lab) dieAndStart(t *testing.T, failpoint string) {
	t.Helper()
	p := l.serve[1]
	p.kill9()
	p.start(t, fmt.Sprintf("%s=%d", failpoint, l.between(1, 10)))
	p.awaitEnd(t, 30*time.Second)
	p.start(t)
}

// answered says whether such a referral was acknowledged after the first n requests.
func (l *lab) answered(n int, such func(request) bool) bool {
	for _, r := range l.journal.since(n) {
		if r.Status == http.StatusCreated && such(r) {
			return true
		}
	}
	return false
}

// servesAreKilledInTurn, so that callers always find the other one.
func servesAreKilledInTurn(l *lab, t *testing.T) func() {
	every := time.NewTicker(2 * time.Second)
	defer every.Stop()
	for i := range l.pace.kills {
		<-every.C
		p := l.serve[i%2]
		p.kill9()
		p.start(t)
	}
	return nil
}

// answersAreLost between the servers and their callers, first ones and stored ones alike. Each is asked for again and is the
// stored one then.
func answersAreLost(l *lab, t *testing.T) func() {
	asked, n := len(l.journal.since(0)), l.between(20, 40)
	cut := newCutter(t, n)
	direct := [2]*string{}
	for i, p := range l.serve {
		direct[i] = p.address.Load()
		p.address.Store(cut.before(t, *direct[i]))
	}
	eventually(t, endurance, fmt.Sprintf("%d answers are lost", n), func() bool { return len(cut.lost()) >= n })
	for i, p := range l.serve {
		p.address.Store(direct[i])
	}
	return func() {
		stored := map[string]bool{}
		for _, r := range l.journal.since(asked) {
			stored[r.Key] = r.Replayed // by our own second try, or by that of the HTTP client, which knows the header
		}
		for _, key := range cut.lost() {
			if !stored[key] {
				t.Errorf("the answer to key %s was lost, and its caller was never given the stored one", key)
			}
		}
	}
}
