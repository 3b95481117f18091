package account

import (
	"errors"

	"doorstep/internal/fault"
	"doorstep/web/ui"
)

func asFault(err error, f **fault.Error) bool { return errors.As(err, f) }

type resetForm struct {
	Email string `form:"email"`
}

// Forgot asks for a letter with which to choose a new password.
func (p Pages) Forgot(r *ui.Request) (ui.Body, error) {
	return ui.Body{Title: r.T("sign_in.forgot_title"), Public: true, Content: forgot()}, nil
}

// SendLetter says the same whether there is such a person or not.
func (p Pages) SendLetter(r *ui.Request, form resetForm) (ui.Next, error) {
	if form.Email == "" {
		return ui.Next{}, fault.Problems([]fault.Field{{Pointer: "/email", Code: "required", Detail: r.T("sign_in.email_missing")}})
	}
	if err := p.Accounts.AskReset(r.Context(), form.Email, r.Address()); err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: "/sign-in", Flash: ui.Flash{Key: "sign_in.letter_sent"}}, nil
}

type passwordForm struct {
	Password string `form:"password,raw"`
}

// Letter is the page behind the link of a letter: it asks for a password and spends nothing. Mail programs that open links change nothing.
func (p Pages) Letter(r *ui.Request) (ui.Body, error) {
	letter, err := p.Accounts.OpenLetter(r.Context(), r.Param("token"))
	return ui.Body{Title: r.T("sign_in.letter_title"), Public: true, Content: setPassword(letter.Email)}, err
}

// UseLetter sets it.
func (p Pages) UseLetter(r *ui.Request, form passwordForm) (ui.Next, error) {
	if err := p.Accounts.UseLetter(r.Context(), r.Param("token"), form.Password, r.Address()); err != nil {
		return ui.Next{}, err
	}
	r.Keep("")
	return ui.Next{To: "/sign-in", Flash: ui.Flash{Key: "sign_in.password_set"}}, nil
}

type confirmForm struct {
	Password string `form:"password,raw"`
	Next     string `form:"next"`
}

// Confirm asks for the password again before what is dangerous.
func (p Pages) Confirm(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("next")
	return ui.Body{Title: r.T("sign_in.confirm_title"), Content: confirm(ui.Local(q["next"]))}, err
}

// EnterConfirm takes it, and leads back.
func (p Pages) EnterConfirm(r *ui.Request, form confirmForm) (ui.Next, error) {
	if err := p.Accounts.Confirm(r.Context(), r.Session, form.Password); err != nil {
		return ui.Next{}, translated(r, err, "sign_in.confirm_wrong")
	}
	return ui.Next{To: form.Next}, nil
}
