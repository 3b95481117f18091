package accounts

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Demo lets anyone in as one of the people of a made-up community, without a password. Only `doorstep demo` and browser tests open it; a
// test holds the list of callers.
type Demo struct{ s *Service }

// OpenDemo makes the door. What is served with it has no locks at all.
func (s *Service) OpenDemo() *Demo { return &Demo{s} }

// DemoPerson is somebody to sign in as.
type DemoPerson struct {
	UserID uuid.UUID
	Name   string
	Role
}

// People lists who is there: one of each role, site and organization.
func (d *Demo) People(ctx context.Context) (people []DemoPerson, err error) {
	err = d.s.db.InTx(ctx, door(), func(tx *pg.Tx) (err error) {
		people, err = store{tx}.everybody()
		return err
	})
	return people, err
}

// SignIn begins a session as that person in that role. NotFound for a role that they do not hold.
func (d *Demo) SignIn(ctx context.Context, user, org uuid.UUID, role auth.Role) (Ticket, error) {
	var t Ticket
	err := d.s.db.InTx(ctx, door(), func(tx *pg.Tx) error {
		store := store{tx}
		roles, err := store.rolesOf(user)
		if err != nil {
			return err
		}
		for _, r := range roles {
			if r.OrgID != org || r.Role != role {
				continue
			}
			var id uuid.UUID
			if t, id, err = store.begin(user, false); err != nil {
				return err
			}
			tx.Queue(`UPDATE sessions SET org_id = $2, role = $3 WHERE id = $1`, id, org, role)
			t.Chooses = false
			return audit.NewStore(tx).Record(audit.Event{Action: "sign in by the demo's door", Subject: "user", SubjectID: &user,
				Detail: map[string]any{"session": id}})
		}
		return fault.New(fault.NotFound, "There is no such person.")
	})
	return t, err
}
