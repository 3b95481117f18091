package dbtest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// DB is one test's own database.
type DB struct {
	Name         string
	SuperuserURL string // for what only a tamperer or an administrator could do
	OwnerURL     string // the schema's owner: no row-level security
	AppURL       string // doorstep_app, as serve and worker use it
}

// shared is the server of this process. It is the one piece of package state: a server a test would take half a second each.
var shared = sync.OnceValues(func() (*Cluster, error) {
	if url := os.Getenv(Env); url != "" {
		return Join(context.Background(), url)
	}
	return Start(context.Background())
})

// New makes a database for this test and drops it afterwards. Without PostgreSQL the test fails: it is never skipped.
func New(t testing.TB) *DB {
	t.Helper()
	cluster, err := shared()
	if err != nil {
		t.Fatalf("database for the test: %v", err)
	}
	db := &DB{Name: "t_" + strings.ReplaceAll(uuid.NewString(), "-", "")}
	if err := cluster.clone(t.Context(), db.Name); err != nil {
		t.Fatalf("database for the test: %v", err)
	}
	t.Cleanup(func() { cluster.drop(context.Background(), db.Name) })
	db.SuperuserURL, db.OwnerURL, db.AppURL = cluster.url("postgres", db.Name), cluster.url("doorstep_owner", db.Name), cluster.url("doorstep_app", db.Name)
	return db
}

// Open opens the test's database as the service does, with keys for sealed columns, and closes it with the test.
func (d *DB) Open(t testing.TB, clock pg.Clock) *pg.DB {
	t.Helper()
	keys, err := pg.ParseKeys(pg.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	db, err := pg.Open(t.Context(), pg.Options{URL: d.AppURL, Clock: clock, Keys: keys})
	if err != nil {
		t.Fatalf("open the database of the test: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// url names a user and a database in the cluster's own address.
func (c *Cluster) url(user, db string) string {
	return fmt.Sprintf("postgres://%s@/%s?host=%s", user, db, c.host)
}
