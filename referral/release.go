package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
)

// ReleaseForm says why an agency gives a family back. It is the agency's reason, never hers.
type ReleaseForm struct {
	Version int `json:"version" validate:"min=0"`

	Reason string `json:"reason" validate:"required,oneof=cannot_serve staff_left outside_area language safety_of_staff her_wish other"`
}

func (in ReleaseForm) seen() int { return in.Version }

// Release gives a claimed family back before she is enrolled. She keeps her place in every line, and the next program is asked
// at once, unless an alarm is open or she refused contact meanwhile: then a person looks. The agency keeps its own entries and no
// identity, and hears nothing of where she goes. Faults: NotFound for a family that another agency holds.
func (s *Service) Release(ctx context.Context, actor auth.Actor, id uuid.UUID, in ReleaseForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseRelease, id, ActRelease, in, func(m *moving) error {
		claim, err := m.holds()
		if err != nil {
			return err
		}
		m.detail["program"], m.detail["reason"] = claim.ProgramID, in.Reason
		if err := m.giveBack(claim, in.Reason); err != nil {
			return err
		}
		if err := m.tx.Flush(); err != nil { // what was released is read below
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		m.away = "Given back. The hub finds her another program."
		return m.afterRelease(f)
	})
}

// afterRelease sends her on, but for what came in while the agency had her and moved nothing then.
func (m *moving) afterRelease(f *family) error {
	var reasons []string
	if f.client.DoNotContact || !mayContact(f.consents) {
		reasons = append(reasons, reviewNoPermission)
	}
	reasons, err := m.alarmFirst(reasons...)
	if err != nil {
		return err
	}
	if len(reasons) == 0 {
		return m.reroute(f, "release", nil)
	}
	v, err := m.decide(f, "release")
	if err != nil {
		return err
	}
	return m.toReview(append(reasons, m.forAPerson(f)...), v.clocks)
}

// giveBack ends a claim with everything that hung on it.
func (m *moving) giveBack(claim Claim, reason string) error {
	m.store.releaseClaim(claim.ID, reason, m.id)
	m.store.cancelVisits(m.c.ID, m.id)
	m.store.waitAgain(m.c.ID, claim.OpenedMove)
	if err := m.leaveOffers("withdrawn"); err != nil { // of a transfer
		return err
	}
	m.store.revoke(m.c.ID, &claim.OrgID, "full", m.id)
	err := m.jobs.CancelCase(&m.id, m.c.ID, jobs.FirstAttemptDue, jobs.NextAttemptDue, jobs.FirstVisitDue)
	if err != nil {
		return err
	}
	m.jobs.TellLine(claim.ProgramID)
	m.store.closeAgencyTasks(m.c.ID, claim.OrgID, m.id)
	return m.closeAnswered(holder{claim.ID, claim.ProgramID, claim.OrgID, claim.VisitorID})
}
