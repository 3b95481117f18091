package pg

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
)

// Clock gives business time. Production has none: the database's own clock is read once a transaction.
type Clock interface{ Now() time.Time }

// Options says how to open the database.
type Options struct {
	URL      string // of the login role doorstep_app
	MaxConns int    // 0 = 12; more than about 4 a core only adds waiting
	Log      *slog.Logger
	Clock    Clock           // demo and tests only
	Keys     *Keyring        // for sealed columns
	Tracer   pgx.QueryTracer // measurements only: it sees client data
}

// DB hands out transactions. There is no way to read or write outside one.
type DB struct {
	sql   *sql.DB
	line  *line
	gorm  *gorm.DB
	clock Clock
	keys  *Keyring
	log   *slog.Logger
}

// Open connects and refuses a login that row-level security would not bind.
func Open(ctx context.Context, o Options) (*DB, error) {
	cfg, err := pgx.ParseConfig(o.URL)
	if err != nil {
		return nil, fmt.Errorf("read the database URL: %w", redactURL(err))
	}
	for name, value := range map[string]string{
		"statement_timeout":                   "5000",
		"lock_timeout":                        "4000",
		"idle_in_transaction_session_timeout": "15000",
		"application_name":                    "doorstep",
		"jit":                                 "off",
	} {
		if _, set := cfg.RuntimeParams[name]; !set {
			cfg.RuntimeParams[name] = value
		}
	}
	cfg.ConnectTimeout = 3 * time.Second
	cfg.Tracer = o.Tracer
	db := stdlib.OpenDB(*cfg)
	conns := o.MaxConns
	if conns == 0 {
		conns = 12
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	db.SetConnMaxIdleTime(5 * time.Minute)
	log := o.Log
	if log == nil {
		log = slog.Default()
	}
	g, err := gorm.Open(postgres.New(postgres.Config{Conn: db}), &gorm.Config{
		Logger: &gormLog{log}, SkipDefaultTransaction: true, DisableAutomaticPing: true, TranslateError: false,
	})
	if err != nil {
		return nil, fmt.Errorf("open gorm: %w", err)
	}
	d := &DB{sql: db, line: newLine(conns), gorm: g, clock: o.Clock, keys: o.Keys, log: log}
	if err := d.refuseStrongLogin(ctx); err != nil {
		_ = db.Close()
		return nil, err
	}
	return d, nil
}

// refuseStrongLogin: a superuser, a login that bypasses or inherits, or an owner would see every row of every family.
func (d *DB) refuseStrongLogin(ctx context.Context) error {
	var super, bypass, owns, inherits bool
	err := d.sql.QueryRowContext(ctx, `SELECT r.rolsuper, r.rolbypassrls,
		EXISTS (SELECT 1 FROM pg_class c WHERE c.relowner = r.oid AND c.relkind = 'r'),
		r.rolinherit AND pg_has_role(r.oid, 'doorstep_hub', 'MEMBER')
		FROM pg_roles r WHERE r.rolname = current_user`).Scan(&super, &bypass, &owns, &inherits)
	if err != nil {
		return fmt.Errorf("check the database login: %w", err)
	}
	if super || bypass || owns || inherits {
		return fmt.Errorf("DATABASE_URL must use the login role doorstep_app: this login is a superuser, bypasses row-level " +
			"security, inherits doorstep_hub or owns tables")
	}
	return nil
}

// Ready is nil when the database answers and has at least migration version.
func (d *DB) Ready(ctx context.Context, version int64) error {
	var have int64
	err := d.sql.QueryRowContext(ctx, `SELECT coalesce(max(version_id), 0) FROM goose_db_version WHERE is_applied`).Scan(&have)
	if err != nil {
		return fmt.Errorf("ask the database: %w", err)
	}
	if have < version {
		return fmt.Errorf("database is at migration %d, this binary needs %d: run doorstep migrate up", have, version)
	}
	return nil
}

// Stats is the pool's own count, for metrics, with the time that transactions stood in line for it.
func (d *DB) Stats() sql.DBStats {
	s := d.sql.Stats()
	s.WaitDuration += time.Duration(d.line.waited.Load())
	return s
}

// Close waits for no one: running transactions fail and roll back.
func (d *DB) Close() error { return d.sql.Close() }

// redactURL keeps a password in a malformed URL out of the log.
func redactURL(error) error { return fmt.Errorf("it is not a PostgreSQL URL or DSN") }
