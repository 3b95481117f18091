package ui

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"
	"reflect"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"doorstep/web/kit"
)

// Read fills an F from fields that were kept, as decode does from fields that were sent. What no longer fits is left out.
func Read[F any](values url.Values) F {
	var form F
	_ = fill(reflect.ValueOf(&form).Elem(), values, map[string]bool{})
	return form
}

// Sent is the fields of this request as they came.
func (r *Request) Sent() (url.Values, error) { return kit.Form(r.c) }

// Refill lets the page's fields begin with what was kept. A form that is shown again keeps what was typed.
func (r *Request) Refill(values url.Values) {
	if r.sent == nil {
		r.sent = values
	}
}

// Part answers a script with a piece of a page, made from a form as it stands.
func Part[F any](do func(*Request, F) (templ.Component, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := Of(c.Request().Context())
		form, _, err := decode[F](c)
		if err != nil {
			return err
		}
		piece, err := do(r, form)
		if err != nil {
			return err
		}
		var page bytes.Buffer
		if err := piece.Render(context.WithoutCancel(r.Context()), &page); err != nil {
			return fmt.Errorf("render a part of a page: %w", err)
		}
		Protect(c)
		c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
		return c.Blob(http.StatusOK, echo.MIMETextHTMLCharsetUTF8, page.Bytes())
	}
}

// HelpOf is the telephone number of the help desk, "" when there is none.
func HelpOf(ctx context.Context) string { return Of(ctx).ground.Help }
