package rulebook

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// Public is what anyone may know of the live rules. Nothing in it comes from a family or names who works here.
type Public struct {
	Version     int                `json:"version"`
	Hash        string             `json:"hash"`
	EffectiveAt *time.Time         `json:"effective_at"`
	Rules       triage.Description `json:"rules"`
}

// Public describes the live rules in their own words. ErrNoneLive and a text that does not compile mean the same to a reader:
// a person looks at every referral.
func (s *Service) Public(ctx context.Context) (Public, error) {
	var out Public
	err := s.db.InTx(ctx, auth.System("public page"), func(tx *pg.Tx) error {
		store := store{tx}
		var row Public
		var id uuid.UUID
		if err := store.liveVersion(&id, &row); err != nil {
			return err
		}
		if kept, ok := s.described(row); ok {
			out = kept
			return nil
		}
		set, err := s.set(store, id, row.Hash)
		if err != nil {
			return err
		}
		source, err := store.source(id)
		if err != nil {
			return err
		}
		row.Rules = set.Describe(source)
		out = row
		s.mu.Lock()
		defer s.mu.Unlock()
		s.public = row
		return nil
	})
	return out, err
}

// described is the page that was made last, when it is of the same release.
func (s *Service) described(row Public) (Public, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	same := s.public.Hash == row.Hash && s.public.Version == row.Version && s.public.EffectiveAt != nil && row.EffectiveAt != nil &&
		s.public.EffectiveAt.Equal(*row.EffectiveAt)
	return s.public, same
}

// NoRules reports whether err says that no rules decide now, so that a person looks at every referral.
func NoRules(err error) bool {
	var problems triage.Problems
	return errors.Is(err, ErrNoneLive) || errors.As(err, &problems)
}
