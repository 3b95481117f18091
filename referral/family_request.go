package referral

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// HerRequest is what she asks for on her page: another way to reach her, that she thinks otherwise now, or that she takes a consent back.
type HerRequest struct {
	Kind string `json:"kind" validate:"required,oneof=change_contact changed_mind take_back"`
	Text string `json:"text" validate:"max=1000"`
}

// AskOnPage writes it down for a person of the hub. Nothing changes by it: whoever reads it speaks with her by a way that was safe before, since
// somebody else may hold her phone. Faults: Unauthenticated before her word; Invalid; NotFound.
func (s *Service) AskOnPage(ctx context.Context, token, visit string, in HerRequest) error {
	if err := s.checkForm(in); err != nil {
		return err
	}
	if in.Kind == "change_contact" && in.Text == "" {
		return refused("/text", "say")
	}
	return s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		w := s.work(tx)
		page, err := w.herVisit(token, visit)
		if err != nil {
			return err
		}
		hub, err := w.hub()
		if err != nil {
			return err
		}
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("keep a request: %w", err)
		}
		r := w.seal(in.Kind, &page.CaseID, &page.ID, text)
		if err := tx.Insert(&r); err != nil {
			return err
		}
		if err := w.jobs.AddTask(jobs.Task{CaseID: &page.CaseID, OrgID: hub.ID, Role: auth.TriageCoordinator, Kind: "family." + in.Kind, SubjectID: r.ID,
			Urgent: in.Kind == "take_back", DueAt: tx.Now}); err != nil {
			return err
		}
		return w.audit.Record(audit.Event{Action: "ask on family page", CaseID: &page.CaseID, Subject: "family request", SubjectID: &r.ID,
			Detail: map[string]any{"kind": in.Kind}})
	})
}

// FamilyRequestView is what she asked for, for the person who confirms it with her.
type FamilyRequestView struct {
	ID      uuid.UUID `json:"id"`
	CaseID  uuid.UUID `json:"case_id"`
	Kind    string    `json:"kind"`
	Text    string    `json:"text"`
	AskedAt time.Time `json:"asked_at"`
	Remark  string    `json:"remark"` // what to do with it

	Owner     *string    `json:"owner"` // who answers for it; nil: nobody yet
	Mine      bool       `json:"mine"`
	SettledAt *time.Time `json:"settled_at"`
	SettledAs *string    `json:"settled_as"`
}

// FamilyRequest shows it to the hub's desk. Its task's subject is its id. NotFound.
func (s *Service) FamilyRequest(ctx context.Context, actor auth.Actor, id uuid.UUID) (FamilyRequestView, error) {
	return read(ctx, s, actor, auth.FamilyRequestRead, func(w *work) (FamilyRequestView, error) {
		r, err := w.store.request(id, false)
		if err != nil {
			return FamilyRequestView{}, err
		}
		var in HerRequest
		plain, err := w.tx.Keys().Open("family_requests", "text_sealed", r.ID, r.TextSealed)
		if err == nil {
			err = json.Unmarshal(plain, &in)
		}
		if err != nil {
			return FamilyRequestView{}, fmt.Errorf("read request %s: %w", id, err)
		}
		out := FamilyRequestView{ID: r.ID, CaseID: *r.CaseID, Kind: r.Kind, Text: in.Text, AskedAt: r.AskedAt,
			Remark: "Nothing has changed yet. Speak with her by a way that was safe before this request, then write down what she says.",
			Mine:   r.OwnerID != nil && *r.OwnerID == actor.ID, SettledAt: r.SettledAt, SettledAs: r.SettledAs}
		if out.Owner, err = w.store.nameOf(r.OwnerID); err != nil {
			return out, err
		}
		return out, w.audit.Record(audit.Event{Action: "read family request", CaseID: r.CaseID, Subject: "family request", SubjectID: &r.ID})
	})
}

// Wrong is what somebody tells the privacy officer. Reach is how they may be answered; both may come from anyone.
type Wrong struct {
	Text  string `json:"text" validate:"required,max=4000"`
	Reach string `json:"reach" validate:"max=300"`
	Trap  string `json:"-"`

	CaseID *uuid.UUID `json:"case_id"` // set when her page was open: sealed with the text, and in no list
}

// TellWrong gives it to the hub's privacy officer and to nobody else, least of all to whom it is about. token and visit are those of her page, when it came
// from there. Faults: Invalid; TooMany.
func (s *Service) TellWrong(ctx context.Context, address, token, visit string, in Wrong) error {
	if err := s.count(ctx, "wrong", address); err != nil {
		return err
	}
	switch {
	case in.Trap != "":
		return refused("/website", "leave_empty")
	case in.Text == "":
		return refused("/text", "say")
	}
	if err := s.checkForm(in); err != nil {
		return err
	}
	return s.db.InTx(ctx, visitor(), func(tx *pg.Tx) error {
		w := s.work(tx)
		in.CaseID = nil
		if token != "" {
			page, err := w.herVisit(token, visit)
			kind := fault.KindOf(err)
			switch {
			case err == nil:
				in.CaseID = &page.CaseID
			case kind != fault.NotFound && kind != fault.Unauthenticated: // what she has to say is taken without her word, too
				return err
			}
		}
		hub, err := w.hub()
		if err != nil {
			return err
		}
		text, err := json.Marshal(in)
		if err != nil {
			return fmt.Errorf("keep what went wrong: %w", err)
		}
		r := w.seal("wrong", nil, nil, text)
		if err := tx.Insert(&r); err != nil {
			return err
		}
		if err := w.jobs.AddTask(jobs.Task{OrgID: hub.ID, Role: auth.PrivacyOfficer, Kind: taskWrong, SubjectID: r.ID, Urgent: true, DueAt: tx.Now}); err != nil {
			return err
		}
		return w.audit.Record(audit.Event{Action: "tell what went wrong", Subject: "complaint", SubjectID: &r.ID})
	})
}

// ComplaintView is what somebody told.
type ComplaintView struct {
	ID     uuid.UUID  `json:"id"`
	Text   string     `json:"text"`
	Reach  string     `json:"reach"`
	CaseID *uuid.UUID `json:"case_id"` // from her page; nil: nobody knows who wrote
	ToldAt time.Time  `json:"told_at"`
}

// Complaint shows it to the privacy officer. Its task's subject is its id. NotFound.
func (s *Service) Complaint(ctx context.Context, actor auth.Actor, id uuid.UUID) (ComplaintView, error) {
	return read(ctx, s, actor, auth.ComplaintRead, func(w *work) (ComplaintView, error) {
		r, err := w.store.request(id, true)
		if err != nil {
			return ComplaintView{}, err
		}
		var in Wrong
		plain, err := w.tx.Keys().Open("family_requests", "text_sealed", r.ID, r.TextSealed)
		if err == nil {
			err = json.Unmarshal(plain, &in)
		}
		if err != nil {
			return ComplaintView{}, fmt.Errorf("read complaint %s: %w", id, err)
		}
		return ComplaintView{r.ID, in.Text, in.Reach, in.CaseID, r.AskedAt},
			w.audit.Record(audit.Event{Action: "read complaint", Subject: "complaint", SubjectID: &r.ID})
	})
}

// EndComplaint says how one ended. Its text stays. Ended twice it is ended once. NotFound.
func (s *Service) EndComplaint(ctx context.Context, actor auth.Actor, id uuid.UUID, in TaskEnd) error {
	if err := actor.Require(auth.ComplaintRead); err != nil {
		return err
	}
	if err := s.checkForm(in); err != nil {
		return err
	}
	_, err := pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (struct{}, error) {
		w := s.work(tx)
		r, err := w.store.request(id, true)
		if err != nil {
			return struct{}{}, err
		}
		if err := w.jobs.CloseTasks(nil, r.ID, in.As, taskWrong); err != nil {
			return struct{}{}, err
		}
		return struct{}{}, w.audit.Record(audit.Event{Action: "end complaint", Subject: "complaint", SubjectID: &r.ID, Detail: map[string]any{"as": in.As}})
	})
	return err
}
