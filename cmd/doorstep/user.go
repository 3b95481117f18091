package main

import (
	"fmt"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/config"
)

type userCommand struct {
	Add userAdd `cmd:"" help:"Give a person a role in an organization and print an API key for it, this once."`
}

type userAdd struct {
	Org   string `required:"" help:"Id of the organization."`
	Email string `required:"" help:"E-mail address; a known person gets one more role."`
	Name  string `required:"" help:"Name of the person."`
	Role  string `required:"" help:"Role, such as triage_coordinator or agency_coordinator."`
}

// Run adds the person and their key. Whoever may run commands on the server acts as the system under this command's name.
func (u userAdd) Run(p *process) error {
	org, err := uuid.Parse(u.Org)
	if err != nil {
		return fmt.Errorf("--org is not an id of an organization")
	}
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	actor, role := auth.System("user add"), auth.Role(u.Role)
	id, err := a.accounts.AddUser(p.ctx, actor, org, accounts.UserForm{Email: u.Email, Name: u.Name, Role: role})
	if err != nil {
		return fmt.Errorf("add the person: %w", err)
	}
	key, _, err := a.accounts.CreateKey(p.ctx, actor, accounts.KeyForm{OrgID: org, UserID: &id, Role: role, Label: "made with user add"})
	if err != nil {
		return fmt.Errorf("make a key for person %s: %w", id, err)
	}
	_, err = fmt.Fprintf(p.stdout, "user %s\nkey  %s\n", id, key)
	return err
}
