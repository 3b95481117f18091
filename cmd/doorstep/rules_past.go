package main

import (
	"fmt"

	"doorstep/auth"
	"doorstep/config"
	"doorstep/rulebook"
)

type rulesSimulate struct {
	person
	Version string `arg:"" help:"Number of the draft."`
	Days    int    `default:"90" help:"Look at cases whose newest decision is at most so many days old."`
}

// Run does in this process what the workers do for the API, and shows the result to who asked.
func (c rulesSimulate) Run(p *process) error {
	a, actor, err := c.signed(p, auth.RulesDraft)
	if err != nil {
		return err
	}
	defer a.close()
	id, err := idOf(p, a, c.Version)
	if err != nil {
		return err
	}
	asked, err := a.rules.SimulateHere(p.ctx, actor, id, rulebook.SimulationForm{Days: c.Days})
	if err != nil {
		return err
	}
	simulator := rulebook.Simulator{Rules: a.rules, Past: a.referrals.Past()}
	err = simulator.Run(p.ctx, asked.ID, func(done, total int) { _, _ = fmt.Fprintf(p.stderr, "%d of %d families\n", done, total) })
	if err != nil {
		return err
	}
	s, err := a.rules.OpenSimulation(p.ctx, actor, asked.ID)
	if err != nil {
		return err
	}
	printSimulation(p, s)
	return nil
}

type rulesReplay struct {
	Days int `default:"0" help:"Only decisions of the last so many days; 0 = all."`
}

// Run fails when one decision differs. It names decisions and places in them, and shows no value.
func (c rulesReplay) Run(p *process) error {
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	got, err := a.rules.Replay(p.ctx, a.referrals.Decisions(p.ctx, c.Days), func(d rulebook.Differs) {
		p.say("decision %s differs at %s: %s\n", d.ID, or(d.Path, "all"), d.Why)
	})
	if err != nil {
		return err
	}
	p.say("decisions %d\nidentical %d\nextended  %d (the same, and this program says more now)\nnot kept  %d (from before places were kept)\ndiffer    %d\n",
		got.Decisions, got.Identical, got.Extended, got.NotKept, got.Differ)
	if got.Differ > 0 {
		return fmt.Errorf("%d decisions do not come out as they were kept", got.Differ)
	}
	return nil
}
