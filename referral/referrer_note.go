package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// NoteForm is what a referrer tells the triage team about a referral of its own.
type NoteForm struct {
	Text string `json:"text" validate:"required,max=2000"`
}

// NoteView is one such note, for the hub.
type NoteView struct {
	ID         uuid.UUID `json:"id"`
	ReferralID uuid.UUID `json:"referral_id"`
	Reference  string    `json:"reference"`
	Text       string    `json:"text"`
	WrittenAt  time.Time `json:"written_at"`
}

type referrerNote struct {
	ID         uuid.UUID
	ReferralID uuid.UUID
	CaseID     uuid.UUID
	OrgID      uuid.UUID
	NoteSealed pg.Sealed
	WrittenAt  time.Time
	WrittenBy  uuid.UUID
}

// TableName is gorm's.
func (referrerNote) TableName() string { return "referrer_notes" }

const noteText = "The triage team has your note. For anything urgent, call."

// TellTriage gives the hub's desk a note about one of the actor's own referrals, and a task to read it. The case does not move.
// Faults: NotFound for any other's; Invalid.
func (s *Service) TellTriage(ctx context.Context, actor auth.Actor, id uuid.UUID, in NoteForm) (WayReceipt, error) {
	if err := actor.Require(auth.ReferralAdd); err != nil {
		return WayReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return WayReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (WayReceipt, error) {
		w := s.work(tx)
		r, err := w.sent(id)
		if err != nil {
			return WayReceipt{}, err
		}
		if err := tx.AsHub("a note goes to the hub's desk; the referral was read in its referrer's own role"); err != nil {
			return WayReceipt{}, err
		}
		return WayReceipt{r.ID, r.Reference, noteText}, w.noteOf(r, in.Text)
	})
}

// noteOf writes a note as the hub.
func (w *work) noteOf(r Referral, text string) error {
	hub, err := w.hub()
	if err != nil {
		return err
	}
	live, err := w.store.liveCase(r.CaseID)
	if err != nil {
		return err
	}
	n := referrerNote{ID: pg.NewID(), ReferralID: r.ID, CaseID: live.ID, OrgID: r.OrgID, WrittenAt: w.tx.Now, WrittenBy: w.tx.Actor.ID}
	n.NoteSealed = w.tx.Keys().Seal("referrer_notes", "note_sealed", n.ID, []byte(text))
	if err := w.tx.Insert(&n); err != nil {
		return err
	}
	err = w.jobs.AddTask(jobs.Task{CaseID: &live.ID, OrgID: hub.ID, Role: auth.TriageCoordinator, Kind: taskReferrerNote, SubjectID: n.ID, DueAt: w.tx.Now})
	if err != nil {
		return err
	}
	return w.audit.Record(audit.Event{Action: "tell the triage team", CaseID: &live.ID, Subject: "referral", SubjectID: &r.ID})
}

// ReferrerNotes are what referrers told the hub about a case, the newest first; at most a hundred. Fault: NotFound.
func (s *Service) ReferrerNotes(ctx context.Context, actor auth.Actor, caseID uuid.UUID) (Page[NoteView], error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (Page[NoteView], error) {
		out := Page[NoteView]{Items: []NoteView{}}
		if _, err := w.store.caseByID(caseID); err != nil {
			return out, err
		}
		rows, err := w.store.referrerNotes(caseID)
		for _, n := range rows {
			text, err := w.tx.Keys().Open("referrer_notes", "note_sealed", n.ID, n.NoteSealed)
			if err != nil {
				return out, wrap(err, "open note %s", n.ID)
			}
			out.Items = append(out.Items, NoteView{n.ID, n.ReferralID, n.Reference, string(text), n.WrittenAt})
		}
		if err != nil {
			return out, err
		}
		return out, w.audit.Viewed("read referrers' notes", caseID)
	})
}
