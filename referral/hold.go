package referral

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// The kinds of hold. The database holds the same list.
const (
	HoldSafety      = "safety"
	HoldBereavement = "bereavement"
	HoldConsent     = "consent"
	HoldClientAsked = "client_asked"
)

const (
	holdReviewDays = 5  // business days until somebody looks at a hold again, when neither a person nor a rule set says another
	holdReviewMax  = 60 // days ahead at most: a hold that nobody looks at is a family forgotten
	holdReviewHour = 9  // of the day named, by the clock of the organization that holds
)

// HoldForm stops what goes to her. What she said or what happened stays a code; a story belongs in no list.
type HoldForm struct {
	Kind       string     `json:"kind" validate:"required,oneof=safety bereavement consent client_asked"`
	ReasonCode string     `json:"reason_code" validate:"required,oneof=danger_at_home unsafe_contact loss death consent_in_question consent_revoked she_asked_for_time hospital_stay other"`
	ReviewOn   string     `json:"review_on" validate:"omitempty,datetime=2006-01-02"` // empty: in five business days
	OwnerID    *uuid.UUID `json:"owner_id"`                                           // empty: the desk
}

// PlaceHold stops, at this instant, everything that leaves the house to her: nothing queued leaves, nobody may try her but in
// person, and promises to her keep the time that is left. The clocks of staff, windows and alarms run on.
// Faults: Conflict while a hold of this kind is open; NotFound for a family that the agency does not have; Unavailable when a
// send to her did not end in time.
func (s *Service) PlaceHold(ctx context.Context, actor auth.Actor, id uuid.UUID, in HoldForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseHold, id, ActHold, in, func(m *moving) error {
		if err := m.hasFamily(); err != nil {
			return err
		}
		if err := m.checkHold(in); err != nil {
			return err
		}
		var review *civil.Date
		if day, err := civil.ParseDate(in.ReviewOn); err == nil {
			review = &day
		}
		if err := m.hold(in.Kind, in.ReasonCode, actor.OrgID, in.OwnerID, review); err != nil {
			return err
		}
		if m.created == nil {
			return fault.New(fault.Conflict, "A hold of this kind is open already.")
		}
		return nil
	})
}

// checkHold: what the form's fields mean by the organization's calendar and among its people.
func (m *moving) checkHold(in HoldForm) error {
	var problems []fault.Field
	cal, err := m.calendar(m.tx.Actor.OrgID)
	if err != nil {
		return err
	}
	if day, err := civil.ParseDate(in.ReviewOn); err == nil {
		if ahead := day.DaysSince(cal.Day(m.tx.Now)); ahead < 1 || ahead > holdReviewMax {
			problems = append(problems, fault.Field{Pointer: "/review_on", Code: "period", Detail: "A day from tomorrow on, at most 60 days ahead."})
		}
	}
	if in.OwnerID != nil {
		member, err := m.store.member(*in.OwnerID, m.tx.Actor.OrgID)
		if err != nil {
			return err
		}
		if !member {
			problems = append(problems, fault.Field{Pointer: "/owner_id", Code: "unknown", Detail: "The owner must be one of your own people."})
		}
	}
	return fault.Problems(problems)
}

// hasFamily: an agency acts for a family that it holds or serves, the hub for every one.
func (m *moving) hasFamily() error {
	if m.tx.Actor.SeesAll() {
		return nil
	}
	var err error
	if m.c.Status == Enrolled {
		_, err = m.serves()
	} else {
		_, err = m.holds()
	}
	if fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.NotFound, "There is no such case.")
	}
	return err
}

// hold places a hold, of its own or for another use case: a loss, a death, a consent that was taken back. While one of that kind
// is open it does nothing. reviewOn nil is in five business days; owner nil is the desk of org. Call it under the case's lock, as the
// hub; promises that the move made before wait, too.
func (m *moving) hold(kind, reason string, org uuid.UUID, owner *uuid.UUID, reviewOn *civil.Date) error {
	cal, err := m.calendar(org)
	if err != nil {
		return err
	}
	review := cal.AddBusinessDays(m.tx.Now, holdReviewDays)
	if clocks := m.clocks(); clocks != nil {
		review = deadline(clocks.HoldReview, cal, m.tx.Now)
	}
	h := Hold{ID: pg.NewID(), CaseID: m.c.ID, Kind: kind, ReasonCode: reason, OrgID: org, OwnerID: owner,
		ReviewOn: cal.Day(review), PlacedAt: m.tx.Now, PlacedBy: m.tx.Actor.ID}
	if reviewOn != nil {
		h.ReviewOn = *reviewOn
	}
	if err := m.tx.Flush(); err != nil { // the row stands on a case that may be queued
		return err
	}
	if placed, err := m.store.insertHold(h); err != nil || !placed {
		return err
	}
	if _, err := m.store.stopSends(m.c.CaregiverID); err != nil {
		return err
	}
	if m.c.HeldSince == nil {
		m.c.HeldSince = &m.tx.Now
	}
	m.jobs.Hold(m.c.ID, m.tx.Now, toHer()...)
	m.jobs.WithdrawToClient(m.c.ID)
	if m.created == nil {
		m.created = &h.ID
	}
	m.detail["hold"], m.detail["hold_kind"], m.detail["hold_reason"] = h.ID, kind, reason
	return m.reviewHold(h)
}

// reviewHold promises that somebody of the organization that holds looks at it on the day named.
func (m *moving) reviewHold(h Hold) error {
	cal, err := m.calendar(h.OrgID)
	if err != nil {
		return err
	}
	due := time.Date(h.ReviewOn.Year, h.ReviewOn.Month, h.ReviewOn.Day, holdReviewHour, 0, 0, 0, cal.Zone).UTC()
	return m.promise(jobs.HoldReview, h.ID, h.OrgID, due)
}

// HoldOverdue is the follow-up behind hold.review_due: nobody looked at the hold by its day.
func (s *Service) HoldOverdue(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
		return m.askWhoAnswers(promise, taskHoldReview, true, auth.TriageSupervisor, auth.AgencyManager)
	})
}

// askWhoAnswers gives a task to the organization that promised; to the hub when that is an agency that no longer has the family,
// and so could not do it.
func (m *moving) askWhoAnswers(promise jobs.FollowUp, kind string, urgent bool, atHub, atAgency auth.Role) error {
	hub, err := m.hub()
	if err != nil {
		return err
	}
	org, role := hub.ID, atHub
	if promise.OwedBy != hub.ID {
		has, err := m.store.seesInFull(m.c.ID, promise.OwedBy)
		if err != nil {
			return err
		}
		if has {
			org, role = promise.OwedBy, atAgency
		}
	}
	return m.ask(org, role, kind, promise.SubjectID, urgent)
}
