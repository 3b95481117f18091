package ui

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/rulebook"
	"doorstep/triage"
)

//go:embed rules.html
var rulesPage string

//go:embed rules.css
var rulesStyle string

// Rules shows anyone the live rules in plain words.
func Rules(s *rulebook.Service) echo.HandlerFunc {
	page := template.Must(template.New("rules").Funcs(template.FuncMap{
		"plain": func(id string) string { return strings.ReplaceAll(id, "_", " ") },
		"span":  span,
		"style": func() template.CSS { return template.CSS(rulesStyle) }, //nolint:gosec // part of this program, and of no request
	}).Parse(rulesPage))
	sum := sha256.Sum256([]byte(rulesStyle))
	policy := fmt.Sprintf("default-src 'none'; style-src 'sha256-%s'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
		base64.StdEncoding.EncodeToString(sum[:]))
	return func(c echo.Context) error {
		rules, err := live(c, s)
		if err != nil {
			return err
		}
		var body bytes.Buffer
		if err := page.Execute(&body, rules); err != nil {
			return fmt.Errorf("render the rules: %w", err)
		}
		c.Response().Header().Set(echo.HeaderContentSecurityPolicy, policy)
		return cached(c, echo.MIMETextHTMLCharsetUTF8, body.Bytes())
	}
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
		rules, err := live(c, s)
		if err != nil {
			return err
		}
		body, err := json.Marshal(rules)
		if err != nil {
			return fmt.Errorf("render the rules: %w", err)
		}
		return cached(c, "application/json; charset=utf-8", body)
	}
}

// live is the public rules, with version 0 when none decide now.
func live(c echo.Context, s *rulebook.Service) (rulebook.Public, error) {
	if c.QueryString() != "" { // a cache would keep a copy for each
		return rulebook.Public{}, echo.NewHTTPError(http.StatusBadRequest, "This address takes no parameters.")
	}
	rules, err := s.Public(c.Request().Context())
	if err != nil && rulebook.NoRules(err) {
		return rulebook.Public{}, nil
	}
	return rules, err
}

// cached may be kept by anyone for five minutes: it is the same for all, and a release is not seen later than that.
func cached(c echo.Context, contentType string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := fmt.Sprintf("%q", base64.RawURLEncoding.EncodeToString(sum[:12]))
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "public, max-age=300")
	h.Set("ETag", tag)
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, contentType, body)
}
