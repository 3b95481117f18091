package accounts

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Authenticate tells who presents an API key. A person's key acts as the person (Kind "user", ID the user's), so that
// "the same person" means the same whichever key they hold; any other acts as itself (Kind "key", ID the key's). Every
// failure is Unauthenticated with the same sentence: unknown, wrong, revoked, expired, its organization closed, its
// person disabled or without the role.
func (s *Service) Authenticate(ctx context.Context, presented string) (auth.Actor, error) {
	refused := fault.New(fault.Unauthenticated, "This API key is not valid.")
	shown, ok := parseSecret(presented)
	if !ok {
		return auth.Actor{}, refused
	}
	var found credential
	err := s.db.InTx(ctx, auth.System("credential look-up"), func(tx *pg.Tx) error {
		var err error
		found, err = store{tx}.credential(shown.lookup)
		return err
	})
	if err != nil {
		return auth.Actor{}, err
	}
	if !shown.opens(found.SecretHash) || !found.Live {
		return auth.Actor{}, refused
	}
	return found.actor(), nil
}

// credential is a key with what decides whether it still opens.
type credential struct {
	ID         uuid.UUID
	OrgID      uuid.UUID
	OrgKind    auth.OrgKind
	SiteID     *uuid.UUID
	UserID     *uuid.UUID
	Role       auth.Role
	SecretHash []byte
	Live       bool
}

func (c credential) actor() auth.Actor {
	a := auth.Actor{Kind: "key", ID: c.ID, OrgID: c.OrgID, OrgKind: c.OrgKind, Role: c.Role}
	if c.UserID != nil {
		a.Kind, a.ID = "user", *c.UserID
	}
	if c.SiteID != nil {
		a.SiteID = *c.SiteID
	}
	return a
}
