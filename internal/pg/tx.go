package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
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
	if err := d.line.enter(ctx); err != nil {
		return fmt.Errorf("wait for a database connection: %w", err)
	}
	defer d.line.leave()
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return fmt.Errorf("get a database connection: %w", err)
	}
	defer func() { _ = conn.Close() }()
	g := d.gorm.Session(&gorm.Session{NewDB: true, Context: ctx})
	g.Statement.ConnPool = conn
	tx := &Tx{Actor: actor, ctx: ctx, gorm: g, conn: conn, keys: d.keys, role: role}
	defer tx.rollback() // also when fn panics; after a commit there is nothing to roll back
	if err := tx.begin(d.clock); err != nil {
		return err
	}
	if err := fn(tx); err != nil {
		return err
	}
	return tx.commit()
}

// enter sets tenant and role until the end of the transaction, and reads the business clock beside.
const enter = `SELECT clock_timestamp(), set_config('app.org_id', $1, true), set_config('role', $2, true)`

// begin starts the transaction and enters it in one round trip. Begin and commit travel with statements, which database/sql
// cannot do: each saved trip is some 5 % of a referral.
func (tx *Tx) begin(clock Clock) error {
	batch := &pgx.Batch{}
	batch.Queue("begin")
	batch.Queue(enter, tx.Actor.OrgID.String(), tx.role)
	var tenant, role string
	err := tx.send(batch, func(results pgx.BatchResults) error {
		if _, err := results.Exec(); err != nil {
			return err
		}
		return results.QueryRow().Scan(&tx.Now, &tenant, &role)
	})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if clock != nil {
		tx.Now = clock.Now()
	}
	tx.Now = tx.Now.UTC().Truncate(time.Microsecond)
	return nil
}

// commit sends what is queued and the commit behind it. When a statement fails, the server skips the rest and the commit.
func (tx *Tx) commit() error {
	tx.Queue("commit")
	n := len(tx.queue)
	return tx.flush(func(i int, tag pgconn.CommandTag) error {
		if i == n-1 && tag.String() != "COMMIT" { // what PostgreSQL answers when an error was passed over
			return errors.New("commit: a statement of this transaction had failed, so it was rolled back")
		}
		return nil
	})
}

// rollbackLimit: a server that does not answer loses the connection, and with it the transaction.
const rollbackLimit = 2 * time.Second

// rollback ends a transaction that was not committed, whatever became of the caller's context.
func (tx *Tx) rollback() {
	_ = tx.conn.Raw(func(c any) error {
		conn := c.(*stdlib.Conn).Conn()
		if conn.IsClosed() || conn.PgConn().TxStatus() == 'I' {
			return nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(tx.ctx), rollbackLimit)
		defer cancel()
		if _, err := conn.Exec(ctx, "rollback"); err != nil {
			return driver.ErrBadConn // the pool throws it away
		}
		return nil
	})
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
