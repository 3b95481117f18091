package referral

import (
	"time"

	"github.com/google/uuid"
)

// ConnectionView is one other service: an agency sees those that it made, the hub all.
type ConnectionView struct {
	ID             uuid.UUID  `json:"id"`
	Kind           string     `json:"kind"`
	Destination    string     `json:"destination"`
	Status         string     `json:"status"`
	Reason         *string    `json:"reason"`
	OrgID          uuid.UUID  `json:"org_id"`
	SentAt         time.Time  `json:"sent_at"`
	AcknowledgedAt *time.Time `json:"acknowledged_at"`
	SettledAt      *time.Time `json:"settled_at"`
}

func (w *work) showConnections(caseID uuid.UUID) ([]ConnectionView, error) {
	rows, err := w.store.connections(caseID)
	out := make([]ConnectionView, 0, len(rows))
	for _, c := range rows {
		out = append(out, ConnectionView{c.ID, c.Kind, c.Destination, c.Status, c.Reason, c.OrgID, c.SentAt, c.AcknowledgedAt, c.SettledAt})
	}
	return out, err
}
