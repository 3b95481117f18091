package pg

import (
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

type statement struct {
	sql     string
	args    []any
	refused error // of Fence
}

// Insert queues rows (pointers to structs, or slices of structs) to be written in this order by the next Flush or the
// commit, all in one round trip. A referral writes some twenty rows: sent one by one they cost most of its time.
func (tx *Tx) Insert(rows ...any) error {
	dry := tx.gorm.Session(&gorm.Session{DryRun: true, NewDB: true})
	for _, row := range rows {
		r := dry.Create(row)
		if r.Error != nil {
			if errors.Is(r.Error, gorm.ErrEmptySlice) {
				continue
			}
			return fmt.Errorf("prepare an insert: %w", r.Error)
		}
		tx.queue = append(tx.queue, statement{sql: r.Statement.SQL.String(), args: plain(r.Statement.Vars)})
	}
	return nil
}

// plain turns arguments into the values that database/sql would send. pgx finds their way too, but tries others first: on a
// referral's two hundred arguments that is a tenth of the whole work. What database/sql does not know, slices, pgx does.
func plain(args []any) []any {
	out := make([]any, len(args))
	for i, arg := range args {
		out[i] = arg
		if value, err := driver.DefaultParameterConverter.ConvertValue(arg); err == nil {
			out[i] = value
		}
	}
	return out
}

// Queue adds a statement with $1-style arguments to what Flush sends. Use it for writes whose result nobody reads.
func (tx *Tx) Queue(sql string, args ...any) {
	tx.queue = append(tx.queue, statement{sql: sql, args: plain(args)})
}

// Fence is Queue for an UPDATE without RETURNING that must meet a row: otherwise the transaction fails with refused and leaves
// nothing. A row count could be looked at only after a trip of its own; an error stops the commit that travels behind.
func (tx *Tx) Fence(refused error, update string, args ...any) {
	tx.queue = append(tx.queue, statement{
		sql: `WITH fenced AS (` + update + ` RETURNING 1)
			SELECT CASE count(*) WHEN 0 THEN ('a fence was met, rows: ' || count(*))::int END FROM fenced`,
		args: plain(args), refused: refused,
	})
}

// notANumber is how a fence fails.
const notANumber = "22P02"

// Flush sends what is queued. A statement that reads or depends on queued rows must come after it.
func (tx *Tx) Flush() error {
	if len(tx.queue) == 0 {
		return nil
	}
	return tx.flush(func(int, pgconn.CommandTag) error { return nil })
}

func (tx *Tx) flush(done func(i int, tag pgconn.CommandTag) error) error {
	batch := &pgx.Batch{}
	for _, s := range tx.queue {
		batch.Queue(s.sql, s.args...)
	}
	queue := tx.queue
	tx.queue = nil
	return tx.send(batch, func(results pgx.BatchResults) error {
		for i, s := range queue {
			tag, err := results.Exec()
			var pe *pgconn.PgError
			if s.refused != nil && errors.As(err, &pe) && pe.Code == notANumber {
				return s.refused
			}
			if err != nil {
				return fmt.Errorf("write: %w", err)
			}
			if err := done(i, tag); err != nil {
				return err
			}
		}
		return nil
	})
}

// send makes one round trip of a batch and lets read take the answers in their order.
func (tx *Tx) send(batch *pgx.Batch, read func(pgx.BatchResults) error) error {
	return tx.conn.Raw(func(c any) error {
		results := c.(*stdlib.Conn).Conn().SendBatch(tx.ctx, batch)
		err := read(results)
		if closed := results.Close(); err == nil {
			err = closed
		}
		return err
	})
}

// IDs sends what is queued and then a statement with $1-style arguments, arrays among them, that returns ids.
func (tx *Tx) IDs(sql string, args ...any) ([]uuid.UUID, error) {
	if err := tx.Flush(); err != nil {
		return nil, err
	}
	batch := &pgx.Batch{}
	batch.Queue(sql, plain(args)...)
	var ids []uuid.UUID
	err := tx.send(batch, func(results pgx.BatchResults) error {
		rows, err := results.Query()
		if err == nil {
			ids, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
		}
		return err
	})
	return ids, err
}
