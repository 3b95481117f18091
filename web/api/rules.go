package api

import (
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
	"doorstep/rulebook"
	"doorstep/web/kit"
)

// Rulesets lists the versions of the rules. ?after= is the "next" of the page before.
func Rulesets(s *rulebook.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "after")
		if err != nil {
			return err
		}
		page, err := s.List(c.Request().Context(), kit.Actor(c), query["after"])
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}

// CheckRules looks at a text and keeps nothing.
func CheckRules(s *rulebook.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		if _, err := kit.Query(c); err != nil {
			return err
		}
		var form rulebook.CheckForm
		if err := kit.Decode(c, &form); err != nil {
			return err
		}
		checked, err := s.Check(c.Request().Context(), kit.Actor(c), form)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, checked)
	}
}

// RulesetDiff compares a version with ?from=, or with the one that it was drafted from.
func RulesetDiff(s *rulebook.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		id, err := kit.ID(c, "rule set")
		if err != nil {
			return err
		}
		query, err := kit.Query(c, "from")
		if err != nil {
			return err
		}
		from := uuid.Nil
		if text := query["from"]; text != "" {
			if from, err = uuid.Parse(text); err != nil {
				return fault.Problems([]fault.Field{{Pointer: "/from", Code: "uuid", Detail: "An id as this service gave it."}})
			}
		}
		diff, err := s.Diff(c.Request().Context(), kit.Actor(c), id, from)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, diff)
	}
}
