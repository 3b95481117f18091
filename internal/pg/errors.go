package pg

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"gorm.io/gorm"

	"doorstep/internal/fault"
)

// IsUnique reports whether err is the violation of this unique constraint or index. The index decides, not a prior SELECT.
func IsUnique(err error, constraint string) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "23505" && pe.ConstraintName == constraint
}

// IsCheck reports whether err is the violation of this check, a constraint's or one that a trigger raises under its name.
func IsCheck(err error, constraint string) bool {
	var pe *pgconn.PgError
	return errors.As(err, &pe) && pe.Code == "23514" && pe.ConstraintName == constraint
}

// NotFound turns "no row" into the fault that does not tell a missing row from a foreign one. Other errors pass.
func NotFound(err error, what string) error {
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return fault.New(fault.NotFound, "There is no such %s.", what)
	}
	return err
}

// again: the transaction lost against another or met a schema change, and nothing of it stands.
func again(err error) bool {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		return false
	}
	switch pe.Code {
	case "40001", "40P01", "0A000":
		return true
	}
	return false
}

// unavailable gives the fault for a database that is away, full, locked or too slow: the caller may try again with the
// same idempotency key, since the transaction may or may not stand.
func unavailable(err error) error {
	var known *fault.Error
	if err == nil || errors.As(err, &known) {
		return err
	}
	var pe *pgconn.PgError
	var ne net.Error
	away := errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) || errors.Is(err, io.EOF) ||
		errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) || errors.As(err, &ne) || pgconn.Timeout(err)
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		away = true
	}
	if errors.As(err, &pe) {
		switch pe.Code[:2] {
		case "08", "53", "57", "55", "40":
			away = true
		}
	}
	if !away {
		return err
	}
	f := fault.Wrap(fault.Unavailable, errors.New(SafeError(err)), "The service cannot reach its database just now. Try again in a few seconds with the same Idempotency-Key.")
	f.RetryAfter = 2 * time.Second
	return f
}
