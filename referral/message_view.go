package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/jobs"
)

// MessageView is one message of a machine to her, without its text and without her address.
type MessageView struct {
	ID       uuid.UUID  `json:"id"`
	Channel  string     `json:"channel"`
	Template string     `json:"template"`
	State    string     `json:"state"` // waiting, may_have_left, left or stopped
	SentAt   *time.Time `json:"sent_at"`
}

// showMessages says of each what a person who calls her must know. What is in a server's hands can be called back by nobody: it may
// have left.
func (w *work) showMessages(caseID uuid.UUID) ([]MessageView, error) {
	all, err := w.jobs.ToClient(caseID)
	out := make([]MessageView, 0, len(all))
	for _, m := range all {
		out = append(out, MessageView{ID: m.ID, Channel: m.Channel, Template: m.Template, State: messageState(m.Status), SentAt: m.SentAt})
	}
	return out, err
}

func messageState(status string) string {
	switch status {
	case jobs.Queued, jobs.HandedOver:
		return "waiting"
	case jobs.Sending, jobs.InDoubt:
		return "may_have_left"
	case jobs.Sent:
		return "left"
	}
	return "stopped"
}
