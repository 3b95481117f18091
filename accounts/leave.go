package accounts

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Changed answers what an administrator did to a person.
type Changed struct {
	ID uuid.UUID `json:"id"`
}

// Disable shuts a person out of everything at once: sessions end, keys of theirs no longer open. Their work stays in the history. Faults:
// Forbidden, NotFound, Conflict while families count on them, when they are disabled already, or for oneself.
func (s *Service) Disable(ctx context.Context, actor auth.Actor, user uuid.UUID) (Changed, error) {
	return s.onUser(ctx, actor, user, "disable user", nil, func(store store, u User) error {
		if u.DisabledAt != nil {
			return fault.New(fault.Conflict, "This account is disabled already.")
		}
		if user == actor.ID {
			return fault.New(fault.Conflict, "You cannot disable your own account. Ask another administrator.")
		}
		if err := store.free(user, uuid.Nil); err != nil {
			return err
		}
		store.tx.Queue(`UPDATE users SET disabled_at = $2 WHERE id = $1`, user, store.tx.Now)
		store.endAll(user)
		return nil
	})
}

// Enable lets a person in again, with the roles and the password they had. Faults: Forbidden, NotFound, Conflict when they are not disabled.
func (s *Service) Enable(ctx context.Context, actor auth.Actor, user uuid.UUID) (Changed, error) {
	return s.onUser(ctx, actor, user, "enable user", nil, func(store store, u User) error {
		if u.DisabledAt == nil {
			return fault.New(fault.Conflict, "This account is open already.")
		}
		store.tx.Queue(`UPDATE users SET disabled_at = NULL WHERE id = $1`, user)
		return nil
	})
}

// RoleForm names one role of a person.
type RoleForm struct {
	OrgID uuid.UUID `json:"org_id" validate:"required"`
	Role  auth.Role `json:"role" validate:"required"`
}

// EndRole takes one role from a person; the account and other roles stay. Faults: Forbidden, NotFound for a role that they do not hold,
// Conflict while families of that organization count on them, or for the own role.
func (s *Service) EndRole(ctx context.Context, actor auth.Actor, user uuid.UUID, form RoleForm) (Changed, error) {
	detail := map[string]any{"org": form.OrgID, "role": form.Role}
	return s.onUser(ctx, actor, user, "end role", detail, func(store store, _ User) error {
		if user == actor.ID && form.Role == actor.Role {
			return fault.New(fault.Conflict, "You cannot end the role in which you work now. Ask another administrator.")
		}
		if err := store.free(user, form.OrgID); err != nil {
			return err
		}
		held, err := store.endRole(user, form.OrgID, form.Role)
		if err == nil && !held {
			return fault.New(fault.NotFound, "This person does not hold this role.")
		}
		return err
	})
}

// onUser is one change of a person: permission, lock, the change, one audit row.
func (s *Service) onUser(ctx context.Context, actor auth.Actor, user uuid.UUID, action string, detail map[string]any, fn func(store, User) error) (Changed, error) {
	if err := administers(actor); err != nil {
		return Changed{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Changed, error) {
		u, err := store{tx}.lockUser(user)
		if err != nil {
			return Changed{}, err
		}
		if err := fn(store{tx}, u); err != nil {
			return Changed{}, err
		}
		return Changed{user}, audit.NewStore(tx).Record(audit.Event{Action: action, Subject: "user", SubjectID: &user, Detail: detail})
	})
}

// free is a Conflict while families count on a person: nobody may be left without a visitor by a click somewhere else.
func (s store) free(user, org uuid.UUID) error {
	n, err := s.carries(user, org)
	if err == nil && n > 0 {
		return fault.New(fault.Conflict, "%d families need a new visitor or owner first: an agency's manager hands over the whole caseload, "+
			"the supervisor gives waiting families another owner.", n)
	}
	return err
}
