package pg_test

import (
	"context"
	"encoding/base64"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

func TestSealedTextOpensOnlyWhereItWasSealed(t *testing.T) {
	old, err := pg.ParseKeys(pg.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	row := pg.NewID()
	sealed := old.Seal("referrals", "note_sealed", row, []byte("a note"))
	if strings.Contains(string(sealed), "note") {
		t.Fatal("the text can be read")
	}
	if plain, err := old.Open("referrals", "note_sealed", row, sealed); err != nil || string(plain) != "a note" {
		t.Errorf("open: %q %v", plain, err)
	}
	for name, open := range map[string]func() error{
		"another row":    func() error { _, err := old.Open("referrals", "note_sealed", pg.NewID(), sealed); return err },
		"no keys at all": func() error { _, err := (*pg.Keyring)(nil).Open("referrals", "note_sealed", row, sealed); return err },
		"another column": func() error { _, err := old.Open("referrals", "payload_sealed", row, sealed); return err },
		"cut short":      func() error { _, err := old.Open("referrals", "note_sealed", row, sealed[:len(sealed)-1]); return err },
		"plain text": func() error {
			_, err := old.Open("referrals", "note_sealed", row, []byte("a note in plain text, long enough"))
			return err
		},
	} {
		if open() == nil {
			t.Errorf("%s opened", name)
		}
	}
}

func TestANewKeySealsAndTheOldOneStillOpens(t *testing.T) {
	first, second := pg.NewKey(1), pg.NewKey(2)
	before, _ := pg.ParseKeys(first)
	after, err := pg.ParseKeys(second + "," + first)
	if err != nil {
		t.Fatal(err)
	}
	row := pg.NewID()
	old, fresh := before.Seal("t", "c", row, []byte("old")), after.Seal("t", "c", row, []byte("new"))
	if plain, err := after.Open("t", "c", row, old); err != nil || string(plain) != "old" {
		t.Errorf("what the old key sealed: %q %v", plain, err)
	}
	if _, err := before.Open("t", "c", row, fresh); err == nil {
		t.Error("the old key opens what the new one sealed")
	}
	for _, wrong := range []string{"", "1", "0:" + strings.SplitN(first, ":", 2)[1], "1:short", "x:" + base64.StdEncoding.EncodeToString(make([]byte, 32))} {
		if _, err := pg.ParseKeys(wrong); err == nil {
			t.Errorf("SEAL_KEYS %q was taken", wrong)
		}
	}
}

func TestACursorIsTheServicesOwn(t *testing.T) {
	c := pg.Cursor{Key: "1|2026-03-02|x", ID: uuid.NewString()}
	if got, err := pg.ParseCursor(c.String()); err != nil || got != c {
		t.Errorf("%+v %v", got, err)
	}
	for _, wrong := range []string{"x", "!!", base64.RawURLEncoding.EncodeToString([]byte("no separator"))} {
		if _, err := pg.ParseCursor(wrong); !errors.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", wrong, err)
		}
	}
}

func TestAStrongLoginIsRefused(t *testing.T) {
	base := dbtest.New(t)
	for _, url := range []string{base.OwnerURL, base.SuperuserURL} {
		if db, err := pg.Open(t.Context(), pg.Options{URL: url}); err == nil {
			_ = db.Close()
			t.Errorf("%s was let in", url)
		}
	}
}

// A tenant set on a pooled connection must not outlive its transaction, however that ends.
func TestNoTransactionSeesAnothersTenant(t *testing.T) {
	db := dbtest.New(t).Open(t, nil)
	s := seed.New(t, db)
	s.Hub(seed.Org{})
	var agencies []seed.Org
	for range 4 {
		a := s.Agency(seed.Org{})
		s.Program(seed.Program{OrgID: a.ID})
		agencies = append(agencies, a)
	}
	var all sync.WaitGroup
	for i := range 400 {
		all.Go(func() {
			org := agencies[i%len(agencies)]
			actor := auth.Actor{Kind: "key", ID: pg.NewID(), OrgID: org.ID, OrgKind: auth.Agency, Role: auth.AgencyCoordinator}
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			defer func() { _ = recover() }()
			_ = db.InTx(ctx, actor, func(tx *pg.Tx) error {
				var seen []uuid.UUID
				if err := tx.Gorm().Raw(`SELECT DISTINCT org_id FROM programs`).Scan(&seen).Error; err != nil {
					return err
				}
				if len(seen) != 1 || seen[0] != org.ID {
					t.Errorf("organization %s sees programs of %v", org.ID, seen)
				}
				switch i % 4 {
				case 0:
					return errors.New("roll back")
				case 1:
					panic("in a use case")
				case 2:
					cancel()
				}
				return nil
			})
		})
	}
	all.Wait()
}

func TestQueuedRowsGoInOrderAndWithTheTransaction(t *testing.T) {
	db := dbtest.New(t).Open(t, nil)
	count := func() (n int) {
		err := db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
			return tx.Gorm().Raw(`SELECT count(*) FROM calendars`).Scan(&n).Error
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	write := func(end error) error {
		return db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
			id := pg.NewID()
			tx.Queue(`INSERT INTO calendars (id, name, time_zone) VALUES ($1, 'c', 'UTC')`, id)
			tx.Queue(`INSERT INTO calendar_holidays (calendar_id, day, name) VALUES ($1, '2026-07-03', 'h')`, id) // fails before its calendar
			return end
		})
	}
	if err := write(nil); err != nil || count() != 1 {
		t.Errorf("committed: %v, %d rows", err, count())
	}
	if err := write(errors.New("no")); err == nil || count() != 1 {
		t.Errorf("rolled back: %v, %d rows", err, count())
	}
	err := db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
		tx.Queue(`INSERT INTO calendar_holidays (calendar_id, day, name) VALUES ($1, '2026-07-03', 'h')`, pg.NewID())
		return nil
	})
	if err == nil || strings.Contains(pg.SafeError(err), "Key (") {
		t.Errorf("a broken row: %v", err)
	}
}

func TestOnceAnswersTheSameAndDoesItOnce(t *testing.T) {
	db := dbtest.New(t).Open(t, nil)
	hub := seed.New(t, db).Hub(seed.Org{})
	actor := auth.Actor{Kind: "key", ID: pg.NewID(), OrgID: hub.ID, OrgKind: auth.Hub, Role: auth.TriageCoordinator}
	runs := 0
	call := func(key, body string) (string, bool, error) {
		r := &pg.Request{Route: "POST /x", Key: key, BodyHash: []byte(body)}
		out, err := pg.Once(pg.WithRequest(t.Context(), r), db, actor, func(*pg.Tx) (string, error) {
			runs++
			if body == "bad" {
				return "", fault.New(fault.Conflict, "No.")
			}
			return pg.NewID().String(), nil
		})
		return out, r.Replayed, err
	}
	first, _, err := call("k", "body")
	again, replayed, err2 := call("k", "body")
	if err != nil || err2 != nil || first != again || !replayed || runs != 1 {
		t.Errorf("%q then %q, replayed %v, %d runs, %v %v", first, again, replayed, runs, err, err2)
	}
	if _, _, err := call("k", "other"); !errors.Is(err, fault.Invalid) {
		t.Errorf("another body: %v", err)
	}
	if _, _, err := call("failed", "bad"); !errors.Is(err, fault.Conflict) {
		t.Errorf("a refusal: %v", err)
	}
	if _, replayed, err := call("failed", "good"); err != nil || replayed {
		t.Errorf("a refusal was kept: %v %v", replayed, err)
	}
}
