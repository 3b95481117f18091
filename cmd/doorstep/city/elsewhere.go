package city

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/referral"
)

// sent is one other service to which she was sent, and when somebody asks how it went.
type sent struct {
	id uuid.UUID
	on civil.Date
}

// connect sends her to what else she needs, when she wants that.
func (k *clerk) connect(ctx context.Context, f *life) error {
	if len(f.sent) > 0 || !chance(f.number, "wants more help", 0, 0.5) {
		return nil
	}
	n := f.family.needs
	kind := pick(roll(f.number, "help", 0), []weighed[string]{{"wic", 30}, {"food", 25}, {"groups", 20}, {"income", 15}, {"transport", 10}})
	switch {
	case n["no_prenatal_care"] == "yes" && f.family.stage == "prenatal":
		kind = "prenatal_care"
	case n["homeless"] == "yes", n["unstable_housing"] == "yes":
		kind = "housing"
	case f.family.stage == "postpartum" && chance(f.number, "needs a crib", 0, 0.4):
		kind = "crib"
	case n["mental_health"] == "yes":
		kind = "mental_health"
	}
	receipt, err := k.referrals.Connect(ctx, k.who, f.id, referral.ConnectForm{Kind: kind, Destination: "Example Service", ConsentHow: "phone", Language: "en"})
	if ok, err := k.try("connect", err); err != nil || !ok {
		return err
	}
	if receipt.CreatedID != nil && chance(f.number, "asks how it went", 0, 0.85) {
		f.sent = append(f.sent, sent{*receipt.CreatedID, k.year.nextWorkday(k.day, between(f.number, "asks how it went", 1, 6, 18))})
	}
	return nil
}

// settleConnections writes how those ended of whom a clerk asked today.
func (k *clerk) settleConnections(ctx context.Context, pile int) error {
	for _, f := range k.lives {
		if f == nil || f.number%piles != pile {
			continue
		}
		for _, s := range f.sent {
			if s.on != k.day {
				continue
			}
			in := referral.ConnectionForm{Outcome: "received"}
			if r := roll(f.number, "connection", 0); r.Float64() < 0.38 {
				in.Outcome, in.Reason = "not_received", pick(r, []weighed[string]{{"could_not_reach", 35}, {"no_capacity", 25}, {"she_declined", 20}, {"not_eligible", 20}})
			}
			k.on(f, k.year.at(k.day, between(f.number, "settles", 0, morning+5, noon-30)))
			_, err := k.referrals.RecordConnection(ctx, k.who, s.id, in)
			if _, err := k.try("connection", err); err != nil {
				return err
			}
		}
	}
	return nil
}

// handOver sends a family to the office of the county where she lives.
func (k *clerk) handOver(ctx context.Context, f *life) error {
	f.away = true
	receipt, err := k.referrals.HandOver(ctx, k.who, f.id, referral.HandOverForm{Jurisdiction: "Example County", Office: "Example County Health Department",
		How: "secure_mail", ConsentHow: "phone"})
	if err := k.after(f, "hand over", receipt, err); err != nil {
		return err
	}
	f.next = k.year.nextWorkday(k.day, between(f.number, "county answers", 0, 2, 7))
	return nil
}

// answerHandOver: the county has her, or says nothing; then the clock of the record asks again.
func (k *clerk) answerHandOver(ctx context.Context, f *life) error {
	if !chance(f.number, "county answers", 1, 0.8) && f.reviews < 4 {
		f.next = k.year.nextWorkday(k.day, 5)
		return nil
	}
	receipt, err := k.referrals.AnswerHandOver(ctx, k.who, f.id, referral.HandOverAnswer{Answer: "acknowledged"})
	return k.after(f, "answer hand-over", receipt, err)
}

// walkIns is how many families come to an agency by themselves.
func walkIns(referrals int) int { return referrals / 50 }

// walkIn enrolls the families of today that came by themselves, one agency after the other.
func (c *city) walkIn(ctx context.Context, day civil.Date) error {
	n := len(c.entries)
	for i := range len(c.lives) - n {
		number := n + i
		if on := c.year.nextWorkday(c.year.first.AddDays(between(number, "walks in", 0, 1, 355)), 1); on != day {
			continue
		}
		p := c.program(between(number, "walks in", 1, 0, len(c.programs)-1))
		k := &counter{c, c.lanes[0], c.agencies[p.agency], day}
		e := entry{number: number, day: day, spot: spot{organization: "walk-in", prenatal: 0.5}, at: c.year.at(day, between(number, "walks in", 2, noon+210, evening-70)).Add(time.Duration(number) * time.Microsecond)}
		e.family = newFamily(number, e.spot, day)
		f := &life{entry: e, hub: newTries(), agency: newTries()}
		f.expect()
		c.lives[number], c.atTime[e.at.UnixMicro()] = f, f // also when the hub must look at her first
		k.on(f, e.at)
		form := e.form()
		form.Consent.Answer, form.Consent.ShareWithAgencies = "signed", "yes"
		visitor := k.visitors[number%len(k.visitors)].ID
		receipt, err := k.referrals.EnrollWalkIn(ctx, k.front, referral.WalkInForm{ProgramID: p.id, HeldAt: e.at.Add(-time.Hour), Place: "other_place", ConsentHow: "signed",
			Language: "en", VisitorID: &visitor, Family: form})
		if ok, err := k.try("enroll walk-in", err); err != nil {
			return err
		} else if !ok || receipt.Case == nil {
			continue
		}
		f.id, f.status, f.program = receipt.Case.CaseID, receipt.Case.Status, p
		c.byCase[f.id], k.caseload[number] = f, f
		k.begin(f)
	}
	return nil
}

// program is the nth of the network.
func (c *city) program(nth int) *program {
	for _, p := range c.programs {
		if p.number == nth {
			return p
		}
	}
	return nil
}
