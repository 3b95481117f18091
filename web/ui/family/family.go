package family

import (
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Pages are the pages of this package.
type Pages struct{ Referrals *referral.Service }

type nothing struct{}

// Leave forgets the visit and leads away. A link does, so that it works without a script.
func (p Pages) Leave(c echo.Context) error {
	r := ui.Of(c.Request().Context())
	if token := r.Visit(); token != "" {
		if err := p.Referrals.Leave(r.Context(), token); err != nil {
			return err
		}
	}
	r.KeepVisit("")
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "no-store")
	h.Set("Clear-Site-Data", `"cache"`)
	h.Set(echo.HeaderReferrerPolicy, "no-referrer")
	return c.Redirect(http.StatusSeeOther, r.LeaveTo())
}

// said puts what needs a correction into her language: use cases give a code.
func said(r *ui.Request, err error) error {
	var f *fault.Error
	if !errors.As(err, &f) {
		return err
	}
	switch f.Kind {
	case fault.TooMany:
		again := fault.New(fault.TooMany, "%s", r.T("start.too_many"))
		again.RetryAfter = f.RetryAfter
		return again
	case fault.Invalid:
		var fields []fault.Field
		ctx := r.Context()
		for _, field := range f.Fields {
			text, key := words.Code(ctx, "start_wrong", field.Code), "start_wrong."+field.Code
			if r.T(key) == key { // of the referral's own checks, which staff read
				text = r.T("start.check_again")
			}
			fields = append(fields, fault.Field{Pointer: field.Pointer, Code: field.Code, Detail: text})
		}
		return fault.Problems(fields)
	}
	return err
}
