package referral

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/referral/match"
)

// PlanOfAlike is how PostgreSQL would look for this person when it may not read whole tables.
func (s *Service) PlanOfAlike(ctx context.Context, actor auth.Actor, p match.Person) (string, error) {
	var lines []string
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		st := s.work(tx).store
		if err := st.db().Exec(`SET LOCAL enable_seqscan = off`).Error; err != nil {
			return err
		}
		return st.db().Raw("EXPLAIN "+alikeSQL, st.alikeArgs(&asked{person: p})).Scan(&lines).Error
	})
	return strings.Join(lines, "\n"), err
}

// Candidates asks for a person as intake does, who has no case yet.
func (s *Service) Candidates(ctx context.Context, actor auth.Actor, p match.Person, role string, episode uuid.UUID) ([]Candidate, error) {
	var out []Candidate
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		out, err = s.work(tx).candidates(asked{person: p, role: role, episode: episode})
		return err
	})
	return out, err
}
