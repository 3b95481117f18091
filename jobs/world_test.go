package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

// world is a database with a hub, an agency and one case, and a business clock that the test moves.
type world struct {
	*testing.T
	db          *pg.DB
	owner       *sql.DB // sees and changes everything: what a test uses to look, and to make machine time pass
	clock       *testClock
	queue       *jobs.Queue
	hub, agency uuid.UUID
	caseID      uuid.UUID
	client      uuid.UUID
	referral    uuid.UUID
}

type testClock struct{ now time.Time }

func (c *testClock) Now() time.Time { return c.now }

func newWorld(t *testing.T) *world {
	t.Helper()
	base := dbtest.New(t)
	w := &world{T: t, clock: &testClock{time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)},
		hub: pg.NewID(), agency: pg.NewID(), caseID: pg.NewID(), client: pg.NewID(), referral: pg.NewID()}
	w.owner = base.Owner(t)
	var err error
	if w.db, err = pg.Open(t.Context(), pg.Options{URL: base.AppURL, Clock: w.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.db.Close() })
	w.queue = jobs.NewQueue(w.db)
	w.seed()
	return w
}

func (w *world) seed() {
	calendar, episode := pg.NewID(), pg.NewID()
	w.exec(`INSERT INTO calendars VALUES ($1, 'hub', 'America/New_York')`, calendar)
	w.exec(`INSERT INTO organizations (id, name, kind, legal_status, calendar_id, created_at) VALUES
		($1, 'Hub', 'hub', 'business_associate', $3, now()), ($2, 'Agency', 'agency', 'covered_entity', $3, now())`, w.hub, w.agency, calendar)
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
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	if _, err := w.owner.ExecContext(w.Context(), query, args...); err != nil {
		w.Fatalf("%s: %v", query, err)
	}
}

// text reads one value as text.
func (w *world) text(query string, args ...any) string {
	w.Helper()
	var got sql.NullString
	if err := w.owner.QueryRowContext(w.Context(), query, args...).Scan(&got); err != nil && !errors.Is(err, sql.ErrNoRows) {
		w.Fatalf("%s: %v", query, err)
	}
	return got.String
}

func (w *world) want(want, query string, args ...any) {
	w.Helper()
	if got := w.text(query, args...); got != want {
		w.Errorf("%s %v: got %q, want %q", query, args, got, want)
	}
}

// do runs fn as the system in one transaction.
func (w *world) do(fn func(*jobs.Store) error) {
	w.Helper()
	if err := w.try(fn); err != nil {
		w.Fatal(err)
	}
}

func (w *world) try(fn func(*jobs.Store) error) error {
	return w.db.InTx(context.Background(), auth.System("test"), func(tx *pg.Tx) error { return fn(jobs.NewStore(tx)) })
}

// promise opens a follow-up that is due after wait, and returns its id.
func (w *world) promise(kind jobs.Kind, subject uuid.UUID, wait time.Duration, move *uuid.UUID) uuid.UUID {
	w.Helper()
	f := jobs.FollowUp{ID: pg.NewID(), CaseID: w.caseID, Kind: kind, SubjectID: subject, OwedBy: w.hub,
		DueAt: w.clock.now.Add(wait), OpenedMove: move}
	w.do(func(s *jobs.Store) error { return s.Promise(f) })
	return f.ID
}

func (w *world) sweep() int {
	w.Helper()
	n, err := w.queue.Sweep(w.Context(), 100)
	if err != nil {
		w.Fatal(err)
	}
	return n
}

func (w *world) lease(window int) []jobs.Job {
	w.Helper()
	leased, err := w.queue.Lease(w.Context(), window, time.Minute)
	if err != nil {
		w.Fatal(err)
	}
	return leased
}

// leased makes one job ready and leases it.
func (w *world) leased() jobs.Job {
	w.Helper()
	w.promise(jobs.ReviewDue, pg.NewID(), 0, nil)
	w.sweep()
	all := w.lease(1)
	if len(all) != 1 {
		w.Fatalf("leased %d jobs, want 1", len(all))
	}
	return all[0]
}

// leasesRunOut makes machine time pass for every lease and retry.
func (w *world) leasesRunOut() {
	w.exec(`UPDATE messages SET lease_until = clock_timestamp() - interval '1 ms' WHERE lease_until IS NOT NULL`)
	w.exec(`UPDATE outbox SET next_at = clock_timestamp()`)
}

func (w *world) drained() bool {
	w.Helper()
	h, err := w.queue.Horizon(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	return h.Idle
}
