package seed

import (
	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/pg"
)

// User builds a person with this role in the organization and returns them as an actor.
func (s *Seed) User(o Org, role auth.Role) auth.Actor {
	s.t.Helper()
	id, err := s.accounts.AddUser(s.t.Context(), system(), o.ID, accounts.UserForm{
		Email: pg.NewID().String() + "@example.org", Name: "Example " + string(role), Role: role,
	})
	s.check("user", err)
	return auth.Actor{Kind: "user", ID: id, OrgID: o.ID, OrgKind: o.Kind, SiteID: o.SiteID, Role: role}
}

// Key builds an API key of the organization's site and returns its text with the actor that it authenticates.
func (s *Seed) Key(o Org, role auth.Role) (string, auth.Actor) {
	s.t.Helper()
	plain, id, err := s.accounts.CreateKey(s.t.Context(), system(), accounts.KeyForm{OrgID: o.ID, SiteID: &o.SiteID, Role: role, Label: "test"})
	s.check("API key", err)
	return plain, auth.Actor{Kind: "key", ID: id, OrgID: o.ID, OrgKind: o.Kind, SiteID: o.SiteID, Role: role}
}
