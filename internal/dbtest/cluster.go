package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5"
	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver of database/sql

	"doorstep/internal/embedded"
	"doorstep/migrations"
)

// Env names the variable through which a whole run of tests shares one server: its superuser's URL.
const Env = "DOORSTEP_TEST_PG"

const (
	template = "doorstep_template"
	marker   = "made by doorstep dbtest" // comment on the template; a server without it is not ours to fill
)

// Cluster is a server that tests may fill and throw away.
type Cluster struct {
	URL  string // of the superuser, for Env
	host string
	db   *sql.DB
	stop func()
}

// Start makes a server in a throw-away folder and the migrated template in it. It ends with this process, however that ends.
func Start(ctx context.Context) (*Cluster, error) {
	dir, remove, err := embedded.TempDir()
	if err != nil {
		return nil, err
	}
	server, err := embedded.StartPostgres(ctx, embedded.PostgresOptions{Dir: dir, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		remove()
		return nil, fmt.Errorf("start PostgreSQL for the tests: %w", err)
	}
	c, err := connect(server.SuperuserURL())
	if err != nil {
		return nil, err
	}
	c.stop = func() {
		_ = c.db.Close()
		_ = server.StopImmediate()
		remove()
	}
	if err := c.makeTemplate(ctx); err != nil {
		c.Stop()
		return nil, err
	}
	return c, nil
}

// Join uses the server that Start made in another process. Any other server is refused.
func Join(ctx context.Context, url string) (*Cluster, error) {
	c, err := connect(url)
	if err != nil {
		return nil, err
	}
	var comment sql.NullString
	err = c.db.QueryRowContext(ctx, `SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = $1`, template).Scan(&comment)
	if err != nil || comment.String != marker {
		return nil, errors.Join(fmt.Errorf("%s points at a server that no test run made; tests would fill it", Env), err)
	}
	return c, nil
}

// Stop ends a server that Start made.
func (c *Cluster) Stop() {
	if c.stop != nil {
		c.stop()
	}
}

func connect(url string) (*Cluster, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("read the test server's address: %w", err)
	}
	db, err := sql.Open("pgx", url)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(4)
	return &Cluster{URL: url, host: config.Host, db: db}, nil
}

func (c *Cluster) makeTemplate(ctx context.Context) error {
	if _, err := c.db.ExecContext(ctx, `CREATE DATABASE `+template+` OWNER doorstep_owner`); err != nil {
		return fmt.Errorf("make the template database: %w", err)
	}
	if err := migrations.Up(ctx, c.url("doorstep_owner", template)); err != nil {
		return err
	}
	for _, s := range []string{
		`COMMENT ON DATABASE ` + template + ` IS '` + marker + `'`,
		`ALTER DATABASE ` + template + ` IS_TEMPLATE true ALLOW_CONNECTIONS false`, // a template with a session cannot be copied
	} {
		if _, err := c.db.ExecContext(ctx, s); err != nil {
			return fmt.Errorf("keep the template database: %w", err)
		}
	}
	return nil
}

func (c *Cluster) clone(ctx context.Context, name string) error {
	_, err := c.db.ExecContext(ctx, `CREATE DATABASE `+name+` TEMPLATE `+template+` STRATEGY FILE_COPY OWNER doorstep_owner`)
	if err != nil {
		return fmt.Errorf("copy the template: %w", err)
	}
	return nil
}

func (c *Cluster) drop(ctx context.Context, name string) {
	_, _ = c.db.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`)
}
