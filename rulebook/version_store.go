package rulebook

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// signLock is taken by whoever numbers a version or lets one go live: one at a time, before anything is read. The trigger
// behind a release takes it too.
const signLock = 7305164002

func (s store) lockSigning() error {
	if err := s.tx.Gorm().Exec(`SELECT pg_advisory_xact_lock(?)`, signLock).Error; err != nil {
		return fmt.Errorf("wait for the rules: %w", err)
	}
	return nil
}

// versionRows is how a version is shown: its author by name.
const versionRows = `SELECT r.id, r.version, r.pack, r.hash, r.status, r.title, coalesce(u.name, '') AS author, b.version AS based_on,
	r.created_at, r.effective_at, r.retired_at FROM rule_sets r
	LEFT JOIN users u ON u.id = r.created_by LEFT JOIN rule_sets b ON b.id = r.based_on `

// list is every version, newest first, behind a cursor.
func (s store) list(after pg.Cursor, limit int) ([]Version, error) {
	before := int64(math.MaxInt32)
	if after.ID != "" {
		n, err := strconv.ParseInt(after.Key, 10, 32)
		if err != nil {
			return nil, fault.New(fault.Invalid, "This page address is not one that the service gave. Start from the first page.")
		}
		before = n
	}
	var out []Version
	err := s.tx.Gorm().Raw(versionRows+`WHERE r.version < ? ORDER BY r.version DESC LIMIT ?`, before, limit).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("list the rule sets: %w", err)
	}
	return out, nil
}

// full is one version with its text, or NotFound.
func (s store) full(id uuid.UUID) (Full, error) {
	var row struct {
		Version
		Note   string
		Source []byte
	}
	found := s.tx.Gorm().Raw(`SELECT v.*, r.note, r.source FROM (`+versionRows+`WHERE r.id = @id) AS v JOIN rule_sets r ON r.id = v.id`,
		map[string]any{"id": id}).Scan(&row)
	if found.Error != nil {
		return Full{}, fmt.Errorf("read rule set %s: %w", id, found.Error)
	}
	if found.RowsAffected == 0 {
		return Full{}, fault.New(fault.NotFound, "There is no such rule set.")
	}
	var source triage.Source
	if err := json.Unmarshal(row.Source, &source); err != nil {
		return Full{}, fmt.Errorf("read the text of rule set %s: %w", id, err)
	}
	return Full{Version: row.Version, Note: row.Note, Files: source.Files}, nil
}

// key is the little that a use case asks of a version before it acts.
func (s store) key(id uuid.UUID) (ruleSet, error) {
	var row ruleSet
	err := s.tx.Gorm().Select("id", "version", "hash", "status", "based_on", "created_by").Where("id = ?", id).Take(&row).Error
	return row, pg.NotFound(err, "rule set")
}

// baseOf fills in the live version where a draft names none, refuses a text that is live, and one that is based on nothing.
func (s store) baseOf(row *ruleSet) error {
	id, hash, err := s.live()
	if err == nil && hash == row.Hash {
		return fault.New(fault.Conflict, "Nothing changed: this is the text that is live.")
	}
	if row.BasedOn == nil {
		if err == nil {
			row.BasedOn = &id
		}
		return nil
	}
	if _, err := s.key(*row.BasedOn); err != nil {
		return fmt.Errorf("read the version that a draft is based on: %w", err)
	}
	return nil
}

// insertDraft numbers and writes a draft.
func (s store) insertDraft(row ruleSet) (version int, err error) {
	if err := s.lockSigning(); err != nil {
		return 0, err
	}
	err = s.tx.Gorm().Raw(`INSERT INTO rule_sets (id, version, pack, hash, status, source, title, note, based_on, created_at, created_by)
		SELECT @ID, (SELECT coalesce(max(version), 0) + 1 FROM rule_sets), @Pack, @Hash, @Status, @Source, @Title, @Note, @BasedOn, @CreatedAt, @CreatedBy
		RETURNING version`, row).Scan(&version).Error
	if pg.IsUnique(err, "rule_sets_one_draft") {
		return 0, fault.New(fault.Conflict, "This text is a draft already.")
	}
	if err != nil {
		return 0, fmt.Errorf("write the draft: %w", err)
	}
	return version, nil
}

func (s store) releases(id uuid.UUID) ([]Release, error) {
	out := []Release{}
	err := s.tx.Gorm().Raw(`SELECT l.kind, l.released_at, coalesce(u.name, '') AS released_by, coalesce(w.name, '') AS approved_by,
			coalesce(a.community, '') AS community, o.version AS replaced, coalesce(l.reason, '') AS reason
		FROM rule_releases l LEFT JOIN users u ON u.id = l.released_by LEFT JOIN rule_approvals a ON a.id = l.approval_id
		LEFT JOIN users w ON w.id = a.approved_by LEFT JOIN rule_sets o ON o.id = l.replaced_id
		WHERE l.rule_set_id = ? ORDER BY l.released_at, l.id`, id).Scan(&out).Error
	if err != nil {
		return nil, fmt.Errorf("read the releases of rule set %s: %w", id, err)
	}
	return out, nil
}

// byVersion is the id of a version by its number, or NotFound.
func (s store) byVersion(version int) (uuid.UUID, error) {
	var row ruleSet
	err := s.tx.Gorm().Select("id").Where("version = ?", version).Take(&row).Error
	return row.ID, pg.NotFound(err, "version of the rules")
}

// liveVersion is what the public page says of the live version beside its words.
func (s store) liveVersion(id *uuid.UUID, row *Public) error {
	var found ruleSet
	err := s.tx.Gorm().Select("id", "version", "hash", "effective_at").Where("status = 'live'").Take(&found).Error
	if errors.Is(err, gorm.ErrRecordNotFound) {
		return ErrNoneLive
	}
	if err != nil {
		return fmt.Errorf("read the live rule set: %w", err)
	}
	*id, row.Version, row.Hash, row.EffectiveAt = found.ID, found.Version, found.Hash, found.EffectiveAt
	return nil
}
