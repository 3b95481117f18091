package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
	"doorstep/providers"
	"doorstep/triage"
)

// watchWindow promises a look at the case on the first of her last safe days that lies ahead: until then one program is asked
// after the other, from then on there is no time for that.
func (m *moving) watchWindow(d triage.Decision) error {
	if !m.fresh {
		if err := m.jobs.Keep(&m.id, m.c.ID, jobs.WindowClosing); err != nil {
			return err
		}
	}
	first := firstSafeDay(d)
	if first == nil {
		return nil
	}
	hub, cal, err := m.desk()
	if err != nil {
		return err
	}
	return m.promise(jobs.WindowClosing, m.c.ID, hub.ID, startOf(*first, cal))
}

// firstSafeDay is the first last safe day ahead of a program that she may have; nil when there is none.
func firstSafeDay(d triage.Decision) *triage.Date {
	var first *triage.Date
	for _, p := range d.Programs {
		ahead := p.LastSafeDay != nil && p.LastSafeDay.After(d.Today)
		if ahead && (p.Verdict == triage.Eligible || p.Verdict == triage.NeedsAnswer) && (first == nil || first.After(*p.LastSafeDay)) {
			first = p.LastSafeDay
		}
	}
	return first
}

// startOf is the instant at which a day begins at a desk.
func startOf(d triage.Date, cal providers.Calendar) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, cal.Zone).UTC()
}

// WindowClosing is the follow-up behind case.window_closing: the last safe day has come for a program that she may have. Her case
// moves up in every list. The runner-up of an offer that stands is asked beside it; elsewhere a person is told, at the hub or at the
// agency that has her and has not held the first visit yet.
func (s *Service) WindowClosing(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
		switch m.c.Status {
		case Claimed, Accepted:
			claim, err := m.store.openClaim(m.c.ID)
			if err != nil {
				return err
			}
			return m.ask(claim.OrgID, auth.AgencyManager, taskWindowClosing, m.c.ID, true)
		case Enrolled, Closed:
			return nil
		}
		m.action = ActTriage
		f, err := m.family()
		if err != nil {
			return err
		}
		v, err := m.decide(f, "window_closing")
		if err != nil {
			return err
		}
		if m.c.Status == Offered && v.decision != nil {
			err = m.askRunnerUp(f, v)
		} else { // also while no rules are live: the day comes once
			err = m.ask(promise.OwedBy, auth.TriageCoordinator, taskWindowClosing, m.c.ID, true)
		}
		if err != nil {
			return err
		}
		return m.save()
	})
}

// askRunnerUp adds the next program of the route that she may go to, with the expedited time to answer.
func (m *moving) askRunnerUp(f *family, v verdict) error {
	past, err := m.store.offers(m.c.ID)
	if err != nil {
		return err
	}
	asked := map[uuid.UUID]bool{}
	var standing []uuid.UUID
	for _, o := range past {
		if o.EndedAs == nil {
			asked[o.ProgramID] = true
			standing = append(standing, o.ProgramID)
		}
	}
	fresh, _ := candidates(v.route(), f.consents, past)
	fresh = slices.DeleteFunc(fresh, func(id uuid.UUID) bool { return asked[id] })
	if len(standing) > 1 || len(fresh) == 0 || !slices.ContainsFunc(standing, v.inside) {
		return nil
	}
	offer, err := m.proposal(fresh[0], v.clocks)
	if err != nil {
		return err
	}
	if offer.ClaimBy, err = m.expedited(offer, v.clocks); err != nil {
		return err
	}
	offer.Kind = direct
	if err := m.propose(f, &offer); err != nil {
		return err
	}
	if m.c.NextDueAt == nil || offer.ClaimBy.Before(*m.c.NextDueAt) {
		m.c.NextDueAt = &offer.ClaimBy
	}
	return nil
}
