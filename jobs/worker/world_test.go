package worker_test

import (
	"context"
	"database/sql"
	"errors"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/embedded"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/jobs/worker"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// world is a database with a hub and one case, to be worked on.
type world struct {
	testing.TB
	db       *pg.DB
	base     *dbtest.DB
	owner    *sql.DB
	hub      uuid.UUID
	caseID   uuid.UUID
	client   uuid.UUID
	referral uuid.UUID
}

func newWorld(t testing.TB) *world {
	t.Helper()
	base := dbtest.New(t)
	w := &world{TB: t, base: base, hub: pg.NewID(), caseID: pg.NewID(), client: pg.NewID(), referral: pg.NewID()}
	w.owner = base.Owner(t)
	var err error
	if w.db, err = pg.Open(t.Context(), pg.Options{URL: base.AppURL}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	calendar, episode := pg.NewID(), pg.NewID()
	w.exec(`INSERT INTO calendars VALUES ($1, 'hub', 'America/New_York')`, calendar)
	w.exec(`INSERT INTO organizations (id, name, kind, legal_status, calendar_id, created_at) VALUES
		($1, 'Hub', 'hub', 'business_associate', $2, now())`, w.hub, calendar)
	w.exec(`INSERT INTO clients (id, given_name, family_name, interpreter, insurance, do_not_contact, stop_version, created_at)
		VALUES ($1, 'Test', 'Client', 'unknown', 'unknown', false, 0, now())`, w.client)
	w.exec(`INSERT INTO episodes VALUES ($1, now())`, episode)
	w.exec(`INSERT INTO cases (id, caregiver_id, caregiver_role, episode_id, status, stage, first_contact, review_reasons, band,
		next_step, rank_key, received_at, version) VALUES ($1, $2, 'birth_parent', $3, 'outreach', 'prenatal', 'hub', '{}', 1, '', '', now(), 1)`,
		w.caseID, w.client, episode)
	w.exec(`INSERT INTO referrals (id, reference, case_id, client_id, org_id, source_kind, referrer_class, channel, stage, sensitivity,
		referred_at, received_at, entered_at, consent, linked, payload_sealed) VALUES ($1, 'K7M-4PX', $2, $3, $4,
		'hospital', 'clinical', 'api', 'prenatal', 'none', now(), now(), now(), 'yes_in_person', false,
		decode('01' || repeat('00', 40), 'hex'))`, w.referral, w.caseID, w.client, w.hub)
	return w
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	if _, err := w.owner.ExecContext(w.Context(), query, args...); err != nil {
		w.Fatalf("%s: %v", query, err)
	}
}

func (w *world) want(want, query string, args ...any) {
	w.Helper()
	var got sql.NullString
	if err := w.owner.QueryRowContext(w.Context(), query, args...).Scan(&got); err != nil && !errors.Is(err, sql.ErrNoRows) {
		w.Fatalf("%s: %v", query, err)
	}
	if got.String != want {
		w.Errorf("%s %v: got %q, want %q", query, args, got.String, want)
	}
}

// enqueue puts n jobs of a kind into the outbox, each on a subject of its own.
func (w *world) enqueue(kind jobs.Kind, n int) {
	w.Helper()
	err := w.db.InTx(w.Context(), auth.System("test"), func(tx *pg.Tx) error {
		for range n {
			if err := jobs.NewStore(tx).Enqueue(kind, pg.NewID()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		w.Fatal(err)
	}
}

// leasesRunOut makes machine time pass for every lease and retry.
func (w *world) leasesRunOut() {
	w.exec(`UPDATE messages SET lease_until = clock_timestamp() - interval '1 ms' WHERE lease_until IS NOT NULL`)
	w.exec(`UPDATE outbox SET next_at = clock_timestamp()`)
}

func (w *world) drained() bool {
	w.Helper()
	h, err := jobs.NewQueue(w.db).Horizon(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return h.Idle
}

// effect is a handler whose effect is one task for its job's subject, and which tells ran after each run.
func (w *world) effect(ran chan<- jobs.Job) worker.Handler {
	return func(ctx context.Context, job jobs.Job) error {
		err := w.db.InTx(ctx, auth.System("test"), func(tx *pg.Tx) error {
			s := jobs.NewStore(tx)
			if err := s.AddHubTask("effect", job.SubjectID, nil); err != nil {
				return err
			}
			return s.Settle(job)
		})
		if ran != nil {
			ran <- job
		}
		return err
	}
}

// options are those of a worker that looks often and retries at once.
func (w *world) options(handlers map[jobs.Kind]worker.Handler) worker.Options {
	return worker.Options{DB: w.db, Handlers: handlers, Sweep: 10 * time.Millisecond, Log: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Backoff: func(int) time.Duration { return 0 }}
}

// start runs a worker; stop ends it and waits for what it was doing.
func (w *world) start(o worker.Options) (stop func()) {
	w.Helper()
	ctx, cancel := context.WithCancel(w.Context())
	ended := make(chan error, 1)
	go func() { ended <- worker.New(o).Run(ctx) }()
	return func() {
		w.Helper()
		cancel()
		if err := <-ended; err != nil {
			w.Error(err)
		}
	}
}

// round is one SweepAndWork of a worker with these options.
func (w *world) round(o worker.Options) int {
	w.Helper()
	n, err := worker.New(o).SweepAndWork(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return n
}

// startRedis runs a private Redis.
func startRedis(t testing.TB) *embedded.Redis {
	t.Helper()
	dir, remove, err := embedded.TempDir()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = remove() })
	r, err := embedded.StartRedis(t.Context(), embedded.RedisOptions{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Stop(context.Background()) })
	return r
}
