package rulebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/triage"
)

// Simulator decides past families again under a draft and under what was live when it was asked to.
type Simulator struct {
	Rules *Service
	Past  Past
	// Slice is how many cases one job does before it puts down what it counted and asks for the next job; 0 = 5,000, which is
	// some seconds: far below a job's lease, and what a kill can cost.
	Slice int
}

// Handle is the job behind rules.simulate: one slice. A second run of a slice finds that the simulation has moved on, so that
// each family is counted once whatever is killed, and there is one result.
func (s Simulator) Handle(ctx context.Context, job jobs.Job) error {
	_, err := s.slice(ctx, job.SubjectID, func(tx *pg.Tx, more bool) error {
		store := jobs.NewStore(tx)
		if more {
			if err := store.Enqueue(jobs.RulesSimulate, job.SubjectID); err != nil {
				return err
			}
		}
		return store.Settle(job)
	})
	if err == nil || errors.Is(err, jobs.ErrSuperseded) || errors.Is(err, jobs.ErrNothingToDo) || job.Attempt < jobs.MaxAttempts {
		return err
	}
	return errors.Join(err, s.fail(ctx, job.SubjectID)) // the last try: who waits for it must see that it is over
}

// Run does a simulation to its end in this process, telling how far it is after each slice.
func (s Simulator) Run(ctx context.Context, id uuid.UUID, tell func(done, total int)) error {
	for {
		row, err := s.slice(ctx, id, func(*pg.Tx, bool) error { return nil })
		if err != nil {
			return err
		}
		tell(row.Done, row.Total)
		if row.State != running {
			return nil
		}
	}
}

// slice does the next cases and keeps what it counted; also runs in the transaction that keeps it.
func (s Simulator) slice(ctx context.Context, id uuid.UUID, also func(tx *pg.Tx, more bool) error) (simulationRow, error) {
	var row simulationRow
	var v versions
	err := s.Rules.db.InTx(ctx, system(), func(tx *pg.Tx) error {
		store := store{tx}
		var err error
		if row, err = store.simulation(id); err != nil {
			return err
		}
		if row.State == done || row.State == failed {
			return jobs.ErrNothingToDo
		}
		v, err = s.Rules.versions(store, row)
		return err
	})
	if err != nil {
		return row, err
	}
	was, from := row.Done, row.AskedAt.AddDate(0, 0, -row.Days)
	at := checkpoint{Tally: newTally()}
	if row.Progress != nil {
		if err := json.Unmarshal(row.Progress, &at); err != nil {
			return row, fmt.Errorf("read how far simulation %s is: %w", id, err)
		}
	} else if row.Total, err = s.Past.Count(ctx, from, row.AskedAt); err != nil {
		return row, err
	}
	size, n := s.Slice, 0
	if size == 0 {
		size = 5000
	}
	for c, err := range s.Past.Cases(ctx, from, row.AskedAt, at.After) {
		if err != nil {
			return row, fmt.Errorf("read past cases for simulation %s: %w", id, err)
		}
		at.Tally.add(v, c)
		at.After = c.CaseID
		if n++; n == size {
			break
		}
	}
	row.Done += n
	row.State = running
	if n < size {
		row.State = done
	}
	rooms := []Room{}
	if row.State == done {
		if rooms, err = s.Past.Rooms(ctx); err != nil {
			return row, err
		}
	}
	return row, s.keep(ctx, row, was, at, at.Tally.result(v.live == nil, rooms), also)
}

func (s Simulator) keep(ctx context.Context, row simulationRow, was int, at checkpoint, result Comparison, also func(*pg.Tx, bool) error) error {
	var err error
	row.Progress, row.Result = nil, nil
	if row.State == running {
		row.Progress, err = json.Marshal(at)
	} else {
		row.Result, err = json.Marshal(result)
	}
	if err != nil {
		return fmt.Errorf("keep simulation %s: %w", row.ID, err)
	}
	return s.Rules.db.InTx(ctx, system(), func(tx *pg.Tx) error {
		if row.State == done {
			row.Total, row.FinishedAt = row.Done, &tx.Now
			err := audit.NewStore(tx).Record(audit.Event{Action: "finish simulation of rules", Subject: "rule_simulation", SubjectID: &row.ID,
				Detail: map[string]any{"rule_set": row.RuleSetID, "against": row.AgainstID, "families": result.Families}})
			if err != nil {
				return err
			}
		}
		(store{tx}).advance(row, was)
		return also(tx, row.State == running)
	})
}

func (s Simulator) fail(ctx context.Context, id uuid.UUID) error {
	return s.Rules.db.InTx(ctx, system(), func(tx *pg.Tx) error {
		row, err := store{tx}.simulation(id)
		if err != nil {
			return err
		}
		row.State, row.Progress, row.FinishedAt = failed, nil, &tx.Now
		(store{tx}).advance(row, row.Done)
		return nil
	})
}

// versions compiles the two. A draft was compiled before it was stored; a live version may be one that this program refuses.
func (s *Service) versions(store store, row simulationRow) (versions, error) {
	draft, err := s.set(store, row.RuleSetID, row.Hash)
	if err != nil {
		return versions{}, err
	}
	v := versions{draft: draft, areas: draft.Areas()}
	v.live, err = s.set(store, row.AgainstID, row.AgainstHash)
	var refused triage.Problems
	if errors.As(err, &refused) {
		err = nil
	}
	return v, err
}

func system() auth.Actor { return auth.System(string(jobs.RulesSimulate)) }
