package accounts

import (
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Service is the use cases of users and keys.
type Service struct {
	db     *pg.DB
	hasher hasher
}

// NewService returns the use cases on db.
func NewService(db *pg.DB) *Service { return &Service{db, newHasher()} }

// mayHold: a role outside the kind of organization would open the hub's work to an agency.
func mayHold(kind auth.OrgKind, role auth.Role) error {
	for _, r := range kind.Roles() {
		if r == role {
			return nil
		}
	}
	return fault.New(fault.Invalid, "An organization of kind %q has no role %q.", kind, role)
}
