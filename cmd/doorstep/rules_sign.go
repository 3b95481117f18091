package main

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/rulebook"
)

type rulesNote struct {
	person
	Version string `arg:"" help:"Number of the draft."`
	Words   string `arg:"" help:"What changes for which group of families, also when it is nothing."`
}

// Run writes the note on the newest finished simulation of the draft.
func (c rulesNote) Run(p *process) error {
	return c.sign(p, auth.RulesDraft, c.Version, func(ctx context.Context, a *app, who auth.Actor, id, simulation uuid.UUID) (rulebook.Signed, error) {
		return a.rules.WriteNote(ctx, who, id, rulebook.NoteForm{SimulationID: simulation, Words: c.Words})
	})
}

type rulesApprove struct {
	person
	Version   string `arg:"" help:"Number of the draft."`
	Community string `help:"Who signed for the community, where a third name is asked for."`
}

// Run says yes by the newest finished simulation of the draft.
func (c rulesApprove) Run(p *process) error {
	return c.sign(p, auth.RulesRelease, c.Version, func(ctx context.Context, a *app, who auth.Actor, id, simulation uuid.UUID) (rulebook.Signed, error) {
		return a.rules.Approve(ctx, who, id, rulebook.ApproveForm{SimulationID: simulation, Community: c.Community})
	})
}

// sign puts a name under a draft and prints what it needs next.
func (who person) sign(p *process, need auth.Permission, version string,
	write func(context.Context, *app, auth.Actor, uuid.UUID, uuid.UUID) (rulebook.Signed, error)) error {
	a, actor, err := who.signed(p, need)
	if err != nil {
		return err
	}
	defer a.close()
	v, err := versionOf(p, a, actor, version)
	if err != nil {
		return err
	}
	simulation, found := newestFinished(v)
	if !found {
		return fmt.Errorf("version %s has no finished simulation: doorstep rules simulate makes one", version)
	}
	signed, err := write(p.ctx, a, actor, v.ID, simulation.ID)
	if err != nil {
		return err
	}
	for _, step := range signed.Gate {
		if !step.Done {
			p.say("Kept. Next: %s\n", step.Need)
			return nil
		}
	}
	p.say("Kept. Version %s may be released.\n", version)
	return nil
}

type rulesRelease struct {
	person
	Version string `arg:"" help:"Number of the draft."`
}

// Run makes the draft live.
func (c rulesRelease) Run(p *process) error {
	return c.goLive(p, c.Version, func(ctx context.Context, a *app, who auth.Actor, id uuid.UUID) (rulebook.Receipt, error) {
		return a.rules.Release(ctx, who, id)
	})
}

type rulesRollback struct {
	person
	To     string `required:"" help:"Number of the version that comes back."`
	Reason string `required:"" help:"Why."`
}

// Run makes an earlier version live.
func (c rulesRollback) Run(p *process) error {
	return c.goLive(p, c.To, func(ctx context.Context, a *app, who auth.Actor, id uuid.UUID) (rulebook.Receipt, error) {
		return a.rules.RollBack(ctx, who, id, rulebook.RollbackForm{Reason: c.Reason})
	})
}

func (who person) goLive(p *process, version string, do func(context.Context, *app, auth.Actor, uuid.UUID) (rulebook.Receipt, error)) error {
	a, actor, err := who.signed(p, auth.RulesRelease)
	if err != nil {
		return err
	}
	defer a.close()
	id, err := idOf(p, a, version)
	if err != nil {
		return err
	}
	r, err := do(p.ctx, a, actor, id)
	if err != nil {
		return err
	}
	p.say("Version %d is live: %s\nOpen cases are looked at again by the workers.\n", r.Version, r.Hash)
	return nil
}
