package referral

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// HoldView is one open hold, for the hub and whoever sees the family in full.
type HoldView struct {
	ID         uuid.UUID  `json:"id"`
	Kind       string     `json:"kind"`
	ReasonCode *string    `json:"reason_code"` // of a safety hold: for the hub and the agency that serves her
	OrgID      uuid.UUID  `json:"org_id"`
	OwnerID    *uuid.UUID `json:"owner_id"`
	ReviewOn   civil.Date `json:"review_on"`
	PlacedAt   time.Time  `json:"placed_at"`
}

func (w *work) showHolds(caseID uuid.UUID) ([]HoldView, error) {
	open, err := w.store.openHolds(caseID)
	out := make([]HoldView, 0, len(open))
	if err != nil || len(open) == 0 {
		return out, err
	}
	serving, err := w.servesNow(caseID)
	if err != nil {
		return out, err
	}
	for _, h := range open {
		v := HoldView{ID: h.ID, Kind: h.Kind, OrgID: h.OrgID, OwnerID: h.OwnerID, ReviewOn: h.ReviewOn, PlacedAt: h.PlacedAt}
		if h.Kind != HoldSafety || serving {
			v.ReasonCode = &h.ReasonCode
		}
		out = append(out, v)
	}
	return out, nil
}

// servesNow: the hub, and the agency whose claim or enrollment is open; the others of the role's own rows have ended.
func (w *work) servesNow(caseID uuid.UUID) (bool, error) {
	if w.tx.Actor.SeesAll() {
		return true, nil
	}
	_, err := w.store.openClaim(caseID)
	if fault.KindOf(err) == fault.NotFound {
		_, err = w.store.openEnrollment(caseID)
	}
	if fault.KindOf(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}
