//go:build failpoints

package chaos_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver of database/sql

	"doorstep/auth"
	"doorstep/cmd/doorstep/community"
	"doorstep/internal/embedded"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/migrations"
)

// lab is a whole installation: servers of its own, two processes of each role, and the synthetic community. Each worker has
// a mail server to itself, so that a fault of mail meets one of them.
type lab struct {
	pace     pace
	dir      string
	settings []string // environment of every process
	seed     uint64
	mu       sync.Mutex // of chance
	chance   *rand.Rand
	postgres *embedded.Postgres
	redis    *embedded.Redis
	mail     [2]*embedded.SMTP
	serve    [2]*process
	work     [2]*process
	db       *sql.DB // superuser: row-level security hides nothing from the laws
	app      *pg.DB
	network  community.Network
	zone     *time.Location // the hub's
	client   http.Client
	journal  journal
	claims   sync.RWMutex // held by a fault that wants all offers to itself
}

// drawSeed is the run's: CHAOS_SEED repeats the choices of an earlier one.
func drawSeed(t *testing.T) uint64 {
	t.Helper()
	seed := uint64(time.Now().UnixNano()) % 1e9
	if given := os.Getenv("CHAOS_SEED"); given != "" {
		var err error
		if seed, err = strconv.ParseUint(given, 10, 64); err != nil {
			t.Fatalf("CHAOS_SEED: %v", err)
		}
	}
	t.Logf("CHAOS_SEED=%d", seed)
	return seed
}

// newLab brings everything up.
func newLab(t *testing.T, seed uint64, pace pace) *lab {
	t.Helper()
	zone, err := time.LoadLocation(community.Zone)
	if err != nil {
		t.Fatal(err)
	}
	l := &lab{seed: seed, pace: pace, zone: zone}
	l.client.Transport = &http.Transport{MaxIdleConnsPerHost: 64}
	l.chance = rand.New(rand.NewPCG(l.seed, 0))
	l.servers(t)
	l.settings = l.environ(t)
	l.command(t, l.settings, "migrate", "up")
	l.open(t)
	for i := range 2 {
		l.serve[i] = l.process(t, fmt.Sprintf("serve%d.log", i), "serving", l.at(i), "serve")
		l.work[i] = l.process(t, fmt.Sprintf("worker%d.log", i), "working", l.at(i), "worker")
	}
	return l
}

// servers are PostgreSQL as durable as in production, Redis with its append-only file, and two mailboxes.
func (l *lab) servers(t *testing.T) {
	t.Helper()
	dir, remove, err := embedded.TempDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if keep := os.Getenv("CHAOS_KEEP"); t.Failed() && keep != "" {
			l.keepLogs(t, filepath.Join(keep, filepath.Base(dir)))
		}
		_ = remove()
	})
	l.dir = dir
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if l.postgres, err = embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: filepath.Join(dir, "postgres"), Durable: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.postgres.StopImmediate() })
	if l.redis, err = embedded.StartRedis(ctx, embedded.RedisOptions{Dir: filepath.Join(dir, "redis"), Durable: true}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.redis.Kill9() })
	for i := range l.mail {
		if l.mail[i], err = embedded.StartSMTP(context.Background()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.mail[i].Stop() })
	}
}

// keepLogs copies the logs of all processes for the reader of a failure: CHAOS_KEEP names a folder.
func (l *lab) keepLogs(t *testing.T, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Error(err)
	}
	for _, log := range files(t, l.dir, "postgres/data") {
		if filepath.Ext(log.name) != ".log" {
			continue
		}
		name := strings.ReplaceAll(strings.TrimPrefix(log.name, l.dir+"/"), "/", "-")
		if err := os.WriteFile(filepath.Join(to, name), log.text, 0o600); err != nil {
			t.Error(err)
		}
	}
	t.Logf("the logs are in %s", to)
}

// at is the environment of a process that uses mail server i.
func (l *lab) at(i int) []string {
	return append([]string{"LISTEN=127.0.0.1:0", "METRICS_LISTEN=127.0.0.1:0", "SMTP_ADDR=" + l.mail[i].Addr()}, l.settings...)
}

func (l *lab) environ(t *testing.T) []string {
	t.Helper()
	return []string{
		"DATABASE_URL=" + l.postgres.URL(migrations.AppRole, embedded.Database),
		"MIGRATE_DATABASE_URL=" + l.postgres.URL(embedded.OwnerRole, embedded.Database),
		"REDIS_URL=" + l.redis.URL(), "SEAL_KEYS=" + pg.NewKey(1), "BASE_URL=https://hub.example",
		"SMTP_TLS=none", "SMTP_FROM=doorstep@hub.example", "LOG_LEVEL=debug", // the most that could be said of anybody
		"WORKER_LEASE=" + l.pace.lease.String(), "WORKER_SWEEP=" + l.pace.sweep.String(),
	}
}

// command runs one command of the binary to its end.
func (l *lab) command(t *testing.T, environ []string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = environ
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("doorstep %v: %v\n%s", args, err, out.Bytes())
	}
}

// open is the tests' own look into the database, and loads the community.
func (l *lab) open(t *testing.T) {
	t.Helper()
	var err error
	if l.db, err = sql.Open("pgx", l.postgres.URL("postgres", embedded.Database)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.db.Close() })
	if l.app, err = pg.Open(t.Context(), pg.Options{URL: l.postgres.URL(migrations.AppRole, embedded.Database), MaxConns: 4}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.app.Close() })
	if l.network, err = community.Load(t.Context(), l.app, l.today()); err != nil {
		t.Fatal(err)
	}
	if _, err := l.db.ExecContext(t.Context(), `UPDATE capacity_statements SET funded = 10000`); err != nil { // a place for every claim
		t.Fatal(err)
	}
}

func (l *lab) process(t *testing.T, log, ready string, environ []string, args ...string) *process {
	t.Helper()
	p := &process{args: args, environ: environ, log: filepath.Join(l.dir, log), ready: ready}
	p.start(t)
	t.Cleanup(p.kill9)
	return p
}

// keys are the API keys of a role.
func (l *lab) keys(role auth.Role) []string {
	var keys []string
	for _, k := range l.network.Keys {
		if k.Role == role {
			keys = append(keys, k.Text)
		}
	}
	return keys
}

// today is the hub's day: at night in Europe it is still yesterday there, and a birth of today would lie in its future.
func (l *lab) today() civil.Date { return civil.DateOf(time.Now().In(l.zone)) }

// between draws a number; lowest and highest may come out.
func (l *lab) between(lowest, highest int) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return lowest + l.chance.IntN(highest-lowest+1)
}

// timePasses makes due what was promised for later: news to referrers, and the hub's promises to reach families.
func (l *lab) timePasses(t *testing.T) {
	t.Helper()
	for _, what := range []string{
		`UPDATE messages SET not_before = clock_timestamp() WHERE status = 'queued'`,
		`UPDATE follow_ups SET due_at = clock_timestamp() WHERE status = 'open' AND kind = 'case.outreach_due'`,
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		if _, err := l.db.ExecContext(ctx, what); err != nil {
			t.Fatal(err)
		}
		cancel()
	}
}

// drain waits until nothing that is due is left to a machine.
func (l *lab) drain(t *testing.T) {
	t.Helper()
	queue := jobs.NewQueue(l.app)
	eventually(t, 4*l.pace.lease, "all that is due is done", func() bool {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		h, err := queue.Horizon(ctx)
		return err == nil && h.Idle
	})
}

// mails are all that both servers took, doubles included.
func (l *lab) mails() []embedded.Mail {
	return slices.Concat(l.mail[0].Messages(), l.mail[1].Messages())
}

// hooks sets the same hooks at both mail servers.
func (l *lab) hooks(h embedded.SMTPHooks) {
	for _, m := range l.mail {
		m.SetHooks(h)
	}
}
