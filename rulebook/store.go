package rulebook

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
	"doorstep/triage"
)

type ruleSet struct {
	ID          uuid.UUID
	Version     int
	Pack        string
	Hash        string
	Status      string
	Source      []byte
	Title       string
	Note        string
	BasedOn     *uuid.UUID
	CreatedAt   time.Time
	CreatedBy   uuid.UUID
	EffectiveAt *time.Time
}

type store struct{ tx *pg.Tx }

// live reads only the key of the live version: its text is some 50 kB and is needed once a process.
func (s store) live() (uuid.UUID, string, error) {
	var row ruleSet
	err := s.tx.Gorm().Select("id", "hash").Where("status = 'live'").Take(&row).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return uuid.Nil, "", ErrNoneLive
	}
	if err != nil {
		return uuid.Nil, "", fmt.Errorf("read the live rule set: %w", err)
	}
	return row.ID, row.Hash, nil
}

func (s store) source(id uuid.UUID) (triage.Source, error) {
	var row ruleSet
	if err := s.tx.Gorm().Select("source").Where("id = ?", id).Take(&row).Error; err != nil {
		return triage.Source{}, fmt.Errorf("read rule set %s: %w", id, pg.NotFound(err, "rule set"))
	}
	var source triage.Source
	if err := json.Unmarshal(row.Source, &source); err != nil {
		return source, fmt.Errorf("read the text of rule set %s: %w", id, err)
	}
	return source, nil
}

// insertFirst writes the first rule set of an installation and reports whether it did. Two starters at once take turns.
func (s store) insertFirst(first ruleSet) (bool, error) {
	if err := s.lockSigning(); err != nil {
		return false, err
	}
	r := s.tx.Gorm().Exec(`INSERT INTO rule_sets (id, version, pack, hash, status, source, created_at, created_by, effective_at)
		SELECT @ID, @Version, @Pack, @Hash, @Status, @Source, @CreatedAt, @CreatedBy, @EffectiveAt
		WHERE NOT EXISTS (SELECT 1 FROM rule_sets) ON CONFLICT DO NOTHING`, first)
	if r.Error != nil {
		return false, fmt.Errorf("write the first rule set: %w", r.Error)
	}
	return r.RowsAffected == 1, nil
}
