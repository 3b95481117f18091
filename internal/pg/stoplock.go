package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/migrations"
)

// WithClientShared runs fn, one send, while no stop of this client can commit: a loss, an opt-out, a revoked consent. fn
// gets the stop version that stands as it begins and a context that ends after limit. It must not use the database: one
// connection is pinned for the whole send, since the lock belongs to its session. A client that is missing is NotFound.
func (d *DB) WithClientShared(ctx context.Context, client uuid.UUID, limit time.Duration, fn func(ctx context.Context, stopVersion int) error) error {
	lock := sessionLock{
		take: `SELECT pg_advisory_lock_shared(hashtextextended($1, 0)) IS NOT NULL`,
		free: `SELECT pg_advisory_unlock_shared(hashtextextended($1, 0))`,
		name: stopName(client),
	}
	_, err := d.holding(ctx, lock, func(conn *sql.Conn) error {
		version, err := d.stopVersion(ctx, conn, client)
		if err != nil {
			return err
		}
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return fn(limited, version)
	})
	return err
}

// Alone runs fn unless another process is running it: the lock of that name is held, on a pinned connection, for this run
// only. It reports whether fn ran.
func (d *DB) Alone(ctx context.Context, name string, fn func(context.Context) error) (bool, error) {
	lock := sessionLock{
		take: `SELECT pg_try_advisory_lock(hashtextextended($1, 0))`,
		free: `SELECT pg_advisory_unlock(hashtextextended($1, 0))`,
		name: "alone|" + name,
	}
	return d.holding(ctx, lock, func(*sql.Conn) error { return fn(ctx) })
}

// StopClient makes sure that no send to this client begins after the transaction commits: it waits for those under way
// (at most 12 s, since a send may take 10, then Unavailable) and moves the stop version on, so that a send that was decided
// before is decided again. Lock the case first; call it as the hub. The longer patience holds until the transaction ends.
func (tx *Tx) StopClient(client uuid.UUID) error {
	err := tx.gorm.Exec(`SELECT set_config('lock_timeout', '12s', true), set_config('statement_timeout', '13s', true)`).Error
	if err == nil {
		err = tx.gorm.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, stopName(client)).Error
	}
	if err != nil {
		return fmt.Errorf("wait for sends to client %s: %w", client, err)
	}
	r := tx.gorm.Exec(`UPDATE clients SET stop_version = stop_version + 1 WHERE id = ?`, client)
	if r.Error != nil {
		return fmt.Errorf("stop sends to client %s: %w", client, r.Error)
	}
	if r.RowsAffected == 0 {
		return fault.New(fault.NotFound, "There is no such client.")
	}
	return nil
}

func stopName(client uuid.UUID) string { return "stop|" + client.String() }

// sessionLock is an advisory lock of the session; take and free answer a boolean.
type sessionLock struct{ take, free, name string }

// holding runs fn on one pinned connection that holds the lock; false when another session has it.
func (d *DB) holding(ctx context.Context, lock sessionLock, fn func(*sql.Conn) error) (got bool, err error) {
	conn, err := d.sql.Conn(ctx)
	if err != nil {
		return false, unavailable(fmt.Errorf("get a database connection: %w", err))
	}
	defer func() { _ = conn.Close() }()
	if err := conn.QueryRowContext(ctx, lock.take, lock.name).Scan(&got); err != nil {
		return false, unavailable(fmt.Errorf("take a session lock: %w", err))
	}
	if !got {
		return false, nil
	}
	defer unlock(ctx, conn, lock)
	return true, fn(conn)
}

// unlock also when the caller's time is over. A connection that cannot unlock is closed, which frees the lock.
func unlock(ctx context.Context, conn *sql.Conn, lock sessionLock) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*time.Second)
	defer cancel()
	var freed bool
	if err := conn.QueryRowContext(ctx, lock.free, lock.name).Scan(&freed); err != nil || !freed {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	}
}

// stopVersion reads as the hub in a short transaction of its own, so that the send that follows holds none open.
func (d *DB) stopVersion(ctx context.Context, conn *sql.Conn, client uuid.UUID) (version int, err error) {
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return 0, unavailable(fmt.Errorf("begin: %w", err))
	}
	defer func() { _ = tx.Rollback() }() // it only reads
	if _, err := tx.ExecContext(ctx, enter, uuid.Nil.String(), migrations.HubRole); err != nil {
		return 0, unavailable(fmt.Errorf("enter the transaction: %w", err))
	}
	err = tx.QueryRowContext(ctx, `SELECT stop_version FROM clients WHERE id = $1`, client).Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, fault.New(fault.NotFound, "There is no such client.")
	}
	return version, unavailable(err)
}
