package referral

import (
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// compartment reads and changes what is in it, for as long as the transaction stands in its role.
type compartment struct{ store }

// inCompartment is the one place that opens it. The caller has asked for the permission and stands in the hub's role.
func (w *work) inCompartment(fn func(compartment) error) error {
	return w.tx.InPart2("the actor's permission was asked; the row of its view or change is written in this transaction", func() error {
		return fn(compartment{*w.store})
	})
}

func (c compartment) consents(clients []uuid.UUID) ([]part2Consent, error) {
	var out []part2Consent
	err := c.db().Where("client_id IN ?", clients).Order("given_at, id").Limit(200).Find(&out).Error
	return out, wrap(err, "read the Part 2 consents of clients %s", clients)
}

func (c compartment) records(clients []uuid.UUID) ([]part2Record, error) {
	var out []part2Record
	err := c.db().Where("client_id IN ?", clients).Order("kept_at, id").Limit(200).Find(&out).Error
	return out, wrap(err, "read the Part 2 records of clients %s", clients)
}

// lock reads one consent of a person, to be changed or relied upon until the commit.
func (c compartment) lock(id uuid.UUID, clients []uuid.UUID) (part2Consent, error) {
	var out part2Consent
	err := c.db().Raw(`SELECT * FROM part2_consents WHERE id = ? AND client_id IN ? FOR UPDATE`, id, clients).Take(&out).Error
	return out, pg.NotFound(err, "consent")
}

// revoke ends one consent of a person, or all of them when id is nil.
func (c compartment) revoke(clients []uuid.UUID, id *uuid.UUID) {
	c.tx.Queue(`UPDATE part2_consents SET revoked_at = $3, revoked_by = $4 WHERE client_id = ANY ($1) AND ($2::uuid IS NULL OR id = $2) AND revoked_at IS NULL`,
		clients, id, c.tx.Now, c.tx.Actor.ID)
}
