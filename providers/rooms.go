package providers

import (
	"context"
	"slices"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Room is a program with its room at this moment.
type Room struct {
	Program
	Usage
}

// Rooms lists the open programs of the actor's own agency with their room; the hub reads those of every agency. It holds no client record, so
// it leaves no view row.
func (s *Service) Rooms(ctx context.Context, actor auth.Actor) ([]Room, error) {
	if err := actor.Require(auth.ProgramRead); err != nil {
		return nil, err
	}
	rooms := []Room{}
	if !slices.Contains(actor.OrgKind.Roles(), actor.Role) { // a role that this kind of organization does not have
		return rooms, nil
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		store := NewStore(tx)
		programs, err := store.openPrograms() // in the actor's own role: this proves scope
		if err != nil {
			return err
		}
		if err := tx.AsHub("places that are taken by families listed without a name are the hub's to count"); err != nil {
			return err
		}
		for _, p := range programs {
			usage, err := store.Free(p.ID)
			if err != nil {
				return err
			}
			rooms = append(rooms, Room{p, usage})
		}
		return nil
	})
	return rooms, err
}
