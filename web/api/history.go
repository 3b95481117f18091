package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/audit"
	"doorstep/internal/fault"
	"doorstep/web/kit"
)

// History reads events by ?actor=&case=&kind=&action=&from=&to=; ?after= is the "next" of the page before.
func History(s *audit.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "actor", "case", "kind", "action", "from", "to", "after")
		if err != nil {
			return err
		}
		filter := audit.Filter{Actor: query["actor"], Case: query["case"], Kind: query["kind"], Action: query["action"]}
		for name, into := range map[string]**time.Time{"from": &filter.From, "to": &filter.To} {
			if text := query[name]; text != "" {
				at, err := time.Parse(time.RFC3339, text)
				if err != nil {
					return fault.Problems([]fault.Field{{Pointer: "/" + name, Code: "time", Detail: "A time as in 2026-01-31T09:00:00Z."}})
				}
				*into = &at
			}
		}
		page, err := s.Read(c.Request().Context(), kit.Actor(c), filter, query["after"])
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, page)
	}
}
