package network

import (
	"context"
	"net/url"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/web/ui"
)

type peopleList struct {
	accounts.PeoplePage
	org   string
	after string
}

func (l peopleList) path() string {
	if l.org == "" {
		return "/users"
	}
	return "/users?org=" + url.QueryEscape(l.org)
}

// People is everybody, or those of one organization.
func (p Pages) People(r *ui.Request) (ui.Body, error) {
	q, err := r.Query("org", "after")
	if err != nil {
		return ui.Body{}, err
	}
	org := uuid.Nil
	if q["org"] != "" {
		if org, err = uuid.Parse(q["org"]); err != nil {
			return ui.Body{}, fault.New(fault.NotFound, "There is no such organization.")
		}
	}
	page, err := p.Accounts.People(r.Context(), r.Actor, org, q["after"])
	return ui.Body{Title: r.T("network.people"), Nav: "/users", Content: peoplePage(peopleList{page, q["org"], q["after"]})}, err
}

// Person is one of them.
func (p Pages) Person(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("person")
	if err != nil {
		return ui.Body{}, err
	}
	one, err := p.Accounts.Person(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("network.person"), Nav: "/users", Content: personPage(one)}, err
}

// Invite is the form for somebody who joins an organization.
func (p Pages) Invite(r *ui.Request) (ui.Body, error) {
	o, err := p.party(r)
	return ui.Body{Title: r.T("network.invite"), Nav: "/organizations", Content: invite(o)}, err
}

// InviteForm is what a page asks of a person.
type InviteForm struct {
	Email string `form:"email"`
	Name  string `form:"name"`
	Role  string `form:"role"`
	Site  string `form:"site_id"`
}

// SendInvitation gives a role and sends the letter.
func (p Pages) SendInvitation(r *ui.Request, f InviteForm) (ui.Next, error) {
	org, err := r.ID("organization")
	if err != nil {
		return ui.Next{}, err
	}
	form := accounts.UserForm{Email: f.Email, Name: f.Name, Role: auth.Role(f.Role)}
	if site := idOf(f.Site); site != uuid.Nil {
		form.SiteID = &site
	}
	if f.Role == "" && f.Email != "" && f.Name != "" && r.Actor.Require(auth.UserInvite) == nil {
		return ui.Next{}, fault.Problems([]fault.Field{{Pointer: "/role", Code: "required", Detail: r.T("network.role_missing")}})
	}
	_, err = p.Accounts.Invite(r.Context(), r.Actor, org, form)
	return ui.Next{To: "/organizations/" + org.String(), Flash: ui.Flash{Key: "network.invited"}}, err
}

// NoFields is a button.
type NoFields struct{}

// InviteAgain sends another letter.
func (p Pages) InviteAgain(r *ui.Request, _ NoFields) (ui.Next, error) {
	return onPerson(r, "network.invited", p.Accounts.InviteAgain)
}

// TakeOffStep takes the second step off somebody who lost their phone.
func (p Pages) TakeOffStep(r *ui.Request, _ NoFields) (ui.Next, error) {
	return onPerson(r, "network.step_off", p.Accounts.RemoveSecondFactor)
}

// Disable shuts somebody out.
func (p Pages) Disable(r *ui.Request, _ NoFields) (ui.Next, error) {
	return onPerson(r, "network.disabled", only(p.Accounts.Disable))
}

// Enable lets somebody in again.
func (p Pages) Enable(r *ui.Request, _ NoFields) (ui.Next, error) {
	return onPerson(r, "network.enabled", only(p.Accounts.Enable))
}

// EndRoleForm names a role.
type EndRoleForm struct {
	Org  string `form:"org"`
	Role string `form:"role"`
}

// EndRole takes one role.
func (p Pages) EndRole(r *ui.Request, f EndRoleForm) (ui.Next, error) {
	return onPerson(r, "network.role_ended", func(ctx context.Context, actor auth.Actor, user uuid.UUID) error {
		_, err := p.Accounts.EndRole(ctx, actor, user, accounts.RoleForm{OrgID: idOf(f.Org), Role: auth.Role(f.Role)})
		return err
	})
}

func only(use func(context.Context, auth.Actor, uuid.UUID) (accounts.Changed, error)) func(context.Context, auth.Actor, uuid.UUID) error {
	return func(ctx context.Context, actor auth.Actor, user uuid.UUID) error {
		_, err := use(ctx, actor, user)
		return err
	}
}

func onPerson(r *ui.Request, said string, use func(context.Context, auth.Actor, uuid.UUID) error) (ui.Next, error) {
	id, err := r.ID("person")
	if err != nil {
		return ui.Next{}, err
	}
	return ui.Next{To: "/users/" + id.String(), Flash: ui.Flash{Key: said}}, use(r.Context(), r.Actor, id)
}
