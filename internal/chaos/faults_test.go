//go:build failpoints

package chaos_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"doorstep/internal/embedded"
)

// outcome is one line of the table.
type outcome struct {
	fault, result   string
	acknowledged    int
	retried, stored int // asked more than once; and of those, answered with what an earlier try had committed
	mails, doubts   int
	healed          time.Duration // from the end of the cause until nothing due is left
}

// fault returns when its cause is gone, and may return what else must hold once everything is drained.
type fault = func(*lab, *testing.T) (then func())

// named is a fault with its number and what happens.
type named struct {
	name   string
	inject fault
}

// TestChaosFaults breaks one thing after the other. Two installations share the faults: most of the time is waiting for leases.
func TestChaosFaults(t *testing.T) {
	seed := seed(t)
	groups := [][]named{{
		{"F02 serve killed after COMMIT, before its answer", serveDiesBeforeItsAnswer},
		{"F05 PostgreSQL stopped at once and started", postgresCrashes},
		{"F07 PostgreSQL frozen for 5.5 s", postgresFreezes},
	}, {
		{"F15 Redis killed and emptied, with work in it", redisForgets},
		{"F21 worker killed after the server's 250", workerDiesAfterThe250},
		{"F25 one job delivered 100 times, twice", oneJobManyTimes},
	}}
	tables := make([][]outcome, len(groups))
	t.Run("In", func(t *testing.T) {
		for i, faults := range groups {
			t.Run([]string{"Database", "Queue"}[i], func(t *testing.T) {
				t.Parallel()
				tables[i] = newLab(t, seed+uint64(i)).endureAll(t, faults)
			})
		}
	})
	t.Logf("CHAOS_SEED=%d\n%s", seed, print(slices.Concat(tables...)))
}

func (l *lab) endureAll(t *testing.T, faults []named) []outcome {
	var table []outcome
	for _, f := range faults {
		o := outcome{fault: f.name, result: "not run"}
		t.Run(strings.Fields(f.name)[0], func(t *testing.T) { o = l.endure(t, f.name, f.inject) })
		table = append(table, o)
	}
	t.Run("Canary", l.scanForCanaries)
	return table
}

// endure is a fault under load, and what must hold after it.
func (l *lab) endure(t *testing.T, name string, inject fault) (o outcome) {
	o = outcome{fault: name, result: "FAILED"}
	asked, sent, doubts := len(l.journal.since(0)), len(l.mails()), l.doubts(t)
	load := l.startLoad()
	ended := false
	defer func() { // also when something below fails the test
		if !ended {
			load.end()
		}
	}()
	load.acknowledge(t, 60+l.between(0, 30))
	then := inject(l, t)
	begun := time.Now()
	load.acknowledge(t, 20)
	load.end()
	ended = true
	l.hooks(embedded.SMTPHooks{})
	l.timePasses(t)
	l.drain(t)
	o.healed = time.Since(begun)
	for _, r := range l.journal.since(asked) {
		if r.acknowledged() {
			o.acknowledged++
		}
		if r.Tries > 1 {
			o.retried++
		}
		if r.Replayed {
			o.stored++
		}
	}
	o.mails, o.doubts = len(l.mails())-sent, l.doubts(t)-doubts
	l.check(t)
	if then != nil {
		then()
	}
	if !t.Failed() {
		o.result = "holds"
	}
	return o
}

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

// doubts counts the messages of which nobody knows whether they left.
func (l *lab) doubts(t *testing.T) int {
	t.Helper()
	return l.count(t, `SELECT count(*) FROM messages WHERE status = 'in_doubt'`)
}

func (l *lab) count(t *testing.T, query string) (n int) {
	t.Helper()
	if err := l.db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// print is the table that a run leaves in its output.
func print(table []outcome) string {
	var b strings.Builder
	line := "%-48s %12v %8v %7v %6v %9v %8v  %v\n"
	fmt.Fprintf(&b, line, "fault", "acknowledged", "retried", "stored", "mails", "in doubt", "healed", "result")
	for _, o := range table {
		fmt.Fprintf(&b, line, o.fault, o.acknowledged, o.retried, o.stored, o.mails, o.doubts, fmt.Sprintf("%.1f s", o.healed.Seconds()), o.result)
	}
	return b.String()
}
