package pg

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/gorm"
)

type statement struct {
	sql  string
	args []any
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
		tx.queue = append(tx.queue, statement{r.Statement.SQL.String(), r.Statement.Vars})
	}
	return nil
}

// Queue adds a statement with $1-style arguments to what Flush sends. Use it for writes whose result nobody reads.
func (tx *Tx) Queue(sql string, args ...any) { tx.queue = append(tx.queue, statement{sql, args}) }

// Flush sends what is queued. A statement that reads or depends on queued rows must come after it.
func (tx *Tx) Flush() error {
	if len(tx.queue) == 0 {
		return nil
	}
	batch := &pgx.Batch{}
	for _, s := range tx.queue {
		batch.Queue(s.sql, s.args...)
	}
	n := len(tx.queue)
	tx.queue = nil
	return tx.conn.Raw(func(driver any) error {
		conn := driver.(*stdlib.Conn).Conn()
		results := conn.SendBatch(context.WithoutCancel(tx.ctx), batch)
		for range n {
			if _, err := results.Exec(); err != nil {
				_ = results.Close()
				return fmt.Errorf("write: %w", err)
			}
		}
		return results.Close()
	})
}
