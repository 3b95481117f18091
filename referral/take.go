package referral

import (
	"context"
	"errors"
	"time"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
)

// How a referral came to the hub that somebody there writes down.
const (
	TakenByPhone  = "phone"
	TakenByFax    = "fax"
	TakenOnPaper  = "paper"
	TakenAtTheHub = "walk_in"
)

// TakeDays is how many days ago something may have come that is written down today, unless the service is told otherwise.
const TakeDays = 30

// TakenForm is a referral that came by telephone, fax, paper or with somebody at the door.
type TakenForm struct {
	How        string     `json:"how" validate:"required,oneof=phone fax paper walk_in"`
	SourceID   *uuid.UUID `json:"source_id"` // an organization of the directory; nil: she came herself
	ReceivedAt time.Time  `json:"received_at" validate:"required"`
	Referral   Submission `json:"referral" validate:"-"` // checked as every submission
}

// TakenReceipt is the receipt of a referral with the case that it became part of.
type TakenReceipt struct {
	ReferralReceipt
	CaseID uuid.UUID `json:"case_id"`
}

// TakeReferral is Receive for whoever has no key: somebody at the hub writes it down. Her place in line, the hub's clocks and the age of her consents
// run from when it came, not from when it was typed; an alarm's clock runs from now, since nobody could read it before.
// Faults: Invalid with every problem at once, those of the referral below /referral; those of the idempotency key.
func (s *Service) TakeReferral(ctx context.Context, actor auth.Actor, in TakenForm) (TakenReceipt, error) {
	return s.takeByHand(ctx, actor, in, nil)
}

// TakeDraft is TakeReferral of what a draft became. Faults beside those: NotFound; Conflict when it was sent before.
func (s *Service) TakeDraft(ctx context.Context, actor auth.Actor, id uuid.UUID, in TakenForm) (TakenReceipt, error) {
	return s.takeByHand(ctx, actor, in, &id)
}

func (s *Service) takeByHand(ctx context.Context, actor auth.Actor, in TakenForm, draft *uuid.UUID) (TakenReceipt, error) {
	if err := actor.Require(auth.ReferralTake); err != nil {
		return TakenReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (TakenReceipt, error) {
		w := s.work(tx)
		if draft != nil {
			if err := w.takeDraft(*draft); err != nil {
				return TakenReceipt{}, err
			}
		}
		_, cal, err := w.desk()
		if err != nil {
			return TakenReceipt{}, err
		}
		in.Referral.weeksFrom(in.ReceivedAt, cal)
		r, source, err := w.checkTaken(in, cal)
		if err != nil {
			return TakenReceipt{}, err
		}
		receipt, err := w.receive(in.Referral, r, source, cal)
		if err != nil {
			return TakenReceipt{}, err
		}
		if draft != nil {
			w.store.draftSent(*draft, receipt.ID)
		}
		out := TakenReceipt{receipt, receipt.caseID}
		return out, w.audit.Record(audit.Event{Action: "take referral", CaseID: &out.CaseID, Subject: "referral", SubjectID: &out.ID,
			Detail: map[string]any{"how": in.How, "received_at": r.receivedAt}})
	})
}

// PreviewTaken is Preview of what came by hand; its own problems stand beside those of the referral.
func (s *Service) PreviewTaken(ctx context.Context, actor auth.Actor, in TakenForm) (PreviewView, error) {
	if err := actor.Require(auth.ReferralTake); err != nil {
		return PreviewView{}, err
	}
	out, err := s.Preview(ctx, actor, in.Referral)
	if err != nil {
		return out, err
	}
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		w := s.work(tx)
		if f := w.cameWhen(in.ReceivedAt); f != nil {
			out.Problems = append(out.Problems, *f)
		}
		_, f, err := w.sourceOf(in.SourceID)
		if f != nil {
			out.Problems = append(out.Problems, *f)
		}
		return err
	})
	return out, err
}

// weeksFrom: "20 weeks" on a page that came last week was 20 weeks then.
func (s *Submission) weeksFrom(came time.Time, cal providers.Calendar) {
	if p := s.Pregnancy; p != nil && p.Weeks != nil && p.WeeksOn == "" && !came.IsZero() {
		dated := *p
		dated.WeeksOn = cal.Day(came).String()
		s.Pregnancy = &dated
	}
}

// checkTaken names everything that is wrong with the form, the referral's part below /referral.
func (w *work) checkTaken(in TakenForm, cal providers.Calendar) (received, providers.Organization, error) {
	problems := w.svc.shape.Check(in)
	r, err := in.Referral.check(w.svc.shape, w.tx.Now, cal.Day(w.tx.Now), w.svc.safety.Instruments())
	var refused *fault.Error
	if err != nil && !errors.As(err, &refused) {
		return r, providers.Organization{}, err
	}
	if refused != nil {
		for _, f := range refused.Fields {
			f.Pointer = "/referral" + f.Pointer
			problems = append(problems, f)
		}
	}
	if in.Referral.Sensitivity == sensitivityPart2 {
		problems = append(problems, fault.Field{Pointer: "/referral/sensitivity", Code: "part2", Detail: "Records of a treatment program come from that program with its own key. Take the referral without them."})
	}
	if f := w.cameWhen(in.ReceivedAt); f != nil {
		problems = append(problems, *f)
	}
	source, f, err := w.sourceOf(in.SourceID)
	if err != nil {
		return r, source, err
	}
	if f != nil {
		problems = append(problems, *f)
	}
	r.channel, r.receivedAt = in.How, in.ReceivedAt.UTC().Truncate(time.Microsecond)
	if in.Referral.ReferredAt == "" {
		r.referredAt = r.receivedAt
	}
	for i := range r.contacts {
		r.contacts[i].GivenAt = r.receivedAt
	}
	for i := range r.addresses {
		r.addresses[i].GivenAt = r.receivedAt
	}
	return r, source, fault.Problems(problems)
}

// cameWhen refuses slips of the pen: a time ahead, or so long ago that her clocks would have ended before anybody knew of her.
func (w *work) cameWhen(at time.Time) *fault.Field {
	switch {
	case at.IsZero(): // the shape named it
	case at.After(w.tx.Now):
		return &fault.Field{Pointer: "/received_at", Code: "in_future", Detail: "This time lies ahead. Write when it came."}
	case w.tx.Now.Sub(at) > time.Duration(w.svc.takeDays)*24*time.Hour:
		return &fault.Field{Pointer: "/received_at", Code: "too_long_ago",
			Detail: "This is longer ago than a referral may lie here. Check the date; if it is right, write today and say in the note when it came."}
	}
	return nil
}

// sourceOf is whose referral it is; hers is kept by the hub.
func (w *work) sourceOf(id *uuid.UUID) (providers.Organization, *fault.Field, error) {
	unknown := &fault.Field{Pointer: "/source_id", Code: "unknown", Detail: "This is not an organization of the directory. Ask an administrator to add it."}
	if id == nil {
		hub, err := w.hub()
		hub.Kind = auth.OrgKind(sourceHerself)
		return hub, nil, err
	}
	source, err := w.providers.Organization(*id)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return source, unknown, nil
	case err == nil && (source.Kind == auth.Hub || source.ClosedAt != nil):
		return source, unknown, nil
	}
	return source, nil, err
}
