package dbtest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
)

// pool holds the databases of this process that are empty again: emptying one costs a tenth of dropping it and cloning another.
type pool struct {
	mu    sync.Mutex
	free  []*DB
	shape string // of every clone of the template
}

// take is an empty database, or nil.
func (p *pool) take() *DB {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.free) == 0 {
		return nil
	}
	last := len(p.free) - 1
	db := p.free[last]
	p.free = p.free[:last]
	return db
}

func (p *pool) give(db *DB) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.free = append(p.free, db)
}

// made remembers the shape of the first clone.
func (p *pool) made(ctx context.Context, db *DB) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.shape != "" {
		return nil
	}
	at, err := sql.Open("pgx", db.SuperuserURL)
	if err != nil {
		return fmt.Errorf("open the first clone: %w", err)
	}
	defer func() { _ = at.Close() }()
	p.shape, err = shape(ctx, at)
	return err
}

var errOtherShape = errors.New("the test changed the schema, or rows that the migrations wrote")

// reset ends every other connection and empties all tables. A database that is not as a clone would be is refused: drop it.
func (p *pool) reset(ctx context.Context, db *DB) error {
	at, err := sql.Open("pgx", db.SuperuserURL)
	if err != nil {
		return fmt.Errorf("open the test's database: %w", err)
	}
	defer func() { _ = at.Close() }()
	at.SetMaxOpenConns(1)
	for _, step := range []string{endOthers, emptyAll} {
		if _, err := at.ExecContext(ctx, step); err != nil {
			if e, is := errors.AsType[*pgconn.PgError](err); is && e.Code == "42P01" { // a table of the template is gone
				return errOtherShape
			}
			return fmt.Errorf("empty the test's database: %w", err)
		}
	}
	now, err := shape(ctx, at)
	if err == nil && now != p.shape {
		err = errOtherShape
	}
	return err
}

const endOthers = `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`

// emptyAll deletes past triggers and foreign keys, which a replica's session does not run. A small table is deleted from, since
// cutting it off makes new files; a larger one is cut off, lest it grow over many tests. goose's own table is part of the shape.
const emptyAll = `DO $$
DECLARE t regclass; s regclass;
BEGIN
	SET LOCAL session_replication_role = replica;
	FOR t IN SELECT oid FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
		AND relname <> 'goose_db_version' AND pg_relation_size(oid) > 0
	LOOP
		IF pg_relation_size(t) > 65536 THEN
			EXECUTE format('TRUNCATE %s CASCADE', t);
		ELSE
			EXECUTE format('DELETE FROM %s', t);
		END IF;
	END LOOP;
	FOR s IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'goose%' LOOP
		PERFORM setval(s, 1, false);
	END LOOP;
END $$`

// shape is a digest of everything in a database that is no row of ours: tables, columns, grants, constraints, indexes, triggers,
// policies, functions, settings, and the migrations that are applied.
func shape(ctx context.Context, at *sql.DB) (string, error) {
	var out string
	err := at.QueryRowContext(ctx, `SELECT md5(string_agg(part, E'\n' ORDER BY part)) FROM (
		SELECT concat_ws(' ', 'c', oid::regclass, relkind, relrowsecurity, relforcerowsecurity, relowner, relacl, reloptions) AS part
			FROM pg_class WHERE relnamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws(' ', 'a', attrelid::regclass, attname, atttypid, attnotnull, atthasdef, attisdropped, attacl)
			FROM pg_attribute JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0
		UNION ALL SELECT concat_ws(' ', 'k', conname, conrelid::regclass, convalidated, pg_get_constraintdef(oid))
			FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws(' ', 'i', indexrelid::regclass, indisvalid, pg_get_indexdef(indexrelid))
			FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE relnamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws(' ', 't', tgname, tgrelid::regclass, tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
		UNION ALL SELECT concat_ws(' ', 'p', polname, polrelid::regclass, pg_get_expr(polqual, polrelid)) FROM pg_policy
		UNION ALL SELECT concat_ws(' ', 'f', oid::regprocedure, prosrc) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
		UNION ALL SELECT concat_ws(' ', 's', setconfig) FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase AND d.datname = current_database()
		UNION ALL SELECT concat_ws(' ', 'g', version_id, is_applied) FROM goose_db_version) x`).Scan(&out)
	if err != nil {
		return "", fmt.Errorf("read the shape of the database: %w", err)
	}
	return out, nil
}
