package main

import (
	"fmt"

	"doorstep/config"
	"doorstep/internal/pg"
	"doorstep/migrations"
	"doorstep/rulebook"
)

type migrateCommand struct {
	Up     migrateUp     `cmd:"" help:"Apply what is pending; begin with the rules of RULE_PACK when there are none."`
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
	pack, set, err := readPack(c.RulePack)
	if err != nil {
		return err // before the schema is touched
	}
	if err := migrations.Up(p.ctx, string(c.MigrateDatabaseURL)); err != nil {
		return err
	}
	db, err := pg.Open(p.ctx, pg.Options{URL: string(c.DatabaseURL), MaxConns: c.DBMaxConns, Log: p.logger(c)})
	if err != nil {
		return err
	}
	defer func() { _ = db.Close() }()
	imported, err := rulebook.NewService(db).ImportPack(p.ctx, pack)
	if err != nil {
		return err
	}
	said := "The database is at this version."
	if imported {
		said += " The rules of " + set.Name() + " are live as rule set version 1."
	}
	_, err = fmt.Fprintln(p.stdout, said)
	return err
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
