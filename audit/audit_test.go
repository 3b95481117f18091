package audit_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
)

// history is a database with a sealer, and an owner's connection for those who would rewrite it.
type history struct {
	db     *pg.DB
	owner  *sql.DB
	sealer *audit.Sealer
}

func newHistory(t *testing.T) history {
	t.Helper()
	urls := dbtest.New(t)
	db, err := pg.Open(t.Context(), pg.Options{URL: urls.AppURL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	owner, err := sql.Open("pgx", urls.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = owner.Close() })
	return history{db, owner, audit.NewSealer(db)}
}

var agency = auth.Actor{Kind: "key", ID: uuid.MustParse("0198c000-0000-7000-8000-000000000001"), Role: auth.AgencyManager,
	OrgID: uuid.MustParse("0198c000-0000-7000-8000-000000000002"), OrgKind: auth.Agency}

// write leaves n events in one transaction, or none when fail is not nil.
func (h history) write(ctx context.Context, n int, fail error) error {
	return h.db.InTx(ctx, agency, func(tx *pg.Tx) error {
		for i := range n {
			id := pg.NewID()
			err := audit.NewStore(tx).Record(audit.Event{Action: "claim", CaseID: &id, Subject: "case", SubjectID: &id,
				From: "offered", To: "claimed", Detail: map[string]any{"n": i, "code": "a"}})
			if err != nil {
				return err
			}
		}
		if err := tx.Flush(); err != nil {
			return err
		}
		return fail
	})
}

// seal seals until want events are sealed: transactions of other tests' databases in the same cluster may hold it up.
func (h history) seal(t *testing.T, want int) {
	t.Helper()
	for sealed := 0; ; {
		n, err := h.sealer.Seal(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if sealed += n; sealed == want {
			return
		}
		if sealed > want {
			t.Fatalf("sealed %d events, want %d", sealed, want)
		}
	}
}

// sealNone is one round that must find nothing to do.
func (h history) sealNone(t *testing.T, why string) {
	t.Helper()
	if n, err := h.sealer.Seal(t.Context()); err != nil || n != 0 {
		t.Fatalf("sealed %d events (%v): %s", n, err, why)
	}
}

func (h history) verify(t *testing.T) audit.Report {
	t.Helper()
	r, err := h.sealer.Verify(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (h history) sound(t *testing.T, sealed, unsealed int64) audit.Report {
	t.Helper()
	r := h.verify(t)
	if r.Broken != nil {
		t.Fatalf("sound history reported broken: %s", *r.Broken)
	}
	if r.Sealed != sealed || r.Unsealed != unsealed || r.Events != sealed+unsealed {
		t.Fatalf("events %d, sealed %d, unsealed %d; want %d and %d", r.Events, r.Sealed, r.Unsealed, sealed, unsealed)
	}
	return r
}

func TestEveryKindOfEventNamesItsActor(t *testing.T) {
	h := newHistory(t)
	seen := pg.NewID()
	err := h.db.InTx(t.Context(), agency, func(tx *pg.Tx) error {
		s := audit.NewStore(tx)
		return errors.Join(s.Record(audit.Event{Action: "claim", CaseID: &seen, Subject: "case", From: "offered", To: "claimed"}),
			s.Viewed("read case", seen), s.Listed("list pool", []uuid.UUID{seen}), s.Listed("list pool", nil), s.Refused("claim", &seen, "no_consent"))
	})
	if err != nil {
		t.Fatal(err)
	}
	var kinds string
	err = h.owner.QueryRow(`SELECT string_agg(kind || ' ' || action || ' ' || detail::text, '; ' ORDER BY id) FROM audit_events
		WHERE org_id = $1 AND actor_id = $2 AND actor_kind = 'key' AND actor_role = 'agency_manager'`, agency.OrgID, agency.ID).Scan(&kinds)
	want := fmt.Sprintf(`change claim {}; view read case {}; view list pool {"shown": ["%s"]}; view list pool {"shown": []}; refused claim {"code": "no_consent"}`, seen)
	if err != nil || kinds != want {
		t.Fatalf("got  %s\nwant %s (%v)", kinds, want, err)
	}
}

func TestSealNumbersOnceAndChains(t *testing.T) {
	h := newHistory(t)
	h.sealNone(t, "the history is empty")
	empty := h.sound(t, 0, 0)
	for i := range 3 {
		if err := h.write(t.Context(), i+1, nil); err != nil {
			t.Fatal(err)
		}
	}
	h.sound(t, 0, 6)
	h.seal(t, 6)
	first := h.sound(t, 6, 0)
	h.sealNone(t, "all of it is sealed")
	if err := h.write(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	h.seal(t, 1)
	second := h.sound(t, 7, 0)
	if string(empty.Head) == string(first.Head) || string(first.Head) == string(second.Head) {
		t.Fatal("the head did not move with the history")
	}
	var empties int
	if err := h.owner.QueryRow(`SELECT count(*) FROM audit_batches WHERE last_seq < first_seq`).Scan(&empties); err != nil || empties != 0 {
		t.Fatalf("%d batches without news (%v)", empties, err)
	}
}

func TestSealSplitsATransactionLargerThanABatch(t *testing.T) {
	h := newHistory(t)
	_, err := h.owner.Exec(`INSERT INTO audit_events (id, kind, org_id, actor_kind, actor_id, actor_role, actor_name, action, subject, detail, at)
		SELECT gen_random_uuid(), 'view', $1, 'key', $1, 'referrer', '', 'read case', 'case', '{}', clock_timestamp() FROM generate_series(1, 4500)`, agency.OrgID)
	if err != nil {
		t.Fatal(err)
	}
	h.seal(t, 4500)
	h.sound(t, 4500, 0)
}

// A transaction that began earlier and commits later must not be overtaken: its number would be missing for ever.
func TestSealWaitsForTheOldestTransaction(t *testing.T) {
	h := newHistory(t)
	written, finish, done := make(chan struct{}), make(chan struct{}), make(chan error)
	go func() {
		done <- h.db.InTx(context.Background(), agency, func(tx *pg.Tx) error {
			if err := audit.NewStore(tx).Viewed("read case", pg.NewID()); err != nil {
				return err
			}
			err := tx.Flush()
			close(written)
			<-finish
			return err
		})
	}()
	<-written
	if err := h.write(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	h.sealNone(t, "a running transaction may still commit before them")
	close(finish)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	h.seal(t, 2)
	h.sound(t, 2, 0)
}

func TestWritersWithRollbacksLeaveNoGap(t *testing.T) {
	h := newHistory(t)
	const writers, rounds = 8, 40
	failed := errors.New("rolled back")
	var writing, sealing sync.WaitGroup
	var sealed atomic.Int64
	for w := range writers {
		writing.Go(func() {
			for i := range rounds {
				var fail error
				if (w+i)%4 == 0 {
					fail = failed
				}
				if err := h.write(context.Background(), 1+i%3, fail); !errors.Is(err, fail) {
					t.Error(err)
				}
			}
		})
	}
	over := make(chan struct{})
	for range 2 { // two sealers beside the writers, as two replicas would
		sealing.Go(func() {
			for {
				n, err := h.sealer.Seal(context.Background())
				if err != nil {
					t.Error(err)
				}
				sealed.Add(int64(n))
				select {
				case <-over:
					return
				default:
				}
			}
		})
	}
	writing.Wait()
	close(over)
	sealing.Wait()
	var events, top int64
	if err := h.owner.QueryRow(`SELECT count(*) FROM audit_events`).Scan(&events); err != nil {
		t.Fatal(err)
	}
	h.seal(t, int(events-sealed.Load()))
	if err := h.owner.QueryRow(`SELECT max(seq) FROM audit_seals`).Scan(&top); err != nil {
		t.Fatal(err)
	}
	if events != top || events == 0 {
		t.Fatalf("%d events, highest number %d", events, top)
	}
	h.sound(t, events, 0)
}

func TestVerifyNamesEveryKindOfTampering(t *testing.T) {
	const someEvent = `(SELECT event_id FROM audit_seals WHERE seq = 4)`
	for name, c := range map[string]struct{ sql, want string }{
		"changed action":   {`UPDATE audit_events SET action = 'decline' WHERE id = ` + someEvent, "number 4) was changed"},
		"changed actor":    {`UPDATE audit_events SET actor_id = gen_random_uuid() WHERE id = ` + someEvent, "number 4) was changed"},
		"changed detail":   {`UPDATE audit_events SET detail = '{"n": 9}' WHERE id = ` + someEvent, "number 4) was changed"},
		"status to NULL":   {`UPDATE audit_events SET from_status = NULL WHERE id = ` + someEvent, "number 4) was changed"},
		"moved in time":    {`UPDATE audit_events SET recorded_at = recorded_at - interval '1 microsecond' WHERE id = ` + someEvent, "number 4) was changed"},
		"removed":          {`DELETE FROM audit_events WHERE id = ` + someEvent, "number 4) was removed"},
		"removed and seal": {`WITH s AS (DELETE FROM audit_seals WHERE seq = 4 RETURNING event_id) DELETE FROM audit_events USING s WHERE id = s.event_id`, "number 4 is missing"},
		"last and seal":    {`WITH s AS (DELETE FROM audit_seals WHERE seq = 10 RETURNING event_id) DELETE FROM audit_events USING s WHERE id = s.event_id`, "has 4 seals, not 5"},
		"seal renewed":     {`UPDATE audit_seals SET hash = sha256('x') WHERE seq = 4`, "number 4) was changed"},
		"batch rehashed":   {`UPDATE audit_batches SET hash = sha256('x') WHERE batch = 1`, "the seals of batch 1"},
		"batch cut off": {`WITH s AS (DELETE FROM audit_seals WHERE batch = 1) DELETE FROM audit_batches WHERE batch = 1`,
			"batch 1 is missing"},
		"slipped in": {`INSERT INTO audit_events (id, kind, org_id, actor_kind, actor_id, actor_role, actor_name, action, subject, detail, at, xid)
			SELECT gen_random_uuid(), kind, org_id, actor_kind, actor_id, actor_role, actor_name, 'decline', subject, detail, at, xid
			FROM audit_events WHERE id = ` + someEvent, "inserted behind the last seal"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHistory(t)
			for range 2 {
				if err := h.write(t.Context(), 5, nil); err != nil {
					t.Fatal(err)
				}
				h.seal(t, 5)
			}
			h.sound(t, 10, 0)
			if _, err := h.owner.Exec(c.sql); err == nil && !strings.HasPrefix(c.sql, "INSERT") {
				t.Fatal("the trigger let a change of the history pass")
			}
			// Only an owner who switches the triggers off gets this far.
			for _, table := range []string{"audit_events", "audit_seals", "audit_batches"} {
				if _, err := h.owner.Exec(`ALTER TABLE ` + table + ` DISABLE TRIGGER USER`); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := h.owner.Exec(c.sql); err != nil {
				t.Fatal(err)
			}
			r := h.verify(t)
			if r.Broken == nil || !strings.Contains(*r.Broken, c.want) {
				t.Fatalf("found %v, want it to say %q", r.Broken, c.want)
			}
		})
	}
}

func TestTheApplicationCannotRewriteHistory(t *testing.T) {
	h := newHistory(t)
	if err := h.write(t.Context(), 1, nil); err != nil {
		t.Fatal(err)
	}
	h.seal(t, 1)
	for _, table := range []string{"audit_events", "audit_seals", "audit_batches"} {
		for _, role := range []string{"doorstep_app", "doorstep_hub", "doorstep_report"} {
			for _, privilege := range []string{"UPDATE", "DELETE", "TRUNCATE"} {
				var may bool
				if err := h.owner.QueryRow(`SELECT has_table_privilege($1, $2, $3)`, role, table, privilege).Scan(&may); err != nil || may {
					t.Errorf("%s may %s %s (%v)", role, privilege, table, err)
				}
			}
		}
	}
}
