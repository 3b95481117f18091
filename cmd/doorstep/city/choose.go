package city

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/referral"
	"doorstep/triage"
)

// choose is the talk about programs: she says yes to any or to some, no, or asks for time.
func (k *clerk) choose(ctx context.Context, f *life) error {
	in := referral.ChoiceForm{Answer: "yes", How: "phone", Language: "en", WordingVersion: "2026-01"}
	nth := f.choices
	f.choices++
	r := roll(f.number, "choice", nth)
	switch {
	case nth > 4:
		in.Answer = "no"
	case nth == 0 && r.Float64() < 0.12:
		in.Answer = "later"
		again := k.year.at(k.year.nextWorkday(k.day, 2+r.IntN(4)), morning+60)
		in.AskAgainAt = &again
	case r.Float64() > f.family.willing:
		in.Answer, in.NotAgain = "no", r.Float64() < 0.12
	case r.Float64() < 0.6 || nth > 0:
		in.AnyProgram = true
	default:
		d, err := k.decision(ctx, f)
		if err != nil {
			return err
		}
		in.Programs = k.wishes(f, d)
		in.AnyProgram = len(in.Programs) == 0
	}
	receipt, err := k.referrals.RecordChoice(ctx, k.who, f.id, in)
	if err := k.after(f, "choice", receipt, err); err != nil {
		return err
	}
	if in.Answer == "later" && receipt.NextBy != nil {
		f.next = k.localDay(*receipt.NextBy)
	}
	if in.Answer != "yes" || f.status == "" {
		return nil
	}
	f.yes, f.any, f.agreed = true, f.any || in.AnyProgram, append(f.agreed, in.Programs...)
	k.on(f, k.clock.Now().Add(2*time.Minute))
	if err := k.connect(ctx, f); err != nil {
		return err
	}
	switch f.status {
	case referral.Waitlisted:
		return k.join(ctx, f)
	case referral.Review:
		return k.review(ctx, f, false)
	case referral.Outreach:
		f.next = k.year.nextWorkday(k.day, 1)
	}
	return nil
}

// decision reads what the rules said of each program.
func (k *clerk) decision(ctx context.Context, f *life) (triage.Decision, error) {
	e, err := k.referrals.Decision(ctx, k.who, f.id)
	ok, err := k.try("read decision", err)
	if !ok {
		return triage.Decision{}, err
	}
	return e.Decision, nil
}

// wishes are the programs that she names: mostly the first of the rules' order, now and then another.
func (k *clerk) wishes(f *life, d triage.Decision) []uuid.UUID {
	var out []uuid.UUID
	for n, p := range d.Programs {
		if p.Verdict == triage.NotEligible || p.InArea == triage.No || chance(f.number, "passes over", n, 0.25) {
			continue
		}
		if out = append(out, uuid.MustParse(p.ProgramID)); len(out) == 2 {
			break
		}
	}
	return out
}

// byHand proposes a family to a program for which the rules leave the word to a person, or that has not answered yet. It
// reports false when there is none with a place.
func (k *clerk) byHand(ctx context.Context, f *life) (bool, error) {
	d, err := k.decision(ctx, f)
	if err != nil {
		return false, err
	}
	for _, p := range d.Programs {
		id := uuid.MustParse(p.ProgramID)
		if !k.mayTake(f, p) || !p.HasPlace || slices.Contains(f.asked, id) || !f.any && !slices.Contains(f.agreed, id) {
			continue
		}
		f.asked = append(f.asked, id)
		receipt, err := k.referrals.Offer(ctx, k.who, f.id, referral.OfferForm{Programs: []uuid.UUID{id}, Kind: "direct", Reason: "other"})
		if err := k.after(f, "offer", receipt, err); err != nil {
			return false, err
		}
		if f.status == referral.Offered {
			return true, nil
		}
	}
	return false, nil
}

// mayTake is the desk's own judgement where the rules have none.
func (k *clerk) mayTake(f *life, p triage.ProgramVerdict) bool {
	if f.lossKnown {
		return p.Code == "hope" && p.InArea != triage.No
	}
	if p.Verdict == triage.NotEligible || p.InArea == triage.No || p.LanguageMatch == triage.No || !p.AgreementValid {
		return false
	}
	switch p.Code {
	case "family_connects": // one to three visits to every newborn
		return f.family.stage == "postpartum" && k.day.DaysSince(f.family.born) < 84
	case "safecare":
		return f.family.needs["child_welfare_referral"] == "yes"
	case "hope":
		return f.family.history["previous_infant_death"] == "yes" || f.family.history["previous_stillbirth_or_loss"] == "yes"
	}
	return true
}

// join puts her on the lists of the programs that suit her and are full.
func (k *clerk) join(ctx context.Context, f *life) error {
	d, err := k.decision(ctx, f)
	if err != nil {
		return err
	}
	var full []uuid.UUID
	for _, p := range d.Programs {
		if k.mayTake(f, p) && !p.HasPlace && len(full) < 3 {
			full = append(full, uuid.MustParse(p.ProgramID))
		}
	}
	if len(full) == 0 {
		if done, err := k.byHand(ctx, f); done || err != nil {
			return err
		}
		return k.end(ctx, f, referral.NoPlaceInTime)
	}
	receipt, err := k.referrals.Wait(ctx, k.who, f.id, referral.WaitForm{Programs: full, How: "phone", Language: "en"})
	if err := k.after(f, "wait", receipt, err); err != nil {
		return err
	}
	if f.status == "" { // a place came free since the rules were asked
		_, err := k.byHand(ctx, f)
		return err
	}
	if f.status == referral.Waitlisted && !f.waiting {
		f.waiting, f.since = true, k.day
	}
	return nil
}
