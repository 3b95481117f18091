//go:build failpoints

package chaos_test

import (
	"context"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/embedded"
)

// redisIsKilled with calls in it, under one setting of its file. What comes back may be all, nearly all or nothing, and may
// be old: calls for attempts that are over.
func redisIsKilled(fsync string) fault {
	return func(l *lab, t *testing.T) func() {
		if l.redis.Kind() == embedded.KindServer {
			client := l.redisClient(t)
			name, value := "appendfsync", fsync
			if fsync == "none" {
				name, value = "appendonly", "no"
			}
			if err := client.ConfigSet(t.Context(), name, value).Err(); err != nil {
				t.Fatal(err)
			}
			if fsync == "none" { // the file of the time before would come back
				if err := os.RemoveAll(filepath.Join(l.dir, "redis", "data", "appendonlydir")); err != nil {
					t.Fatal(err)
				}
			}
		}
		goOn := l.fillRedis(t)
		waiting := l.waiting(t)
		l.restartRedis(t)
		back := l.waiting(t)
		goOn()
		t.Logf("%d calls waited, %d came back", waiting, back)
		if fsync == "none" && back > 0 {
			t.Error("Redis was to forget, and remembers")
		}
		return nil
	}
}

// redisForgets while every worker is busy and more calls wait in Redis: those are gone, their work is not. The kill comes
// first, since a killed Redis may have forgotten that it was emptied.
func redisForgets(l *lab, t *testing.T) func() {
	goOn := l.fillRedis(t)
	l.restartRedis(t)
	lost, again := l.waiting(t), l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)
	if err := l.redis.FlushAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	goOn()
	return func() {
		again = l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`) - again
		t.Logf("%d calls were lost, %d jobs were tried again", lost, again)
		if lost > again {
			t.Error("the emptied Redis cost nobody anything: the fault did not happen")
		}
	}
}

// redisFreezes: connections stay open and nothing answers. Intake does not notice, and workers do once it answers again.
func redisFreezes(l *lab, t *testing.T) func() {
	l.mailBegins(t)
	begun := time.Now()
	if err := l.redis.Freeze(t.Context()); err != nil {
		t.Fatal(err)
	}
	asked := len(l.journal.since(0))
	l.acknowledge(t, 40)
	time.Sleep(time.Until(begun.Add(l.pace.redisFrozen)))
	if !l.answered(asked, func(r request) bool { return r.Tries == 1 }) {
		t.Error("no referral was taken while Redis was frozen")
	}
	for _, r := range l.journal.since(asked) {
		if r.Tries > 1 && r.Path == "/referrals" {
			t.Errorf("a referral took %d tries while Redis was frozen", r.Tries)
		}
	}
	if err := l.redis.Thaw(); err != nil {
		t.Fatal(err)
	}
	return nil
}

// fillRedis returns when every worker is busy with a mail that is not answered until goOn is called, and more calls wait.
func (l *lab) fillRedis(t *testing.T) (goOn func()) {
	t.Helper()
	var busy atomic.Int32
	held, goOn := hold(t)
	l.hooks(embedded.SMTPHooks{BeforeReply: func(ctx context.Context, _ embedded.Mail) error {
		busy.Add(1)
		wait(ctx, held)
		return nil
	}})
	l.timePasses(t)
	eventually(t, 8*time.Second, "calls wait in Redis for busy workers", func() bool { return busy.Load() >= 16 && l.waiting(t) > 0 })
	return goOn
}

// restartRedis after kill -9 and a second.
func (l *lab) restartRedis(t *testing.T) {
	t.Helper()
	if err := l.redis.Kill9(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	if err := l.redis.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
}
