package referral

import (
	"context"
	"errors"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// errRenewedElsewhere: another process is at this pass, its rules are no longer live, or its day is over: yesterday's date must
// not replace what somebody decided today. The next round begins where it stands.
var errRenewedElsewhere = errors.New("this pass goes on elsewhere")

// keepLook writes one batch, and how far the pass is, in one transaction.
func (s *Service) keepLook(ctx context.Context, pass Renewal, l look) error {
	return s.db.InTx(ctx, auth.System("renew"), func(tx *pg.Tx) error {
		w := s.work(tx)
		now, err := w.store.lockRenewal(pass.ID)
		if err != nil {
			return err
		}
		_, cal, err := w.desk()
		if err != nil {
			return err
		}
		if live := w.liveRules(); live == nil || live.id != pass.RuleSetID || cal.Day(w.tx.Now) != pass.Day || now.AfterCase != l.after || now.FinishedAt != nil {
			return errRenewedElsewhere
		}
		if l.families == 0 {
			w.store.endRenewal(now)
			return w.audit.Record(audit.Event{Action: "renew decisions", Subject: "renewal", SubjectID: &now.ID, Detail: map[string]any{
				"rule_set": w.liveRules().hash, "day": now.Day.String(), "looked": now.Looked, "changed": now.Changed}})
		}
		kept, err := w.keepNews(now, l.news)
		now.AfterCase, now.Looked, now.Changed = l.last, now.Looked+l.families, now.Changed+kept
		w.store.saveRenewal(now)
		return err
	})
}

// keepNews keeps what is new. Whom somebody moved since she was read is read and decided again, here, where others wait for nothing.
func (w *work) keepNews(pass Renewal, news []*renewed) (int, error) {
	hub, cal, err := w.desk()
	if err != nil {
		return 0, err
	}
	total := 0
	for len(news) > 0 {
		kept, err := w.store.keepRenewed(news, w.liveRules(), hub.ID, deadline(w.liveRules().rules.Clocks().FirstAttempt, cal, w.tx.Now))
		if err != nil {
			return total, err
		}
		total += len(kept)
		moved := slices.DeleteFunc(news, func(r *renewed) bool { return slices.Contains(kept, r.id) })
		if len(moved) == 0 {
			break
		}
		ids := make([]uuid.UUID, len(moved))
		for i, r := range moved {
			ids[i] = r.id
		}
		families, err := w.store.theseAtHub(ids)
		if err != nil {
			return total, err
		}
		if news, err = w.lookAgain(families, pass, map[string][]triage.Place{}); err != nil {
			return total, err
		}
	}
	return total, nil
}
