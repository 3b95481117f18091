package dbtest_test

import (
	"database/sql"
	"os"
	"sync"
	"testing"

	"doorstep/auth"
	"doorstep/internal/dbtest"
	"doorstep/internal/pg"
	"doorstep/migrations"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func TestNewIsMigratedAndEmpty(t *testing.T) {
	db := dbtest.New(t)
	list, err := migrations.List(t.Context(), db.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range list {
		if !m.Applied {
			t.Errorf("%s is not applied", m.Name)
		}
	}
	var cases int
	if err := open(t, db.OwnerURL).QueryRow(`SELECT count(*) FROM cases`).Scan(&cases); err != nil || cases != 0 {
		t.Errorf("%d cases, %v", cases, err)
	}
}

func TestAppIsBoundByRowLevelSecurity(t *testing.T) {
	var user, super string
	var bypass bool
	err := open(t, dbtest.New(t).AppURL).QueryRow(`SELECT current_user, current_setting('is_superuser'), rolbypassrls FROM pg_roles
		WHERE rolname = current_user`).Scan(&user, &super, &bypass)
	if err != nil || user != migrations.AppRole || super != "off" || bypass {
		t.Errorf("user %s, superuser %s, bypass %v, %v", user, super, bypass, err)
	}
}

func TestOpenWorksAsTheServiceDoes(t *testing.T) {
	err := dbtest.New(t).Open(t, nil).InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) error {
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

func TestDatabasesAreApart(t *testing.T) {
	a, b := dbtest.New(t), dbtest.New(t)
	if _, err := open(t, a.OwnerURL).Exec(`CREATE TABLE only_a ()`); err != nil {
		t.Fatal(err)
	}
	var seen bool
	if err := open(t, b.OwnerURL).QueryRow(`SELECT to_regclass('only_a') IS NOT NULL`).Scan(&seen); err != nil || seen {
		t.Errorf("the other database has the table: %v, %v", seen, err)
	}
}

// A test that only wrote rows leaves its database to the next, empty; an open connection does not keep it.
func TestEmptiedForTheNextTest(t *testing.T) {
	var name string
	t.Run("first", func(t *testing.T) {
		first := dbtest.New(t)
		name = first.Name
		if _, err := open(t, first.AppURL).Conn(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := open(t, first.OwnerURL).Exec(`INSERT INTO episodes (id, created_at) SELECT gen_random_uuid(), now() FROM generate_series(1, 5000)`); err != nil {
			t.Fatal(err)
		}
	})
	second := dbtest.New(t)
	var left int
	if err := open(t, second.OwnerURL).QueryRow(`SELECT count(*) FROM episodes`).Scan(&left); err != nil || left != 0 || second.Name != name {
		t.Errorf("%s after %s: %d rows are left, %v", second.Name, name, left, err)
	}
}

// One whose schema was changed, in whatever way, is given to nobody.
func TestDroppedWhenTheSchemaChanged(t *testing.T) {
	keep := dbtest.New(t)
	for _, change := range []string{`CREATE TABLE only_a ()`, `DROP TABLE outbox CASCADE`, `ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate`,
		`ALTER TABLE episodes ADD COLUMN x int`, `REVOKE SELECT ON clients FROM doorstep_hub`, `DELETE FROM goose_db_version WHERE version_id > 3`,
		`ALTER TABLE clients DISABLE ROW LEVEL SECURITY`, `CREATE INDEX x ON episodes (created_at)`} {
		var name string
		t.Run(change, func(t *testing.T) {
			db := dbtest.New(t)
			name = db.Name
			if _, err := open(t, db.OwnerURL).Exec(change); err != nil {
				t.Fatal(err)
			}
		})
		var there bool
		if err := open(t, keep.OwnerURL).QueryRow(`SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil || there {
			t.Errorf("%s: %s is still there: %v, %v", change, name, there, err)
		}
	}
}

func TestManyAtOnce(t *testing.T) {
	names := make(chan string, 16)
	var wg sync.WaitGroup
	for range cap(names) {
		wg.Go(func() { names <- dbtest.New(t).Name })
	}
	wg.Wait()
	close(names)
	seen := map[string]bool{}
	for n := range names {
		seen[n] = true
	}
	if len(seen) != cap(names) {
		t.Errorf("%d databases, want %d", len(seen), cap(names))
	}
}

// BenchmarkNew prints what one database costs a test.
func BenchmarkNew(b *testing.B) {
	dbtest.New(b)
	for b.Loop() {
		dbtest.New(b)
	}
}
