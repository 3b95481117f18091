package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/web/kit"
)

// Everything is the handler of a list without pages.
func Everything[R any](use func(context.Context, auth.Actor) (R, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		list, err := use(c.Request().Context(), kit.Actor(c))
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, list)
	}
}

// NewOrganization adds a party to the network.
func NewOrganization(s *providers.Service) echo.HandlerFunc {
	return Make(func(ctx context.Context, actor auth.Actor, form providers.OrganizationForm) (providers.Changed, error) {
		id, err := s.AddOrganization(ctx, actor, form)
		return providers.Changed{ID: id}, err
	})
}

// NewProgram adds a program to the agency in the path.
func NewProgram(s *providers.Service) echo.HandlerFunc {
	return On("organization", func(ctx context.Context, actor auth.Actor, org uuid.UUID, form providers.ProgramForm) (providers.Changed, error) {
		id, err := s.AddProgram(ctx, actor, org, form)
		return providers.Changed{ID: id}, err
	})
}

// Invite gives a person a role in the organization in the path and sends them a letter.
func Invite(s *accounts.Service) echo.HandlerFunc {
	return On("organization", func(ctx context.Context, actor auth.Actor, org uuid.UUID, form accounts.UserForm) (accounts.Changed, error) {
		id, err := s.Invite(ctx, actor, org, form)
		return accounts.Changed{ID: id}, err
	})
}

// OnUser is the handler of a use case on a person that answers nothing else.
func OnUser(use func(context.Context, auth.Actor, uuid.UUID) error) echo.HandlerFunc {
	return At("person", func(ctx context.Context, actor auth.Actor, user uuid.UUID) (accounts.Changed, error) {
		return accounts.Changed{ID: user}, use(ctx, actor, user)
	})
}

// People lists people; ?org= narrows it, ?after= is the "next" of the page before.
func People(s *accounts.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "org", "after")
		if err != nil {
			return err
		}
		org := uuid.Nil
		if text := query["org"]; text != "" {
			if org, err = uuid.Parse(text); err != nil {
				return fault.Problems([]fault.Field{{Pointer: "/org", Code: "uuid", Detail: "An id as this service gave it."}})
			}
		}
		page, err := s.People(c.Request().Context(), kit.Actor(c), org, query["after"])
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}
