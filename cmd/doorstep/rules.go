package main

import (
	"fmt"
	"os"
	"strconv"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/config"
	"doorstep/rulebook"
	"doorstep/triage"
)

type rulesCommand struct {
	Check    rulesCheck    `cmd:"" help:"Look for mistakes in a folder of rules, each with file, line and rule."`
	Test     rulesTest     `cmd:"" help:"Run the examples of a folder of rules."`
	Explain  rulesExplain  `cmd:"" help:"Say in plain words what a folder of rules decides for one made-up family."`
	Diff     rulesDiff     `cmd:"" help:"Say what changed between two versions or folders."`
	List     rulesList     `cmd:"" help:"List the versions."`
	Show     rulesShow     `cmd:"" help:"Show a version and what it still needs; with --as, open its newest simulation."`
	Draft    rulesDraft    `cmd:"" help:"Keep a folder of rules as a new version."`
	Simulate rulesSimulate `cmd:"" help:"Decide past families again under a draft and under what is live, and compare."`
	Note     rulesNote     `cmd:"" help:"Write the equity note: what the simulation shows for each group of families."`
	Approve  rulesApprove  `cmd:"" help:"Say yes as the second person."`
	Release  rulesRelease  `cmd:"" help:"Make an approved draft live."`
	Rollback rulesRollback `cmd:"" help:"Make a version live again that was live before."`
	Replay   rulesReplay   `cmd:"" help:"Make stored decisions again with the rules that they name, and compare the bytes."`
}

// person is the flag of commands that somebody must put their name to.
type person struct {
	As string `required:"" help:"E-mail address of the person who does this."`
}

// signed opens the services and finds out who acts.
func (who person) signed(p *process, need auth.Permission) (*app, auth.Actor, error) {
	a, err := p.app(config.Command())
	if err != nil {
		return nil, auth.Actor{}, err
	}
	actor, err := a.accounts.ActAs(p.ctx, who.As, need)
	if err != nil {
		a.close()
		return nil, auth.Actor{}, fmt.Errorf("--as: %w", err)
	}
	return a, actor, nil
}

// reader is who reads what any person at the hub may read.
func reader() auth.Actor { return auth.System("rules") }

// folder reads a pack from a folder, with the shared screening forms where it has none.
func folder(dir string) (triage.Source, error) { return triage.Load(os.DirFS(dir)) }

// compiled is a folder's rules, or every problem of them.
func compiled(dir string) (*triage.RuleSet, error) {
	source, err := folder(dir)
	if err != nil {
		return nil, err
	}
	return triage.Compile(source)
}

// goodFolder reads and checks a folder of rules. It prints every problem, and fails when there is one.
func goodFolder(p *process, dir string) (triage.Source, rulebook.Checked, error) {
	source, err := folder(dir)
	if err != nil {
		return source, rulebook.Checked{}, err
	}
	checked, err := rulebook.CheckSource(source)
	if err != nil {
		return source, checked, err
	}
	for _, problem := range checked.Problems {
		p.say("%s\n", problem)
	}
	if n := len(checked.Problems); n > 0 {
		err = fmt.Errorf("%d problem(s) in %s", n, dir)
	}
	return source, checked, err
}

// textOf reads a folder or, where the name is a number, a stored version.
func textOf(p *process, name string) (triage.Source, error) {
	if _, err := strconv.Atoi(name); err != nil {
		return folder(name)
	}
	a, err := p.app(config.Command())
	if err != nil {
		return triage.Source{}, err
	}
	defer a.close()
	full, err := versionOf(p, a, reader(), name)
	return triage.Source{Files: full.Files}, err
}

// versionOf is a stored version by its number.
func versionOf(p *process, a *app, actor auth.Actor, name string) (rulebook.Full, error) {
	id, err := idOf(p, a, name)
	if err != nil {
		return rulebook.Full{}, err
	}
	return a.rules.Show(p.ctx, actor, id)
}

func idOf(p *process, a *app, name string) (uuid.UUID, error) {
	number, err := strconv.Atoi(name)
	if err != nil {
		return uuid.Nil, fmt.Errorf("%q is no number of a version (doorstep rules list shows them)", name)
	}
	return a.rules.ByVersion(p.ctx, reader(), number)
}

func (p *process) say(format string, args ...any) { _, _ = fmt.Fprintf(p.stdout, format, args...) }
