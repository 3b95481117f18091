package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral/contact"
)

// VisitPlan is when and where the first visit will be. A visit is never unannounced.
type VisitPlan struct {
	PlannedFor time.Time `json:"planned_for" validate:"required"`
	Place      string    `json:"place" validate:"required,oneof=home other_place virtual hospital"`

	AddressID *uuid.UUID `json:"address_id"` // of a visit at home; empty: the first where one may come
}

// PlanFirstVisit writes her yes to this program and the visit that was agreed: the case is accepted, not yet enrolled.
// Faults: Conflict when home is not a place marked safe to visit.
func (s *Service) PlanFirstVisit(ctx context.Context, actor auth.Actor, id uuid.UUID, in VisitPlan) (Receipt, error) {
	return s.visitMove(ctx, actor, auth.VisitPlan, id, ActPlanFirstVisit, in, func(m *moving, claim Claim) error {
		if err := m.reached(m.tx.Now); err != nil {
			return err
		}
		m.saidYesNow()
		if err := m.tried(claim); err != nil {
			return err
		}
		return m.plan(claim, in)
	})
}

// MoveFirstVisit replaces the planned first visit by another.
func (s *Service) MoveFirstVisit(ctx context.Context, actor auth.Actor, id uuid.UUID, in VisitPlan) (Receipt, error) {
	return s.visitMove(ctx, actor, auth.VisitPlan, id, ActMoveFirstVisit, in, func(m *moving, claim Claim) error {
		if err := m.endPlanned("moved", nil); err != nil {
			return err
		}
		return m.plan(claim, in)
	})
}

// Missed is a first visit that did not take place.
type Missed struct {
	Reason string `json:"reason" validate:"required,oneof=not_home she_cancelled visitor_cancelled unsafe other"`
}

// MissFirstVisit notes that the planned first visit did not happen: the agency reaches her again.
func (s *Service) MissFirstVisit(ctx context.Context, actor auth.Actor, id uuid.UUID, in Missed) (Receipt, error) {
	return s.visitMove(ctx, actor, auth.VisitRecord, id, ActMissFirstVisit, in, func(m *moving, claim Claim) error {
		m.detail["reason"] = in.Reason
		if err := m.endPlanned("missed", nil); err != nil {
			return err
		}
		if err := m.jobs.Keep(&m.id, claim.ID, jobs.FirstVisitDue); err != nil {
			return err
		}
		cal, err := m.calendar(claim.OrgID)
		if err != nil {
			return err
		}
		m.c.Status = Claimed
		return m.next(stepAgencyCalls, jobs.NextAttemptDue, claim.ID, claim.OrgID, nextTry(cal, m.tx.Now))
	})
}

// visitMove is the frame of what the claiming agency does about the first visit.
func (s *Service) visitMove(ctx context.Context, actor auth.Actor, p auth.Permission, id uuid.UUID, action Action, form any, change func(*moving, Claim) error) (Receipt, error) {
	return s.move(ctx, actor, p, id, action, form, func(m *moving) error {
		claim, err := m.holds()
		if err != nil {
			return err
		}
		return change(m, claim)
	})
}

// plan writes the visit and the promise that somebody says how it went by the end of the next business day.
func (m *moving) plan(claim Claim, in VisitPlan) error {
	if err := ahead("/planned_for", in.PlannedFor, m.tx.Now); err != nil {
		return err
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	home, err := m.homeFor(f, in.Place, in.AddressID)
	if err != nil {
		return err
	}
	planned := in.PlannedFor.UTC().Truncate(time.Microsecond)
	visit := Visit{ID: pg.NewID(), CaseID: m.c.ID, OrgID: claim.OrgID, First: true, Place: in.Place, AddressID: home, PlannedFor: &planned, Status: "planned",
		RecordedBy: m.tx.Actor.ID, OpenedMove: &m.id}
	if err := m.tx.Insert(&visit); err != nil {
		return err
	}
	cal, err := m.calendar(claim.OrgID)
	if err != nil {
		return err
	}
	if err := m.jobs.Keep(&m.id, claim.ID, jobs.FirstVisitDue); err != nil {
		return err
	}
	m.c.Status, m.created = Accepted, &visit.ID
	return m.next(stepFirstVisit, jobs.FirstVisitDue, claim.ID, claim.OrgID, cal.AddBusinessDays(planned, 1))
}

func (m *moving) endPlanned(status string, heldAt *time.Time) error {
	visit, err := m.store.plannedFirstVisit(m.c.ID)
	if err != nil {
		return err
	}
	m.store.endVisit(visit.ID, status, heldAt, m.id)
	if heldAt == nil || visit.AddressID == nil {
		return nil
	}
	return m.checked(used{way: contact.Way{ID: *visit.AddressID}}, checkVisitKept, *heldAt)
}
