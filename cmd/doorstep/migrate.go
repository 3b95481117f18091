package main

import (
	"context"
	"fmt"

	"doorstep/config"
	"doorstep/internal/pg"
	"doorstep/migrations"
	"doorstep/rulebook"
	"doorstep/triage"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply what is pending; begin with the shipped rules when there are none."`
	Down   migrateDown   `cmd:"" help:"Take back the newest migration. It drops data; for development."`
	Status migrateStatus `cmd:"" help:"List the migrations and which are applied."`
}

type migrateUp struct{}

// Run changes the schema as its owner, then imports the rules as the login that serves: only that one is bound by the
// policies, and its role may write a rule set.
func (migrateUp) Run(p *process) error {
	c, err := config.Read(p.environ, append(config.Migrate(), config.Command()...))
	if err != nil {
		return err
	}
	if err := migrations.Up(p.ctx, string(c.MigrateDatabaseURL)); err != nil {
		return err
	}
	db, err := pg.Open(p.ctx, pg.Options{URL: string(c.DatabaseURL), MaxConns: c.DBMaxConns, Log: p.logger(c)})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	imported, err := importPack(p.ctx, rulebook.NewService(db))
	if err != nil {
		return err
	}
	said := "The database is at this version."
	if imported {
		said += " The shipped rules (" + pack + ") are live as rule set version 1."
	}
	_, err = fmt.Fprintln(p.stdout, said)
	return err
}

// importPack makes the shipped rules version 1 where no rule set exists.
func importPack(ctx context.Context, rules *rulebook.Service) (bool, error) {
	source, err := triage.Embedded(pack)
	if err != nil {
		return false, fmt.Errorf("read the shipped rules: %w", err)
	}
	return rules.ImportPack(ctx, source)
}

type migrateDown struct{}

// Run takes one migration back.
func (migrateDown) Run(p *process) error {
	c, err := config.Read(p.environ, config.Migrate())
	if err != nil {
		return err
	}
	return migrations.Down(p.ctx, string(c.MigrateDatabaseURL))
}

type migrateStatus struct{}

// Run prints one line a migration.
func (migrateStatus) Run(p *process) error {
	c, err := config.Read(p.environ, config.Migrate())
	if err != nil {
		return err
	}
	all, err := migrations.List(p.ctx, string(c.MigrateDatabaseURL))
	if err != nil {
		return err
	}
	for _, m := range all {
		state := "pending"
		if m.Applied {
			state = "applied"
		}
		if _, err := fmt.Fprintf(p.stdout, "%-8s %05d %s\n", state, m.Version, m.Name); err != nil {
			return err
		}
	}
	return nil
}
