package embedded

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// awaitReady returns a superuser connection as soon as the server takes one, or the end of its log when it gives up.
func (p *Postgres) awaitReady(ctx context.Context, c *child) (*pgx.Conn, error) {
	var conn *pgx.Conn
	var last error
	err := poll(ctx, 5*time.Millisecond, func() (bool, error) {
		if !c.running() {
			return false, fmt.Errorf("the server ended while starting (%v); its log ends with:\n%s", c.err, logTail(p.LogPath()))
		}
		conn, last = pgx.Connect(ctx, p.URL(superuser, superuser))
		return last == nil, nil
	})
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return nil, fmt.Errorf("wait for the server to take connections: %w (last: %v); its log ends with:\n%s", err, last, logTail(p.LogPath()))
	}
	return conn, err
}

// ensureOwner makes the role and the database that migrations and the demo use. The owner is no superuser, so that a
// migration which would need one fails here and not at an operator's. It may create roles, since migrations do.
func ensureOwner(ctx context.Context, conn *pgx.Conn) error {
	// Neither statement has IF NOT EXISTS. Only the holder of the folder's lock gets here, so look-then-make is safe.
	for _, step := range []struct{ exists, create string }{
		{
			`SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = '` + OwnerRole + `')`,
			`CREATE ROLE ` + OwnerRole + ` LOGIN NOSUPERUSER CREATEROLE`,
		},
		{
			`SELECT EXISTS (SELECT FROM pg_database WHERE datname = '` + Database + `')`,
			`CREATE DATABASE ` + Database + ` OWNER ` + OwnerRole,
		},
	} {
		var have bool
		if err := conn.QueryRow(ctx, step.exists).Scan(&have); err != nil {
			return fmt.Errorf("look for the owner role and its database: %w", err)
		}
		if have {
			continue
		}
		if _, err := conn.Exec(ctx, step.create); err != nil {
			return fmt.Errorf("%s: %w", step.create, err)
		}
	}
	return nil
}
