package api

import (
	"net/http"

	"cloud.google.com/go/civil"
	"github.com/labstack/echo/v4"

	"doorstep/report"
	"doorstep/web/kit"
)

// Throughput reports ?from=&to=&by=. A day that cannot be read is the zero day, which the report refuses in its own words.
func Throughput(s *report.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "from", "to", "by")
		if err != nil {
			return err
		}
		from, _ := civil.ParseDate(query["from"])
		to, _ := civil.ParseDate(query["to"])
		figures, err := s.Throughput(c.Request().Context(), kit.Actor(c), from, to, report.By(query["by"]))
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, figures)
	}
}

// UnmetNeed reports ?from=&to= likewise.
func UnmetNeed(s *report.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "from", "to")
		if err != nil {
			return err
		}
		from, _ := civil.ParseDate(query["from"])
		to, _ := civil.ParseDate(query["to"])
		figures, err := s.UnmetNeed(c.Request().Context(), kit.Actor(c), from, to)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, figures)
	}
}

// Overview reports ?from=&to= likewise.
func Overview(s *report.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		query, err := kit.Query(c, "from", "to")
		if err != nil {
			return err
		}
		from, _ := civil.ParseDate(query["from"])
		to, _ := civil.ParseDate(query["to"])
		figures, err := s.Overview(c.Request().Context(), kit.Actor(c), from, to)
		if err != nil {
			return err
		}
		return kit.JSON(c, http.StatusOK, figures)
	}
}
