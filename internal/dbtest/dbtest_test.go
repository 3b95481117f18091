package dbtest_test

import (
	"testing"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
)

func TestEachTestHasItsOwnDatabase(t *testing.T) {
	a, b := dbtest.New(t), dbtest.New(t)
	if a.AppURL == b.AppURL {
		t.Fatal("two tests share a database")
	}
	err := a.Open(t, nil).InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
		var tables int64
		if err := tx.Gorm().Raw(`SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND rowsecurity`).Scan(&tables).Error; err != nil {
			return err
		}
		if tables < 30 {
			t.Errorf("%d tables under row-level security: the template is not migrated", tables)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAForeignServerIsRefused(t *testing.T) {
	if _, err := dbtest.Join(t.Context(), dbtest.New(t).OwnerURL+"&connect_timeout=2"); err != nil {
		t.Fatalf("the run's own server: %v", err)
	}
	if _, err := dbtest.Join(t.Context(), "postgres://nobody@/none?host=/nonexistent"); err == nil {
		t.Fatal("a server that no test made was accepted")
	}
}
