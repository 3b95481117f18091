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

// Wordings is the catalogue of the words by which a family is asked: nothing in it is anybody's.
func Wordings(c echo.Context) error {
	return kit.JSON(c, http.StatusOK, referral.Page[referral.Wording]{Items: referral.Wordings()})
}

// Disclosures lists what was told of the client of a case, of the last ?years= (3 when left out), from ?after= on.
func Disclosures(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := kit.ID(c, "case")
		if err != nil {
			return err
		}
		query, err := kit.Query(c, "years", "after")
		if err != nil {
			return err
		}
		years, known := map[string]int{"": 3, "3": 3, "6": 6}[query["years"]]
		if !known {
			years = 0 // which the use case refuses, after it asked who is asking
		}
		list, err := s.Disclosures(c.Request().Context(), kit.Actor(c), id, years, query["after"])
		if err != nil {
			return err
		}
		if list.Notice != "" {
			notice(c)
		}
		return kit.JSON(c, http.StatusOK, list)
	}
}

// Part2 is the handler of a use case on the compartment: the notice stands in the answer's head as well as in its body.
func Part2[F, R any](use func(context.Context, auth.Actor, uuid.UUID, F) (R, error)) echo.HandlerFunc {
	handle := On("case", use)
	return func(c echo.Context) error {
		c.Response().Before(func() {
			if c.Response().Status < http.StatusBadRequest {
				notice(c)
			}
		})
		return handle(c)
	}
}

// ShowPart2 is Part2 for the look inside.
func ShowPart2(s *referral.Service) echo.HandlerFunc {
	return Part2(func(ctx context.Context, actor auth.Actor, id uuid.UUID, _ struct{}) (referral.Part2View, error) {
		return s.Part2(ctx, actor, id)
	})
}

func notice(c echo.Context) { c.Response().Header().Set("X-Part2-Notice", referral.Part2Notice) }
