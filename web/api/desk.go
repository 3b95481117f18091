package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/referral"
	"doorstep/web/kit"
)

// Queue lists one ?tab= of the hub's queue with how much stands in each.
func Queue(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "after", "tab")
		if err != nil {
			return err
		}
		page, err := s.Queue(c.Request().Context(), kit.Actor(c), referral.Tab(query["tab"]), query["after"])
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// Board shows the places of every program. It has one page.
func Board(s *referral.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		page, err := s.Board(c.Request().Context(), kit.Actor(c))
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}
