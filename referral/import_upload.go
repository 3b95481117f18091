package referral

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// MaxImportLines is how many rows AddImportLines takes at once: enough for speed, few enough for memory.
const MaxImportLines = 200

// BeginImport opens an import for a file with these columns. Its rows follow by AddImportLines, and EndImport closes it: a file of any size
// passes through without being held. Uploads that broke off are thrown away here.
func (s *Service) BeginImport(ctx context.Context, actor auth.Actor, columns []string) (uuid.UUID, error) {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return uuid.Nil, err
	}
	id := pg.NewID()
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		w.store.dropBrokenImports(actor.OrgID)
		i := Import{ID: id, OrgID: actor.OrgID, ActorKind: actor.Kind, ActorID: actor.ID, ActorRole: actor.Role, Columns: columns,
			Status: ImportUploading, UploadedAt: tx.Now}
		if actor.SiteID != uuid.Nil {
			i.SiteID = &actor.SiteID
		}
		return tx.Insert(&i)
	})
	return id, err
}

// AddImportLines keeps the next rows of an import, sealed. Faults: NotFound, Conflict when it is closed.
func (s *Service) AddImportLines(ctx context.Context, actor auth.Actor, id uuid.UUID, lines []ImportLine) error {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		i, err := w.store.lockImport(actor.OrgID, id)
		if err != nil {
			return err
		}
		if i.Status != ImportUploading {
			return fault.New(fault.Conflict, "This upload is complete. Begin a new one.")
		}
		for _, l := range lines {
			content, err := json.Marshal(rowContent{l.Record, l.Form, l.Problems})
			if err != nil {
				return fmt.Errorf("keep row %d: %w", l.Number, err)
			}
			row := ImportRow{ID: pg.NewID(), ImportID: id, OrgID: actor.OrgID, Number: l.Number, Outcome: RowUnchecked, Problems: []byte("[]")}
			row.ContentSealed = tx.Keys().Seal("import_rows", "content_sealed", row.ID, content)
			if err := tx.Insert(&row); err != nil {
				return err
			}
		}
		return nil
	})
}

// EndImport closes the upload of a file with this hash and has it checked. When the same bytes came before, this upload is thrown away and
// the earlier one answers.
func (s *Service) EndImport(ctx context.Context, actor auth.Actor, id uuid.UUID, hash []byte, rows int) (ImportView, error) {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return ImportView{}, err
	}
	var out ImportView
	end := func(tx *pg.Tx) error {
		w := s.work(tx)
		i, err := w.store.lockImport(actor.OrgID, id)
		if err != nil {
			return err
		}
		earlier, err := w.store.importByHash(actor.OrgID, hash)
		if err != nil {
			return err
		}
		if earlier != nil {
			w.store.dropImport(id)
			if err := tx.Flush(); err != nil {
				return err
			}
			out, err = w.importView(*earlier)
			out.Earlier = true
			return err
		}
		i.FileHash, i.Rows, i.Status = hash, rows, ImportChecking
		w.store.endImport(i)
		if err := w.audit.Record(audit.Event{Action: "upload import", Subject: "import", SubjectID: &id, Detail: map[string]any{"rows": rows}}); err != nil {
			return err
		}
		if err := tx.AsHub("the import is the actor's own; the outbox is written by the hub's role"); err != nil {
			return err
		}
		if err := w.jobs.Enqueue(jobs.ImportCheck, id); err != nil {
			return err
		}
		out, err = w.importView(i)
		return err
	}
	err := s.db.InTx(ctx, actor, end)
	if pg.IsUnique(err, "imports_once") { // the same file was uploaded twice at once: now the other stands
		err = s.db.InTx(ctx, actor, end)
	}
	return out, err
}
