//go:build failpoints

package chaos_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/embedded"
)

// workerDiesWithAJob that it has done nothing for: another one does it once its lease is over, and nobody is asked.
func workerDiesWithAJob(l *lab, t *testing.T) func() {
	again := l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)
	p := l.work[0]
	p.kill9()
	p.start(t, fmt.Sprintf("FAILPOINT_JOB=%d", l.between(1, 10)))
	l.timePasses(t)
	p.awaitEnd(t, 30*time.Second)
	p.start(t)
	return func() {
		if l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`) == again {
			t.Error("no job had a second attempt")
		}
	}
}

// workerDiesBeforeTheMail and after it wrote down that the mail is leaving. That it did not leave nobody can know who finds
// the note, so it is in doubt as well, and a person looks.
func workerDiesBeforeTheMail(l *lab, t *testing.T) func() {
	doubts, killed := l.doubts(t), make(chan string, 1)
	var once atomic.Bool
	l.mail[0].SetHooks(embedded.SMTPHooks{Recipient: func(_ context.Context, to string) error {
		if once.CompareAndSwap(false, true) {
			l.work[0].kill9()
			killed <- to
		}
		return nil
	}})
	l.timePasses(t)
	first(t, killed)
	l.work[0].start(t)
	return func() {
		if l.doubts(t) == doubts {
			t.Error("no message is in doubt")
		}
	}
}

// workerFreezes with mail and promises under way until its leases are over and the other worker has them, and then goes on as
// if nothing had been: its attempts are no longer the newest, so none of what it does counts.
func workerFreezes(l *lab, t *testing.T) func() {
	doubts, again := l.doubts(t), l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)
	frozen := make(chan string, 1)
	var once atomic.Bool
	l.mail[0].SetHooks(embedded.SMTPHooks{Recipient: func(_ context.Context, to string) error {
		if once.CompareAndSwap(false, true) {
			l.work[0].freeze()
			frozen <- to
		}
		return nil
	}})
	l.timePasses(t)
	first(t, frozen)
	defer l.work[0].thaw()
	begun := time.Now()
	eventually(t, 2*l.pace.lease, "the other worker takes over", func() bool {
		return l.doubts(t) > doubts && l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1 AND done_at IS NOT NULL`) > again
	})
	time.Sleep(time.Until(begun.Add(l.pace.workerFrozen)))
	t.Logf("frozen for %s; %d messages were put in doubt", time.Since(begun).Round(time.Second), l.doubts(t)-doubts)
	return nil
}

// workerStops when a deploy tells it to, and ends after the mail under way has its answer: nothing is lost, doubtful or done
// again.
func workerStops(l *lab, t *testing.T) func() {
	doubts, again := l.doubts(t), l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)
	var busy atomic.Int32
	held, goOn := hold(t)
	l.mail[0].SetHooks(embedded.SMTPHooks{BeforeReply: func(ctx context.Context, _ embedded.Mail) error {
		busy.Add(1)
		wait(ctx, held)
		return nil
	}})
	l.timePasses(t)
	eventually(t, 8*time.Second, "the worker has mail under way", func() bool { return busy.Load() >= 8 })
	l.work[0].terminate()
	select {
	case <-l.work[0].done():
		t.Error("the worker left its mail behind")
	case <-time.After(2 * time.Second):
	}
	goOn()
	l.work[0].awaitEnd(t, 20*time.Second)
	l.work[0].start(t)
	return func() {
		if n := l.doubts(t) - doubts; n > 0 {
			t.Errorf("%d messages are in doubt after an ordinary stop", n)
		}
		t.Logf("%d jobs were tried again", l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)-again)
	}
}

// tenWorkers are ten sweepers and ten relays beside each other, for two rounds of all that is due.
func tenWorkers(l *lab, t *testing.T) func() {
	again := l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)
	var more []*process
	for i := range 8 {
		more = append(more, l.process(t, fmt.Sprintf("worker%d.log", 2+i), "working", append(l.at(i%2), "DB_MAX_CONNS=4"), "worker"))
	}
	for range 2 {
		before := len(l.mails())
		l.timePasses(t)
		eventually(t, 30*time.Second, "mail leaves", func() bool { return len(l.mails()) >= before+20 })
	}
	for _, p := range more {
		p.terminate()
	}
	for _, p := range more {
		p.awaitEnd(t, 20*time.Second)
	}
	return func() {
		t.Logf("%d jobs were tried again", l.count(t, `SELECT count(*) FROM outbox WHERE attempt > 1`)-again)
	}
}

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
	running := make(chan string, 1)
	held, goOn := hold(t)
	var once atomic.Bool
	l.hooks(embedded.SMTPHooks{BeforeReply: func(ctx context.Context, m embedded.Mail) error {
		if once.CompareAndSwap(false, true) {
			running <- m.MessageID
			wait(ctx, held)
		}
		return nil
	}})
	l.timePasses(t)
	message, _, _ := strings.Cut(first(t, running), "@")
	l.deliver(t, message, 100)
	goOn()
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

// hold is something to wait for until goOn is called, which a test that fails does as well.
func hold(t *testing.T) (held <-chan struct{}, goOn func()) {
	t.Helper()
	c := make(chan struct{})
	goOn = sync.OnceFunc(func() { close(c) })
	t.Cleanup(goOn)
	return c, goOn
}

// wait until what is held goes on, or the mail server stops.
func wait(ctx context.Context, held <-chan struct{}) {
	select {
	case <-held:
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
