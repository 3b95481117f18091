package city

import (
	"context"
	"slices"
	"time"

	"doorstep/referral"
	"doorstep/triage"
)

// review is a person's look at a case that the rules could not send on. Alarms come first, whatever the day brings besides.
func (k *clerk) review(ctx context.Context, f *life, onlyAlarms bool) error {
	v, err := k.look(ctx, f)
	if err != nil {
		return err
	}
	for _, a := range v.Alarms {
		if a.Outcome != nil {
			continue
		}
		if err := k.answerAlarm(ctx, f, a); err != nil {
			return err
		}
	}
	if len(v.Alarms) > 0 {
		if v, err = k.look(ctx, f); err != nil {
			return err
		}
	}
	if onlyAlarms || f.status != referral.Review {
		return nil
	}
	f.reviews++
	if f.reviews > 5 {
		return k.end(ctx, f, referral.NoProgramFits)
	}
	return k.decide(ctx, f, v)
}

func (k *clerk) answerAlarm(ctx context.Context, f *life, a referral.AlarmView) error {
	if a.AcknowledgedAt == nil {
		_, err := k.referrals.AcknowledgeAlarm(ctx, k.who, a.ID)
		if _, err := k.try("acknowledge alarm", err); err != nil {
			return err
		}
	}
	k.on(f, k.clock.Now().Add(20*time.Minute))
	outcome := pick(roll(f.number, "alarm", 0), []weighed[string]{{"safe_now", 45}, {"safety_plan_made", 30}, {"in_care_of_referrer", 20}, {"emergency_services", 5}})
	receipt, err := k.referrals.RecordAlarmOutcome(ctx, k.who, a.ID, referral.AlarmOutcome{Outcome: outcome})
	return k.after(f, "alarm outcome", receipt, err)
}

// decide ends a review: back to outreach, to a program by hand, to a list, or to the end.
func (k *clerk) decide(ctx context.Context, f *life, v referral.CaseView) error {
	is := func(reason string) bool { return slices.Contains(v.ReviewReasons, reason) }
	lucky := func(p float64) bool { return chance(f.number, "review", f.reviews, p) }
	switch {
	case is("loss"):
		return k.console(ctx, f, v.Holds)
	case is("handed_over"):
		return k.answerHandOver(ctx, f)
	case is("already_served"):
		return k.end(ctx, f, referral.AlreadyServed)
	case is("no_permission_to_contact"): // her own no on the form, unless she calls herself
		if lucky(0.1) {
			return k.sendOn(ctx, f, "permission_given")
		}
		return k.end(ctx, f, referral.SaidNoForNow)
	case is("no_safe_route"):
		if lucky(0.3) && len(f.family.safe.ways(f.family.endangered())) > 0 {
			return k.sendOn(ctx, f, "safe_route_found")
		}
		return k.end(ctx, f, referral.NoSafeWay)
	case is("waitlist_unanswered"):
		return k.end(ctx, f, referral.NoPlaceInTime)
	case slices.Contains(outside(), f.family.zip) && !f.away:
		return k.handOver(ctx, f)
	case f.yes || is("no_taker"):
		if done, err := k.byHand(ctx, f); done || err != nil {
			return err
		}
		if !f.any { // she named some; others may be right for her too
			return k.sendOn(ctx, f, "other")
		}
		if is("no_taker") || is(triage.ReviewNoPlace) || is(triage.ReviewByPersonOnly) {
			return k.join(ctx, f)
		}
		return k.end(ctx, f, referral.NoProgramFits)
	case is(triage.ReviewNoProgramFits):
		if lucky(0.2) {
			return k.end(ctx, f, referral.InformationGiven)
		}
		return k.sendOn(ctx, f, "fits_after_all")
	case is(triage.ReviewNeedsAnswer), is(triage.ReviewAreaUnknown):
		return k.sendOn(ctx, f, "answered_by_phone")
	}
	return k.sendOn(ctx, f, "fits_after_all")
}

// sendOn sends a case to the desk's outreach.
func (k *clerk) sendOn(ctx context.Context, f *life, reason string) error {
	receipt, err := k.referrals.Review(ctx, k.who, f.id, referral.ReviewForm{Reason: reason})
	return k.after(f, "review", receipt, err)
}
