package referral

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/triage"
)

// Explanation is the newest decision on a case, for the hub: in plain words and whole. What is below Decision is made when it is
// opened, by the rules that decided and from the facts and places that they saw; only the days left are counted from now.
type Explanation struct {
	DecidedAt   time.Time       `json:"decided_at"`
	Cause       string          `json:"cause"`
	RuleSetHash string          `json:"rule_set_hash"`
	Words       []string        `json:"words"`
	Decision    triage.Decision `json:"decision"`

	Counterfactuals []triage.Counterfactual `json:"counterfactuals"`
	EligibleUntil   []triage.Deadline       `json:"eligible_until"`
	RunnerUp        string                  `json:"runner_up"` // why it is second, in words; empty when there is none
	Gaps            []string                `json:"gaps"`      // what could not be made, and why
}

// Decision explains why a case was sent where it was. Faults: NotFound when no rules have decided it.
func (s *Service) Decision(ctx context.Context, actor auth.Actor, id uuid.UUID) (Explanation, error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (Explanation, error) {
		row, err := w.store.latestDecision(id)
		if err != nil {
			return Explanation{}, err
		}
		e := Explanation{DecidedAt: row.DecidedAt, Cause: row.Cause, RuleSetHash: row.RuleSetHash,
			Counterfactuals: []triage.Counterfactual{}, Gaps: []string{}}
		if err := json.Unmarshal(row.Outcome, &e.Decision); err != nil {
			return e, wrap(err, "read decision %s", row.ID)
		}
		e.Words = e.Decision.Explain()
		_, cal, err := w.desk()
		if err != nil {
			return e, err
		}
		e.EligibleUntil = e.Decision.Deadlines(triage.Date(cal.Day(w.tx.Now)))
		if err := w.tryAgain(row, &e); err != nil {
			return e, err
		}
		return e, w.audit.Viewed("read decision", id)
	})
}

// tryAgain asks the rules that decided what would have changed their mind. Rules that cannot be had or run any more, and decisions
// that were kept without their places, leave a gap that is named: the decision itself is shown all the same.
func (w *work) tryAgain(row decisionRow, e *Explanation) error {
	var facts triage.Facts
	var places []triage.Place
	if err := json.Unmarshal(row.Facts, &facts); err != nil {
		return wrap(err, "read the facts of decision %s", row.ID)
	}
	if row.Places == nil {
		e.Gaps = append(e.Gaps, "This decision was kept without the places it saw, so why one program stands behind another cannot be said.")
	} else if err := json.Unmarshal(row.Places, &places); err != nil {
		return wrap(err, "read the places of decision %s", row.ID)
	}
	rules, err := w.svc.rules.Of(w.tx, row.RuleSetID, row.RuleSetHash)
	if err == nil {
		e.Counterfactuals, err = rules.Counterfactuals(facts, e.Decision)
	}
	if err == nil && places != nil {
		e.RunnerUp, err = rules.WhySecond(facts, places, e.Decision)
	}
	if err != nil {
		e.Counterfactuals = []triage.Counterfactual{}
		e.Gaps = append(e.Gaps, "The rules of this decision can no longer be run, so nothing can be tried with them.")
	}
	return nil
}
