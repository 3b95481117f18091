package providers

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Listed is an organization as the directory of who may send a family shows it.
type Listed struct {
	ID   uuid.UUID    `json:"id"`
	Name string       `json:"name"`
	Kind auth.OrgKind `json:"kind"`
}

// Listing is the directory.
type Listing struct {
	Items []Listed `json:"items"`
}

// Directory lists every organization beside the hub that is not closed, by its name. It holds no client record.
func (s *Service) Directory(ctx context.Context, actor auth.Actor) (Listing, error) {
	out := Listing{Items: []Listed{}}
	if err := actor.Require(auth.ReferralTake); err != nil {
		return out, err
	}
	if !actor.SeesAll() { // a role that this kind of organization does not have
		return out, nil
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		out.Items, err = NewStore(tx).directory()
		return err
	})
	return out, err
}
