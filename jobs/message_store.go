package jobs

import (
	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Queue promises a message, to leave not before m.NotBefore. One that says the same of the same referral is not made twice.
func (s *Store) Queue(m Message) error {
	if m.ID == uuid.Nil {
		m.ID = pg.NewID()
	}
	s.tx.Queue(`INSERT INTO messages (id, case_id, referral_id, client_id, audience, channel, template, not_before, status,
		attempt, opened_move) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'queued', 0, $9)
		ON CONFLICT (referral_id, template) WHERE status <> 'withdrawn' DO NOTHING`,
		m.ID, m.CaseID, m.ReferralID, m.ClientID, m.Audience, m.Channel, m.Template, m.NotBefore, m.OpenedMove)
	return nil
}

// WithdrawMessages takes back the messages that this move queued and that have not begun to leave.
func (s *Store) WithdrawMessages(move uuid.UUID) error {
	s.tx.Queue(`UPDATE messages SET status = 'withdrawn' WHERE opened_move = $1 AND status IN ('queued', 'handed_over')`, move)
	return nil
}
