package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Connection is one other service to which she was sent, beside home visiting. Sent is never help received.
type Connection struct {
	ID             uuid.UUID
	CaseID         uuid.UUID
	ClientID       uuid.UUID
	OrgID          uuid.UUID // that sent her and answers for how it ends
	Kind           string
	Destination    string
	Status         string
	Reason         *string // why it did not come to her
	ConsentHow     string
	WordingVersion string
	Language       string
	SentAt         time.Time
	SentBy         uuid.UUID
	AcknowledgedAt *time.Time
	SettledAt      *time.Time
	OpenedMove     *uuid.UUID
	ClosedMove     *uuid.UUID
}

// TableName is gorm's.
func (Connection) TableName() string { return "connections" }

// Where a connection may stand, beside undone.
const (
	connectionSent         = "sent"
	connectionAcknowledged = "acknowledged"
	connectionReceived     = "received"
	connectionNotReceived  = "not_received"
)

func (s *store) connection(id uuid.UUID) (Connection, error) {
	var c Connection
	err := s.db().Where("id = ?", id).Take(&c).Error
	return c, pg.NotFound(err, "connection")
}

// connections are those of a case that the role may see, in the order in which they were sent.
func (s *store) connections(caseID uuid.UUID) ([]Connection, error) {
	var out []Connection
	err := s.db().Where("case_id = ? AND status <> 'undone'", caseID).Order("sent_at, id").Limit(500).Find(&out).Error
	return out, wrap(err, "read the connections of case %s", caseID)
}

func (s *store) acknowledgeConnection(id uuid.UUID) {
	s.tx.Queue(`UPDATE connections SET status = 'acknowledged', acknowledged_at = $2 WHERE id = $1`, id, s.tx.Now)
}

func (s *store) settleConnection(id uuid.UUID, status string, reason *string, move uuid.UUID) {
	s.tx.Queue(`UPDATE connections SET status = $2, reason = $3, settled_at = $4, closed_move = $5 WHERE id = $1`, id, status, reason, s.tx.Now, move)
}

func (s *store) undoConnections(caseID, move uuid.UUID) {
	s.tx.Queue(`UPDATE connections SET status = 'undone', settled_at = $3 WHERE case_id = $1 AND opened_move = $2 AND settled_at IS NULL`, caseID, move, s.tx.Now)
}
