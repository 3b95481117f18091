package accounts

import (
	"context"
	"net/mail"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// User is a person who works with Doorstep. One person is one user, however many organizations they work for.
type User struct {
	ID         uuid.UUID
	Email      string
	Name       string
	CreatedAt  time.Time
	DisabledAt *time.Time
}

// membership is one role of a user in one organization.
type membership struct {
	UserID  uuid.UUID
	OrgID   uuid.UUID
	SiteID  *uuid.UUID
	Role    auth.Role
	EndedAt *time.Time
}

// UserForm names a person and the role to give them.
type UserForm struct {
	Email string    `json:"email" validate:"required,max=254,email"`
	Name  string    `json:"name" validate:"required,max=200"`
	Role  auth.Role `json:"role" validate:"required"`

	SiteID *uuid.UUID `json:"site_id"` // where they work in that role; nil: anywhere in the organization
}

func (f UserForm) problems() error {
	var wrong []fault.Field
	if a, err := mail.ParseAddress(f.Email); err != nil || a.Address != f.Email {
		wrong = append(wrong, fault.Field{Pointer: "/email", Code: "email", Detail: "An e-mail address."})
	}
	if strings.TrimSpace(f.Name) == "" {
		wrong = append(wrong, fault.Field{Pointer: "/name", Code: "required", Detail: "This is needed."})
	}
	return fault.Problems(wrong)
}

// AddUser gives a person a role in an organization and returns their id. Somebody known by this e-mail address (in any
// case of letters) keeps their name and gets the role; an ended role begins again. Faults: Forbidden, Invalid for a role
// that this kind of organization does not have, NotFound for the organization or its site, Conflict when they hold the role already
// or are disabled.
func (s *Service) AddUser(ctx context.Context, actor auth.Actor, org uuid.UUID, form UserForm) (uuid.UUID, error) {
	return s.addUser(ctx, actor, org, form, func(*pg.Tx, uuid.UUID) error { return nil })
}

// addUser is AddUser with what belongs in the same transaction.
func (s *Service) addUser(ctx context.Context, actor auth.Actor, org uuid.UUID, form UserForm, also func(*pg.Tx, uuid.UUID) error) (uuid.UUID, error) {
	if err := actor.Require(auth.UserInvite); err != nil {
		return uuid.Nil, err
	}
	if err := form.problems(); err != nil {
		return uuid.Nil, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (uuid.UUID, error) {
		store := store{tx}
		kind, err := store.orgKind(org)
		if err != nil {
			return uuid.Nil, err
		}
		if err := mayHold(kind, form.Role); err != nil {
			return uuid.Nil, err
		}
		user, err := store.userOf(User{ID: pg.NewID(), Email: form.Email, Name: form.Name, CreatedAt: tx.Now})
		if err != nil {
			return uuid.Nil, err
		}
		if user.DisabledAt != nil {
			return uuid.Nil, fault.New(fault.Conflict, "This person's account is disabled. Enable it before giving it a role.")
		}
		if err := store.checkSite(org, form.SiteID); err != nil {
			return uuid.Nil, err
		}
		if err := store.give(membership{UserID: user.ID, OrgID: org, SiteID: form.SiteID, Role: form.Role}); err != nil {
			return uuid.Nil, err
		}
		if err := also(tx, user.ID); err != nil {
			return uuid.Nil, err
		}
		return user.ID, audit.NewStore(tx).Record(audit.Event{
			Action: "add user", Subject: "user", SubjectID: &user.ID, Detail: map[string]any{"org": org, "role": form.Role},
		})
	})
}
