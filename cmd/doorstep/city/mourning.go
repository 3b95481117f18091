package city

import (
	"context"

	"cloud.google.com/go/civil"

	"doorstep/referral"
)

// expect draws how the pregnancy of a new case will end.
func (f *life) expect() {
	if f.family.stage != "prenatal" {
		return
	}
	left := 280 - 7*f.family.weeks
	if chance(f.family.number, "loses it", 0, 0.018) {
		f.lossOn = f.family.seen.AddDays(between(f.family.number, "loses it", 1, 4, max(5, left-20)))
		return
	}
	f.birthOn = f.family.seen.AddDays(max(5, left+between(f.family.number, "born", 0, -17, 8)))
}

// loses reports whether the pregnancy has ended and nobody wrote it down.
func (f *life) loses(day civil.Date) bool {
	return f.lossOn.IsValid() && !f.lossKnown && !day.Before(f.lossOn)
}

// hasBorn is the same of a birth, some days later.
func (f *life) hasBorn(day civil.Date) bool {
	return f.birthOn.IsValid() && !f.birthKnown && day.DaysSince(f.birthOn) > 3
}

func (f *life) birth() referral.BirthForm {
	r := roll(f.family.number, "newborn", 0)
	in := referral.BirthForm{BornOn: f.birthOn.String(), MotherDischargedOn: f.birthOn.AddDays(2).String()}
	for n := range pick(r, []weighed[int]{{1, 97}, {2, 3}}) {
		order, grams := n+1, 2500+r.IntN(1600)
		in.Infants = append(in.Infants, referral.SubmittedInfant{BirthOrder: &order, BirthWeightGrams: &grams, Nicu: word(r.Float64() < 0.05)})
	}
	return in
}

// born writes a birth that the desk hears of when it reaches her. gone: the case went elsewhere by it.
func (k *clerk) born(ctx context.Context, f *life) (gone bool, _ error) {
	if !f.hasBorn(k.day) {
		return false, nil
	}
	was := f.status
	f.birthKnown = true
	receipt, err := k.referrals.RecordBirth(ctx, k.who, f.id, f.birth())
	err = k.after(f, "birth", receipt, err)
	return f.status != was, err
}

// mourn writes a loss of which the desk heard. From here on nothing reaches her but a person.
func (k *clerk) mourn(ctx context.Context, f *life) error {
	f.lossKnown = true
	receipt, err := k.referrals.RecordLoss(ctx, k.who, f.id, referral.LossForm{On: f.lossOn.String(), ToldBy: "referrer"})
	return k.after(f, "loss", receipt, err)
}

// console: somebody speaks with her and names the bereavement service; a week later it is her wish how it goes on.
func (k *clerk) console(ctx context.Context, f *life, holds []referral.HoldView) error {
	if !f.consoled {
		f.consoled, f.next = true, k.year.nextWorkday(k.day, 6)
		_, err := k.referrals.Connect(ctx, k.who, f.id, referral.ConnectForm{Kind: "bereavement", Destination: "Example Circle of Hope", ConsentHow: "phone"})
		_, err = k.try("connect", err)
		return err
	}
	for _, h := range holds {
		_, err := k.referrals.LiftHold(ctx, k.who, h.ID, referral.LiftForm{Reason: "reviewed"})
		if _, err := k.try("lift hold", err); err != nil {
			return err
		}
	}
	if f.any && chance(f.number, "wants company", 0, 0.6) {
		if done, err := k.byHand(ctx, f); done || err != nil {
			return err
		}
	}
	return k.end(ctx, f, referral.PregnancyEnded)
}

// family is what happened in the family since the agency saw her.
func (k *counter) family(ctx context.Context, f *life) error {
	if f.status != referral.Claimed && f.status != referral.Accepted && f.status != referral.Enrolled {
		return nil
	}
	k.on(f, k.year.at(k.day, between(f.number, "news", f.visits, noon+15, noon+25)))
	switch {
	case f.hasBorn(k.day):
		f.birthKnown = true
		_, err := k.referrals.RecordBirth(ctx, k.visitor(f), f.id, f.birth())
		_, err = k.try("birth", err)
		return err
	case f.loses(k.day):
		f.lossKnown = true
		receipt, err := k.referrals.RecordLoss(ctx, k.front, f.id, referral.LossForm{On: f.lossOn.String(), ToldBy: "family"})
		if ok, err := k.try("loss", err); err != nil || !ok {
			return err
		}
		f.status, f.next = receipt.Status, k.year.nextWorkday(k.day, 7)
	case f.lossKnown && !f.consoled:
		return k.console(ctx, f)
	}
	return nil
}

// console: her visitor stays with her for a while, or she wants to be left alone.
func (k *counter) console(ctx context.Context, f *life) error {
	f.consoled = true
	v, err := k.referrals.Case(ctx, k.front, f.id)
	if ok, err := k.try("read case", err); err != nil || !ok {
		return err
	}
	for _, h := range v.Holds {
		_, err := k.referrals.LiftHold(ctx, k.front, h.ID, referral.LiftForm{Reason: "she_said"})
		if _, err := k.try("lift hold", err); err != nil {
			return err
		}
	}
	if f.status == referral.Enrolled {
		f.stay.until, f.stay.how, f.stay.complete = k.day.AddDays(between(f.number, "after the loss", 0, 0, 60)), "pregnancy_ended", 0
		return nil
	}
	f.next = k.year.nextWorkday(k.day, 1)
	return k.end(ctx, f, referral.CloseForm{Disposition: referral.PregnancyEnded})
}
