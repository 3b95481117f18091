package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
)

// Triage runs the live rules again on a case as it stands now, asked for by a person at the hub.
func (s *Service) Triage(ctx context.Context, actor auth.Actor, id uuid.UUID) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseTriage, id, ActTriage, nil, func(m *moving) error { return m.retriage("asked") })
}

func (m *moving) retriage(cause string) error {
	f, err := m.family()
	if err != nil {
		return err
	}
	v, err := m.decide(f, cause)
	if err != nil || m.was.Status == Offered {
		return err // the offers that were made stand
	}
	return m.settle(f, v)
}

// Retriage is the job behind case.triage: it was enqueued when no rule set was live or the rules failed, when a family began to
// wait, for a place that was freed meanwhile, and when a pass of the rules found that it would stand elsewhere today. While the
// rules still fail the job fails too, and is tried again until a person has it.
func (s *Service) Retriage(ctx context.Context, job jobs.Job) error {
	return s.handle(ctx, job, job.SubjectID, func(m *moving) error {
		if !m.notTriaged() && m.c.Status != Waitlisted && !(m.c.Status == Review && byRulesAlone(m.c.ReviewReasons)) {
			return nil // somebody was faster
		}
		m.action = ActTriage
		if err := m.retriage("retry"); err != nil {
			return err
		}
		if m.notTriaged() {
			return errRulesFail
		}
		if m.was.Status == Waitlisted && m.c.Status == Waitlisted && m.c.rankKey() == m.was.RankKey {
			return m.keepSafety() // the new decision is kept; a move would hide the one before from its undo
		}
		return m.save()
	})
}

func (m *moving) notTriaged() bool {
	return m.c.Status == Review && slices.Contains(m.c.ReviewReasons, reviewNotTriaged)
}
