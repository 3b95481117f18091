package rulebook

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// The states of a simulation.
const (
	waiting = "waiting"
	running = "running"
	done    = "done"
	failed  = "failed"
)

// SimulationForm asks for a simulation over the cases whose newest decision is at most so many days old.
type SimulationForm struct {
	Days int `json:"days" validate:"min=1,max=400"`
}

// SimulationReceipt answers who asked for one.
type SimulationReceipt struct {
	ID uuid.UUID `json:"id"`
}

// Simulate asks the workers to decide past families again, under this draft and under what is live. Faults: Forbidden, NotFound,
// Invalid, Conflict when it is no draft or nothing is live.
func (s *Service) Simulate(ctx context.Context, actor auth.Actor, id uuid.UUID, form SimulationForm) (SimulationReceipt, error) {
	return s.ask(ctx, actor, id, form, true)
}

// SimulateHere is Simulate without the workers: the caller runs it.
func (s *Service) SimulateHere(ctx context.Context, actor auth.Actor, id uuid.UUID, form SimulationForm) (SimulationReceipt, error) {
	return s.ask(ctx, actor, id, form, false)
}

func (s *Service) ask(ctx context.Context, actor auth.Actor, id uuid.UUID, form SimulationForm, enqueue bool) (SimulationReceipt, error) {
	if err := may(actor, auth.RulesDraft); err != nil {
		return SimulationReceipt{}, err
	}
	if form.Days < 1 || form.Days > 400 {
		return SimulationReceipt{}, fault.Problems([]fault.Field{{Pointer: "/days", Code: "range", Detail: "How many days to look back: 1 to 400."}})
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (SimulationReceipt, error) {
		store := store{tx}
		version, err := store.key(id)
		if err != nil {
			return SimulationReceipt{}, err
		}
		if version.Status != draft {
			return SimulationReceipt{}, fault.New(fault.Conflict, "Version %d is %s. Only a draft is simulated.", version.Version, version.Status)
		}
		against, hash, err := store.live()
		if errors.Is(err, ErrNoneLive) {
			return SimulationReceipt{}, fault.New(fault.Conflict, "No version is live to compare with. Roll back to one first.")
		}
		if err != nil {
			return SimulationReceipt{}, err
		}
		row := simulationRow{ID: pg.NewID(), RuleSetID: id, Hash: version.Hash, AgainstID: against, AgainstHash: hash, Days: form.Days,
			AskedAt: tx.Now, AskedBy: actor.ID, State: waiting}
		if err := tx.Insert(&row); err != nil {
			return SimulationReceipt{}, err
		}
		if enqueue {
			if err := jobs.NewStore(tx).Enqueue(jobs.RulesSimulate, row.ID); err != nil {
				return SimulationReceipt{}, err
			}
		}
		return SimulationReceipt{row.ID}, audit.NewStore(tx).Record(audit.Event{Action: "simulate rules", Subject: "rule_simulation", SubjectID: &row.ID,
			Detail: map[string]any{"rule_set": id, "against": against, "days": form.Days}})
	})
}

// OpenSimulation shows a simulation and, when it is finished, keeps that this person has seen it. Faults: Forbidden, NotFound.
func (s *Service) OpenSimulation(ctx context.Context, actor auth.Actor, id uuid.UUID) (Simulation, error) {
	if err := actor.Require(auth.RulesRead); err != nil {
		return Simulation{}, err
	}
	if !actor.SeesAll() {
		return Simulation{}, fault.New(fault.NotFound, "There is no such simulation.")
	}
	var out Simulation
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		store := store{tx}
		row, err := store.simulation(id)
		if err != nil {
			return err
		}
		if row.State == done && actor.Kind == "user" {
			store.seen(id, actor.ID)
			if err := tx.Flush(); err != nil {
				return err
			}
		}
		out, err = store.shown(id)
		return err
	})
	return out, err
}
