// Package accounts knows the people and programs that may come in: users, the roles they hold in organizations, and API
// keys. It turns a credential into an auth.Actor; what the actor may do is auth's.
package accounts
