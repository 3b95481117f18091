//go:build failpoints

package chaos_test

import (
	"fmt"
	"slices"
	"strings"
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
