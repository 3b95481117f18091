package ui

import (
	"time"

	"github.com/labstack/echo/v4"
)

const visitCookie = "visit"

// Visit is the token of a visit to a family's page, or "". It is no session: nobody is signed in by it.
func (r *Request) Visit() string { return Cookie(r.c, visitCookie, r.ground.Secure) }

// KeepVisit gives the browser the token of a visit until it is closed, or 15 minutes; "" takes it back.
func (r *Request) KeepVisit(token string) {
	life := 15 * time.Minute
	if token == "" {
		life = -1
	}
	SetCookie(r.c, visitCookie, token, life, r.ground.Secure)
}

// LeaveTo is where "Leave this page" leads: a page that says nothing of whoever is found on it.
func (r *Request) LeaveTo() string {
	if r.ground.LeaveTo != "" {
		return r.ground.LeaveTo
	}
	return "https://www.weather.gov/"
}

// ShowOnce is Save for a form whose answer is shown here and now and never again: what it holds stands in no address and no cookie.
func ShowOnce[F any](again View, do func(r *Request, form F) (Body, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := Of(c.Request().Context())
		form, sent, err := decode[F](c)
		var body Body
		if err == nil {
			body, err = do(r, form)
		}
		if status, ok := r.correct(err); ok {
			r.sent = sent
			return render(c, status, again)
		}
		if err != nil {
			return err
		}
		return r.answer(200, body)
	}
}

// Lines are numbers for somebody in danger, "" when the operator named none beside 911 and 988.
func (r *Request) Lines() string { return r.ground.Lines }

// Help is the telephone number of whoever helps people with Doorstep, or "".
func (r *Request) Help() string { return r.ground.Help }
