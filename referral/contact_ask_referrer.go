package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// AskReferrer asks those who referred a family for another way to reach them; it stands on their list until they answer. They learn that no
// way works, and nothing of who asks. Whoever works with the family may ask.
// Faults: NotFound for a family that the agency does not have; Conflict where it is being asked already, or she wants no contact.
func (s *Service) AskReferrer(ctx context.Context, actor auth.Actor, id uuid.UUID) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseContact, id, ActFindWay, nil, func(m *moving) error {
		if err := m.hasFamily(); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if f.client.DoNotContact || f.client.DeathRecordedAt != nil {
			return fault.New(fault.Conflict, "She asked not to be contacted, or nothing goes to her any more. Nobody looks for a way to her.")
		}
		return m.search(SearchForm{Place: "referrer_asks"})
	})
}
