package account

import (
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct {
	Accounts *accounts.Service
	Demo     *accounts.Demo // nil but in the demo
}

type signInForm struct {
	Email    string `form:"email"`
	Password string `form:"password,raw"`
	Next     string `form:"next"`
}

// SignIn is the page of e-mail address and password. Who is in already goes on.
func (p Pages) SignIn(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("next")
	if err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T("sign_in.title"), Public: true, Content: signIn(ui.Local(q["next"]))}, nil
}

// EnterSignIn takes them.
func (p Pages) EnterSignIn(r *ui.Request, form signInForm) (ui.Next, error) {
	var wrong []fault.Field
	if form.Email == "" {
		wrong = append(wrong, fault.Field{Pointer: "/email", Code: "required", Detail: r.T("sign_in.email_missing")})
	}
	if form.Password == "" {
		wrong = append(wrong, fault.Field{Pointer: "/password", Code: "required", Detail: r.T("sign_in.password_missing")})
	}
	if err := fault.Problems(wrong); err != nil {
		return ui.Next{}, err
	}
	t, err := p.Accounts.SignIn(r.Context(), accounts.SignInForm{Email: form.Email, Password: form.Password, Address: r.Address()})
	if err != nil {
		return ui.Next{}, translated(r, err, "sign_in.wrong")
	}
	return onward(r, t, form.Next), nil
}

// translated says a wrong guess in the reader's language, and leaves every other fault as it is.
func translated(r *ui.Request, err error, key string) error {
	var f *fault.Error
	if fault.KindOf(err) != fault.Invalid || !asFault(err, &f) || len(f.Fields) != 1 {
		return err
	}
	return fault.Problems([]fault.Field{{Pointer: f.Fields[0].Pointer, Code: f.Fields[0].Code, Detail: r.T(key)}})
}

// onward is the next step on the way in.
func onward(r *ui.Request, t accounts.Ticket, next string) ui.Next {
	r.Keep(t.Token)
	to := ui.Local(next)
	switch {
	case t.AwaitsCode:
		to = "/sign-in/code?next=" + url.QueryEscape(to)
	case t.Chooses:
		to = "/sign-in/role?next=" + url.QueryEscape(to)
	}
	return ui.Next{To: to}
}

// Home leads to where a role begins, or to the door.
func (p Pages) Home(c echo.Context) error {
	s := ui.Of(c.Request().Context()).Session
	switch {
	case s.Open():
		return c.Redirect(http.StatusSeeOther, ui.Start(s.Actor.Role))
	case s.AwaitsCode:
		return c.Redirect(http.StatusSeeOther, "/sign-in/code")
	case s.ID != uuid.Nil:
		return c.Redirect(http.StatusSeeOther, "/sign-in/role")
	case p.Demo != nil:
		return c.Redirect(http.StatusSeeOther, "/demo")
	}
	return c.Redirect(http.StatusSeeOther, "/sign-in")
}

type codeForm struct {
	Code string `form:"code"`
	Next string `form:"next"`
}

// Code asks for the second step.
func (p Pages) Code(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("next")
	if err == nil && !r.Session.AwaitsCode {
		err = fault.New(fault.Unauthenticated, "Sign in to go on.")
	}
	return ui.Body{Title: r.T("sign_in.code_title"), Public: true, Content: code(ui.Local(q["next"]))}, err
}

// EnterCode takes it.
func (p Pages) EnterCode(r *ui.Request, form codeForm) (ui.Next, error) {
	t, err := p.Accounts.EnterCode(r.Context(), r.Session, form.Code)
	if err != nil {
		return ui.Next{}, translated(r, err, "sign_in.code_wrong")
	}
	return onward(r, t, form.Next), nil
}

type roleForm struct {
	Org  string `form:"org"`
	Role string `form:"role"`
	Next string `form:"next"`
}

// Role lets a person of several roles pick the one to work in.
func (p Pages) Role(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("next")
	if err != nil {
		return ui.Body{}, err
	}
	roles, err := p.Accounts.Roles(r.Context(), r.Session)
	return ui.Body{Title: r.T("sign_in.role_title"), Public: true, Content: chooseRole(roles, ui.Local(q["next"]))}, err
}

// ChooseRole goes on in it.
func (p Pages) ChooseRole(r *ui.Request, form roleForm) (ui.Next, error) {
	org, err := uuid.Parse(form.Org)
	if err != nil {
		return ui.Next{}, fault.New(fault.NotFound, "You do not hold this role.")
	}
	t, err := p.Accounts.ChooseRole(r.Context(), r.Session, org, auth.Role(form.Role))
	if err != nil {
		return ui.Next{}, err
	}
	return onward(r, t, form.Next), nil
}

type nothing struct{}

// SignOut ends the session.
func (p Pages) SignOut(r *ui.Request, _ nothing) (ui.Next, error) {
	if r.Session.ID != uuid.Nil {
		if err := p.Accounts.SignOut(r.Context(), r.Session); err != nil {
			return ui.Next{}, err
		}
	}
	r.Keep("")
	return ui.Next{To: "/sign-in", Flash: ui.Flash{Key: "sign_in.signed_out"}}, nil
}
