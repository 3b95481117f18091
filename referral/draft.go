package referral

import (
	"context"
	"encoding/json"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// DraftDays is how long a draft is kept after its last change.
const DraftDays = 7

// largestDraft is the most that one may hold, as JSON: a referral with everything is a tenth of it.
const largestDraft = 64 << 10

// DraftAnswers are the fields of a form as they were typed, right or wrong.
type DraftAnswers map[string][]string

// DraftView is a referral that was begun. Once it was sent it holds nothing any more.
type DraftView struct {
	ID      uuid.UUID
	SavedAt time.Time
	SentAs  *uuid.UUID
	Answers DraftAnswers
}

// Until is when it is thrown away unless somebody goes on with it.
func (d DraftView) Until() time.Time { return d.SavedAt.AddDate(0, 0, DraftDays) }

// writesReferrals is the permission by which this actor writes referrals down: for its own organization, or at the hub for whoever sent one.
func writesReferrals(actor auth.Actor) auth.Permission {
	if auth.May(actor.Role, auth.ReferralTake) {
		return auth.ReferralTake
	}
	return auth.ReferralCreate
}

type draft struct {
	ID            uuid.UUID
	OrgID         uuid.UUID
	SiteID        *uuid.UUID
	OwnerID       uuid.UUID
	PayloadSealed pg.Sealed
	SentAs        *uuid.UUID
	SavedAt       time.Time
}

// TableName is gorm's.
func (draft) TableName() string { return "drafts" }

// SaveDraft keeps what was typed so far under an id that the caller made, and returns when. Saved again it replaces what was there.
// Faults: NotFound when the id is another person's or another site's; Conflict when it was sent; Invalid when it is too large.
func (s *Service) SaveDraft(ctx context.Context, actor auth.Actor, id uuid.UUID, answers DraftAnswers) (time.Time, error) {
	if err := actor.Require(writesReferrals(actor)); err != nil {
		return time.Time{}, err
	}
	payload, err := json.Marshal(answers)
	if err != nil || len(payload) > largestDraft {
		return time.Time{}, fault.New(fault.Invalid, "This is too long to keep. Shorten the note.")
	}
	var at time.Time
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		at = tx.Now
		d := draft{ID: id, OrgID: actor.OrgID, OwnerID: actor.ID, PayloadSealed: tx.Keys().Seal("drafts", "payload_sealed", id, payload), SavedAt: tx.Now}
		if actor.SiteID != uuid.Nil {
			d.SiteID = &actor.SiteID
		}
		return (&store{tx}).putDraft(d)
	})
	if pg.IsUnique(err, "drafts_pkey") { // a row that this role does not see
		err = noDraft()
	}
	return at, err
}

func noDraft() error {
	return fault.New(fault.NotFound, "There is no such draft. It may be older than %d days.", DraftDays)
}

// Draft is one of the actor's own. Faults: NotFound for any other, and for one that is too old.
func (s *Service) Draft(ctx context.Context, actor auth.Actor, id uuid.UUID) (DraftView, error) {
	return read(ctx, s, actor, writesReferrals(actor), func(w *work) (DraftView, error) {
		d, err := w.store.draft(id, false)
		if err != nil {
			return DraftView{}, err
		}
		return w.openDraft(d)
	})
}

// Drafts are the actor's own that were not sent, the newest first; at most a hundred.
func (s *Service) Drafts(ctx context.Context, actor auth.Actor) ([]DraftView, error) {
	return read(ctx, s, actor, writesReferrals(actor), func(w *work) ([]DraftView, error) {
		rows, err := w.store.drafts(pageSize * 2)
		out := make([]DraftView, 0, len(rows))
		for _, d := range rows {
			v, err := w.openDraft(d)
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		return out, err
	})
}

// DropDraft throws one of the actor's own away. Fault: NotFound.
func (s *Service) DropDraft(ctx context.Context, actor auth.Actor, id uuid.UUID) error {
	if err := actor.Require(writesReferrals(actor)); err != nil {
		return err
	}
	return s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		if _, err := w.store.draft(id, true); err != nil {
			return err
		}
		w.store.dropDraft(id)
		return nil
	})
}

func (w *work) openDraft(d draft) (DraftView, error) {
	v := DraftView{ID: d.ID, SavedAt: d.SavedAt, SentAs: d.SentAs}
	payload, err := w.tx.Keys().Open("drafts", "payload_sealed", d.ID, d.PayloadSealed)
	if err == nil && len(payload) > 0 {
		err = json.Unmarshal(payload, &v.Answers)
	}
	return v, wrap(err, "open draft %s", d.ID)
}

// SendDraft is Receive of what a draft became; the draft is emptied with it, so that it is sent once from however many windows.
// Faults beside those of Receive: NotFound; Conflict when it was sent before.
func (s *Service) SendDraft(ctx context.Context, actor auth.Actor, id uuid.UUID, in Submission) (ReferralReceipt, error) {
	return s.take(ctx, actor, in, &id)
}

// takeDraft locks it in the actor's own role.
func (w *work) takeDraft(id uuid.UUID) error {
	d, err := w.store.draft(id, true)
	if err == nil && d.SentAs != nil {
		err = fault.New(fault.Conflict, "This draft was sent already.")
	}
	return err
}
