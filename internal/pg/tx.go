package pg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/auth"
	"doorstep/migrations"
)

// Tx is one transaction: who acts, at which business time, in which database role. Stores are built on it.
type Tx struct {
	Actor auth.Actor
	Now   time.Time // business time, UTC, whole microseconds

	ctx   context.Context
	gorm  *gorm.DB
	conn  *sql.Conn
	keys  *Keyring
	role  string
	queue []statement
}

// Gorm is for store files only.
func (tx *Tx) Gorm() *gorm.DB { return tx.gorm }

// Context is the context that the transaction began with.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Keys seals and opens the sealed columns.
func (tx *Tx) Keys() *Keyring { return tx.keys }

// InTx runs fn in one transaction as the actor: in the role doorstep_hub when it may see across organizations, else in
// doorstep_app bound to its organization. What fn queued with Insert is sent before the commit. fn may run again (up to three times)
// after a deadlock, so it must set its results, never add to them. Faults of fn roll back; a database that is away is Unavailable.
func (d *DB) InTx(ctx context.Context, actor auth.Actor, fn func(*Tx) error) error {
	role := migrations.AppRole
	if actor.SeesAll() {
		role = migrations.HubRole
	}
	return d.run(ctx, actor, role, fn)
}

// InReport runs fn read-only as doorstep_report, which sees figures and no identity.
func (d *DB) InReport(ctx context.Context, actor auth.Actor, fn func(*Tx) error) error {
	return d.run(ctx, actor, migrations.ReportRole, fn)
}

func (d *DB) run(ctx context.Context, actor auth.Actor, role string, fn func(*Tx) error) error {
	var err error
	for attempt := 0; attempt < 3; attempt++ {
		if err = d.once(ctx, actor, role, fn); err == nil || !again(err) {
			break
		}
	}
	return unavailable(err)
}

func (d *DB) once(ctx context.Context, actor auth.Actor, role string, fn func(*Tx) error) (err error) {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return fmt.Errorf("get a database connection: %w", err)
	}
	defer func() { _ = conn.Close() }()
	sqlTx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	done := false
	defer func() { // also when fn panics
		if !done {
			_ = sqlTx.Rollback()
		}
	}()
	g := d.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	g.Statement.ConnPool = sqlTx
	tx := &Tx{Actor: actor, ctx: ctx, gorm: g, conn: conn, keys: d.keys, role: role}
	if tx.Now, err = d.enter(ctx, sqlTx, actor.OrgID, role); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Flush(); err != nil {
		return err
	}
	done = true
	if err := sqlTx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// enter sets tenant and role for this transaction only, and reads the business clock in the same trip.
func (d *DB) enter(ctx context.Context, t *sql.Tx, org uuid.UUID, role string) (time.Time, error) {
	var now time.Time
	var tenant, entered string
	err := t.QueryRowContext(ctx, `SELECT clock_timestamp(), set_config('app.org_id', $1, true), set_config('role', $2, true)`,
		org.String(), role).Scan(&now, &tenant, &entered)
	if err != nil {
		return now, fmt.Errorf("enter the transaction: %w", err)
	}
	if d.clock != nil {
		now = d.clock.Now()
	}
	return now.UTC().Truncate(time.Microsecond), nil
}

// AsHub lets the rest of the transaction read and write across organizations. Call it only after the case was locked in
// the actor's own role (that lock proves scope) or, at intake, after the key's organization was checked. why is for the reader of the code;
// a test holds the list of callers.
func (tx *Tx) AsHub(why string) error {
	if why == "" {
		return errors.New("say why this crosses organizations")
	}
	if tx.role == migrations.HubRole {
		return nil
	}
	if err := tx.gorm.Exec(`SET LOCAL ROLE ` + migrations.HubRole).Error; err != nil {
		return fmt.Errorf("become the hub (%s): %w", why, err)
	}
	tx.role = migrations.HubRole
	return nil
}

// NewID returns an ordered id. Ids are made here so that a row can be sealed and promised before it is written.
func NewID() uuid.UUID { return uuid.Must(uuid.NewV7()) }
