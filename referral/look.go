package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Onlooker is somebody else at the hub who has a case open.
type Onlooker struct {
	Name string    `json:"name"`
	At   time.Time `json:"at"`
}

// LookAt notes that the actor has this case of the queue open, and no other, and tells who opened it within five minutes. It stops nobody: the version of
// the case does. By the clock of the machine. Fault: NotFound.
func (s *Service) LookAt(ctx context.Context, actor auth.Actor, caseID uuid.UUID) (Page[Onlooker], error) {
	out := Page[Onlooker]{Items: []Onlooker{}}
	if err := actor.Require(auth.CaseTriage); err != nil {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		store := s.work(tx).store
		known, err := tx.IDs(`SELECT id FROM cases WHERE id = $1`, caseID)
		if err == nil && len(known) == 0 {
			err = fault.New(fault.NotFound, "There is no such case.")
		}
		if err != nil {
			return err
		}
		if actor.Kind == "user" { // a program has nothing open
			store.lookAt(caseID)
		}
		out.Items, err = store.onlookers(caseID)
		return err
	})
	return out, err
}
