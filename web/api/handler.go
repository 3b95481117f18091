package api

import (
	"context"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/auth"
	"doorstep/referral"
	"doorstep/web/kit"
)

// On is the handler of a use case on the thing that the path names, with a form in the body. what is the thing's word.
func On[F, R any](what string, use func(context.Context, auth.Actor, uuid.UUID, F) (R, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := kit.ID(c, what)
		if err != nil {
			return err
		}
		if _, err := kit.Query(c); err != nil {
			return err
		}
		var form F
		if err := kit.Decode(c, &form); err != nil {
			return err
		}
		result, err := use(c.Request().Context(), kit.Actor(c), id, form)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, result)
	}
}

// At is On for a use case without a form, reading or writing. A body, when there is one, must be {}.
func At[R any](what string, use func(context.Context, auth.Actor, uuid.UUID) (R, error)) echo.HandlerFunc {
	return On(what, func(ctx context.Context, actor auth.Actor, id uuid.UUID, _ struct{}) (R, error) {
		return use(ctx, actor, id)
	})
}

// List is the handler of a list. ?after= is the "next" of the page before.
func List[R any](use func(ctx context.Context, actor auth.Actor, after string) (referral.Page[R], error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "after")
		if err != nil {
			return err
		}
		page, err := use(c.Request().Context(), kit.Actor(c), query["after"])
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// Make is the handler of a use case that begins something of the caller's own, with a form in the body.
func Make[F, R any](use func(context.Context, auth.Actor, F) (R, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		var form F
		if err := kit.Decode(c, &form); err != nil {
			return err
		}
		result, err := use(c.Request().Context(), kit.Actor(c), form)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusCreated, result)
	}
}
