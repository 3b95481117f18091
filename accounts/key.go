package accounts

import (
	"context"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// apiKey is one credential: of an organization, perhaps bound to one of its sites, perhaps a person's.
type apiKey struct {
	ID         uuid.UUID
	OrgID      uuid.UUID
	SiteID     *uuid.UUID
	UserID     *uuid.UUID
	Role       auth.Role
	Label      string
	Lookup     string
	SecretHash []byte
	CreatedAt  time.Time
	ExpiresAt  *time.Time
	RevokedAt  *time.Time
}

// KeyForm asks for an API key.
type KeyForm struct {
	OrgID     uuid.UUID
	SiteID    *uuid.UUID // the key sends for this site of the organization only; nil = for any
	UserID    *uuid.UUID // whose key it is; nil = a machine's. The person must hold the role.
	Role      auth.Role
	Label     string     // what it is for, at most 200 characters
	ExpiresAt *time.Time // machine time; nil = until revoked
}

// CreateKey makes a key and returns it in plain text, this once. It keeps no receipt for a repeated request, since that
// would store the secret: who loses the answer revokes the key and makes another. Faults: Forbidden, Invalid, NotFound.
func (s *Service) CreateKey(ctx context.Context, actor auth.Actor, form KeyForm) (plain string, id uuid.UUID, err error) {
	if err := actor.Require(auth.UserInvite); err != nil {
		return "", uuid.Nil, err
	}
	if form.Label = strings.TrimSpace(form.Label); form.Label == "" || len(form.Label) > 200 {
		return "", uuid.Nil, fault.New(fault.Invalid, "Say in at most 200 characters what the key is for.")
	}
	plain, made := newSecret()
	id = pg.NewID()
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		store := store{tx}
		kind, err := store.orgKind(form.OrgID)
		if err != nil {
			return err
		}
		if err := mayHold(kind, form.Role); err != nil {
			return err
		}
		if err := store.checkHolder(form); err != nil {
			return err
		}
		key := apiKey{
			ID: id, OrgID: form.OrgID, SiteID: form.SiteID, UserID: form.UserID, Role: form.Role, Label: form.Label,
			Lookup: made.lookup, SecretHash: made.hash[:], CreatedAt: tx.Now, ExpiresAt: form.ExpiresAt,
		}
		if err := tx.Insert(&key); err != nil {
			return err
		}
		return audit.NewStore(tx).Record(audit.Event{
			Action: "create API key", Subject: "api_key", SubjectID: &id,
			Detail: map[string]any{"org": form.OrgID, "site": form.SiteID, "user": form.UserID, "role": form.Role},
		})
	})
	if err != nil {
		return "", uuid.Nil, err
	}
	return plain, id, nil
}

// RevokeKey ends a key from the next request on. Faults: Forbidden, NotFound for a key that is unknown or revoked already.
func (s *Service) RevokeKey(ctx context.Context, actor auth.Actor, id uuid.UUID) error {
	if err := actor.Require(auth.UserInvite); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		if err := (store{tx}).revoke(id); err != nil {
			return err
		}
		return audit.NewStore(tx).Record(audit.Event{Action: "revoke API key", Subject: "api_key", SubjectID: &id})
	})
}
