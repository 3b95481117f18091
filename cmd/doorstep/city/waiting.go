package city

import (
	"context"

	"doorstep/referral"
)

// wait is what the one who answers for a waiting family does: tell her that there is no place, and once a month ask whether she
// still waits. Who is not reached leaves by the clock.
func (k *clerk) wait(ctx context.Context, f *life) error {
	months := k.day.DaysSince(f.since) / 30
	switch {
	case !f.waiting && !f.since.IsValid():
		f.since = k.day
	case f.waiting && k.localDay(f.due).After(k.day.AddDays(3)):
		return nil
	}
	if f.contacts == nil {
		if _, err := k.look(ctx, f); err != nil || f.status != referral.Waitlisted {
			return err
		}
	}
	ways := f.family.safe.ways(f.family.endangered())
	if len(ways) == 0 || ways[0] == "visit" {
		return nil
	}
	t := &tries{n: k.day.DaysSince(k.year.first), channels: map[string]bool{}}
	in := k.attempt(f, t, "hub waiting", ways[:1], min(1, f.family.reachable*1.2), k.clock.Now())
	_, err := k.referrals.RecordOutreach(ctx, k.who, f.id, in)
	if ok, err := k.try("outreach", err); err != nil || !ok || in.Outcome != "reached" {
		return err
	}
	if gone, err := k.born(ctx, f); gone || err != nil {
		return err
	}
	switch {
	case !f.waiting && !chance(f.number, "waits", 0, f.family.willing):
		return k.end(ctx, f, referral.NoPlaceInTime)
	case !f.waiting:
		return k.join(ctx, f)
	case months >= f.family.patience:
		receipt, err := k.referrals.LeaveWaitlist(ctx, k.who, f.id, referral.LeaveForm{})
		if err := k.after(f, "leave waitlist", receipt, err); err != nil || f.status == "" {
			return err
		}
		return k.end(ctx, f, referral.NoPlaceInTime)
	}
	receipt, err := k.referrals.WaitOn(ctx, k.who, f.id)
	return k.after(f, "wait on", receipt, err)
}
