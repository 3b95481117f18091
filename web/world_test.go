package web_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib" // database/sql's driver, for looking at rows as the owner

	"doorstep/accounts"
	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/pg"
	"doorstep/messages"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/report"
	"doorstep/rulebook"
	"doorstep/triage"
	"doorstep/web"
	"doorstep/web/ui"
)

// world is the API on real services and a database of its own, with the smallest network in it. Every answer that passes
// through send is checked against openapi.yaml.
type world struct {
	t       *testing.T
	options web.Options
	server  *web.Server
	spec    *spec
	owner   *sql.DB
	seed    *seed.Seed
	net     seed.Network
	log     *lines

	hub, hospital, agency string // keys that work: a triage supervisor, a referrer, a coordinator of the first agency
}

// fixed is a Tuesday morning, so that no test depends on the day it runs.
type fixed struct{}

func (fixed) Now() time.Time { return time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC) }

func newWorld(t *testing.T, change ...func(*web.Options)) *world {
	t.Helper()
	base := dbtest.New(t)
	db := base.Open(t, fixed{})
	owner, err := sql.Open("pgx", base.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	w := &world{t: t, spec: loadSpec(t), owner: owner, seed: seed.New(t, db), log: &lines{}}
	w.net = w.seed.Community()

	source, err := triage.Embedded("baltimore")
	if err != nil {
		t.Fatal(err)
	}
	safety, err := triage.Compile(source)
	if err != nil {
		t.Fatal(err)
	}
	rules := rulebook.NewService(db)
	if _, err := rules.ImportPack(t.Context(), source); err != nil {
		t.Fatal(err)
	}
	ground, err := ui.NewGround()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.NewJSONHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	w.options = web.Options{
		Accounts: accounts.NewService(db), Providers: providers.NewService(db), Referrals: referral.New(db, rules, safety), Reports: report.NewService(db), Rules: rules, Messages: messages.NewService(db), History: audit.NewService(db),
		Ground: ground,
		Log:    log, Metrics: web.NewMetrics(db.Stats),
		Probes: web.Probes{Log: log, Redact: pg.SafeError, Database: func(context.Context) error { return nil }},
		WithKey: func(ctx context.Context, route, key string, hash []byte) (context.Context, func() bool) {
			r := &pg.Request{Route: route, Key: key, BodyHash: hash}
			return pg.WithRequest(ctx, r), func() bool { return r.Replayed }
		},
		Refused: func(context.Context, auth.Actor, auth.Permission) {},
	}
	for _, f := range change {
		f(&w.options)
	}
	w.server = web.New(w.options)
	w.hub, _ = w.seed.Key(w.net.Hub, auth.TriageSupervisor)
	w.hospital, _ = w.seed.Key(w.net.Hospital, auth.Referrer)
	w.agency, _ = w.seed.Key(w.net.Agencies[0], auth.AgencyCoordinator)
	return w
}

// call is one request.
type call struct {
	method, path, key, body string
	header                  http.Header
	from                    netip.AddrPort
}

// send makes the call and checks that the answer is one that openapi.yaml allows.
func (w *world) send(c call) *httptest.ResponseRecorder {
	w.t.Helper()
	r := httptest.NewRequestWithContext(w.t.Context(), c.method, c.path, strings.NewReader(c.body))
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	for name, values := range c.header {
		r.Header[name] = values
	}
	if c.from.IsValid() {
		r.RemoteAddr = c.from.String()
	}
	answer := httptest.NewRecorder()
	w.server.ServeHTTP(answer, r)
	if err := w.spec.check(r, answer); err != nil {
		w.t.Errorf("%s %s: %d is not as openapi.yaml says: %v\n%s", c.method, c.path, answer.Code, err, answer.Body)
	}
	return answer
}

// must makes the call, demands its status and returns the answer's document.
func (w *world) must(status int, c call) map[string]any {
	w.t.Helper()
	answer := w.send(c)
	if answer.Code != status {
		w.t.Fatalf("%s %s answered %d, want %d: %s", c.method, c.path, answer.Code, status, answer.Body)
	}
	return document(w.t, answer)
}

func document(t *testing.T, answer *httptest.ResponseRecorder) map[string]any {
	t.Helper()
	var d map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &d); err != nil {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	return d
}

// referralBody is a referral that is good as it is; change edits it.
func referralBody(t *testing.T, change func(map[string]any)) string {
	t.Helper()
	d := map[string]any{
		"stage": "prenatal", "referrer": map[string]any{"name": "Example Nurse", "phone": "410-555-0101"},
		"client": map[string]any{"given_name": "Example", "family_name": "Person " + letters(), "date_of_birth": bornOn(),
			"spoken_language": "en", "insurance": "medicaid"},
		"contact_methods": []any{map[string]any{"channel": "phone", "value": "410-555-0142", "safe_call": "yes"}},
		"addresses":       []any{map[string]any{"zip": "21201", "safe_to_visit": "yes"}},
		"pregnancy":       map[string]any{"weeks": 20, "earlier_live_births": 0},
		"consent":         map[string]any{"answer": "yes_in_person", "share_with_agencies": "yes"},
	}
	if change != nil {
		change(d)
	}
	text, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// bornOn gives each family a birth date of her own within some years: nobody takes two of them for one.
func bornOn() string {
	return time.Date(1993, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(uuid.New().ID()%2500)).Format(time.DateOnly)
}

// letters tells one family from the next.
func letters() string {
	return strings.Map(func(r rune) rune {
		if r < 'a' {
			return r + 'a' - '0'
		}
		return r
	}, uuid.NewString()[:8])
}

// selfHarm adds a screening whose last item is answered yes.
func selfHarm(d map[string]any) {
	d["screenings"] = []any{map[string]any{"instrument": "phq9", "items": []int{0, 0, 0, 0, 0, 0, 0, 0, 2}, "given_on": "2026-03-02"}}
}

// counts is how many rows each table has.
func (w *world) counts() map[string]int {
	w.t.Helper()
	rows, err := w.owner.QueryContext(w.t.Context(), `SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	out := map[string]int{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			w.t.Fatal(err)
		}
		out[name] = -1
	}
	if err := rows.Err(); err != nil {
		w.t.Fatal(err)
	}
	for name := range out {
		var n int
		if err := w.owner.QueryRowContext(w.t.Context(), `SELECT count(*) FROM `+name).Scan(&n); err != nil {
			w.t.Fatal(err)
		}
		out[name] = n
	}
	return out
}

func (w *world) exec(statement string, args ...any) {
	w.t.Helper()
	if _, err := w.owner.ExecContext(w.t.Context(), statement, args...); err != nil {
		w.t.Fatal(err)
	}
}

// lines is a log that several requests may write to.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// noPool is the count of a pool that nobody uses.
func noPool() sql.DBStats { return sql.DBStats{} }

func readFile(t *testing.T, name string) []byte {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return text
}
