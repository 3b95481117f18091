package account

import (
	"errors"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/web/ui"
)

// Account is a person's own page: who they are here, other roles, the second step.
func (p Pages) Account(r *ui.Request) (ui.Body, error) {
	roles, err := p.Accounts.Roles(r.Context(), r.Session)
	return ui.Body{Title: r.T("account.title"), Content: account(roles)}, err
}

// SecondStep shows a new secret for an authenticator app, or that one is in use.
func (p Pages) SecondStep(r *ui.Request) (ui.Body, error) {
	setup, err := p.Accounts.BeginSecondFactor(r.Context(), r.Session)
	if errors.Is(err, fault.Conflict) {
		return ui.Body{Title: r.T("account.second_title"), Content: secondOn()}, nil
	}
	return ui.Body{Title: r.T("account.second_title"), Content: secondStep(setup)}, err
}

// TurnOn takes the first code.
func (p Pages) TurnOn(r *ui.Request, form codeForm) (ui.Next, error) {
	if err := p.Accounts.ConfirmSecondFactor(r.Context(), r.Session, form.Code); err != nil {
		return ui.Next{}, translated(r, err, "account.second_wrong")
	}
	return ui.Next{To: "/account", Flash: ui.Flash{Key: "account.second_done"}}, nil
}

// People is the demo's door: everybody who can be played.
func (p Pages) People(r *ui.Request) (ui.Body, error) {
	people, err := p.Demo.People(r.Context())
	return ui.Body{Title: r.T("demo.title"), Public: true, Content: door(grouped(people))}, err
}

type doorForm struct {
	User string `form:"user"`
	Org  string `form:"org"`
	Role string `form:"role"`
}

// Play signs in as one of them.
func (p Pages) Play(r *ui.Request, form doorForm) (ui.Next, error) {
	user, err := uuid.Parse(form.User)
	org, err2 := uuid.Parse(form.Org)
	if err != nil || err2 != nil {
		return ui.Next{}, fault.New(fault.NotFound, "There is no such person.")
	}
	t, err := p.Demo.SignIn(r.Context(), user, org, auth.Role(form.Role))
	if err != nil {
		return ui.Next{}, err
	}
	r.Keep(t.Token)
	return ui.Next{To: "/"}, nil
}

// party is one organization of the demo with its people.
type party struct {
	Org    string
	People []accounts.DemoPerson
}

func grouped(people []accounts.DemoPerson) (parties []party) {
	for _, one := range people {
		if n := len(parties); n > 0 && parties[n-1].Org == one.Org {
			parties[n-1].People = append(parties[n-1].People, one)
			continue
		}
		parties = append(parties, party{one.Org, []accounts.DemoPerson{one}})
	}
	return parties
}
