package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// LossForm says that a pregnancy ended. Nobody asks why, and there is no place for it.
type LossForm struct {
	Version int    `json:"version" validate:"min=0"`
	On      string `json:"on" validate:"omitempty,datetime=2006-01-02"`
	ToldBy  string `json:"told_by" validate:"required,oneof=family referrer agency"`
}

func (in LossForm) seen() int { return in.Version }

// RecordLoss writes that the pregnancy ended without a birth. At that instant everything stops that leaves the house to her; an
// unclaimed case waits for a person, and an agency that has her keeps her. No referrer hears of it.
// Faults: Conflict when the birth or the end was recorded before, or the case is not the parent's who carried the child; NotFound
// for a family that the agency does not have; Unavailable when a send to her did not end in time.
func (s *Service) RecordLoss(ctx context.Context, actor auth.Actor, id uuid.UUID, in LossForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseFamily, id, ActLoss, in, func(m *moving) error {
		if err := m.hasFamily(); err != nil {
			return err
		}
		c, err := m.familyDates()
		if err != nil {
			return err
		}
		on := c.past("/on", in.On)
		if err := fault.Problems(c.problems); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := m.stillPregnant(f); err != nil {
			return err
		}
		over := outcomeEnded
		m.store.endPregnancy(Pregnancy{EpisodeID: m.c.EpisodeID, DatedOn: c.today, Outcome: &over, OutcomeOn: on})
		if f.pregnancy == nil {
			f.pregnancy = &Pregnancy{EpisodeID: m.c.EpisodeID, Dating: unknown, DatedOn: c.today}
		}
		f.pregnancy.Outcome, f.pregnancy.OutcomeOn = &over, on
		m.detail["told_by"] = in.ToldBy
		return m.bereave(f, "loss")
	})
}
