package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// VisitorForm names the home visitor.
type VisitorForm struct {
	VisitorID uuid.UUID `json:"visitor_id" validate:"required"`
}

// AssignVisitor gives the family a home visitor of the agency. Faults: Invalid when the person is not one of its visitors.
func (s *Service) AssignVisitor(ctx context.Context, actor auth.Actor, id uuid.UUID, in VisitorForm) (Receipt, error) {
	return s.move(ctx, actor, auth.VisitorAssign, id, ActAssignVisitor, in, func(m *moving) error {
		if m.c.Status == Enrolled {
			if _, err := m.serves(); err != nil {
				return err
			}
		} else if _, err := m.holds(); err != nil {
			return err
		}
		visits, err := m.store.visitsHomes(in.VisitorID, m.tx.Actor.OrgID)
		if err != nil {
			return err
		}
		if !visits {
			return fault.Problems([]fault.Field{{Pointer: "/visitor_id", Code: "unknown", Detail: "This is not a home visitor of your agency."}})
		}
		m.detail["visitor"] = in.VisitorID
		m.store.assignVisitor(m.c.ID, in.VisitorID)
		return nil
	})
}
