//go:build failpoints

package chaos_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
)

// agenciesRace: 50 agencies were offered the same 10 families, and all claim all of them, 500 claims from 64 callers at once.
func agenciesRace(l *lab, t *testing.T) func() {
	l.claims.Lock()
	defer l.claims.Unlock()
	var desks []string
	var programs []uuid.UUID
	s := seed.New(t, l.app)
	for range 50 {
		agency := s.Agency(seed.Org{})
		key, _ := s.Key(agency, auth.AgencyCoordinator)
		desks = append(desks, key)
		programs = append(programs, s.Program(seed.Program{OrgID: agency.ID, PackCode: "nfp"}).ID)
	}
	var cases []string
	for range 10 {
		cases = append(cases, l.offeredToAll(t, programs))
	}
	type race struct{ key, id string }
	var claims []race
	for _, key := range desks {
		for _, id := range cases {
			claims = append(claims, race{key, id})
		}
	}
	l.shuffle(len(claims), func(i, j int) { claims[i], claims[j] = claims[j], claims[i] })
	var mu sync.Mutex
	count, won := map[int]int{}, map[string]int{}
	var took []time.Duration
	l.many(64, len(claims), func(i int) {
		c := claims[i]
		key, begun := uuid.NewString(), time.Now()
		answer, _, err := l.once(context.Background(), i%2, http.MethodPost, c.key, "/cases/"+c.id+"/claim", key, object{})
		spent := time.Since(begun)
		r := request{Path: "/cases/" + c.id + "/claim", Key: key, Status: answer.StatusCode, Tries: 1, Begun: begun, Ended: time.Now()}
		if err == nil {
			l.journal.add(r)
		} else { // too slow for the caller's patience, which says nothing about who won
			r = l.goOn(r, c.key, object{})
		}
		mu.Lock()
		defer mu.Unlock()
		took = append(took, spent)
		count[r.Status]++
		if r.Status == http.StatusOK {
			won[c.id]++
		}
	})
	slices.Sort(took)
	t.Logf("answers by status: %v; half within %s, 99%% within %s", count, took[len(took)/2].Round(time.Millisecond), took[len(took)*99/100].Round(time.Millisecond))
	if count[http.StatusOK] != len(cases) || len(won) != len(cases) || count[http.StatusConflict] != len(claims)-len(cases) {
		t.Errorf("answers by status %v, want %d of 200, one a family, and %d of 409", count, len(cases), len(claims)-len(cases))
	}
	return nil
}

// offeredToAll sends a family whom the hub reaches at once and offers to all these programs.
func (l *lab) offeredToAll(t *testing.T, programs []uuid.UUID) (id string) {
	t.Helper()
	f := l.family(8*people.Add(1) + 1) // not of the kind that signs
	f["client"].(object)["family_name"] = canaryName + "race" + uuid.NewString()
	f["consent"] = object{"answer": "yes_in_person", "share_with_agencies": "yes"}
	f["addresses"] = []object{{"zip": "21201", "safe_mail": "yes"}}
	made := l.post(l.keys(auth.Referrer)[0], "/referrals", f)
	if err := l.db.QueryRowContext(t.Context(), `SELECT case_id FROM referrals WHERE id::text = $1`, made.ID).Scan(&id); err != nil {
		t.Fatalf("a referral was answered with %d: %v", made.Status, err)
	}
	hub := l.keys(auth.TriageCoordinator)[0]
	for _, step := range []struct {
		name string
		body object
	}{
		{"outreach", object{"channel": "in_person", "outcome": "reached"}},
		{"offer", object{"programs": programs, "kind": "pool", "reason": "other"}},
	} {
		if r := l.post(hub, "/cases/"+id+"/"+step.name, step.body); r.Status != http.StatusOK {
			t.Fatalf("%s was answered with %d", step.name, r.Status)
		}
	}
	return id
}

// retriesStorm: 50 callers ask for each key at once, as a client without patience does. One of them makes it, the others are
// given its answer or told to wait. The matrix has 1,000 keys, which would take two cores minutes.
func retriesStorm(l *lab, t *testing.T) func() {
	const callers = 50
	referrer := l.keys(auth.Referrer)[0]
	keys, bodies := make([]string, l.pace.stormKeys), make([]object, l.pace.stormKeys)
	for i := range keys {
		keys[i], bodies[i] = uuid.NewString(), l.family(people.Add(1))
	}
	var mu sync.Mutex
	count, ids := map[int]int{}, map[string]map[string]bool{}
	l.many(callers, callers*len(keys), func(i int) {
		n := i / callers
		answer, text, err := l.once(context.Background(), i%2, http.MethodPost, referrer, "/referrals", keys[n], bodies[n])
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			count[0]++
			return
		}
		count[answer.StatusCode]++
		var made struct{ ID string }
		if answer.StatusCode == http.StatusCreated && json.Unmarshal(text, &made) == nil {
			if ids[keys[n]] == nil {
				ids[keys[n]] = map[string]bool{}
			}
			ids[keys[n]][made.ID] = true
		}
	})
	t.Logf("answers by status: %v", count)
	for _, status := range slices.Sorted(maps.Keys(count)) {
		if status != http.StatusCreated && status != http.StatusConflict && status != 0 {
			t.Errorf("%d answers %d", count[status], status)
		}
	}
	for i, key := range keys { // what each caller would be told now
		last := l.insist(key, referrer, "/referrals", bodies[i])
		if last.Status != http.StatusCreated || !last.Replayed || len(ids[key]) > 1 || len(ids[key]) == 1 && !ids[key][last.ID] {
			t.Errorf("key %s leads to %v and then %d %s", key, ids[key], last.Status, last.ID)
		}
	}
	return nil
}

// many has callers do n things, each the next that nobody does yet.
func (l *lab) many(callers, n int, do func(i int)) {
	var next atomic.Int64
	var all sync.WaitGroup
	for range callers {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				do(int(i))
			}
		})
	}
	all.Wait()
}

func (l *lab) shuffle(n int, swap func(i, j int)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.chance.Shuffle(n, swap)
}
