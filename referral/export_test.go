package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/referral/match"
)

// Candidates asks for a person as intake does, who has no case yet.
func (s *Service) Candidates(ctx context.Context, actor auth.Actor, p match.Person, role string, episode uuid.UUID) ([]Candidate, error) {
	var out []Candidate
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		out, err = s.work(tx).candidates(asked{person: p, role: role, episode: episode})
		return err
	})
	return out, err
}
