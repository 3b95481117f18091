package city

import (
	"context"

	"cloud.google.com/go/civil"

	"doorstep/providers"
	"doorstep/referral"
)

// event is one change of the network: so many days after the year began, or on the next day of work.
type event struct {
	after   int
	program string
	share   float64 // of the funded places of the plan
	intake  providers.Intake
}

// events are what managers of such programs tell of: visitors leave and are replaced after a quarter, a site shuts its door for a
// while, money comes, a program ends in the autumn.
func events() []event {
	return []event{
		{60, "Healthy Families, West", 0.7, providers.IntakeOpen}, // two visitors left
		{110, "Healthy Start", 1, providers.IntakeClosed},
		{150, "Healthy Families, West", 1, providers.IntakeOpen},
		{152, "Healthy Start", 1, providers.IntakeOpen},
		{205, "Nurse-Family Partnership", 1.15, providers.IntakeOpen},
		{240, "Early Head Start at Home, East", 1, providers.IntakeWaitlist},
		{300, "Early Head Start at Home, East", 1.2, providers.IntakeOpen},
	}
}

// The program that ends, and when: in October of a year that ends in November.
const (
	closes      = "Healthy Families Enhanced, East"
	closesAfter = 320
)

// change lets the managers say what changed since the last day of work.
func (c *city) change(ctx context.Context, day civil.Date) error {
	l := c.lanes[0]
	l.at(c.year.at(day, morning))
	for _, e := range events() {
		on := c.year.first.AddDays(e.after)
		if !c.year.works(on) {
			on = c.year.nextWorkday(on, 1)
		}
		if on != day {
			continue
		}
		p := c.programNamed(e.program)
		funded := int(float64(p.Funded) * e.share)
		_, err := l.providers.StateCapacity(ctx, c.agencies[p.agency].manager, p.id, providers.CapacityForm{EffectiveFrom: day, Funded: &funded, Intake: e.intake})
		if err := l.did("state capacity", err); err != nil {
			return err
		}
	}
	if day == c.year.nextWorkday(c.year.first.AddDays(closesAfter), 1) {
		p := c.programNamed(closes)
		p.closed = true
		_, err := l.referrals.CloseProgram(ctx, c.agencies[p.agency].manager, p.id, referral.ProgramCloseForm{Reason: "funding_ended"})
		return l.did("close program", err)
	}
	return nil
}

func (c *city) programNamed(name string) *program {
	for _, p := range c.programs {
		if p.Name == name {
			return p
		}
	}
	return nil
}
