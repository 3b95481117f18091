package audit

import (
	"fmt"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// seal is the number and hash of one event.
type seal struct {
	Seq     int64
	EventID uuid.UUID
	Batch   int64
	Hash    []byte
}

// TableName is gorm's.
func (seal) TableName() string { return "audit_seals" }

// sealStore reads and writes the chain.
type sealStore struct{ tx *pg.Tx }

const eventColumns = `e.id, e.kind, e.org_id, e.actor_kind, e.actor_id, e.actor_role, e.actor_name, e.action, e.case_id, e.subject,
	e.subject_id, e.from_status, e.to_status, e.detail::text AS detail, e.at, e.recorded_at, e.xid::text AS xid`

// lock lets one sealer work at a time, in this database.
func (s sealStore) lock() error {
	if err := s.tx.Gorm().Exec(`SELECT pg_advisory_xact_lock(hashtextextended('audit.seal', 0))`).Error; err != nil {
		return fmt.Errorf("wait for the sealer's lock: %w", err)
	}
	return nil
}

func (s sealStore) lastBatch() (batch, error) {
	last := genesis()
	err := s.tx.Gorm().Raw(`SELECT batch, first_seq, last_seq, horizon::text AS horizon, prev_hash, hash FROM audit_batches
		ORDER BY batch DESC LIMIT 1`).Scan(&last).Error
	if err != nil {
		return last, fmt.Errorf("read the newest batch: %w", err)
	}
	return last, nil
}

// oldestRunning is the first transaction that may still commit. It must be read before the events: one that commits in
// between is then above the horizon and waits for the next batch.
func (s sealStore) oldestRunning() (uint64, error) {
	var xmin uint64
	if err := s.tx.Gorm().Raw(`SELECT pg_snapshot_xmin(pg_current_snapshot())::text`).Scan(&xmin).Error; err != nil {
		return 0, fmt.Errorf("read the horizon: %w", err)
	}
	return xmin, nil
}

func (s sealStore) unsealed(from, below uint64, limit int) ([]stored, error) {
	var events []stored
	err := s.tx.Gorm().Raw(`SELECT `+eventColumns+` FROM audit_events e
		WHERE e.xid >= ?::text::xid8 AND e.xid < ?::text::xid8 AND NOT EXISTS (SELECT 1 FROM audit_seals s WHERE s.event_id = e.id)
		ORDER BY e.xid, e.id LIMIT ?`, fmt.Sprint(from), fmt.Sprint(below), limit).Scan(&events).Error
	if err != nil {
		return nil, fmt.Errorf("read events to seal: %w", err)
	}
	return events, nil
}

func (s sealStore) insert(b batch, seals []seal) error {
	if err := s.tx.Insert(&b, &seals); err != nil {
		return fmt.Errorf("seal batch %d: %w", b.Batch, err)
	}
	return nil
}

// batches are the links after this one, oldest first.
func (s sealStore) batches(after int64, limit int) ([]batch, error) {
	var links []batch
	err := s.tx.Gorm().Raw(`SELECT batch, first_seq, last_seq, horizon::text AS horizon, prev_hash, hash FROM audit_batches
		WHERE batch > ? ORDER BY batch LIMIT ?`, after, limit).Scan(&links).Error
	if err != nil {
		return nil, fmt.Errorf("read batches after %d: %w", after, err)
	}
	return links, nil
}

// sealed is a seal with the event it stands for. Found is false when the event is gone.
type sealed struct {
	Seq     int64
	EventID uuid.UUID
	Hash    []byte
	Found   bool
	Event   stored `gorm:"-"`
}

// sealsOf reads the seals of one batch in order, with their events. Two queries, since a left join would return NULL for
// every field of an event that is gone.
func (s sealStore) sealsOf(b int64) ([]sealed, error) {
	var seals []sealed
	if err := s.tx.Gorm().Raw(`SELECT seq, event_id, hash FROM audit_seals WHERE batch = ? ORDER BY seq`, b).Scan(&seals).Error; err != nil {
		return nil, fmt.Errorf("read the seals of batch %d: %w", b, err)
	}
	var events []stored
	err := s.tx.Gorm().Raw(`SELECT `+eventColumns+` FROM audit_seals s JOIN audit_events e ON e.id = s.event_id
		WHERE s.batch = ?`, b).Scan(&events).Error
	if err != nil {
		return nil, fmt.Errorf("read the events of batch %d: %w", b, err)
	}
	byID := make(map[uuid.UUID]stored, len(events))
	for _, e := range events {
		byID[e.ID] = e
	}
	for i := range seals {
		seals[i].Event, seals[i].Found = byID[seals[i].EventID]
	}
	return seals, nil
}

// place is where an event stands in the order of sealing.
type place struct {
	Xid    uint64
	ID     uuid.UUID
	Sealed bool
}

// events walks all events in the order of sealing, a page at a time.
func (s sealStore) events(after place, limit int) ([]place, error) {
	var page []place
	err := s.tx.Gorm().Raw(`SELECT e.xid::text AS xid, e.id, EXISTS (SELECT 1 FROM audit_seals s WHERE s.event_id = e.id) AS sealed
		FROM audit_events e WHERE (e.xid, e.id) > (?::text::xid8, ?::uuid) ORDER BY e.xid, e.id LIMIT ?`,
		fmt.Sprint(after.Xid), after.ID, limit).Scan(&page).Error
	if err != nil {
		return nil, fmt.Errorf("read events after %s: %w", after.ID, err)
	}
	return page, nil
}
