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
	gap             time.Duration // the longest time in which nobody was acknowledged
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
	endureGroups(t, short(), []group{
		{"Database", []string{"F02", "F05", "F07"}},
		{"Queue", []string{"F15", "F21", "F25"}},
	})
}

// TestEveryFault is all of them (make chaos, make chaos-long), in four installations.
func TestEveryFault(t *testing.T) {
	endureGroups(t, chosen(t), []group{
		{"Serve", []string{"F01", "F02", "F03", "F30", "F39", "F40"}},
		{"Database", []string{"F04", "F05", "F06", "F07", "F24"}},
		{"Queue", []string{"F14a", "F14b", "F14c", "F15", "F16", "F25"}},
		{"Worker", []string{"F20a", "F20b", "F21", "F22", "F23"}},
	})
}

// group is the faults that one installation goes through. They share it because most of the time is waiting for leases.
type group struct {
	name   string
	faults []string
}

// endureGroups runs the groups, as many at once as -parallel allows, and prints what came of it.
func endureGroups(t *testing.T, pace pace, groups []group) {
	t.Helper()
	seed := drawSeed(t)
	begun := time.Now()
	known, tables := faults(pace), make([][]outcome, len(groups))
	t.Run("In", func(t *testing.T) {
		for i, g := range groups {
			t.Run(g.name, func(t *testing.T) {
				t.Parallel()
				var named []named
				for _, f := range known {
					if number, _, _ := strings.Cut(f.name, " "); slices.Contains(g.faults, number) {
						named = append(named, f)
					}
				}
				if len(named) != len(g.faults) {
					t.Fatalf("%d of %v are known", len(named), g.faults)
				}
				tables[i] = newLab(t, seed+uint64(i), pace).endureAll(t, named)
			})
		}
	})
	table := slices.Concat(tables...)
	slices.SortFunc(table, func(a, b outcome) int { return strings.Compare(a.fault, b.fault) })
	t.Logf("CHAOS_SEED=%d, leases of %s, sweeps each %s, %.0f s in all\n%s", seed, pace.lease, pace.sweep, time.Since(begun).Seconds(), print(table))
}

// faults are all that this package can inject, by their numbers.
func faults(p pace) []named {
	return []named{
		{"F01 serve killed before COMMIT", serveDiesBeforeItsCommit},
		{"F02 serve killed after COMMIT, before its answer", serveDiesBeforeItsAnswer},
		{fmt.Sprintf("F03 one of two serves killed each 2 s, %d times", p.kills), servesAreKilledInTurn},
		{"F04 one PostgreSQL backend killed -9", aBackendIsKilled},
		{"F05 PostgreSQL stopped at once and started", postgresCrashes},
		{"F06 PostgreSQL killed -9, all its processes", postgresIsKilled},
		{fmt.Sprintf("F07 PostgreSQL frozen for %s", p.postgresFrozen), postgresFreezes},
		{"F14a Redis killed, its file written each second", redisIsKilled("everysec")},
		{"F14b Redis killed, its file written always", redisIsKilled("always")},
		{"F14c Redis killed, without a file", redisIsKilled("none")},
		{"F15 Redis killed and emptied, with work in it", redisForgets},
		{fmt.Sprintf("F16 Redis frozen for %s", p.redisFrozen), redisFreezes},
		{"F20a worker killed with a job in hand", workerDiesWithAJob},
		{"F20b worker killed at RCPT, before the mail", workerDiesBeforeTheMail},
		{"F21 worker killed after the server's 250", workerDiesAfterThe250},
		{fmt.Sprintf("F22 worker frozen at RCPT for %s", max(p.workerFrozen, p.lease)), workerFreezes},
		{"F23 worker told to stop with mail under way", workerStops},
		{"F24 ten workers, ten sweepers at once", tenWorkers},
		{"F25 one job delivered 100 times, twice", oneJobManyTimes},
		{"F30 answer lost on the wire after COMMIT", answersAreLost},
		{"F39 50 agencies claim the same 10 families", agenciesRace},
		{fmt.Sprintf("F40 %d keys, 50 callers with each at once", p.stormKeys), retriesStorm},
	}
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
			l.hooks(embedded.SMTPHooks{})
		}
	}()
	l.acknowledge(t, 60+l.between(0, 30))
	then := inject(l, t)
	begun := time.Now()
	l.acknowledge(t, 20)
	load.end()
	ended = true
	l.hooks(embedded.SMTPHooks{})
	l.timePasses(t)
	l.drain(t)
	o.healed = time.Since(begun)
	var last time.Time
	for _, r := range l.journal.since(asked) { // in the order in which they ended
		if r.acknowledged() {
			o.acknowledged++
			if !last.IsZero() {
				o.gap = max(o.gap, r.Ended.Sub(last))
			}
			last = r.Ended
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
	line := "%-48s %12v %8v %7v %7v %6v %9v %8v  %v\n"
	fmt.Fprintf(&b, line, "fault", "acknowledged", "retried", "stored", "gap", "mails", "in doubt", "healed", "result")
	seconds := func(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }
	for _, o := range table {
		fmt.Fprintf(&b, line, o.fault, o.acknowledged, o.retried, o.stored, seconds(o.gap), o.mails, o.doubts, seconds(o.healed), o.result)
	}
	return b.String()
}
