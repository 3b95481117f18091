package migrations

import (
	"context"
	"database/sql"
	"embed"
	"fmt"

	_ "github.com/jackc/pgx/v5/stdlib" // the "pgx" driver of database/sql
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed 0*.sql
var files embed.FS

// Status is one migration and whether this database has it.
type Status struct {
	Version int64
	Name    string
	Applied bool
}

// Up creates the roles where it may and applies every pending migration. Several starters at once are safe: one applies,
// the others wait. url must be a user that owns the schema (MIGRATE_DATABASE_URL), never doorstep_app.
func Up(ctx context.Context, url string) error {
	return with(url, func(db *sql.DB, p *goose.Provider) error {
		if err := ensureRoles(ctx, db); err != nil {
			return err
		}
		if _, err := p.Up(ctx); err != nil {
			return fmt.Errorf("apply migrations: %w", err)
		}
		return nil
	})
}

// Down takes back the newest migration. It is for development: it drops data.
func Down(ctx context.Context, url string) error {
	return with(url, func(_ *sql.DB, p *goose.Provider) error {
		if _, err := p.Down(ctx); err != nil {
			return fmt.Errorf("take back the newest migration: %w", err)
		}
		return nil
	})
}

// List says which migrations this database has.
func List(ctx context.Context, url string) ([]Status, error) {
	var out []Status
	err := with(url, func(_ *sql.DB, p *goose.Provider) error {
		all, err := p.Status(ctx)
		if err != nil {
			return fmt.Errorf("read migration status: %w", err)
		}
		for _, s := range all {
			out = append(out, Status{Version: s.Source.Version, Name: s.Source.Path, Applied: s.State == goose.StateApplied})
		}
		return nil
	})
	return out, err
}

// Newest is the version that this binary's code expects.
func Newest() (int64, error) {
	entries, err := files.ReadDir(".")
	if err != nil {
		return 0, err
	}
	var newest int64
	for _, e := range entries {
		if v, err := goose.NumericComponent(e.Name()); err == nil && v > newest {
			newest = v
		}
	}
	return newest, nil
}

func with(url string, fn func(*sql.DB, *goose.Provider) error) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fmt.Errorf("open the database to migrate: %w", err)
	}
	defer func() { _ = db.Close() }()
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fmt.Errorf("prepare the migration lock: %w", err)
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return fmt.Errorf("read the migrations: %w", err)
	}
	return fn(db, p)
}
