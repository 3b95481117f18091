//go:build failpoints

package chaos_test

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/embedded"
)

// workerDiesAfterThe250: the one moment that cannot be closed. The mail is out, nothing says so, and no machine sends it again.
func workerDiesAfterThe250(l *lab, t *testing.T) func() {
	killed := make(chan string, 1)
	var once atomic.Bool
	l.mail[0].SetHooks(embedded.SMTPHooks{AfterReply: func(_ context.Context, m embedded.Mail) {
		if once.CompareAndSwap(false, true) {
			l.work[0].kill9()
			killed <- m.MessageID
		}
	}})
	l.timePasses(t)
	id := first(t, killed)
	l.work[0].start(t)
	return func() {
		message, _, _ := strings.Cut(id, "@")
		l.holds(t, law{"F21 the message is in doubt, and a person has it", `SELECT id FROM messages WHERE id::text = $1 AND (status <> 'in_doubt'
			OR 1 <> (SELECT count(*) FROM tasks t WHERE t.subject_id = messages.id AND t.kind = 'message.in_doubt' AND t.closed_at IS NULL))`}, message)
		copies := 0
		for _, m := range l.mails() {
			if m.MessageID == id {
				copies++
			}
		}
		if copies != 1 {
			t.Errorf("%d copies left", copies)
		}
	}
}

// oneJobManyTimes: a queue that repeats itself, while the job runs and after it has ended.
func oneJobManyTimes(l *lab, t *testing.T) func() {
	running, goOn := make(chan string, 1), make(chan struct{})
	var once atomic.Bool
	l.hooks(embedded.SMTPHooks{BeforeReply: func(ctx context.Context, m embedded.Mail) error {
		if once.CompareAndSwap(false, true) {
			running <- m.MessageID
			wait(ctx, goOn)
		}
		return nil
	}})
	l.timePasses(t)
	message, _, _ := strings.Cut(first(t, running), "@")
	l.deliver(t, message, 100)
	close(goOn)
	eventually(t, 10*time.Second, "the message is sent", func() bool {
		var status string
		err := l.db.QueryRowContext(t.Context(), `SELECT status FROM messages WHERE id = $1`, message).Scan(&status)
		return err == nil && status == "sent"
	})
	l.deliver(t, message, 100)
	return func() {
		l.holds(t, law{"F25 one attempt was enough", `SELECT id FROM outbox WHERE subject_id::text = $1 AND attempt <> 1`}, message)
	}
}

// wait until somebody says go on, or the mail server stops.
func wait(ctx context.Context, goOn <-chan struct{}) {
	select {
	case <-goOn:
	case <-ctx.Done():
	}
}

// first is the Message-ID of the mail that met the fault.
func first(t *testing.T, met <-chan string) string {
	t.Helper()
	select {
	case id := <-met:
		return id
	case <-time.After(15 * time.Second):
		t.Fatal("no mail met the fault")
		return ""
	}
}
