package ui

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
)

// Body is one page as its view made it.
type Body struct {
	Title   string // of the window, which browsers keep: it names no family
	Nav     string // the path of the entry in the navigation that this page belongs to
	Public  bool   // for anyone: one thing a page, both languages, no navigation
	Family  bool   // Public for a family: a neutral title, nothing that leads to the staff's pages, and a way out of here
	Content templ.Component
}

// View makes a page of its request: it asks a use case what to show and picks the template.
type View func(r *Request) (Body, error)

// Show is the handler of a page that is looked at.
func Show(view View) echo.HandlerFunc {
	return func(c echo.Context) error { return render(c, http.StatusOK, view) }
}

// Next says where a form leads when it was done, and what is said there.
type Next struct {
	To    string
	Flash Flash
}

// Save is the handler of a form that was sent. It reads the fields into F, of which each has the tag form:"name", calls do, and leads on with 303.
// When something needs a correction, the page is shown again by again, with what was typed, and 422: the pointer "/client/given_name" of a
// fault belongs to the field "client.given_name". Every other fault becomes a page of its own.
func Save[F any](again View, do func(r *Request, form F) (Next, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := Of(c.Request().Context())
		form, sent, err := decode[F](c)
		var next Next
		if err == nil {
			next, err = do(r, form)
		}
		var own *Instead
		if errors.As(err, &own) {
			r.sent = sent
			return render(c, own.Status, own.View)
		}
		if status, ok := r.correct(err); ok {
			r.sent = sent
			if err := render(c, status, again); err != nil {
				r.sent, r.errors = nil, nil // a page of its own, which looks as if nothing had been sent
				return err
			}
			return nil
		}
		if err != nil {
			return err
		}
		setFlash(c, next.Flash, r.ground.Secure)
		return c.Redirect(http.StatusSeeOther, Local(next.To))
	}
}

// Instead is a fault that has a page of its own, which says what happened and leads to the next thing to do.
type Instead struct {
	Err    error
	Status int
	View   View
}

func (i *Instead) Error() string { return i.Err.Error() }

// Unwrap is the fault.
func (i *Instead) Unwrap() error { return i.Err }

// correct keeps what a person can mend on the same page.
func (r *Request) correct(err error) (status int, ok bool) {
	var f *fault.Error
	if !errors.As(err, &f) {
		return 0, false
	}
	switch f.Kind {
	case fault.Invalid:
		status = http.StatusUnprocessableEntity
	case fault.TooMany:
		status = http.StatusTooManyRequests
	default:
		return 0, false
	}
	r.errors = errorsOf(f)
	return status, true
}

func render(c echo.Context, status int, view View) error {
	r := Of(c.Request().Context())
	body, err := view(r)
	if err != nil {
		return err
	}
	return r.answer(status, body)
}

// answer renders the whole page before a byte leaves, so that an error in the middle is an error page and not half a page.
func (r *Request) answer(status int, body Body) error {
	var page bytes.Buffer // the request's time may be over: that is an error page, too
	if err := layout(body).Render(context.WithoutCancel(r.Context()), &page); err != nil {
		return fmt.Errorf("render a page: %w", err)
	}
	Protect(r.c)
	r.c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return r.c.Blob(status, echo.MIMETextHTMLCharsetUTF8, page.Bytes())
}

// ReportPath takes what browsers report of the policy below.
const ReportPath = "/csp-report"

// Protect says what a page may load and where it may send: ours alone, and no script or style in the page itself.
func Protect(c echo.Context) {
	h := c.Response().Header()
	h.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "+
		"form-action 'self'; frame-ancestors 'none'; base-uri 'none'; report-uri "+ReportPath)
	// Our own addresses hold no name; others' sites learn not even that somebody came from here.
	h.Set(echo.HeaderReferrerPolicy, "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
	h.Set(echo.HeaderXFrameOptions, "DENY")
}
