package referral

import (
	"encoding/json"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/pg"
	"doorstep/triage"
)

// frozen is a decision with what it was made from, as it is stored.
type frozen struct{ facts, places, outcome []byte }

func freeze(caseID uuid.UUID, facts triage.Facts, seen []triage.Place, d triage.Decision) (out frozen, err error) {
	if out.facts, err = json.Marshal(facts); err != nil {
		return out, wrap(err, "freeze the facts of case %s", caseID)
	}
	if out.places, err = json.Marshal(seen); err != nil {
		return out, wrap(err, "freeze the places that case %s was judged by", caseID)
	}
	out.outcome, err = json.Marshal(d)
	return out, wrap(err, "store the decision of case %s", caseID)
}

func (m *moving) keepDecision(f *family, v verdict, cause string) error {
	live, decision := m.liveRules(), *v.decision
	kept, err := freeze(m.c.ID, v.facts, v.places, decision)
	if err != nil {
		return err
	}
	m.c.Band = decision.Band
	m.c.WindowClosesOn = (*civil.Date)(decision.EarliestWindow)
	if m.c.TriagedAt == nil {
		m.c.TriagedAt = &m.tx.Now
	}
	m.detail["rule_set"] = live.hash
	if err := m.watchWindow(decision); err != nil {
		return err
	}
	m.decided, m.judged = &v, f
	return m.tx.Insert(&decisionRow{ID: pg.NewID(), CaseID: m.c.ID, RuleSetID: live.id, RuleSetHash: live.hash, Cause: cause,
		Facts: kept.facts, Places: kept.places, Outcome: kept.outcome, Digest: decision.Digest(), DecidedAt: m.tx.Now})
}
