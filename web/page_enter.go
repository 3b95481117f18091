package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/internal/fault"
	"doorstep/web/kit"
	"doorstep/web/ui"
)

// enterPage lets in whose browser holds a session that may. It asks before a byte of the form is read, as enter does for keys.
func (s *Server) enterPage(r Route, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Set(routeKey, r.Path)
		c.Set(pageKey, true)
		if r.Kind == Public {
			ui.Begin(c, s.o.Ground, accounts.Session{})
			return next(c)
		}
		session, err := s.session(c)
		ui.Begin(c, s.o.Ground, session)
		if err != nil {
			return err
		}
		if err := sentByPage(c.Request()); err != nil {
			return err
		}
		if r.Kind == Door {
			return next(c)
		}
		if !session.Open() {
			return fault.New(fault.Unauthenticated, "Sign in to go on.")
		}
		kit.SetActor(c, session.Actor)
		if r.Permission != "" {
			if err := session.Actor.Require(r.Permission); err != nil {
				s.o.Refused(c.Request().Context(), session.Actor, r.Permission)
				return err
			}
		}
		if r.Confirm && !session.Confirmed && s.o.Demo == nil { // nobody in the demo has a password
			return c.Redirect(http.StatusSeeOther, "/confirm?next="+url.QueryEscape(c.Request().URL.Path))
		}
		return next(c)
	}
}

// session is that of the browser, the zero one when there is none that opens.
func (s *Server) session(c echo.Context) (accounts.Session, error) {
	token := ui.Token(c, s.o.Ground.Secure)
	if token == "" {
		return accounts.Session{}, nil
	}
	session, err := s.o.Accounts.Session(c.Request().Context(), token)
	if errors.Is(err, fault.Unauthenticated) {
		return accounts.Session{}, nil
	}
	return session, err
}

// sentByPage refuses a form of which the browser does not say where it comes from. protect refused one that comes from elsewhere; a browser
// too old to say either would otherwise be let through, since programs, which hold no cookies, say nothing.
func sentByPage(r *http.Request) error {
	if r.Method != http.MethodPost || r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get(echo.HeaderOrigin) != "" {
		return nil
	}
	return fault.New(fault.Forbidden, "This browser does not say from which page a form comes. Use a newer one.")
}

const pageKey = "web.page"

// forPage reports whether an error is to be a page: at an address of pages, or at none for a reader of pages.
func forPage(c echo.Context) bool {
	if is, _ := c.Get(pageKey).(bool); is {
		return true
	}
	r := c.Request()
	return pattern(c) == "unmatched" && !strings.HasPrefix(r.URL.Path, "/api/") && strings.Contains(r.Header.Get(echo.HeaderAccept), "text/html")
}

// reported counts what browsers refused to load, and says in the log which rule it was. Addresses and pages are not written down: they name
// cases.
func (o Options) reported(c echo.Context) error {
	body, err := kit.Body(c)
	if err != nil {
		return err
	}
	o.Log.WarnContext(c.Request().Context(), "a browser refused what a page asked for", "directive", directive(body))
	return c.NoContent(http.StatusNoContent)
}
