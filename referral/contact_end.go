package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
)

// WayEnd says that a way leads to her no more. There is no place for a story.
type WayEnd struct {
	WayID uuid.UUID `json:"way_id" validate:"required"`
	As    string    `json:"as" validate:"required,oneof=wrong_number not_in_service not_hers moved she_said entered_in_error"`
}

// EndWay ends a way to her; its row stays as history. When it was the last, somebody looks for another.
// Faults: NotFound for a family that the agency does not have; Invalid for a way that is not hers any more.
func (s *Service) EndWay(ctx context.Context, actor auth.Actor, id uuid.UUID, in WayEnd) (Receipt, error) {
	return s.wayMove(ctx, actor, auth.CaseContact, id, in, func(m *moving, f *family) error {
		return m.endWay(f, in.WayID, in.As)
	})
}

// endWay takes a way out of what is current.
func (m *moving) endWay(f *family, id uuid.UUID, as string) error {
	n, k := len(f.contacts), len(f.addresses)
	f.contacts = slices.DeleteFunc(f.contacts, func(c ContactMethod) bool { return c.ID == id })
	f.addresses = slices.DeleteFunc(f.addresses, func(a Address) bool { return a.ID == id })
	switch {
	case len(f.contacts) < n:
		m.store.endContact(id, as)
	case len(f.addresses) < k:
		m.store.endAddress(id, as)
	default:
		return errNoWay()
	}
	m.detail["way"], m.detail["way_ended"] = id, as
	return nil
}
