package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// ReviewForm is a person's decision on a case that the rules could not send on. Closing is a use case of its own.
type ReviewForm struct {
	Version int    `json:"version" validate:"min=0"`
	Reason  string `json:"reason" validate:"required,oneof=answered_by_phone safe_route_found permission_given fits_after_all place_found other"`
}

func (in ReviewForm) seen() int { return in.Version }

// Review sends a case on to the hub's outreach. Faults: Conflict while an alarm has no outcome, or when she did not allow
// contact: then only her own word, recorded as consent, opens the way.
func (s *Service) Review(ctx context.Context, actor auth.Actor, id uuid.UUID, in ReviewForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseReview, id, ActReview, in, func(m *moving) error {
		if err := m.noAlarmOpen(); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if f.client.DoNotContact || !mayContact(f.consents) && in.Reason != "permission_given" {
			return fault.New(fault.Conflict, "She did not allow contact. Only her own yes opens this; record it as permission given.")
		}
		if !mayContact(f.consents) {
			yesToContact := Consent{Gate: GateContact, Answer: yes, Basis: herAnswer, How: "phone"}
			m.stampConsent(&yesToContact)
			if err := m.tx.Insert(&yesToContact); err != nil {
				return err
			}
		}
		m.detail["reason"] = in.Reason
		return m.toOutreach(f)
	})
}
