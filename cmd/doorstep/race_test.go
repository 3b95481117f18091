package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/pg"
	"doorstep/rulebook"
)

// agencies is how many claim at once.
const agencies = 64

// rounds is how often the race is run: RACE_ROUNDS=200 for the long one.
func rounds(t *testing.T) int {
	if text := os.Getenv("RACE_ROUNDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			t.Fatalf("RACE_ROUNDS: %v", err)
		}
		return n
	}
	return 20
}

// TestMain lets this binary run as doorstep itself, so that a test can start real processes of it.
func TestMain(m *testing.M) {
	if os.Getenv("DOORSTEP_TEST_PROCESS") != "" {
		os.Exit(code(run(context.Background(), os.Args[1:], os.Environ(), os.Stdout, os.Stderr), os.Stderr))
	}
	os.Exit(dbtest.Main(m))
}

// track is two serve processes on one database, with a hub, a clinic and the agencies that race.
type track struct {
	t        *testing.T
	db       *pg.DB
	seed     *seed.Seed
	servers  [2]string
	clinic   string // keys
	hub      string
	agencies []seed.Org
	desks    []string // a key of each
	programs []uuid.UUID
	client   http.Client
	people   int
}

func newTrack(t *testing.T, desks int, funded int) *track {
	t.Helper()
	base, environ := surroundings(t)
	r := &track{t: t, db: base.Open(t, nil)}
	r.seed = seed.New(t, r.db)
	usual, err := rulePack(nil)
	if err != nil {
		t.Fatal(err)
	}
	source, _, err := readPack(usual)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := rulebook.NewService(r.db).ImportPack(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	hub, clinic := r.seed.Hub(seed.Org{}), r.seed.Clinic(seed.Org{})
	r.hub, _ = r.seed.Key(hub, auth.TriageCoordinator)
	r.clinic, _ = r.seed.Key(clinic, auth.Referrer)
	for range desks {
		agency := r.seed.Agency(seed.Org{})
		key, _ := r.seed.Key(agency, auth.AgencyCoordinator)
		r.agencies = append(r.agencies, agency)
		r.desks = append(r.desks, key)
		r.programs = append(r.programs, r.seed.Program(seed.Program{OrgID: agency.ID, PackCode: "nfp", Funded: &funded}).ID)
	}
	r.client.Transport = &http.Transport{MaxIdleConnsPerHost: agencies}
	for i := range r.servers {
		r.servers[i] = serveProcess(t, environ)
	}
	return r
}

// serveProcess starts doorstep serve as a process of its own and waits until it is ready.
func serveProcess(t *testing.T, environ []string) string {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := free.Addr().String()
	_ = free.Close()
	command := exec.CommandContext(t.Context(), os.Args[0], "serve")
	command.Env = append(append(os.Environ(), environ...), "DOORSTEP_TEST_PROCESS=1", "LISTEN="+address)
	var said bytes.Buffer
	command.Stderr = &said
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = command.Wait() }) // the test's context ended it
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for tick := time.NewTicker(20 * time.Millisecond); ; {
		if response, err := http.Get("http://" + address + "/readyz"); err == nil {
			_ = response.Body.Close()
			return "http://" + address
		}
		select {
		case <-ctx.Done():
			t.Fatalf("serve did not become ready: %s", said.String())
		case <-tick.C:
		}
	}
}

// send posts to one of the two servers and returns the status and the body.
func (r *track) send(server int, key, path string, body any) (int, map[string]any, error) {
	text, err := json.Marshal(body)
	if err != nil {
		return 0, nil, err
	}
	request, err := http.NewRequest(http.MethodPost, r.servers[server%2]+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	response, err := r.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	var out map[string]any
	raw, err := io.ReadAll(response.Body)
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	return response.StatusCode, out, err
}

func (r *track) must(key, path string, body any, status int) {
	r.t.Helper()
	if got, out, err := r.send(0, key, path, body); err != nil || got != status {
		r.t.Fatalf("POST %s: %d %v %v", path, got, out, err)
	}
}

// bornOn gives each person a birth date of her own: nobody takes two of them for one.
func bornOn(n int) string {
	return time.Date(1990, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n*37%4000).Format(time.DateOnly)
}

// offeredCase sends a referral of a new person, reaches her, takes her yes and offers her to these programs.
func (r *track) offeredCase(programs []uuid.UUID) string {
	r.t.Helper()
	r.people++
	r.must(r.clinic, "/referrals", map[string]any{
		"stage":     "prenatal",
		"client":    map[string]any{"given_name": "Racer", "family_name": fmt.Sprintf("Testfamily %d", r.people), "date_of_birth": bornOn(r.people), "insurance": "medicaid"},
		"pregnancy": map[string]any{"weeks": 15, "earlier_live_births": 0},
		"addresses": []any{map[string]any{"zip": "21201", "safe_mail": "yes"}},
		"needs":     map[string]any{"low_income": "yes", "danger_now": "no"},
		"consent":   map[string]any{"answer": "yes_in_person", "share_with_agencies": "yes"},
	}, http.StatusCreated)
	id := r.newestCase()
	r.must(r.hub, "/cases/"+id+"/outreach", map[string]any{"channel": "in_person", "outcome": "reached"}, http.StatusOK)
	kind := "pool"
	if len(programs) == 1 {
		kind = "direct"
	}
	r.must(r.hub, "/cases/"+id+"/offer", map[string]any{"programs": programs, "kind": kind, "reason": "other"}, http.StatusOK)
	return id
}

func (r *track) newestCase() (id string) {
	r.t.Helper()
	r.query(&id, `SELECT id::text FROM cases ORDER BY received_at DESC, id DESC LIMIT 1`)
	return id
}

func (r *track) query(into any, sql string, args ...any) {
	r.t.Helper()
	err := r.db.InTx(r.t.Context(), auth.System("test"), func(tx *pg.Tx) error { return tx.Gorm().Raw(sql, args...).Scan(into).Error })
	if err != nil {
		r.t.Fatal(err)
	}
}

// together runs n claims released by one barrier and counts the answers by status.
func (r *track) together(n int, claim func(i int) (string, string)) map[int]int {
	r.t.Helper()
	start := make(chan struct{})
	statuses := make([]int, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			key, id := claim(i)
			<-start
			var err error
			if statuses[i], _, err = r.send(i, key, "/cases/"+id+"/claim", map[string]any{}); err != nil {
				statuses[i] = -1
			}
		})
	}
	close(start)
	all.Wait()
	count := map[int]int{}
	for _, s := range statuses {
		count[s]++
	}
	return count
}

func TestOneOfManyAgenciesClaimsTheCase(t *testing.T) {
	r := newTrack(t, agencies, 1000)
	for round := range rounds(t) {
		id := r.offeredCase(r.programs)
		count := r.together(agencies, func(i int) (string, string) { return r.desks[i], id })
		if count[http.StatusOK] != 1 || count[http.StatusConflict] != agencies-1 {
			t.Fatalf("round %d: answers by status %v, want one 200 and %d 409", round, count, agencies-1)
		}
		var open int
		r.query(&open, `SELECT count(*) FROM claims WHERE case_id = ? AND ended_at IS NULL`, id)
		if open != 1 {
			t.Fatalf("round %d: %d open claims", round, open)
		}
	}
}

func TestTheLastSlotIsTakenOnce(t *testing.T) {
	r := newTrack(t, 1, 1)
	keys := r.desks
	for range 7 {
		key, _ := r.seed.Key(r.agencies[0], auth.AgencyCoordinator)
		keys = append(keys, key)
	}
	var cases []string
	for range agencies {
		cases = append(cases, r.offeredCase(r.programs))
	}
	for round := range rounds(t) {
		count := r.together(agencies, func(i int) (string, string) { return keys[i%len(keys)], cases[i] })
		if count[http.StatusOK] != 1 || count[http.StatusConflict] != agencies-1 {
			t.Fatalf("round %d: answers by status %v, want one 200 and %d 409", round, count, agencies-1)
		}
		var won []string
		r.query(&won, `SELECT case_id::text FROM claims WHERE ended_at IS NULL`)
		if len(won) != 1 {
			t.Fatalf("round %d: %d families were promised the one place", round, len(won))
		}
		// She is served elsewhere and another family waits: the place is the last one again.
		r.must(r.hub, "/cases/"+won[0]+"/close", map[string]any{"disposition": "already_served"}, http.StatusOK)
		cases[slices.Index(cases, won[0])] = r.offeredCase(r.programs)
	}
}
