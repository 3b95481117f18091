package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver of database/sql

	"doorstep/internal/embedded"
)

const (
	// Env holds the superuser URL of a shared cluster, set by cmd/testcluster for the command it runs.
	Env = "DOORSTEP_TEST_PG"

	// mark is a server setting that only Start writes. It stands in the server's own configuration file, which no
	// client can change, so a database that somebody uses can neither have it by accident nor be given it by a test.
	mark      = "doorstep.test_cluster"
	markValue = "throw-away"
)

// Cluster is a throw-away PostgreSQL server for tests.
type Cluster struct {
	URL      string // of the superuser and the maintenance database, for Env
	base     *url.URL
	db       *sql.DB
	template string
	server   *embedded.Postgres // nil when another process started it
	remove   func() error
	pool     pool
}

// Start starts a server in a temporary folder and migrates the template. A durable one writes to the disk as in production, for
// measuring. Stop ends it and removes the folder.
func Start(ctx context.Context, durable bool) (*Cluster, error) {
	dir, remove, err := embedded.TempDir()
	if err != nil {
		return nil, err
	}
	server, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{
		Dir: filepath.Join(dir, "pg"), Durable: durable, Settings: map[string]string{mark: markValue},
	})
	if err != nil {
		return nil, errors.Join(err, remove())
	}
	c, err := Join(ctx, server.SuperuserURL())
	if err != nil {
		return nil, errors.Join(err, server.StopImmediate(), remove())
	}
	c.server, c.remove = server, remove
	return c, nil
}

// Join uses a running cluster, after proof that it is one of ours.
func Join(ctx context.Context, admin string) (*Cluster, error) {
	base, err := url.Parse(admin)
	if err != nil || base.Query().Get("host") == "" {
		return nil, fmt.Errorf("read the test cluster's URL in %s: it names no socket", Env) // the error would print the URL
	}
	db, err := sql.Open("pgx", admin)
	if err != nil {
		return nil, fmt.Errorf("open the test cluster: %w", err)
	}
	db.SetMaxOpenConns(4) // cloning more databases at once is no faster on a few cores
	c := &Cluster{URL: admin, base: base, db: db}
	if err = c.refuseStranger(ctx); err == nil {
		err = c.ensureTemplate(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return c, nil
}

// refuseStranger fails unless the server's own configuration file carries the mark. The file is asked, not the setting: a
// role, a database or this very URL's options could give a session any setting.
func (c *Cluster) refuseStranger(ctx context.Context) error {
	var marked bool
	err := c.db.QueryRowContext(ctx, `SELECT EXISTS (SELECT FROM pg_file_settings
		WHERE name = $1 AND setting = $2 AND sourcefile LIKE '%/postgresql.conf')`, mark, markValue).Scan(&marked)
	if err != nil {
		return fmt.Errorf("ask the test cluster for its mark: %w", err)
	}
	if !marked {
		return fmt.Errorf("refuse the server that %s names: it was not started by dbtest, and tests drop databases; unset the variable", Env)
	}
	return nil
}

// Stop ends the server when this process started it.
func (c *Cluster) Stop() error {
	err := c.db.Close()
	if c.server != nil {
		err = errors.Join(err, c.server.StopImmediate(), c.remove())
	}
	return err
}

// url is the URL of one database of the cluster for one role.
func (c *Cluster) url(role, db string) string {
	u := *c.base
	u.User, u.Path = url.User(role), "/"+db
	return u.String()
}

// exec runs one statement that takes names, not parameters. The names are made by this package.
func (c *Cluster) exec(ctx context.Context, parts ...string) error {
	statement := strings.Join(parts, " ")
	if _, err := c.db.ExecContext(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

// startTime bounds start and migration; both together take about a second on a free machine.
const startTime = 2 * time.Minute
