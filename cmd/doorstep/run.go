package main

import (
	"context"
	"fmt"
	"io"

	"github.com/alecthomas/kong"
)

// commands is what the binary can do, one field and one file each.
type commands struct {
	Demo        demoCommand        `cmd:"" help:"Bring up everything on this machine, with a synthetic community."`
	Serve       serveCommand       `cmd:"" help:"Answer the API."`
	Worker      workerCommand      `cmd:"" help:"Keep promises: clocks, mail, sealing. Run as many as you like."`
	Migrate     migrateCommand     `cmd:"" help:"Bring the database to this version, take the newest migration back, or say where it stands."`
	Begin       beginCommand       `cmd:"" help:"Make the hub of a new installation and invite its first administrator."`
	Import      importCommand      `cmd:"" help:"Bring families from outside tables."`
	Match       matchCommand       `cmd:"" help:"Who is this? Try the scorer that finds one person's records on pairs whose truth is known."`
	Rules       rulesCommand       `cmd:"" help:"The rules of triage: check, test, compare, simulate, release."`
	User        userCommand        `cmd:"" help:"People who work with Doorstep."`
	Audit       auditCommand       `cmd:"" help:"The history of who changed and saw what."`
	Disclosures disclosuresCommand `cmd:"" help:"List what was told of a client outside the hub."`
	Bench       benchCommand       `cmd:"" help:"Measure intake and claim against bare PostgreSQL, on throw-away servers."`
	City        cityCommand        `cmd:"" help:"Let a made-up city live through a year on throw-away servers, and print its throughput report."`
	Lifecycle   lifecycleCommand   `cmd:"" help:"Print docs/lifecycle.md: what may be done with a case, and where it leads."`
}

// process is what a command may use of its surroundings. Commands take it as the argument of Run.
type process struct {
	ctx            context.Context
	environ        []string
	stdout, stderr io.Writer
}

// run does one command and returns when it is done or ctx ends.
func run(ctx context.Context, args, environ []string, stdout, stderr io.Writer) error {
	helped := false
	parser, err := kong.New(&commands{}, kong.Name("doorstep"), kong.Writers(stdout, stderr),
		kong.Description("Centralized triage and referral for home visiting."),
		kong.Exit(func(int) { helped = true })) // kong would end the process after --help
	if err != nil {
		return fmt.Errorf("set up the commands: %w", err)
	}
	chosen, err := parser.Parse(args)
	if helped {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%w (doorstep --help lists the commands)", err)
	}
	return chosen.Run(&process{ctx, environ, stdout, stderr})
}

// code says on stderr why a command failed, and is its exit status.
func code(err error, stderr io.Writer) int {
	if err == nil {
		return 0
	}
	_, _ = fmt.Fprintln(stderr, "doorstep:", err)
	return 1
}
