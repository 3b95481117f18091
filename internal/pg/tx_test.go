package pg_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
)

func inTx(t *testing.T, db *pg.DB, fn func(*pg.Tx) error) error {
	t.Helper()
	return db.InTx(t.Context(), auth.System("test"), fn)
}

func TestReadAllAnswersInOrderAndTakesNoRowAsAnAnswer(t *testing.T) {
	db := dbtest.New(t).Open(t, nil)
	err := inTx(t, db, func(tx *pg.Tx) error {
		var one int
		var many []struct{ Word string }
		var none []struct{ ID string }
		err := tx.ReadAll(
			pg.Read{Query: tx.Gorm().Raw(`SELECT 1`), Into: &one},
			pg.Read{Query: tx.Gorm().Raw(`SELECT word FROM unnest(string_to_array(?, ' ')) word`, "a b"), Into: &many},
			pg.Read{Query: tx.Gorm().Table("users").Select("id").Where("name = ?", "nobody"), Into: &none})
		if one != 1 || len(many) != 2 || many[1].Word != "b" || len(none) != 0 {
			t.Errorf("%d %v %v", one, many, none)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestReadAllFailsWithItsFirstFailure(t *testing.T) {
	db := dbtest.New(t).Open(t, nil)
	err := inTx(t, db, func(tx *pg.Tx) error {
		var one int
		return tx.ReadAll(pg.Read{Query: tx.Gorm().Raw(`SELECT 1/0`), Into: &one}, pg.Read{Query: tx.Gorm().Raw(`SELECT 1`), Into: &one})
	})
	if err == nil || !strings.Contains(err.Error(), "division by zero") {
		t.Errorf("%v", err)
	}
}

// A statement's error that a use case passes over must not end as a success: PostgreSQL answers such a commit with a rollback.
func TestAnErrorPassedOverIsNoCommit(t *testing.T) {
	db := dbtest.New(t).Open(t, nil)
	err := inTx(t, db, func(tx *pg.Tx) error {
		_ = tx.Gorm().Exec(`SELECT 1/0`).Error
		return nil
	})
	if err == nil {
		t.Error("a transaction that was rolled back reported a commit")
	}
}

// Whatever ends a transaction, the next one on the same connection finds nothing of it.
func TestNothingOfAnEndedTransactionStays(t *testing.T) {
	db, err := pg.Open(t.Context(), pg.Options{URL: dbtest.New(t).AppURL, MaxConns: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	failed := errors.New("failed")
	for name, end := range map[string]func(){
		"error": func() { _ = inTx(t, db, func(*pg.Tx) error { return failed }) },
		"panic": func() {
			defer func() { _ = recover() }()
			_ = inTx(t, db, func(*pg.Tx) error { panic(failed) })
		},
		"cancelled": func() {
			ctx, cancel := context.WithCancel(t.Context())
			_ = db.InTx(ctx, auth.System("test"), func(tx *pg.Tx) error {
				cancel()
				return tx.Gorm().Exec(`SELECT pg_sleep(1)`).Error
			})
		},
		"write refused at the commit": func() {
			_ = inTx(t, db, func(tx *pg.Tx) error {
				tx.Queue(`INSERT INTO organizations (id) VALUES ($1)`, pg.NewID())
				return nil
			})
		},
	} {
		end()
		var now struct{ Role, Tenant string }
		err := db.InReport(t.Context(), auth.Actor{OrgID: uuid.Nil}, func(tx *pg.Tx) error {
			return tx.Gorm().Raw(`SELECT current_user AS role, current_setting('app.org_id') AS tenant`).Scan(&now).Error
		})
		if err != nil || now.Role != "doorstep_report" || now.Tenant != uuid.Nil.String() {
			t.Errorf("after %s: %+v, %v", name, now, err)
		}
	}
}

// A fence that meets no row takes everything before it along, also what travels in the same trip.
func TestAFenceThatMeetsNoRowLeavesNothing(t *testing.T) {
	base := dbtest.New(t)
	db := base.Open(t, nil)
	refused := errors.New("refused")
	add := func(tx *pg.Tx, name string) {
		tx.Queue(`INSERT INTO calendars VALUES ($1, $2, 'America/New_York')`, pg.NewID(), name)
	}
	err := inTx(t, db, func(tx *pg.Tx) error {
		add(tx, "first")
		tx.Fence(refused, `UPDATE calendars SET name = 'moved' WHERE name = $1`, "nobody's")
		return nil
	})
	if !errors.Is(err, refused) {
		t.Errorf("%v", err)
	}
	err = inTx(t, db, func(tx *pg.Tx) error {
		add(tx, "second")
		tx.Fence(refused, `UPDATE calendars SET name = 'moved' WHERE name = $1`, "second")
		return nil
	})
	var names []string
	if err := errors.Join(err, inTx(t, db, func(tx *pg.Tx) error {
		return tx.ReadAll(pg.Read{Query: tx.Gorm().Raw(`SELECT name FROM calendars`), Into: &names})
	})); err != nil || len(names) != 1 || names[0] != "moved" {
		t.Errorf("%q, %v", names, err)
	}
}
