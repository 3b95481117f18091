package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/triage"
)

// EnrollForm is the first visit as held and the program's own consent. Both together are an enrollment, nothing less.
type EnrollForm struct {
	Version int `json:"version" validate:"min=0"`

	HeldAt         time.Time `json:"held_at" validate:"required"`
	ConsentHow     string    `json:"consent_how" validate:"required,oneof=in_person phone signed link"`
	Language       string    `json:"language" validate:"omitempty,max=35,language"`
	WordingVersion string    `json:"wording_version" validate:"omitempty,form_number"`
}

func (in EnrollForm) seen() int { return in.Version }

// Enroll turns the claim's promised slot into one in use, dated the first visit.
// Faults: Invalid when the visit lies ahead or before the claim; Conflict when none was planned.
func (s *Service) Enroll(ctx context.Context, actor auth.Actor, id uuid.UUID, in EnrollForm) (Receipt, error) {
	return s.visitMove(ctx, actor, auth.CaseEnroll, id, ActEnroll, in, func(m *moving, claim Claim) error {
		held := in.HeldAt.UTC().Truncate(time.Microsecond)
		if err := heldBetween(held, claim.ClaimedAt, m.tx.Now); err != nil {
			return err
		}
		if err := m.endPlanned("completed", &held); err != nil {
			return err
		}
		consent := Consent{Gate: GateProgram, ProgramID: &claim.ProgramID, Answer: yes, Basis: herAnswer, How: in.ConsentHow,
			WordingVersion: in.WordingVersion, Language: in.Language}
		m.stampConsent(&consent)
		enrollment := Enrollment{ID: pg.NewID(), CaseID: m.c.ID, ProgramID: claim.ProgramID, OrgID: claim.OrgID, VisitorID: claim.VisitorID,
			ConsentID: consent.ID, State: "on_schedule", CameBy: "claim", SetAside: claim.SetAside, EnrolledAt: held, OpenedMove: &m.id}
		if err := m.tx.Insert(&consent, &enrollment); err != nil {
			return err
		}
		m.store.endClaim(claim.ID, "enrolled", m.id)
		for _, subject := range []uuid.UUID{claim.ID, m.c.ID} {
			if err := m.jobs.Keep(&m.id, subject, jobs.FirstVisitDue, jobs.FirstAttemptDue, jobs.NextAttemptDue, jobs.WindowClosing); err != nil {
				return err
			}
			if err := m.jobs.CloseTasks(&m.id, subject, jobs.TaskNotNeeded, taskFirstVisit, taskFirstAttempt, taskNextAttempt, taskWindowClosing); err != nil {
				return err
			}
		}
		m.c.Status, m.created = Enrolled, &enrollment.ID
		if m.c.EnrolledAt == nil { // after a transfer the first one stays the milestone
			m.c.FirstVisitAt, m.c.EnrolledAt = &held, &held
		}
		if err := m.feedback(milestoneBeingServed); err != nil {
			return err
		}
		if err := m.completionClock(enrollment); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := m.recheckLater(f, enrollment.ID, enrollment.OrgID); err != nil {
			return err
		}
		return m.nextVisit(enrollment, held)
	})
}

// heldBetween: a visit is recorded after it was held, and not before the family was this agency's.
func heldBetween(held, from, now time.Time) error {
	switch {
	case held.After(now):
		return fault.Problems([]fault.Field{{Pointer: "/held_at", Code: "in_future", Detail: "This visit lies ahead. Record it after it was held."}})
	case held.Before(from):
		return fault.Problems([]fault.Field{{Pointer: "/held_at", Code: "too_early", Detail: "This is before the family came to your agency."}})
	}
	return nil
}

// visitDroughtDays is the drought of the HV-CoIIN measure set, where no rule set is live to say it.
const visitDroughtDays = 21

// nextVisit promises that no drought begins: a visit within the pack's days of the last.
func (m *moving) nextVisit(e Enrollment, last time.Time) error {
	cal, err := m.calendar(e.OrgID)
	if err != nil {
		return err
	}
	by := last.AddDate(0, 0, visitDroughtDays)
	if clocks := m.clocks(); clocks != nil {
		by = deadline(clocks.VisitDrought, cal, last)
	}
	if err := m.jobs.Keep(&m.id, e.ID, jobs.VisitDrought); err != nil {
		return err
	}
	if err := m.jobs.CloseTasks(&m.id, e.ID, jobs.TaskNotNeeded, taskVisitDrought); err != nil {
		return err
	}
	return m.next(stepVisits, jobs.VisitDrought, e.ID, e.OrgID, by)
}

// completionClock asks the agency at the model's own end whether the family has completed. A model whose end no source gives
// asks nothing by itself.
func (m *moving) completionClock(e Enrollment) error {
	live := m.liveRules()
	program, err := m.providers.Program(e.ProgramID)
	if err != nil || live == nil {
		return err
	}
	model, known := find(live.rules.Programs(), func(p triage.Program) bool { return p.Code == program.PackCode })
	if !known || model.ModelEnd.ChildAgeMonths == 0 {
		return nil
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	born := birthDay(f.pregnancy, f.infants)
	if born == nil || f.forAPerson() != nil {
		return nil
	}
	cal, err := m.calendar(e.OrgID)
	if err != nil {
		return err
	}
	end := (*triage.Date)(born).AddMonths(model.ModelEnd.ChildAgeMonths)
	return m.promise(jobs.CompletionCheck, e.ID, e.OrgID, time.Date(end.Year, end.Month, end.Day, 9, 0, 0, 0, cal.Zone).UTC())
}
