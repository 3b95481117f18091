package jobs

import (
	"fmt"
	"time"

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
func (s *Store) WithdrawMessages(caseID, move uuid.UUID) error {
	s.tx.Queue(`UPDATE messages SET status = 'withdrawn' WHERE case_id = $1 AND opened_move = $2 AND status IN ('queued', 'handed_over')`, caseID, move)
	return nil
}

// WithdrawNews takes back what is queued to the referrer of this referral and has not begun to leave.
func (s *Store) WithdrawNews(referral uuid.UUID) {
	s.tx.Queue(`UPDATE messages SET status = 'withdrawn' WHERE referral_id = $1 AND status IN ('queued', 'handed_over')`, referral)
}

// LockMessage reads a message and locks it until the transaction ends. Whether it may leave is looked at afterwards: a stop that comes
// in between has another StopVersion, and what was looked at too early does not begin.
func (s *Store) LockMessage(id uuid.UUID) (Message, error) {
	var m Message
	err := s.tx.Gorm().Raw(`SELECT m.*, c.stop_version FROM messages m JOIN clients c ON c.id = m.client_id WHERE m.id = ? FOR UPDATE OF m`, id).Take(&m).Error
	if err != nil {
		return m, fmt.Errorf("lock message %s: %w", id, pg.NotFound(err, "message"))
	}
	return m, nil
}

// BeginSend writes, before anything leaves, that this message is leaving. It moves m to the attempt that EndSend names. The send is off
// when the client's stop version is no longer m.StopVersion by the time it begins.
func (s *Store) BeginSend(m *Message, lease time.Duration) error {
	m.Attempt, m.Status = m.Attempt+1, Sending
	r := s.tx.Gorm().Exec(`UPDATE messages SET status = 'sending', attempt = ?, reason = NULL,
		lease_until = clock_timestamp() + ? * interval '1 microsecond' WHERE id = ? AND status = 'handed_over'`,
		m.Attempt, lease.Microseconds(), m.ID)
	return ended(m, r.RowsAffected, r.Error)
}

// AwaitSend puts a job off whose message another attempt is sending, until a moment after that send has ended or is in doubt.
// Otherwise the job of a worker that died would lie under this attempt's lease as well.
func (s *Store) AwaitSend(job Job, m Message) error {
	s.tx.Queue(`UPDATE outbox SET lease_until = NULL, next_at = greatest($3, clock_timestamp()) + interval '1 second'
		WHERE id = $1 AND attempt = $2 AND done_at IS NULL AND dead_at IS NULL`, job.ID, job.Attempt, m.LeaseUntil)
	return nil
}

// EndSend writes how the attempt ended: Sent, Failed, InDoubt, or HandedOver when nothing left and it may be tried again.
// A certain end also resolves the doubt into which the sweeper may have put the attempt meanwhile, but HandedOver does not,
// since its job may be finished. Failed and InDoubt ask a person. ErrSuperseded when the attempt is not this one.
func (s *Store) EndSend(m Message, status, reason string) error {
	var sentAt *time.Time
	if status == Sent {
		sentAt = &s.tx.Now
	}
	r := s.tx.Gorm().Exec(`UPDATE messages SET status = ?, reason = nullif(?, ''), sent_at = ?, lease_until = NULL
		WHERE id = ? AND attempt = ? AND (status = 'sending' OR status = 'in_doubt' AND ? <> 'handed_over')`,
		status, reason, sentAt, m.ID, m.Attempt, status)
	if err := ended(&m, r.RowsAffected, r.Error); err != nil {
		return err
	}
	switch status {
	case Failed:
		return s.AddHubTask(TaskMessageFailed, m.ID, &m.CaseID)
	case InDoubt:
		return s.AddHubTask(TaskMessageInDoubt, m.ID, &m.CaseID)
	case Sent:
		return s.CloseTasks(nil, m.ID, TaskNotNeeded, TaskMessageInDoubt)
	}
	return nil
}

// SkipSend ends a handed-over message that shall not leave. reason is a code.
func (s *Store) SkipSend(m Message, reason string) error {
	r := s.tx.Gorm().Exec(`UPDATE messages SET status = 'not_needed', reason = ? WHERE id = ? AND status = 'handed_over'`, reason, m.ID)
	return ended(&m, r.RowsAffected, r.Error)
}

func ended(m *Message, rows int64, err error) error {
	if err != nil {
		return fmt.Errorf("write the ledger of message %s: %w", m.ID, err)
	}
	if rows == 0 {
		return ErrSuperseded
	}
	return nil
}

// doubtExpired: a send whose lease is over may have left or not. A person decides; a machine never sends it again.
func (s *Store) doubtExpired(batch int) (int, error) {
	var lost []Message
	err := s.tx.Gorm().Raw(`UPDATE messages SET status = 'in_doubt', lease_until = NULL, reason = 'lease_over' WHERE id = ANY (ARRAY(
		SELECT id FROM messages WHERE status = 'sending' AND lease_until <= (SELECT clock_timestamp())
		ORDER BY lease_until LIMIT ? FOR UPDATE SKIP LOCKED)) RETURNING *`, batch).Scan(&lost).Error
	if err != nil {
		return 0, fmt.Errorf("mark sends in doubt: %w", err)
	}
	for _, m := range lost {
		if err := s.AddHubTask(TaskMessageInDoubt, m.ID, &m.CaseID); err != nil {
			return 0, err
		}
	}
	return len(lost), nil
}
