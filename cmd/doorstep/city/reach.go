package city

import (
	"context"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/referral"
)

// mostTries is after how many an organization gives up on reaching her.
const mostTries = 3

// attempt is the next try of an organization: by the next of the ways that she called safe, the third one in the evening.
func (c *city) attempt(f *life, t *tries, by string, ways []string, p float64, now time.Time) referral.AttemptForm {
	in := referral.AttemptForm{Channel: ways[(t.n/2)%len(ways)], Outcome: "no_answer"}
	if in.Channel != "call" {
		p *= 0.6 // nobody answers a letter as she answers a call
	}
	switch {
	case chance(f.number, by+" reaches", t.n, p):
		in.Outcome = "reached"
	case in.Channel == "visit":
		in.Outcome = "not_home"
	case in.Channel != "call":
		in.Outcome = "left_message"
	case chance(f.number, by+" wrong number", 0, 0.05):
		in.Outcome = "not_in_service"
	}
	if t.n%3 == 1 && in.Outcome != "reached" {
		next := c.year.at(c.year.nextWorkday(c.localDay(now), 1), evening+95)
		in.NextAt = &next
	}
	in.Announced = in.Channel == "visit" // a card a day before
	contact := map[string]string{"call": "phone", "text": "phone", "voicemail": "phone", "email": "email"}[in.Channel]
	if id, known := f.contacts[contact]; known {
		in.ContactMethodID = &id
	}
	return in
}

// tried keeps what was done and says when the next try is: the record's proposal, or that day's evening.
func (f *life) tried(t *tries, in referral.AttemptForm, at time.Time, c *city, next *time.Time) {
	t.n++
	t.channels[in.Channel] = true
	if at.In(c.year.zone).Hour() >= 17 {
		t.evenings++
	}
	t.reached = t.reached || in.Outcome == "reached"
	f.evening = t.n%3 == 2
	f.next = c.year.nextWorkday(c.localDay(at), 1)
	if next != nil {
		f.next = c.localDay(*next)
		if !c.year.works(f.next) {
			f.next = c.year.nextWorkday(f.next, 1)
		}
	}
}

// enough reports whether the attempts allow calling her "not reached" by the rules of the pack.
func (t *tries) enough() bool { return t.n >= 3 && len(t.channels) >= 2 && t.evenings >= 1 }

// reach is one try of the hub and, when she answers, the talk about programs.
func (k *clerk) reach(ctx context.Context, f *life) error {
	if f.contacts == nil {
		if _, err := k.look(ctx, f); err != nil || f.status != referral.Outreach {
			return err
		}
	}
	if f.hub.reached { // she asked for time
		return k.choose(ctx, f)
	}
	ways := f.family.safe.ways(f.family.endangered())
	if len(ways) > 0 && ways[len(ways)-1] == "visit" {
		ways = ways[:len(ways)-1] // the desk visits nobody
	}
	if len(ways) == 0 || f.hub.n >= mostTries+between(f.number, "stubborn", 0, 0, 1) {
		return k.giveUp(ctx, f, len(ways))
	}
	in := k.attempt(f, &f.hub, "hub", ways, f.family.reachable, k.clock.Now())
	receipt, err := k.referrals.RecordOutreach(ctx, k.who, f.id, in)
	ok, err := k.try("outreach", err)
	if err != nil || !ok {
		f.status = "" // the lists will say
		return err
	}
	f.tried(&f.hub, in, k.clock.Now(), k.city, receipt.NextBy)
	if in.Outcome != "reached" {
		return nil
	}
	k.on(f, k.clock.Now().Add(4*time.Minute))
	if gone, err := k.born(ctx, f); gone || err != nil {
		return err
	}
	return k.choose(ctx, f)
}

// giveUp ends a case that nobody could reach: only after the tries that the pack asks for may it be called so.
func (k *clerk) giveUp(ctx context.Context, f *life, ways int) error {
	as := referral.NotReached
	if !f.hub.enough() {
		as = referral.NoSafeWay
	}
	return k.end(ctx, f, as)
}

func (k *clerk) end(ctx context.Context, f *life, disposition string) error {
	receipt, err := k.referrals.Close(ctx, k.who, f.id, referral.CloseForm{Disposition: disposition})
	return k.after(f, "close", receipt, err)
}

// after keeps where a case stands once a use case was done; a refused one sends the reader back to the lists.
func (k *clerk) after(f *life, what string, receipt referral.Receipt, err error) error {
	ok, err := k.try(what, err)
	switch {
	case err != nil:
		return err
	case !ok:
		f.status = ""
	default:
		f.status, f.next, f.evening = receipt.Status, civil.Date{}, false
	}
	return nil
}
