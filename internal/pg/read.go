package pg

import (
	"database/sql"
	"fmt"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"
)

// Read is a query built on Gorm(), up to its end, and the struct, slice or single value that takes what it finds.
type Read struct {
	Query *gorm.DB
	Into  any
}

// ReadAll asks several queries in one round trip, answered in this order; no row is not an error. Each sees what was
// committed when its own turn came, so a look-up may stand behind the lock that it needs. Arrays (text[]) come in binary form,
// which our columns do not read: ask for those alone.
func (tx *Tx) ReadAll(reads ...Read) error {
	batch := &pgx.Batch{}
	built := make([]*gorm.DB, len(reads))
	for i, r := range reads {
		built[i] = r.Query.Session(&gorm.Session{DryRun: true}).Find(r.Into)
		if err := built[i].Error; err != nil {
			return fmt.Errorf("prepare a read: %w", err)
		}
		batch.Queue(built[i].Statement.SQL.String(), plain(built[i].Statement.Vars)...)
	}
	return tx.send(batch, func(results pgx.BatchResults) error {
		for _, q := range built {
			rows, err := results.Query()
			if err != nil {
				return err
			}
			gorm.Scan(batchRows{rows}, q, 0)
			rows.Close()
			if q.Error != nil {
				return q.Error
			}
		}
		return nil
	})
}

// batchRows shows rows of a batch to gorm.
type batchRows struct{ pgx.Rows }

func (r batchRows) Columns() ([]string, error) {
	var names []string
	for _, f := range r.FieldDescriptions() {
		names = append(names, f.Name)
	}
	return names, nil
}

// ColumnTypes is asked for maps only.
func (r batchRows) ColumnTypes() ([]*sql.ColumnType, error) { return nil, nil }

func (r batchRows) Close() error {
	r.Rows.Close()
	return r.Err()
}
