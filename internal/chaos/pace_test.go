//go:build failpoints

package chaos_test

import (
	"os"
	"testing"
	"time"
)

// pace is how a run waits: short, where all leases are as short as the settings allow, or as in production.
type pace struct {
	lease, sweep   time.Duration
	rest           time.Duration // of a caller between two requests
	postgresFrozen time.Duration // F07
	redisFrozen    time.Duration // F16
	workerFrozen   time.Duration // F22, at least; always longer than the lease
	kills          int           // F03
	stormKeys      int           // F40
}

// short: a lease may not end before one mail may (10 s).
func short() pace {
	return pace{lease: 10100 * time.Millisecond, sweep: 100 * time.Millisecond, rest: 40 * time.Millisecond,
		postgresFrozen: 5500 * time.Millisecond, redisFrozen: 6 * time.Second, kills: 4, stormKeys: 40}
}

// production: the settings' own lease and sweep, freezes as long as real ones, and callers who ask less often, since they ask
// for so long.
func production() pace {
	return pace{lease: time.Minute, sweep: time.Second, rest: 400 * time.Millisecond,
		postgresFrozen: 30 * time.Second, redisFrozen: time.Minute, workerFrozen: 130 * time.Second, kills: 15, stormKeys: 200}
}

// chosen is what CHAOS_PACE says.
func chosen(t *testing.T) pace {
	t.Helper()
	switch said := os.Getenv("CHAOS_PACE"); said {
	case "", "short":
		return short()
	case "production":
		return production()
	default:
		t.Fatalf("CHAOS_PACE=%s: short or production", said)
		return pace{}
	}
}
