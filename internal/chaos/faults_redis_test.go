//go:build failpoints

package chaos_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/embedded"
)

// redisForgets while every worker is busy and more calls wait in Redis: those are gone, their work is not. The kill comes
// first, since a killed Redis may have forgotten that it was emptied.
func redisForgets(l *lab, t *testing.T) func() {
	var busy atomic.Int32
	goOn := make(chan struct{})
	l.hooks(embedded.SMTPHooks{BeforeReply: func(ctx context.Context, _ embedded.Mail) error {
		busy.Add(1)
		wait(ctx, goOn)
		return nil
	}})
	l.timePasses(t)
	eventually(t, 8*time.Second, "calls wait in Redis for busy workers", func() bool { return busy.Load() >= 16 && l.waiting(t) > 0 })
	if err := l.redis.Kill9(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Second)
	if err := l.redis.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	lost, again := l.waiting(t), l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)
	if err := l.redis.FlushAll(t.Context()); err != nil {
		t.Fatal(err)
	}
	close(goOn)
	return func() {
		again = l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`) - again
		t.Logf("%d calls were lost, %d jobs were tried again", lost, again)
		if lost > again {
			t.Error("the emptied Redis cost nobody anything: the fault did not happen")
		}
	}
}
