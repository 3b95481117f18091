package referral

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Correction is one field that was typed wrong. The row of the subject holds the new value; this one both, sealed.
type Correction struct {
	ID           uuid.UUID
	CaseID       uuid.UUID // on which it was written
	MoveID       uuid.UUID
	Subject      string    // client, pregnancy, infant, answer or screening
	RowID        uuid.UUID // the episode for a pregnancy, the case for an answer
	Field        string
	BeforeSealed pg.Sealed
	AfterSealed  pg.Sealed
	OrgID        uuid.UUID
	CorrectedBy  uuid.UUID
	CorrectedAt  time.Time
}

// LogValue keeps it to ids.
func (x Correction) LogValue() slog.Value { return slog.StringValue("correction " + x.ID.String()) }

// CorrectionView is one corrected field with its history.
type CorrectionView struct {
	ID          uuid.UUID `json:"id"`
	Subject     string    `json:"subject"`
	RowID       uuid.UUID `json:"row_id"`
	Field       string    `json:"field"`
	Before      string    `json:"before"` // empty: nothing was known
	After       string    `json:"after"`
	OrgID       uuid.UUID `json:"org_id"`
	CorrectedBy uuid.UUID `json:"corrected_by"`
	CorrectedAt time.Time `json:"corrected_at"`
}

// Corrections shows what was corrected on a case, newest first, and records the view. Each is shown to whoever may see the row that it
// is about; answers and screenings at the hub alone. Faults: NotFound for a case that this actor may not see.
func (s *Service) Corrections(ctx context.Context, actor auth.Actor, id uuid.UUID) (Page[CorrectionView], error) {
	return read(ctx, s, actor, auth.CaseRead, func(w *work) (Page[CorrectionView], error) {
		out := Page[CorrectionView]{Items: []CorrectionView{}}
		c, err := w.store.caseByID(id)
		if err != nil {
			return out, err
		}
		rows, err := w.store.corrections(c)
		if err != nil {
			return out, err
		}
		for _, x := range rows {
			v := CorrectionView{ID: x.ID, Subject: x.Subject, RowID: x.RowID, Field: x.Field, OrgID: x.OrgID, CorrectedBy: x.CorrectedBy, CorrectedAt: x.CorrectedAt}
			if v.Before, err = w.unseal(x.ID, "before_sealed", x.BeforeSealed); err != nil {
				return out, err
			}
			if v.After, err = w.unseal(x.ID, "after_sealed", x.AfterSealed); err != nil {
				return out, err
			}
			out.Items = append(out.Items, v)
		}
		return out, w.audit.Viewed("read corrections", c.ID)
	})
}

func (w *work) unseal(id uuid.UUID, column string, sealed pg.Sealed) (string, error) {
	text, err := w.tx.Keys().Open("corrections", column, id, sealed)
	return string(text), err
}
