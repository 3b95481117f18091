package main

import (
	"context"
	"errors"

	"doorstep/internal/pg"
	"doorstep/rulebook"
	"doorstep/triage"
)

// checkRules says at the start of a process what is wrong with the live rules, each problem by file, line and rule. It stops
// nothing: a family is never refused because of the rules, and a person looks at every referral until they are mended.
func (a *app) checkRules(ctx context.Context) {
	err := a.rules.CheckLive(ctx)
	var problems triage.Problems
	switch {
	case err == nil:
	case errors.As(err, &problems):
		for _, p := range problems {
			a.log.ErrorContext(ctx, "the live rules do not compile; a person looks at every referral", "file", p.File, "line", p.Line, "rule", p.RuleID, "problem", p.Message)
		}
	case errors.Is(err, rulebook.ErrNoneLive):
		a.log.ErrorContext(ctx, "no rules are live; a person looks at every referral. doorstep migrate up imports the shipped ones")
	default:
		a.log.ErrorContext(ctx, "the live rules could not be checked", "error", pg.SafeError(err))
	}
}
