//go:build failpoints

package chaos_test

import (
	"testing"
	"time"
)

// postgresCrashes while mail is on its way: recovery has every acknowledged referral.
func postgresCrashes(l *lab, t *testing.T) func() {
	l.mailBegins(t)
	if err := l.postgres.StopImmediate(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	if err := l.postgres.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	return nil
}

// postgresFreezes for longer than a statement may take. Some of the commits under way stand, some do not, and no caller can
// know which.
func postgresFreezes(l *lab, t *testing.T) func() {
	asked := len(l.journal.since(0))
	l.mailBegins(t)
	if err := l.postgres.Freeze(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(5500 * time.Millisecond)
	if err := l.postgres.Thaw(); err != nil {
		t.Fatal(err)
	}
	return func() {
		for _, r := range l.journal.since(asked) {
			if r.Tries > 1 && r.acknowledged() {
				return
			}
		}
		t.Error("no request timed out")
	}
}

// mailBegins makes mail due and waits until the first is out.
func (l *lab) mailBegins(t *testing.T) {
	t.Helper()
	before := len(l.mails())
	l.timePasses(t)
	eventually(t, 15*time.Second, "mail leaves", func() bool { return len(l.mails()) > before })
}
