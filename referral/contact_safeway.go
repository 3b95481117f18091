package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
)

// SafeWayForm is what hub and referrer, or she herself, found to be safe.
type SafeWayForm struct {
	WayID     uuid.UUID `json:"way_id" validate:"required"`
	FoundWith string    `json:"found_with" validate:"required,oneof=her referrer"`
	Safe      SafeUses  `json:"safe"`
}

// RecordSafeWay writes that a safe way was found: the only thing but her own word that opens a way where a wrong call may hurt her.
// What she refused stays refused until she speaks.
// Faults: Invalid for a way that is not hers any more.
func (s *Service) RecordSafeWay(ctx context.Context, actor auth.Actor, id uuid.UUID, in SafeWayForm) (Receipt, error) {
	return s.wayMove(ctx, actor, auth.CaseFindWay, id, in, func(m *moving, f *family) error {
		change := WayChange{WayID: in.WayID, ToldBy: in.FoundWith, Safe: in.Safe}
		if err := m.changeWay(f, change, word{hers: in.FoundWith == byHer}); err != nil {
			return err
		}
		u, err := f.wayByID(*m.created, m.svc.contactDays)
		if err != nil {
			return err
		}
		f.renewed(u, m.tx.Now)
		return m.checked(u, checkSafeWay, m.tx.Now)
	})
}

// SafeUses is what is said of each use of a way; what is left out was not asked.
type SafeUses struct {
	Call      string `json:"call" validate:"omitempty,oneof=yes no unknown"`
	Text      string `json:"text" validate:"omitempty,oneof=yes no unknown"`
	Voicemail string `json:"voicemail" validate:"omitempty,oneof=yes no unknown"`
	Email     string `json:"email" validate:"omitempty,oneof=yes no unknown"`
	Mail      string `json:"mail" validate:"omitempty,oneof=yes no unknown"`
	Visit     string `json:"visit" validate:"omitempty,oneof=yes no unknown"`
}
