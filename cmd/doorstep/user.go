package main

import (
	"fmt"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/config"
)

type userCommand struct {
	Add    userAdd    `cmd:"" help:"Give a person a role in an organization and print an API key for it, this once."`
	Invite userInvite `cmd:"" help:"Give a person a role in an organization and send them a letter with which to choose a password."`
}

type userAdd struct {
	userForm `embed:""`
}

type userForm struct {
	Org   string `required:"" help:"Id of the organization."`
	Email string `required:"" help:"E-mail address; a known person gets one more role."`
	Name  string `required:"" help:"Name of the person."`
	Role  string `required:"" help:"Role, such as triage_coordinator or agency_coordinator."`
}

func (u userForm) read() (uuid.UUID, accounts.UserForm, error) {
	org, err := uuid.Parse(u.Org)
	if err != nil {
		err = fmt.Errorf("--org is not an id of an organization")
	}
	return org, accounts.UserForm{Email: u.Email, Name: u.Name, Role: auth.Role(u.Role)}, err
}

type userInvite struct {
	userForm `embed:""`
}

// Run promises the letter, which a worker sends. So the first administrator comes in.
func (u userInvite) Run(p *process) error {
	org, form, err := u.read()
	if err != nil {
		return err
	}
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	id, err := a.accounts.Invite(p.ctx, auth.System("user invite"), org, form)
	if err != nil {
		return fmt.Errorf("invite the person: %w", err)
	}
	_, err = fmt.Fprintf(p.stdout, "user %s\nA worker sends the letter to %s.\n", id, u.Email)
	return err
}

// Run adds the person and their key. Whoever may run commands on the server acts as the system under this command's name.
func (u userAdd) Run(p *process) error {
	org, form, err := u.read()
	if err != nil {
		return err
	}
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	actor := auth.System("user add")
	id, err := a.accounts.AddUser(p.ctx, actor, org, form)
	if err != nil {
		return fmt.Errorf("add the person: %w", err)
	}
	key, _, err := a.accounts.CreateKey(p.ctx, actor, accounts.KeyForm{OrgID: org, UserID: &id, Role: form.Role, Label: "made with user add"})
	if err != nil {
		return fmt.Errorf("make a key for person %s: %w", id, err)
	}
	_, err = fmt.Fprintf(p.stdout, "user %s\nkey  %s\n", id, key)
	return err
}
