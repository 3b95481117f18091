//go:build failpoints

package chaos_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"
)

// serveDiesBeforeItsAnswer: what was committed when the process died is the answer to the same key.
func serveDiesBeforeItsAnswer(l *lab, t *testing.T) func() {
	asked := len(l.journal.since(0))
	p := l.serve[1]
	p.kill9()
	p.start(t, fmt.Sprintf("FAILPOINT_201=%d", l.between(1, 10)))
	select {
	case <-p.done():
	case <-time.After(30 * time.Second):
		t.Fatal("the failpoint was not met")
	}
	p.start(t)
	return func() {
		for _, r := range l.journal.since(asked) {
			if r.Replayed && r.Tries > 1 && r.Status == http.StatusCreated {
				return
			}
		}
		t.Error("nobody was given the stored answer of the process that died")
	}
}
