package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// overrideNote is why somebody departed from the order of the rules.
type overrideNote struct {
	ID         uuid.UUID // of the move
	CaseID     uuid.UUID
	Reason     string
	NoteSealed pg.Sealed
	ByID       uuid.UUID
	At         time.Time
}

// TableName is gorm's.
func (overrideNote) TableName() string { return "override_notes" }

// OverrideView is one of them, for the hub alone.
type OverrideView struct {
	At     time.Time `json:"at"`
	Reason string    `json:"reason"`
	Note   string    `json:"note"`
}

func (w *work) showOverrides(caseID uuid.UUID) ([]OverrideView, error) {
	var rows []overrideNote
	out := []OverrideView{}
	if err := w.store.db().Where("case_id = ?", caseID).Order("at, id").Limit(100).Find(&rows).Error; err != nil {
		return out, wrap(err, "read why the rules were not followed on case %s", caseID)
	}
	for _, r := range rows {
		note, err := w.tx.Keys().Open("override_notes", "note_sealed", r.ID, r.NoteSealed)
		if err != nil {
			return out, wrap(err, "read note %s", r.ID)
		}
		out = append(out, OverrideView{r.At, r.Reason, string(note)})
	}
	return out, nil
}
