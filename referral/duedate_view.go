package referral

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
)

// DueDateView is one due date that was given.
type DueDateView struct {
	ID         uuid.UUID  `json:"id"`
	DueOn      civil.Date `json:"due_on"`
	Method     string     `json:"method"`
	GivenBy    string     `json:"given_by"` // referral, own (organization) or other; which other is not told
	RecordedAt time.Time  `json:"recorded_at"`
	Chosen     bool       `json:"chosen"` // a person said so
	Counts     bool       `json:"counts"`
}

func (w *work) showDueDates(episode uuid.UUID) ([]DueDateView, error) {
	all, err := w.store.dueDates(episode)
	out := make([]DueDateView, 0, len(all))
	best := counting(all)
	for _, d := range all {
		v := DueDateView{ID: d.ID, DueOn: d.DueOn, Method: d.Method, GivenBy: "other", RecordedAt: d.RecordedAt, Chosen: d.ChosenAt != nil, Counts: d.ID == best.ID}
		switch {
		case d.ReferralID != nil:
			v.GivenBy = "referral"
		case d.OrgID == w.tx.Actor.OrgID:
			v.GivenBy = "own"
		}
		out = append(out, v)
	}
	return out, err
}
