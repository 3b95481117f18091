package providers

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
)

// Service is the use cases of the network.
type Service struct{ db *pg.DB }

// NewService returns the use cases on db.
func NewService(db *pg.DB) *Service { return &Service{db} }

// add is one addition to the network: permission, one transaction, the rows, one audit event that names the new thing.
func (s *Service) add(ctx context.Context, actor auth.Actor, subject string, fn func(store *Store, id uuid.UUID) error) (uuid.UUID, error) {
	if err := actor.Require(auth.NetworkKeep); err != nil {
		return uuid.Nil, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (uuid.UUID, error) {
		id := pg.NewID()
		if err := fn(NewStore(tx), id); err != nil {
			return uuid.Nil, err
		}
		return id, audit.NewStore(tx).Record(audit.Event{Action: "add " + subject, Subject: subject, SubjectID: &id})
	})
}
