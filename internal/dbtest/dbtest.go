package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"doorstep/internal/embedded"
	"doorstep/internal/pg"
	"doorstep/migrations"
)

// DB is one test's own database, migrated and empty.
type DB struct {
	Name         string
	SuperuserURL string // for what only a tamperer or an administrator could do
	OwnerURL     string // owns the schema; row-level security does not bind it
	AppURL       string // doorstep_app, as serve and worker use it, bound by row-level security
}

// process is the cluster of this test process. It is package state, against the house rule: tests of one binary share
// nothing but the binary, and a cluster for each test would cost a second each.
var process struct {
	mu      sync.Mutex
	cluster *Cluster
	err     error
}

// New gives t a database as the migrations leave it: one of an earlier test that was emptied, else a clone of the template. When t ends
// it is emptied for another test; one whose schema t changed is dropped. It fails t when there is no PostgreSQL.
func New(t testing.TB) *DB {
	t.Helper()
	c, err := processCluster()
	if err != nil {
		t.Fatalf("database tests need PostgreSQL: %v", err)
	}
	db, err := c.empty(t.Context())
	if err != nil {
		t.Fatalf("make the test database: %v", err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute) // t.Context is over by now
		defer cancel()
		if err := c.pool.reset(ctx, db); err == nil {
			c.pool.give(db)
			return
		}
		if err := c.exec(ctx, `DROP DATABASE IF EXISTS`, db.Name, `WITH (FORCE)`); err != nil {
			t.Errorf("drop the test database: %v", err)
		}
	})
	return db
}

// Main runs a package's tests and then ends the cluster:
//
//	func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }
//
// It is optional. Without it the server still ends with the process on Linux, and its folder is removed by a later run.
func Main(m *testing.M) int {
	code := m.Run()
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.cluster == nil {
		return code
	}
	if err := process.cluster.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, "end the test cluster:", err)
		code = max(code, 1)
	}
	process.cluster, process.err = nil, errors.New("the tests are over")
	return code
}

// Owner opens the database as its owner, for what a test arranges and asserts past row-level security. It is closed with t.
func (d *DB) Owner(t testing.TB) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", d.OwnerURL)
	if err != nil {
		t.Fatalf("open the test database: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Open opens the test's database as the service does, with a key for sealed columns, and closes it with the test.
func (d *DB) Open(t testing.TB, clock pg.Clock) *pg.DB {
	t.Helper()
	keys, err := pg.ParseKeys(pg.NewKey(1))
	if err != nil {
		t.Fatalf("make a key for the test: %v", err)
	}
	db, err := pg.Open(t.Context(), pg.Options{URL: d.AppURL, Clock: clock, Keys: keys})
	if err != nil {
		t.Fatalf("open the database of the test: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// processCluster starts or joins the cluster at the first call. A failure is kept: the next test would wait for it again.
func processCluster() (*Cluster, error) {
	process.mu.Lock()
	defer process.mu.Unlock()
	if process.cluster == nil && process.err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), startTime)
		defer cancel()
		if shared := os.Getenv(Env); shared != "" {
			process.cluster, process.err = Join(ctx, shared)
		} else {
			process.cluster, process.err = Start(ctx, false)
		}
	}
	return process.cluster, process.err
}

// empty is a database as the migrations leave it.
func (c *Cluster) empty(ctx context.Context) (*DB, error) {
	if db := c.pool.take(); db != nil {
		return db, nil
	}
	db, err := c.clone(ctx)
	if err != nil {
		return nil, err
	}
	return db, c.pool.made(ctx, db)
}

// clone copies the template. FILE_COPY is the faster strategy here: the template is small and nothing waits for the disk.
func (c *Cluster) clone(ctx context.Context) (*DB, error) {
	name := "t_" + suffix()
	if err := c.exec(ctx, `CREATE DATABASE`, name, `TEMPLATE`, c.template, `STRATEGY FILE_COPY OWNER`, embedded.OwnerRole); err != nil {
		return nil, err
	}
	return &DB{
		Name: name, SuperuserURL: c.url("postgres", name), OwnerURL: c.url(embedded.OwnerRole, name), AppURL: c.url(migrations.AppRole, name),
	}, nil
}

// suffix keeps the names of all processes of a shared cluster apart.
func suffix() string { return strings.ToLower(rand.Text()[:16]) }
