package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// DeclineForm is an agency's no. It is the agency's, never hers: she says no through her choice.
type DeclineForm struct {
	ProgramID *uuid.UUID `json:"program_id"`
	Reason    string     `json:"reason" validate:"required,oneof=no_capacity outside_area does_not_meet_eligibility language service_not_provided already_enrolled conflict_of_interest other"`
}

// Decline ends the agency's offer and sends the case on by itself; she keeps her place in line, since that counts from her
// referral. The agency keeps its own entry and no identity.
func (s *Service) Decline(ctx context.Context, actor auth.Actor, id uuid.UUID, in DeclineForm) (Receipt, error) {
	if err := actor.Require(auth.CaseDecline); err != nil {
		return Receipt{}, err
	}
	if err := s.checkForm(in); err != nil {
		return Receipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (Receipt, error) {
		w := s.work(tx)
		offers, err := w.store.ownOffers(id, actor.OrgID)
		if err != nil {
			return Receipt{}, err
		}
		m, err := w.lock(id, ActDecline)
		if err != nil {
			return Receipt{}, w.tooLate(offers, err)
		}
		if err := CheckAction(m.c.Status, ActDecline); err != nil {
			return Receipt{}, err
		}
		offer, err := m.openOffer(in.ProgramID)
		if err != nil {
			return Receipt{}, err
		}
		m.away = "Declined. The hub finds her another program."
		if offer.Kind == transfer {
			m.away = "Declined. She stays with the agency that serves her."
		}
		return m.finish(func(m *moving) error {
			m.detail["program"], m.detail["reason"] = offer.ProgramID, in.Reason
			return m.offerEnds(offer, "agency_declined", &in.Reason)
		})
	})
}

// ExpireOffer is the follow-up behind offer.expire: the program's own answer time ran out, so the next program is asked.
func (s *Service) ExpireOffer(ctx context.Context, job jobs.Job) error {
	return s.due(ctx, job, func(m *moving, promise jobs.FollowUp) error {
		offer, err := m.store.offer(promise.SubjectID)
		if err != nil || offer.EndedAs != nil {
			return err
		}
		m.action = ActExpire
		if err := m.offerEnds(offer, "expired", nil); err != nil {
			return err
		}
		return m.save()
	})
}

// offerEnds ends one offer. Others of the pool stand; with the last one gone the case goes on to the next program. A family that
// is served stays where she is.
func (m *moving) offerEnds(offer Offer, as string, reason *string) error {
	m.store.endOffer(offer.ID, as, reason, m.id)
	if err := m.jobs.Keep(&m.id, offer.ID, jobs.OfferExpire); err != nil {
		return err
	}
	offers, err := m.store.offers(m.c.ID)
	if err != nil {
		return err
	}
	var next *time.Time // by when the first of the others answers
	sameAgency := false
	for i := range offers {
		if offers[i].ID == offer.ID {
			offers[i].EndedAs = &as
		} else if offers[i].EndedAs == nil {
			if next == nil || offers[i].ClaimBy.Before(*next) {
				next = &offers[i].ClaimBy
			}
			sameAgency = sameAgency || offers[i].OrgID == offer.OrgID
		}
	}
	if !sameAgency {
		m.store.revoke(m.c.ID, &offer.OrgID, "limited", m.id)
	}
	switch {
	case m.was.Status.served():
		return m.notTaken()
	case next != nil:
		m.c.NextDueAt = next
		return nil
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	return m.reroute(f, as, offers)
}

// reroute asks the rules again, since places and windows moved on, and offers to the next program she may go to: directly in
// her and the rules' order, then as a pool to those that only let their time run out. When nobody is left, the hub asks her
// about others, or a person looks. past may be given by a caller that has just changed it.
func (m *moving) reroute(f *family, cause string, past []Offer) error {
	v, err := m.decide(f, cause)
	if err != nil {
		return err
	}
	return m.toNext(f, v, past)
}

func (m *moving) toNext(f *family, v verdict, past []Offer) (err error) {
	if past == nil {
		if past, err = m.store.offers(m.c.ID); err != nil {
			return err
		}
	}
	if person := m.forAPerson(f); len(person) > 0 {
		return m.toReview(person, v.clocks)
	}
	if len(f.servedBy) > 0 {
		return m.toReview([]string{reviewServed}, v.clocks)
	}
	waits, err := m.store.waiting(m.c.ID)
	if err != nil {
		return err
	}
	fresh, expired := candidates(v.route(), f.consents, past)
	var reasons []string
	if v.decision != nil { // the rules see the answer that raised an alarm, not what was done about it
		reasons = slices.DeleteFunc(slices.Clone(v.decision.ReviewReasons), func(r string) bool { return r == reviewAlarm })
		if reasons, err = m.alarmFirst(reasons...); err != nil {
			return err
		}
	}
	switch {
	case len(fresh) > 0:
		return m.toOffered(f, v, v.atOnce(fresh), direct)
	case len(expired) > 0:
		return m.toOffered(f, v, expired, pool)
	case v.decision == nil:
		return m.toReview([]string{reviewNotTriaged}, v.clocks)
	case len(waits) > 0:
		return m.toWaitlisted(f, v.clocks) // back in her place
	case slices.ContainsFunc(v.route(), func(id uuid.UUID) bool { return !mayShare(f.consents, id) && answered(past, id) == "" }):
		return m.toOutreach(f)
	case slices.Equal(reasons, []string{reviewNoPlace}):
		return m.toWaitlisted(f, v.clocks)
	case len(reasons) > 0:
		return m.toReview(reasons, v.clocks)
	}
	return m.toReview([]string{reviewNoTaker}, v.clocks)
}
