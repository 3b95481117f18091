package accounts

import (
	"context"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// ActAs is the person of this e-mail address in a role of theirs that may do p, for a command that somebody gives on the server
// in their name. The history says that it came from there, since whoever may run commands could write any name. NotFound for
// nobody who may.
func (s *Service) ActAs(ctx context.Context, email string, p auth.Permission) (auth.Actor, error) {
	var roles []credential
	err := s.db.InTx(ctx, auth.System("credential look-up"), func(tx *pg.Tx) (err error) {
		roles, err = store{tx}.roles(email)
		return err
	})
	if err != nil {
		return auth.Actor{}, err
	}
	for _, held := range roles {
		if auth.May(held.Role, p) {
			actor := held.actor()
			actor.Name = "command line"
			return actor, nil
		}
	}
	return auth.Actor{}, fault.New(fault.NotFound, "Nobody with this e-mail address may do this (%s).", p)
}
