package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Import shows how far an import is. Fault: NotFound for another organization's.
func (s *Service) Import(ctx context.Context, actor auth.Actor, id uuid.UUID) (ImportView, error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (ImportView, error) {
		i, err := w.store.ownImport(actor.OrgID, id)
		if err != nil {
			return ImportView{}, err
		}
		return w.importView(i)
	})
}

// Imports lists an organization's newest imports.
func (s *Service) Imports(ctx context.Context, actor auth.Actor) (Page[ImportView], error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (Page[ImportView], error) {
		page := Page[ImportView]{Items: []ImportView{}}
		all, err := w.store.newestImports(actor.OrgID)
		if err != nil {
			return page, err
		}
		for _, i := range all {
			v, err := w.importView(i)
			if err != nil {
				return page, err
			}
			page.Items = append(page.Items, v)
		}
		return page, nil
	})
}

func (w *work) importView(i Import) (ImportView, error) {
	v := ImportView{ID: i.ID, Status: i.Status, UploadedAt: i.UploadedAt, SentAt: i.SentAt, Rows: i.Rows, Problems: []ImportFinding{}}
	counts, err := w.store.importCounts(i.ID)
	if err != nil {
		return v, err
	}
	for _, c := range counts {
		switch c.Outcome {
		case RowReady:
			v.Ready = c.Rows
		case RowAlready:
			v.Already = c.Rows
		case RowMaybe:
			v.Maybe = c.Rows
		case RowRefused:
			v.Refused = c.Rows
		case RowSent:
			v.Sent = c.Rows
		}
	}
	v.Checked = v.Ready + v.Already + v.Maybe + v.Refused + v.Sent
	if v.Status == ImportSending && v.ToSend() == 0 {
		v.Status = ImportDone
	}
	if v.Status == ImportUploading || v.Status == ImportChecking {
		return v, nil
	}
	found, err := w.store.importFindings(i.ID)
	v.Problems = append(v.Problems, found...)
	return v, err
}

// ImportRowView is what became of one row. Its record is for the sender's own download and stands in no answer of the API.
type ImportRowView struct {
	Row        int             `json:"row"`
	Outcome    string          `json:"outcome"`
	ReferralID *uuid.UUID      `json:"referral_id"`
	Reference  *string         `json:"reference"`
	Problems   []ImportProblem `json:"problems"`
	Record     []string        `json:"-"`
}

// ImportRowsPage is some rows; Next is the row to ask behind, 0 at the end.
type ImportRowsPage struct {
	Columns []string        `json:"columns"`
	Items   []ImportRowView `json:"items"`
	Next    int             `json:"next"`
}

const rowsAtOnce = 500

// ImportRows shows what became of each row behind row after, without what stands in it.
func (s *Service) ImportRows(ctx context.Context, actor auth.Actor, id uuid.UUID, after int) (ImportRowsPage, error) {
	return s.importRows(ctx, actor, id, after, false)
}

// ImportRecords is ImportRows with the rows that were not sent as they were uploaded, for whoever uploaded them to correct. It is noted who
// took them.
func (s *Service) ImportRecords(ctx context.Context, actor auth.Actor, id uuid.UUID, after int) (ImportRowsPage, error) {
	return s.importRows(ctx, actor, id, after, true)
}

func (s *Service) importRows(ctx context.Context, actor auth.Actor, id uuid.UUID, after int, open bool) (ImportRowsPage, error) {
	return read(ctx, s, actor, auth.ReferralRead, func(w *work) (ImportRowsPage, error) {
		page := ImportRowsPage{Items: []ImportRowView{}}
		i, err := w.store.ownImport(actor.OrgID, id)
		if err != nil {
			return page, err
		}
		page.Columns = i.Columns
		rows, err := w.store.importRows(id, after, rowsAtOnce)
		if err != nil {
			return page, err
		}
		for _, r := range rows {
			v := ImportRowView{Row: r.Number, Outcome: r.Outcome, ReferralID: r.ReferralID, Reference: r.Reference}
			if v.Problems, err = r.problems(); err != nil {
				return page, err
			}
			if open && r.ContentSealed != nil {
				content, err := w.openRow(r.ImportRow)
				if err != nil {
					return page, err
				}
				v.Record = content.Record
			}
			page.Items = append(page.Items, v)
		}
		if len(rows) == rowsAtOnce {
			page.Next = rows[len(rows)-1].Number
		}
		if open && after == 0 {
			err = w.audit.Record(audit.Event{Action: "download import", Subject: "import", SubjectID: &id})
		}
		return page, err
	})
}

// CancelImport deletes an upload of which nothing was sent, with all that stood in it. Faults: NotFound, Conflict when it was sent.
func (s *Service) CancelImport(ctx context.Context, actor auth.Actor, id uuid.UUID) error {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		i, err := w.store.lockImport(actor.OrgID, id)
		if err != nil {
			return err
		}
		if i.Status == ImportSending {
			return fault.New(fault.Conflict, "The referrals of this file were sent. Withdraw them one by one if they were wrong.")
		}
		w.store.dropImport(id)
		return w.audit.Record(audit.Event{Action: "delete import", Subject: "import", SubjectID: &id})
	})
}
