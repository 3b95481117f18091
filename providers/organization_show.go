package providers

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Organization shows one organization to whoever keeps the network, and to the system. Fault: NotFound.
func (s *Service) Organization(ctx context.Context, actor auth.Actor, id uuid.UUID) (Organization, error) {
	if err := actor.Require(auth.NetworkKeep); err != nil {
		return Organization{}, err
	}
	var org Organization
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		var err error
		org, err = NewStore(tx).Organization(id)
		return err
	})
	return org, err
}
