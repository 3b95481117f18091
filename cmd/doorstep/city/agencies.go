package city

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/referral"
)

// answer is what an agency will say to one offer today.
type answer struct {
	life     *life
	program  *program
	reason   string // of a decline; empty: claim
	transfer bool
}

// agenciesWork: each agency looks at what it was offered and works with its families, all agencies at once. A claim takes a place
// of the agency's own program and reads no other's. A decline lets the rules look at every program's places, so declines come when
// all claims are made. A family that was offered to two agencies is answered for by one after the other.
func (c *city) agenciesWork(ctx context.Context, day civil.Date) error {
	at := func(task func(context.Context, *counter) error) error {
		return c.parallel(ctx, len(c.agencies), func(ctx context.Context, l *lane, i int) error {
			return task(ctx, &counter{c, l, c.agencies[i], day})
		})
	}
	err := at(func(ctx context.Context, k *counter) error { return k.readPool(ctx) })
	if err != nil {
		return err
	}
	contested, err := c.contested(ctx, day)
	if err != nil {
		return err
	}
	err = at(func(ctx context.Context, k *counter) error {
		for _, x := range k.claims {
			if err := k.claim(ctx, x); err != nil {
				return err
			}
		}
		return k.caseloadWork(ctx)
	})
	if err != nil {
		return err
	}
	err = at(func(ctx context.Context, k *counter) error {
		for _, x := range k.refuses {
			if err := k.decline(ctx, x); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range c.agencies { // one after the other
		k := &counter{c, c.lanes[0], a, day}
		for _, x := range contested[a.number] {
			if err := k.answer(ctx, x); err != nil {
				return err
			}
		}
		for _, f := range k.givesBack {
			if err := k.release(ctx, f); err != nil {
				return err
			}
		}
		a.givesBack = nil
	}
	return c.walkIn(ctx, day)
}

// counter is one agency on one day.
type counter struct {
	*city
	*lane
	*agency
	day civil.Date
}

// looks reports whether the agency reads its offers on a day: small offices do so three times a week.
func (a *agency) looks(day civil.Date) bool {
	small := len(a.runs) == 1 && a.number%2 == 1
	return !small || weekday(day)%2 == 1
}

// readPool reads the offers and makes up the agency's mind about each.
func (k *counter) readPool(ctx context.Context) error {
	k.claims, k.refuses, k.maybe = nil, nil, nil
	if !k.looks(k.day) {
		return nil
	}
	k.at(k.year.at(k.day, noon+5))
	for after := ""; ; {
		page, err := k.referrals.Pool(ctx, k.front, after)
		if err := k.did("list pool", err); err != nil {
			return err
		}
		for _, o := range page.Items {
			if !o.MadeAt.After(k.clock.Now()) {
				k.maybe = append(k.maybe, o)
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// contested sorts today's offers: those of families that nobody else thinks about today go to the agency's own work, the others are
// returned by agency.
func (c *city) contested(ctx context.Context, day civil.Date) (map[int][]answer, error) {
	unknown := false
	thought := map[uuid.UUID]int{}
	for _, a := range c.agencies {
		for _, o := range a.maybe {
			thought[o.CaseID]++
			unknown = unknown || c.byCase[o.CaseID] == nil
		}
	}
	if unknown { // sent straight to an agency: the desk's list tells which family that is
		c.lanes[0].at(c.year.at(day, noon+10))
		if err := c.readList(ctx, referral.Offered, map[int]*life{}); err != nil {
			return nil, err
		}
	}
	several := map[int][]answer{}
	for _, a := range c.agencies {
		for _, o := range a.maybe {
			f := c.byCase[o.CaseID]
			if f == nil {
				return nil, errLost
			}
			x, speaks := c.mind(a, f, o, day)
			switch {
			case !speaks:
			case thought[o.CaseID] > 1 || x.transfer: // who takes her over gives a place of the other agency back
				several[a.number] = append(several[a.number], x)
			case x.reason == "":
				a.claims = append(a.claims, x)
			default:
				a.refuses = append(a.refuses, x)
			}
		}
		for _, list := range [][]answer{a.claims, a.refuses, several[a.number]} {
			slices.SortFunc(list, func(x, y answer) int {
				return cmp.Or(cmp.Compare(x.life.number, y.life.number), cmp.Compare(x.program.number, y.program.number))
			})
		}
	}
	return several, nil
}

// mind is what the agency says to this offer, if it says anything today.
func (c *city) mind(a *agency, f *life, o referral.OfferView, day civil.Date) (answer, bool) {
	x := answer{life: f, program: c.programs[o.ProgramID], transfer: o.Kind == "transfer"}
	r := roll(f.number, "offer "+x.program.Code, x.program.number)
	ignored, declined := 0.04, 0.07
	if len(a.runs) == 1 {
		ignored = 0.09
	}
	switch at := r.Float64(); {
	case at < ignored:
		return x, false
	case at < ignored+declined:
		x.reason = pick(r, []weighed[string]{{"no_capacity", 30}, {"does_not_meet_eligibility", 25}, {"outside_area", 10}, {"language", 15},
			{"already_enrolled", 10}, {"other", 10}})
	}
	// an answer on the same day, or on a later one
	return x, o.MadeAt.Before(c.year.at(day, morning)) || chance(f.number, "answers at once", x.program.number, 0.5)
}

func (k *counter) answer(ctx context.Context, x answer) error {
	if x.reason == "" {
		return k.claim(ctx, x)
	}
	return k.decline(ctx, x)
}

// claim takes a family and gives her a home visitor. Without a free place it becomes a decline.
func (k *counter) claim(ctx context.Context, x answer) error {
	f := x.life
	k.on(f, k.year.at(k.day, between(f.number, "claim", x.program.number, noon+10, noon+90)))
	receipt, err := k.referrals.Claim(ctx, k.front, f.id, referral.ClaimForm{ProgramID: &x.program.id})
	ok, err := k.try("claim", err)
	if err != nil {
		return fmt.Errorf("referral %d: %w", f.number, err)
	}
	if !ok {
		x.reason = "no_capacity"
		k.refuses = append(k.refuses, x)
		return nil
	}
	if x.transfer {
		delete(k.agencies[f.program.agency].caseload, f.number)
	}
	f.status, f.program, f.agency, f.misses = receipt.Status, x.program, newTries(), 0
	f.next, f.evening = k.year.nextWorkday(k.day, between(f.number, "begins", x.program.number, 0, 2)), false
	k.caseload[f.number] = f
	visitor := k.visitors[f.number%len(k.visitors)]
	_, err = k.referrals.AssignVisitor(ctx, k.front, f.id, referral.VisitorForm{VisitorID: visitor.ID})
	return k.did("assign visitor", err)
}

func (k *counter) decline(ctx context.Context, x answer) error {
	k.on(x.life, k.year.at(k.day, between(x.life.number, "decline", x.program.number, noon+95, noon+150)))
	_, err := k.referrals.Decline(ctx, k.front, x.life.id, referral.DeclineForm{ProgramID: &x.program.id, Reason: x.reason})
	if _, err := k.try("decline", err); err != nil {
		return fmt.Errorf("referral %d: %w", x.life.number, err)
	}
	return nil
}

// release gives a family back before she started: the agency found that it cannot serve her.
func (k *counter) release(ctx context.Context, f *life) error {
	k.on(f, k.year.at(k.day, between(f.number, "release", 0, noon+160, noon+200)))
	_, err := k.referrals.Release(ctx, k.front, f.id, referral.ReleaseForm{Reason: "cannot_serve"})
	ok, err := k.try("release", err)
	if ok {
		k.lets(f)
	}
	return err
}

// lets takes a family off the agency's own list.
func (k *counter) lets(f *life) {
	delete(k.caseload, f.number)
	f.status, f.next = "", civil.Date{}
}
