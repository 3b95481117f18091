package auth

import (
	"log/slog"

	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// Actor is who acts: a user, an API key, or the system under a name. Every write and every read names one.
type Actor struct {
	Kind    string // "user", "key" or "system"
	ID      uuid.UUID
	OrgID   uuid.UUID // uuid.Nil for the system
	OrgKind OrgKind
	SiteID  uuid.UUID // uuid.Nil when the key or user is not bound to a site
	Role    Role
	Name    string // a system actor's name, such as "sweeper"; empty for people
}

// System is the actor of work that no person started. Its name stands in the audit row.
func System(name string) Actor {
	return Actor{Kind: "system", Role: SystemRole, Name: name}
}

// Require is nil when the actor may do p, else Forbidden. Each use case begins with it.
func (a Actor) Require(p Permission) error {
	if a.Kind == "" {
		return fault.New(fault.Unauthenticated, "Sign in or send an API key.")
	}
	if !May(a.Role, p) {
		return fault.New(fault.Forbidden, "Your role does not include this (%s).", p)
	}
	return nil
}

// SeesAll reports whether row-level security lets this actor read across organizations: hub staff and the system.
func (a Actor) SeesAll() bool { return a.Role == SystemRole || a.OrgKind == Hub }

// LogValue keeps logs to ids.
func (a Actor) LogValue() slog.Value {
	return slog.GroupValue(slog.String("kind", a.Kind), slog.String("id", a.ID.String()),
		slog.String("org", a.OrgID.String()), slog.String("role", string(a.Role)))
}
