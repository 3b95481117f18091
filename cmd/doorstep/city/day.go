package city

import (
	"context"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/referral"
)

// The hours of a day, in minutes of the local clock.
const (
	opening = 8*60 + 50 // before what is promised for nine
	morning = 9 * 60
	noon    = 13 * 60
	evening = 18 * 60
)

// live is one day: sources write, alarms are answered, the desk works through its lists, agencies answer and visit. What is due
// is done between them, and nothing happens to a case before what happened to it last.
func (c *city) live(ctx context.Context, day civil.Date) error {
	c.dawn(day)
	due := func(minute int) func(context.Context, civil.Date) error {
		return func(ctx context.Context, day civil.Date) error { return c.work.until(ctx, c.year.at(day, minute)) }
	}
	parts := []part{{"the night", c.receive(0, opening)}, {"due in the morning", due(opening)}, {"the network changes", c.change},
		{"the forenoon's referrals", c.receive(opening, noon)}, {"the desk", c.deskMorning}, {"due at noon", due(noon)}, {"the agencies", c.agenciesWork},
		{"the afternoon's referrals", c.receive(noon, 24*60)}, {"the desk's evening", c.deskEvening}}
	if !c.year.works(day) {
		parts = []part{{"the day's referrals", c.receive(0, 24*60)}, {"due", due(evening + 60)}}
	}
	for _, p := range parts {
		if err := p.do(ctx, day); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	return nil
}

// part is one part of a day. What works in parallel does so inside a part.
type part struct {
	name string
	do   func(context.Context, civil.Date) error
}

// dawn gets ready what the day will bring, by source.
func (c *city) dawn(day civil.Date) {
	c.today = make([][]entry, len(spots()))
	for ; c.next < len(c.entries) && c.entries[c.next].day == day; c.next++ {
		e := c.entries[c.next]
		for i, s := range spots() {
			if e.spot.is(s.value) {
				c.today[i] = append(c.today[i], e)
			}
		}
		f := &life{entry: e, hub: newTries(), agency: newTries(), any: e.consent().ShareWithAgencies == "yes"}
		f.expect()
		c.lives[e.number] = f
		c.atTime[e.at.UnixMicro()] = f
	}
}

// receive lets the sources send what is referred between two minutes of the day.
func (c *city) receive(from, to int) func(context.Context, civil.Date) error {
	return func(ctx context.Context, day civil.Date) error {
		for _, e := range slices.Concat(c.today...) {
			if e.again {
				c.lives[e.family.number].contacts = nil // what this form says of a number takes the place of what an earlier one said
			}
		}
		return c.parallel(ctx, len(c.today), func(ctx context.Context, l *lane, i int) error {
			for _, e := range c.today[i] {
				if e.at.Before(c.year.at(day, from)) || !e.at.Before(c.year.at(day, to)) {
					continue
				}
				l.on(c.lives[e.number], e.at)
				receipt, err := l.referrals.Receive(ctx, c.spots[e.spot.organization+e.spot.site], e.form())
				if err := l.did("receive", err); err != nil {
					return fmt.Errorf("referral %d: %w", e.number, err)
				}
				c.lives[e.number].referral = receipt.ID
			}
			if from > 0 {
				return nil
			}
			return c.withdraw(ctx, l, i, day)
		})
	}
}

// withdraw lets a source take back what it sent yesterday by mistake.
func (c *city) withdraw(ctx context.Context, l *lane, nth int, day civil.Date) error {
	for n := c.next - 1; n >= 0 && day.DaysSince(c.entries[n].day) < 2; n-- {
		e := c.entries[n]
		if e.day == day || !chance(n, "withdrawn", 0, 0.008) || !e.spot.is(spots()[nth].value) {
			continue
		}
		l.at(c.year.at(day, opening-5))
		_, err := l.referrals.Withdraw(ctx, c.spots[e.spot.organization+e.spot.site], c.lives[n].referral, referral.WithdrawForm{Reason: "sent_in_error"})
		if _, err := l.try("withdraw", err); err != nil {
			return err
		}
		c.lives[n].status = ""
	}
	return nil
}

func newTries() tries { return tries{channels: map[string]bool{}} }

// localDay is the date of a moment in the city.
func (c *city) localDay(t time.Time) civil.Date { return civil.DateOf(t.In(c.year.zone)) }
