package referral

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
)

// HerForm is the form of one visit as it stands, and what its page must know of the hub.
type HerForm struct {
	HerAnswers
	Sent *HerReceipt // once it was sent there are no answers any more

	Now   time.Time
	Zone  *time.Location
	Today civil.Date
	// SeenBy is when somebody would look at once, were it sent now; Open: somebody is there.
	SeenBy time.Time
	Open   bool
}

// HerReceipt is what she takes along.
type HerReceipt struct {
	Reference string     `json:"reference"`
	ReachBy   time.Time  `json:"reach_by"` // by when somebody tries to reach her
	AlarmBy   *time.Time `json:"alarm_by"` // of a yes to being in danger
	Open      bool       `json:"open"`     // of AlarmBy: somebody is there now
	Friend    bool       `json:"friend"`   // who wrote it is somebody else
	After     bool       `json:"after"`    // after a loss
	Ways      []string   `json:"ways"`     // by which she said she may be reached
	Language  string     `json:"language"` // the page's
}

// BeginHerForm begins a visit and returns the token that her browser holds until she leaves. TooMany.
func (s *Service) BeginHerForm(ctx context.Context, address string) (string, error) {
	if err := s.count(ctx, "begin", address); err != nil {
		return "", err
	}
	token, hash := newToken()
	return token, s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		(&store{tx}).keepVisit(pg.NewID(), hash, nil)
		return nil
	})
}

// HerForm is what was typed so far. NotFound when the visit is over.
func (s *Service) HerForm(ctx context.Context, token string) (HerForm, error) {
	var out HerForm
	err := s.db.InTx(ctx, visitor(), func(tx *pg.Tx) (err error) {
		_, out, err = s.work(tx).herForm(token)
		return err
	})
	return out, err
}

func (w *work) herForm(token string) (visitRow, HerForm, error) {
	row, err := w.store.visit(hashed(token))
	if err == nil && row.PageID != nil {
		err = fault.New(fault.NotFound, "There is no such form.")
	}
	if err != nil {
		return row, HerForm{}, err
	}
	out := HerForm{Now: w.tx.Now}
	plain, err := w.tx.Keys().Open("public_visits", "answers_sealed", row.ID, row.AnswersSealed)
	if err != nil {
		return row, out, err
	}
	switch {
	case len(plain) == 0:
	case row.SentAt != nil:
		out.Sent = &HerReceipt{}
		err = json.Unmarshal(plain, out.Sent)
	default:
		err = json.Unmarshal(plain, &out.HerAnswers)
	}
	if err != nil {
		return row, out, fmt.Errorf("read a visit: %w", err)
	}
	_, cal, err := w.desk()
	if err != nil {
		return row, out, err
	}
	out.Zone, out.Today = cal.Zone, cal.Day(w.tx.Now)
	out.SeenBy, out.Open = w.seenBy(cal), cal.IsOpen(providers.UrgentHours, w.tx.Now)
	return row, out, nil
}

// seenBy is when an alarm raised now would be seen at the latest.
func (w *work) seenBy(cal providers.Calendar) time.Time {
	return cal.AddUrgent(w.tx.Now, climb(w.rulesAnyway().Clocks().AlarmLadder, firstClimb))
}

// KeepHerStep writes one step down. change gets the answers so far. Faults: Invalid with a code for each field; NotFound when the visit is over;
// Conflict when it was sent.
func (s *Service) KeepHerStep(ctx context.Context, token, step string, change func(*HerAnswers)) (HerAnswers, error) {
	var out HerAnswers
	err := s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		w := s.work(tx)
		row, form, err := w.herForm(token)
		if err == nil && form.Sent != nil {
			err = fault.New(fault.Conflict, "This was sent already.")
		}
		if err != nil {
			return err
		}
		change(&form.HerAnswers)
		if err := fault.Problems(form.wrongIn(step, form.Today)); err != nil {
			return err
		}
		out = form.HerAnswers
		return w.sealVisit(row.ID, out, false)
	})
	return out, err
}

func (w *work) sealVisit(id uuid.UUID, content any, sent bool) error {
	text, err := json.Marshal(content)
	if err != nil {
		return fmt.Errorf("keep a visit: %w", err)
	}
	w.store.writeVisit(id, w.tx.Keys().Seal("public_visits", "answers_sealed", id, text), sent)
	return nil
}

// Leave deletes a visit with all that was typed. One that is not there is left already.
func (s *Service) Leave(ctx context.Context, token string) error {
	return s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		(&store{tx}).forgetVisit(hashed(token))
		return nil
	})
}

// missing is the first step that is not answered, "" when none is.
func (f HerForm) missing() string {
	i := slices.IndexFunc(HerSteps(), func(step string) bool { return len(f.wrongIn(step, f.Today)) > 0 })
	if i < 0 {
		return ""
	}
	return HerSteps()[i]
}

// Missing is the first step that she has not answered, "" when it can be sent.
func (f HerForm) Missing() string {
	if f.Else && !f.Agreed {
		return "agreed"
	}
	return f.missing()
}
