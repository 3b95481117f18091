package referral

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Hold stops what goes to her until somebody lifts it.
type Hold struct {
	ID         uuid.UUID
	CaseID     uuid.UUID
	Kind       string
	ReasonCode string
	OrgID      uuid.UUID  // that placed it and looks at it again
	OwnerID    *uuid.UUID // nil: the organization's desk
	ReviewOn   civil.Date
	PlacedAt   time.Time
	PlacedBy   uuid.UUID
	LiftedAt   *time.Time
	LiftedBy   *uuid.UUID
}

// TableName is gorm's.
func (Hold) TableName() string { return "holds" }

// insertHold writes a hold, at once; false while one of its kind is open. The index decides.
func (s *store) insertHold(h Hold) (bool, error) {
	r := s.db().Exec(`INSERT INTO holds (id, case_id, kind, reason_code, org_id, owner_id, review_on, placed_at, placed_by)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (case_id, kind) WHERE lifted_at IS NULL DO NOTHING`,
		h.ID, h.CaseID, h.Kind, h.ReasonCode, h.OrgID, h.OwnerID, h.ReviewOn, h.PlacedAt, h.PlacedBy)
	return r.RowsAffected == 1, wrap(r.Error, "hold case %s", h.CaseID)
}

func (s *store) heldBy(id uuid.UUID) (Hold, error) {
	var h Hold
	err := s.db().Where("id = ?", id).Take(&h).Error
	return h, pg.NotFound(err, "hold")
}

// openHolds are the holds of a case that nobody lifted, as far as the role may see, oldest first.
func (s *store) openHolds(caseID uuid.UUID) ([]Hold, error) {
	var out []Hold
	err := s.db().Where("case_id = ? AND lifted_at IS NULL", caseID).Order("placed_at, id").Find(&out).Error
	return out, wrap(err, "read the holds of case %s", caseID)
}

func (s *store) liftHold(id uuid.UUID) {
	s.tx.Queue(`UPDATE holds SET lifted_at = $2, lifted_by = $3 WHERE id = $1`, id, s.tx.Now, s.tx.Actor.ID)
}

// member reports whether a user works in this organization.
func (s *store) member(user, org uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.user_id = ? AND m.org_id = ?
		AND m.ended_at IS NULL AND u.disabled_at IS NULL)`, user, org).Scan(&found).Error
	return found, wrap(err, "look for user %s", user)
}

// seesInFull reports whether an organization has the family, or had it to the end.
func (s *store) seesInFull(caseID, org uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM case_access WHERE case_id = ? AND org_id = ? AND level = 'full' AND until IS NULL)`,
		caseID, org).Scan(&found).Error
	return found, wrap(err, "read who sees case %s", caseID)
}

// grieves reports whether a bereavement hold is open on any case of hers, by whatever record.
func (s *store) grieves(client uuid.UUID) (bool, error) {
	var found bool
	err := s.db().Raw(`SELECT EXISTS (SELECT 1 FROM holds h JOIN cases c ON c.id = h.case_id
		WHERE c.caregiver_id = ANY (`+hers+`) AND h.kind = 'bereavement' AND h.lifted_at IS NULL)`, map[string]any{"client": client}).Scan(&found).Error
	return found, wrap(err, "look for a bereavement hold of client %s", client)
}
