package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// MatchAnswer says whether a pair is one person.
type MatchAnswer struct {
	Answer string `json:"answer" validate:"required,oneof=same not_same"`
}

// MatchReceipt says what became of a pair.
type MatchReceipt struct {
	Answer string     `json:"answer"`
	LinkID *uuid.UUID `json:"link_id"` // nil for two people
}

// DecideMatch answers one question of the identity review. Two people are never asked about again.
// Faults: NotFound; Conflict for one that is answered, and those of a link.
func (s *Service) DecideMatch(ctx context.Context, actor auth.Actor, id uuid.UUID, in MatchAnswer) (MatchReceipt, error) {
	if err := actor.Require(auth.MatchReview); err != nil {
		return MatchReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return MatchReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (MatchReceipt, error) {
		w := s.work(tx)
		out := MatchReceipt{Answer: in.Answer}
		if err := w.store.lockLinks(); err != nil {
			return out, err
		}
		q, err := w.store.lockQuestion(id)
		if err != nil {
			return out, err
		}
		if q.Answer != nil {
			return out, fault.New(fault.Conflict, "This pair is decided already.")
		}
		w.store.answerPair(q.ID, q.ClientA, q.ClientB, q.CaseID, q.Evidence, in.Answer, actor.ID)
		if err := w.jobs.CloseTasks(nil, q.ID, jobs.TaskDone, taskSamePerson); err != nil {
			return out, err
		}
		err = w.audit.Record(audit.Event{Action: "decide pair", CaseID: &q.CaseID, Subject: "match", SubjectID: &q.ID,
			Detail: map[string]any{"answer": in.Answer}})
		if err != nil || in.Answer == notSamePerson {
			return out, err
		}
		e, err := w.scoreOf(q.ClientA, q.ClientB)
		if err != nil {
			return out, err
		}
		l, err := w.oneIsTheOther(q.ClientA, q.ClientB, byReview, e)
		out.LinkID = &l.ID
		return out, err
	})
}

// LinkForm names another case of the same person.
type LinkForm struct {
	CaseID uuid.UUID `json:"case_id" validate:"required"`
}

// LinkCases links the caregivers of two cases by hand. Faults: NotFound; Conflict as of a link.
func (s *Service) LinkCases(ctx context.Context, actor auth.Actor, id uuid.UUID, in LinkForm) (MatchReceipt, error) {
	if err := actor.Require(auth.MatchReview); err != nil {
		return MatchReceipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return MatchReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (MatchReceipt, error) {
		w := s.work(tx)
		out := MatchReceipt{Answer: samePerson}
		if err := w.store.lockLinks(); err != nil {
			return out, err
		}
		a, err := w.store.caseByID(id)
		if err != nil {
			return out, err
		}
		b, err := w.store.caseByID(in.CaseID)
		if err != nil {
			return out, err
		}
		e, err := w.scoreOf(a.CaregiverID, b.CaregiverID)
		if err != nil {
			return out, err
		}
		l, err := w.oneIsTheOther(a.CaregiverID, b.CaregiverID, byHand, e)
		if err != nil {
			return out, err
		}
		out.LinkID = &l.ID
		w.store.answerPair(pg.NewID(), l.ClientA, l.ClientB, a.ID, l.Evidence, samePerson, actor.ID)
		return out, nil
	})
}
