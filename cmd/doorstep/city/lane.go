package city

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"sync"
	"time"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/rulebook"
)

// clock is the business time of one lane. It stands still until moved.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

// Now is pg.Clock.
func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// lane is one line of people at work one after the other: a source, a part of the hub's desk, an agency. Each has its own
// connection and its own time of day, as if it were a process of its own.
type lane struct {
	clock     *clock
	db        *pg.DB
	referrals *referral.Service
	providers *providers.Service
	tally
}

// tally counts what was done and what was refused, by name.
type tally struct{ done, refused map[string]int }

// lanes opens n of them. Nothing of a load needs to survive a crash halfway: the database does not wait for the disk on these
// connections. Others, and everything afterwards, keep their own setting.
func lanes(ctx context.Context, o Options, n int) ([]*lane, error) {
	address, err := url.Parse(o.URL)
	if err != nil {
		return nil, errors.New("open a lane of the city: the database's URL cannot be read") // the cause would print it
	}
	q := address.Query()
	q.Set("synchronous_commit", "off")
	address.RawQuery = q.Encode()
	var out []*lane
	var rules *rulebook.Service // one for all: it keeps what it compiled
	for range n {
		l := &lane{clock: &clock{}, tally: tally{map[string]int{}, map[string]int{}}}
		l.db, err = pg.Open(ctx, pg.Options{URL: address.String(), MaxConns: 8, Clock: l.clock, Keys: o.Keys, Log: o.Log})
		if err != nil {
			return out, err
		}
		if rules == nil {
			rules = rulebook.NewService(l.db)
		}
		l.referrals, l.providers = referral.New(l.db, rules, o.Safety), providers.NewService(l.db)
		out = append(out, l)
	}
	return out, nil
}

// at moves the lane's time.
func (l *lane) at(t time.Time) {
	l.clock.mu.Lock()
	defer l.clock.mu.Unlock()
	l.clock.now = t
}

// on moves the lane's time to a case: never before what was done to it last, whoever did it.
func (l *lane) on(f *life, t time.Time) {
	f.touched = later(t, f.touched.Add(time.Minute))
	l.at(f.touched)
}

// try counts a use case. A conflict is an answer, as in life: somebody was faster, or this cannot be done now. Anything else
// ends the load.
func (l *lane) try(what string, err error) (ok bool, _ error) {
	l.done[what]++
	if err == nil {
		return true, nil
	}
	if kind := fault.KindOf(err); kind == fault.Conflict || kind == fault.NotFound {
		l.refused[what+": "+err.Error()]++
		return false, nil
	}
	return false, fmt.Errorf("%s: %w", what, err)
}

// did is try for a use case whose refusal would be a mistake of the city's.
func (l *lane) did(what string, err error) error {
	l.done[what]++
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func add(into, from map[string]int) {
	for what, n := range maps.All(from) {
		into[what] += n
	}
}
