package rulebook

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// RollbackForm says why an earlier version comes back.
type RollbackForm struct {
	Reason string `json:"reason" validate:"required,max=1000"`
}

type releaseRow struct {
	ID         uuid.UUID
	RuleSetID  uuid.UUID
	Kind       string
	ReplacedID *uuid.UUID
	ApprovalID *uuid.UUID
	Reason     *string
	ReleasedAt time.Time
	ReleasedBy uuid.UUID
}

// TableName is gorm's.
func (releaseRow) TableName() string { return "rule_releases" }

// Release makes an approved draft live in place of what is, in one transaction: every decision before it is by the one, every
// decision after it by the other. Open cases are looked at again by the workers. Faults: Forbidden, NotFound, Conflict that
// names what is missing, or that another version went live meanwhile.
func (s *Service) Release(ctx context.Context, actor auth.Actor, id uuid.UUID) (Receipt, error) {
	return s.goLive(ctx, actor, id, "release rules", func(store store, version ruleSet, row *releaseRow) error {
		if version.Status != draft {
			return fault.New(fault.Conflict, "Version %d is %s. A version that was live before comes back by a roll-back.", version.Version, version.Status)
		}
		e, err := store.evidence(id, actor.ID)
		if err != nil {
			return err
		}
		row.Kind, row.ApprovalID = "release", e.ApprovalID
		return e.lacking("approved")
	})
}

// RollBack makes a version live again that was live before. It is for the hour in which something is wrong, so one person and
// a reason are enough. Faults: Forbidden, NotFound, Invalid without a reason, Conflict for a version that never was live, is
// live, or that this program can no longer use.
func (s *Service) RollBack(ctx context.Context, actor auth.Actor, id uuid.UUID, form RollbackForm) (Receipt, error) {
	reason := strings.TrimSpace(form.Reason)
	return s.goLive(ctx, actor, id, "roll rules back", func(store store, version ruleSet, row *releaseRow) error {
		if reason == "" || len(reason) > 1000 {
			return fault.Problems([]fault.Field{{Pointer: "/reason", Code: "required", Detail: "Say why, in at most 1000 characters."}})
		}
		if version.Status != retired {
			return fault.New(fault.Conflict, "Version %d is %s. Only a version that was live before can come back.", version.Version, version.Status)
		}
		if _, err := s.set(store, version.ID, version.Hash); err != nil {
			return fault.Wrap(fault.Conflict, err, "This program cannot use version %d: its text no longer compiles.", version.Version)
		}
		row.Kind, row.Reason = "rollback", &reason
		return nil
	})
}

func (s *Service) goLive(ctx context.Context, actor auth.Actor, id uuid.UUID, action string, prove func(store, ruleSet, *releaseRow) error) (Receipt, error) {
	if err := signs(actor, auth.RulesRelease); err != nil {
		return Receipt{}, err
	}
	out, err := pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		store := store{tx}
		if err := store.lockSigning(); err != nil {
			return Receipt{}, err
		}
		version, err := store.key(id)
		if err != nil {
			return Receipt{}, err
		}
		row := releaseRow{ID: pg.NewID(), RuleSetID: id, ReleasedAt: tx.Now, ReleasedBy: actor.ID}
		was, _, err := store.live()
		switch {
		case err == nil:
			row.ReplacedID = &was
		case !errors.Is(err, ErrNoneLive):
			return Receipt{}, err
		}
		if err := prove(store, version, &row); err != nil {
			return Receipt{}, err
		}
		if err := tx.Insert(&row); err != nil { // the swap follows from the row
			return Receipt{}, err
		}
		if err := jobs.NewStore(tx).Enqueue(jobs.RulesChanged, id); err != nil {
			return Receipt{}, err
		}
		return Receipt{id, version.Version, version.Hash, live}, audit.NewStore(tx).Record(audit.Event{Action: action, Subject: "rule_set", SubjectID: &id,
			From: version.Status, To: live, Detail: map[string]any{"version": version.Version, "hash": version.Hash, "replaced": row.ReplacedID, "approval": row.ApprovalID}})
	})
	return out, refusedByGate(err)
}
