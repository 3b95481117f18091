package referral

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// checkedAtOnce is how many rows one transaction checks.
const checkedAtOnce = 250

// CheckImport checks the next rows of an import by the rules of intake and reports whether some are left. Nothing is sent. Several may check
// one import at once: they take turns.
func (s *Service) CheckImport(ctx context.Context, actor auth.Actor, id uuid.UUID) (left bool, err error) {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return false, err
	}
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		i, err := w.store.lockImport(actor.OrgID, id)
		if err != nil {
			return err
		}
		if left = i.Status == ImportChecking; !left {
			return nil
		}
		if err := tx.AsHub("the import is the actor's own; only referrals of its own organization are compared"); err != nil {
			return err
		}
		rows, err := w.store.uncheckedRows(id, checkedAtOnce)
		if err != nil {
			return err
		}
		if err := w.checkRows(i, rows); err != nil {
			return err
		}
		if left = len(rows) == checkedAtOnce; !left {
			w.store.importReady(id)
		}
		return nil
	})
	return left, err
}

// CheckUploaded is the job behind import.check, for whatever the upload itself had no time to check.
func (s *Service) CheckUploaded(ctx context.Context, job jobs.Job) error {
	actor, err := s.importActor(ctx, job, job.SubjectID)
	for left := err == nil; left && err == nil; {
		left, err = s.CheckImport(ctx, actor, job.SubjectID)
	}
	if err != nil && fault.KindOf(err) != fault.NotFound { // deleted meanwhile
		return err
	}
	return s.asSystem(ctx, job, func(w *work) error { return w.jobs.Settle(job) })
}

// importActor is on whose behalf a job of an import works.
func (s *Service) importActor(ctx context.Context, job jobs.Job, id uuid.UUID) (actor auth.Actor, err error) {
	err = s.asSystem(ctx, job, func(w *work) error {
		i, err := w.store.importByID(id)
		if err != nil {
			return err
		}
		org, err := w.providers.Organization(i.OrgID)
		actor = i.actor(org.Kind)
		return err
	})
	return actor, err
}

// checkRows decides what each row is, and queues it.
func (w *work) checkRows(i Import, rows []ImportRow) error {
	_, cal, err := w.desk()
	if err != nil {
		return err
	}
	today := cal.Day(w.tx.Now)
	found := make([][]ImportProblem, len(rows))
	for n := range rows {
		if found[n], err = w.checkRow(&rows[n], today); err != nil {
			return err
		}
	}
	known, err := w.store.knownRows(i, rows)
	if err != nil {
		return err
	}
	for n := range rows {
		r := &rows[n]
		switch {
		case len(found[n]) > 0:
			r.Outcome = RowRefused
		case known.sent[hex.EncodeToString(r.Fingerprint)]:
			r.Outcome, found[n] = RowAlready, []ImportProblem{{"", problemSentBefore}}
		case known.here[hex.EncodeToString(r.Fingerprint)]:
			r.Outcome, found[n] = RowAlready, []ImportProblem{{"", problemTwice}}
		case r.MatchKey != nil && known.family[hex.EncodeToString(r.MatchKey)]:
			r.Outcome, found[n] = RowMaybe, []ImportProblem{{"", problemMaybe}}
		default:
			r.Outcome = RowReady
		}
		if r.Outcome == RowReady || r.Outcome == RowMaybe {
			known.here[hex.EncodeToString(r.Fingerprint)] = true
			known.family[hex.EncodeToString(r.MatchKey)] = true
		}
		if r.Problems, err = json.Marshal(append([]ImportProblem{}, found[n]...)); err != nil {
			return fmt.Errorf("note what row %d lacks: %w", r.Number, err)
		}
	}
	w.store.rowsChecked(rows)
	return nil
}

// checkRow says what is wrong with one row, and by what it is known again.
func (w *work) checkRow(r *ImportRow, today civil.Date) ([]ImportProblem, error) {
	content, err := w.openRow(*r)
	if err != nil {
		return nil, err
	}
	if content.Form == nil {
		return content.Wrong, nil
	}
	form, err := json.Marshal(content.Form)
	if err != nil {
		return nil, fmt.Errorf("read row %d again: %w", r.Number, err)
	}
	sum := sha256.Sum256(append(append([]byte{}, r.OrgID[:]...), form...))
	r.Fingerprint = sum[:]
	c := content.Form.Client
	if born, err := civil.ParseDate(c.DateOfBirth); err == nil {
		r.MatchKey = matchKey(c.GivenName, c.FamilyName, &born)
	}
	_, err = content.Form.check(w.svc.shape, w.tx.Now, today, w.svc.safety.Instruments())
	problems, err := importProblems(*content.Form, err)
	for _, p := range problems {
		if !slices.ContainsFunc(content.Wrong, func(o ImportProblem) bool { return o.Column == p.Column }) { // the one cause, told once
			content.Wrong = append(content.Wrong, p)
		}
	}
	return content.Wrong, err
}

func (w *work) openRow(r ImportRow) (rowContent, error) {
	var content rowContent
	plain, err := w.tx.Keys().Open("import_rows", "content_sealed", r.ID, r.ContentSealed)
	if err != nil {
		return content, fmt.Errorf("open row %d: %w", r.Number, err)
	}
	if err := json.Unmarshal(plain, &content); err != nil {
		return content, fmt.Errorf("read row %d: it is not as it was kept", r.Number)
	}
	return content, nil
}

// importProblems names the problems of an Invalid fault by the columns of the file. Of each only the code is told: a sentence may quote it.
func importProblems(form Submission, err error) ([]ImportProblem, error) {
	if err == nil || fault.KindOf(err) != fault.Invalid {
		return nil, err
	}
	var out []ImportProblem
	var refused *fault.Error
	errors.As(err, &refused)
	for _, f := range refused.Fields {
		pointer := f.Pointer
		if len(form.ContactMethods) > 0 && form.ContactMethods[0].Channel == "email" { // the only way given
			pointer = strings.Replace(pointer, "/contact_methods/0", "/contact_methods/1", 1)
		}
		p := ImportProblem{importColumn(pointer), f.Code}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	if len(out) == 0 {
		out = []ImportProblem{{"", "refused"}}
	}
	return out, nil
}
