package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
)

// Colleague is somebody at an agency who may visit families. Who has left is listed while families are still theirs.
type Colleague struct {
	ID       uuid.UUID `json:"id"`
	Name     string    `json:"name"`
	Here     bool      `json:"here"`
	Families int       `json:"families"`
}

// Team lists the people of the actor's own agency to whom a family can be given.
func (s *Service) Team(ctx context.Context, actor auth.Actor, _ string) (Page[Colleague], error) {
	return read(ctx, s, actor, auth.CaseloadRead, func(w *work) (Page[Colleague], error) {
		if err := w.tx.AsHub("names of colleagues stand in the hub's table; only those of the actor's own agency are read"); err != nil {
			return Page[Colleague]{}, err
		}
		all, err := w.store.team(actor.OrgID)
		all = slices.DeleteFunc(all, func(c Colleague) bool { return !c.Here && c.Families == 0 })
		return Page[Colleague]{Items: append([]Colleague{}, all...)}, err
	})
}
