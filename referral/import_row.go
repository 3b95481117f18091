package referral

import (
	"context"
	"encoding/json"
	"fmt"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// SendImportRow is the job behind import.row: one row becomes a referral, as if its sender had typed it. The referral, the row that says so
// and the end of the job are one transaction under the row's lock, so that a kill loses nothing and a second run has no effect: file and row
// number are a key that never expires.
func (s *Service) SendImportRow(ctx context.Context, job jobs.Job) error {
	actor, err := s.rowActor(ctx, job)
	if err != nil {
		return err
	}
	var form Submission
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		r, err := w.store.lockImportRow(actor.OrgID, job.SubjectID)
		if err != nil {
			return err
		}
		if r.Outcome != RowReady && r.Outcome != RowMaybe {
			if err := tx.AsHub("nothing is left to do for a row of the actor's own; the outbox is the hub's"); err != nil {
				return err
			}
			return w.jobs.Settle(job)
		}
		content, err := w.openRow(r)
		if err != nil {
			return err
		}
		form = *content.Form
		receipt, err := w.takeIn(form, "import")
		if err != nil {
			return err
		}
		w.store.rowSent(r.ID, receipt.ID)
		return w.jobs.Settle(job)
	})
	switch {
	case pg.IsUnique(err, "import_rows_sent_once"): // another file was first
		return s.endRow(ctx, job, RowAlready, []ImportProblem{{"", problemSentBefore}})
	case fault.KindOf(err) == fault.Invalid: // right when it was checked, and the day or the rules have changed
		problems, _ := importProblems(form, err)
		return s.endRow(ctx, job, RowRefused, problems)
	}
	return err
}

// rowActor is on whose behalf a row is sent: whoever uploaded it, in the role that they had.
func (s *Service) rowActor(ctx context.Context, job jobs.Job) (actor auth.Actor, err error) {
	err = s.asSystem(ctx, job, func(w *work) error {
		i, err := w.store.importOfRow(job.SubjectID)
		if err != nil {
			return err
		}
		org, err := w.providers.Organization(i.OrgID)
		actor = i.actor(org.Kind)
		return err
	})
	if err == nil {
		err = actor.Require(auth.ReferralCreate)
	}
	return actor, err
}

// endRow writes that a row was not sent, and why.
func (s *Service) endRow(ctx context.Context, job jobs.Job, outcome string, why []ImportProblem) error {
	problems, err := json.Marshal(why)
	if err != nil {
		return fmt.Errorf("note why a row was not sent: %w", err)
	}
	return s.asSystem(ctx, job, func(w *work) error {
		w.store.rowEnded(job.SubjectID, outcome, problems)
		return w.jobs.Settle(job)
	})
}
