package city

import (
	"context"
	"fmt"
	"time"

	"doorstep/auth"
	"doorstep/referral"
)

// caseloadWork is the agency's day with the families it has.
func (k *counter) caseloadWork(ctx context.Context) error {
	for _, f := range sorted(k.caseload) {
		if f.next.After(k.day) {
			continue
		}
		if err := k.family(ctx, f); err != nil {
			return fmt.Errorf("referral %d in %s: %w", f.number, f.status, err)
		}
		if f.next.After(k.day) {
			continue
		}
		var err error
		switch f.status {
		case referral.Claimed:
			err = k.reachHer(ctx, f)
		case referral.Accepted:
			err = k.firstVisit(ctx, f)
		case referral.Enrolled:
			err = k.serve(ctx, f)
		default:
			err = k.lookAgain(ctx, f)
		}
		if err != nil {
			return fmt.Errorf("referral %d in %s: %w", f.number, f.status, err)
		}
	}
	return nil
}

// lookAgain reads a case that went another way than the agency thought.
func (k *counter) lookAgain(ctx context.Context, f *life) error {
	v, err := k.referrals.Case(ctx, k.front, f.id)
	ok, err := k.try("read case", err)
	if err != nil {
		return err
	}
	if !ok || v.Status == referral.Closed {
		k.lets(f)
		return nil
	}
	f.status = v.Status
	f.keepContacts(v)
	return nil
}

// visitor is who visits this family.
func (k *counter) visitor(f *life) auth.Actor { return k.visitors[f.number%len(k.visitors)] }

// reachHer is one try of the visitor and, when she answers, the first visit is agreed.
func (k *counter) reachHer(ctx context.Context, f *life) error {
	if f.contacts == nil {
		k.on(f, k.year.at(k.day, noon+95))
		if err := k.lookAgain(ctx, f); err != nil || f.status != referral.Claimed {
			return err
		}
	}
	ways := f.family.safe.ways(f.family.endangered())
	if len(ways) == 0 || f.agency.n >= mostTries+1 {
		as := referral.NotReached
		if !f.agency.enough() {
			as = referral.NoSafeWay
		}
		return k.end(ctx, f, referral.CloseForm{Disposition: as})
	}
	if f.agency.n == 0 && chance(f.number, "cannot serve", f.program.number, 0.02) {
		k.givesBack = append(k.givesBack, f)
		return nil
	}
	minute := between(f.number, "agency tries", f.agency.n, noon+100, evening-60)
	if f.evening {
		minute = between(f.number, "agency tries", f.agency.n, evening, evening+60)
	}
	k.on(f, k.year.at(k.day, minute))
	likely := f.family.reachable
	if f.hub.reached {
		likely = max(0.6, likely) // she expects the call
	}
	in := k.attempt(f, &f.agency, "agency", ways, likely, k.clock.Now())
	receipt, err := k.referrals.RecordAttempt(ctx, k.visitor(f), f.id, in)
	ok, err := k.try("attempt", err)
	if err != nil || !ok {
		f.status = ""
		return err
	}
	f.tried(&f.agency, in, k.clock.Now(), k.city, receipt.NextBy)
	if in.Outcome != "reached" {
		return nil
	}
	k.on(f, k.clock.Now().Add(3*time.Minute))
	if chance(f.number, "says no to the agency", f.misses, 0.09) {
		return k.end(ctx, f, referral.CloseForm{Disposition: referral.SaidNoForNow})
	}
	return k.plan(ctx, f, false)
}

// plan agrees on the first visit, or on another day for it.
func (k *counter) plan(ctx context.Context, f *life, moves bool) error {
	day := k.year.nextWorkday(k.day, between(f.number, "first visit in", f.misses, 2, 8))
	f.planned = k.year.at(day, 60*between(f.number, "first visit at", f.misses, 9, 16))
	in := referral.VisitPlan{PlannedFor: f.planned, Place: "home"}
	if f.family.safe.visit != "yes" {
		in.Place = "other_place"
	}
	act, name := k.referrals.PlanFirstVisit, "plan first visit"
	if moves {
		act, name = k.referrals.MoveFirstVisit, "move first visit"
	}
	receipt, err := act(ctx, k.visitor(f), f.id, in)
	ok, err := k.try(name, err)
	if err != nil || !ok {
		f.status = ""
		return err
	}
	f.status, f.next, f.evening = receipt.Status, day, false
	return nil
}

// firstVisit is the day of it: held, missed or moved.
func (k *counter) firstVisit(ctx context.Context, f *life) error {
	if f.misses == 0 && chance(f.number, "moves her visit", 0, 0.09) {
		f.misses++
		k.on(f, f.planned.Add(-time.Hour))
		return k.plan(ctx, f, true)
	}
	k.on(f, f.planned.Add(90*time.Minute))
	if chance(f.number, "keeps her visit", f.misses, f.family.keepsVisit) {
		receipt, err := k.referrals.Enroll(ctx, k.visitor(f), f.id, referral.EnrollForm{HeldAt: f.planned, ConsentHow: "signed", Language: "en"})
		ok, err := k.try("enroll", err)
		if err != nil || !ok {
			f.status = ""
			return err
		}
		f.status = receipt.Status
		k.begin(f)
		return nil
	}
	f.misses++
	receipt, err := k.referrals.MissFirstVisit(ctx, k.visitor(f), f.id, referral.Missed{Reason: "not_home"})
	ok, err := k.try("miss first visit", err)
	if err != nil || !ok {
		f.status = ""
		return err
	}
	f.status, f.next = receipt.Status, k.year.nextWorkday(k.day, 2)
	if f.misses > 2 {
		k.on(f, k.clock.Now().Add(time.Hour))
		return k.end(ctx, f, referral.CloseForm{Disposition: referral.SaidNoForNow})
	}
	return nil
}

// end closes a case of the agency's.
func (k *counter) end(ctx context.Context, f *life, in referral.CloseForm) error {
	_, err := k.referrals.Close(ctx, k.front, f.id, in)
	ok, err := k.try("close", err)
	if err != nil {
		return err
	}
	if ok {
		k.lets(f)
		f.status = referral.Closed
	} else {
		f.status, f.next = "", k.year.nextWorkday(k.day, 1)
	}
	return nil
}
