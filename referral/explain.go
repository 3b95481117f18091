package referral

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/triage"
)

// Explanation is the newest decision on a case, for the hub: in plain words and whole.
type Explanation struct {
	DecidedAt   time.Time       `json:"decided_at"`
	Cause       string          `json:"cause"`
	RuleSetHash string          `json:"rule_set_hash"`
	Words       []string        `json:"words"`
	Decision    triage.Decision `json:"decision"`
}

// Decision explains why a case was sent where it was. Faults: NotFound when no rules have decided it.
func (s *Service) Decision(ctx context.Context, actor auth.Actor, id uuid.UUID) (Explanation, error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (Explanation, error) {
		row, err := w.store.latestDecision(id)
		if err != nil {
			return Explanation{}, err
		}
		e := Explanation{DecidedAt: row.DecidedAt, Cause: row.Cause, RuleSetHash: row.RuleSetHash}
		if err := json.Unmarshal(row.Outcome, &e.Decision); err != nil {
			return e, wrap(err, "read decision %s", row.ID)
		}
		e.Words = e.Decision.Explain()
		return e, w.audit.Viewed("read decision", id)
	})
}
