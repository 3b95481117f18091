package open

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/rulebook"
	"doorstep/triage"
	"doorstep/web/ui"
)

// Rules shows anyone the live rules in plain words.
func Rules(s *rulebook.Service) echo.HandlerFunc {
	return ui.ShowToAll(func(r *ui.Request) (ui.Body, error) {
		if _, err := r.Query(); err != nil {
			return ui.Body{}, err
		}
		rules, err := live(r.Echo(), s)
		return ui.Body{Title: r.T("rules.title"), Public: true, Content: rulesPage(rules)}, err
	})
}

// span is "1 business day", "2 business days".
func span(amount string, unit triage.Unit) string {
	text := amount + " " + strings.ReplaceAll(string(unit), "_", " ")
	if amount == "1" {
		text = strings.TrimSuffix(text, "s")
	}
	return text
}

// RulesJSON is the same for programs.
func RulesJSON(s *rulebook.Service) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.QueryString() != "" { // a cache would keep a copy for each
			return echo.NewHTTPError(http.StatusBadRequest, "This address takes no parameters.")
		}
		rules, err := live(c, s)
		if err != nil {
			return err
		}
		body, err := json.Marshal(rules)
		if err != nil {
			return fmt.Errorf("render the rules: %w", err)
		}
		return ui.Cached(c, "application/json; charset=utf-8", body)
	}
}

// live is the public rules, with version 0 when none decide now.
func live(c echo.Context, s *rulebook.Service) (rulebook.Public, error) {
	rules, err := s.Public(c.Request().Context())
	if err != nil && rulebook.NoRules(err) {
		return rulebook.Public{}, nil
	}
	return rules, err
}

func sourced(l triage.Line) string {
	if l.Dated == "" {
		return l.Source
	}
	return l.Source + " (" + l.Dated + ")"
}
