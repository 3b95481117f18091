//go:build failpoints

package chaos_test

import (
	"syscall"
	"testing"
	"time"
)

// aBackendIsKilled in the middle of its work: PostgreSQL ends every session and recovers, and every pool comes back.
func aBackendIsKilled(l *lab, t *testing.T) func() {
	l.mailBegins(t)
	var pid int
	eventually(t, 10*time.Second, "a session of ours is at work", func() bool {
		return l.db.QueryRowContext(t.Context(), `SELECT pid FROM pg_stat_activity
			WHERE usename = 'doorstep_app' AND state <> 'idle' ORDER BY random() LIMIT 1`).Scan(&pid) == nil
	})
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	return nil
}

// postgresCrashes while mail is on its way: recovery has every acknowledged referral.
func postgresCrashes(l *lab, t *testing.T) func() {
	return l.postgresEnds(t, l.postgres.StopImmediate)
}

// postgresIsKilled, the postmaster and all its children in one moment, and leaves its files as they are.
func postgresIsKilled(l *lab, t *testing.T) func() {
	return l.postgresEnds(t, l.postgres.Kill9)
}

func (l *lab) postgresEnds(t *testing.T, end func() error) func() {
	t.Helper()
	l.mailBegins(t)
	if err := end(); err != nil {
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
	time.Sleep(l.pace.postgresFrozen)
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
