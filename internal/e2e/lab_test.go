package e2e_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

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

// lab is the service on an address of its own, with a database of its own and the smallest network in it.
type lab struct {
	t     *testing.T
	url   string
	app   web.Options
	demo  *accounts.Demo
	db    *pg.DB
	owner *sql.DB
	seed  *seed.Seed
	net   seed.Network
	log   *lines
	keys  *pg.Keyring

	queries *counter
}

// fixed is a Tuesday morning, 10 o'clock in Baltimore, so that pages look the same on every day.
type fixed struct{}

func (fixed) Now() time.Time { return time.Date(2026, 3, 3, 15, 0, 0, 0, time.UTC) }

func newLab(t *testing.T) *lab {
	t.Helper()
	base := dbtest.New(t)
	l := &lab{t: t, owner: base.Owner(t), log: &lines{}, queries: &counter{}}
	keys, err := pg.ParseKeys(pg.NewKey(1))
	l.must(err)
	db, err := pg.Open(t.Context(), pg.Options{URL: base.AppURL, Clock: fixed{}, Keys: keys, Tracer: l.queries})
	l.must(err)
	t.Cleanup(func() { _ = db.Close() })
	l.db, l.keys, l.seed = db, keys, seed.New(t, db)
	l.net = l.seed.Community()
	source, err := triage.Embedded("baltimore")
	l.must(err)
	safety, err := triage.Compile(source)
	l.must(err)
	rules := rulebook.NewService(db)
	_, err = rules.ImportPack(t.Context(), source)
	l.must(err)
	ground, err := ui.NewGround()
	l.must(err)
	ground.Help = "410-555-0100"
	log := slog.New(slog.NewJSONHandler(l.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	l.app = web.Options{
		Accounts: accounts.NewService(db), Providers: providers.NewService(db), Referrals: referral.New(db, rules, safety), Reports: report.NewService(db),
		Rules: rules, Messages: messages.NewService(db), History: audit.NewService(db), Ground: ground, Log: log, Metrics: web.NewMetrics(db.Stats),
		Probes: web.Probes{Log: log, Redact: pg.SafeError, Database: func(context.Context) error { return nil }},
		WithKey: func(ctx context.Context, route, key string, hash []byte) (context.Context, func() bool) {
			r := &pg.Request{Route: route, Key: key, BodyHash: hash}
			return pg.WithRequest(ctx, r), func() bool { return r.Replayed }
		},
		Refused: func(context.Context, auth.Actor, auth.Permission) {},
	}
	l.demo = l.app.Accounts.OpenDemo()
	server := httptest.NewServer(web.New(l.app))
	t.Cleanup(server.Close)
	l.url = server.URL
	return l
}

func (l *lab) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// full reports whether the whole matrix is asked for: E2E=full. Without it only what `make test` has time for runs.
func full() bool { return env("E2E") == "full" }

// refer sends a referral from the hospital over the API and returns its case.
func (l *lab) refer(change func(map[string]any)) (caseID string) {
	l.t.Helper()
	key, _ := l.seed.Key(l.net.Hospital, auth.Referrer)
	d := map[string]any{
		"stage": "prenatal", "referrer": map[string]any{"name": "Example Nurse", "phone": "410-555-0101"},
		"client": map[string]any{"given_name": "Ex" + letters(), "family_name": "Example Person " + letters(), "date_of_birth": bornOn(),
			"spoken_language": "es", "insurance": "medicaid"},
		"contact_methods": []any{map[string]any{"channel": "phone", "value": "410-555-0142", "safe_call": "yes", "safe_text": "yes", "safe_voicemail": "no",
			"ask_for": "Maria from school"}},
		"addresses": []any{map[string]any{"zip": "21201", "safe_to_visit": "no"}},
		"pregnancy": map[string]any{"weeks": 20, "earlier_live_births": 0},
		"consent":   map[string]any{"answer": "yes_in_person", "share_with_agencies": "yes"},
	}
	if change != nil {
		change(d)
	}
	receipt := l.api(http.StatusCreated, key, "POST", "/referrals", d)
	l.must(l.owner.QueryRowContext(l.t.Context(), `SELECT case_id FROM referrals WHERE id = $1`, receipt["id"]).Scan(&caseID))
	return caseID
}

// api makes one call as a program does and demands its status.
func (l *lab) api(status int, key, method, path string, body any) map[string]any {
	l.t.Helper()
	text, err := json.Marshal(body)
	l.must(err)
	r, err := http.NewRequestWithContext(l.t.Context(), method, l.url+"/api/v1"+path, bytes.NewReader(text))
	l.must(err)
	r.Header.Set("Authorization", "Bearer "+key)
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	l.must(err)
	defer func() { _ = answer.Body.Close() }()
	got, err := io.ReadAll(answer.Body)
	l.must(err)
	if answer.StatusCode != status {
		l.t.Fatalf("%s %s: %d, want %d: %s", method, path, answer.StatusCode, status, got)
	}
	var d map[string]any
	l.must(json.Unmarshal(got, &d))
	return d
}

// offer lets a family say yes to the first agency's program.
func (l *lab) offer(caseID string) {
	l.t.Helper()
	hub, _ := l.seed.Key(l.net.Hub, auth.TriageSupervisor)
	l.api(http.StatusOK, hub, "POST", "/cases/"+caseID+"/choice", map[string]any{"answer": "yes", "programs": []any{l.net.Programs[0].ID}, "how": "phone", "language": "en"})
}

// claim lets the first agency take the family.
func (l *lab) claim(caseID string) {
	l.t.Helper()
	agency, _ := l.seed.Key(l.net.Agencies[0], auth.AgencyCoordinator)
	l.api(http.StatusOK, agency, "POST", "/cases/"+caseID+"/claim", map[string]any{})
}

// bornOn and letters tell one family from the next: nobody takes two of them for one.
func bornOn() string {
	return time.Date(1993, 1, 2, 0, 0, 0, 0, time.UTC).AddDate(0, 0, int(uuid.New().ID()%2500)).Format(time.DateOnly)
}

func letters() string {
	return strings.Map(func(r rune) rune {
		if r < 'a' {
			return r + 'a' - '0'
		}
		return r
	}, uuid.NewString()[:8])
}

// lines is the log of the server.
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
