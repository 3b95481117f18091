package city

import (
	"context"
	"fmt"
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
// is done before each of them.
func (c *city) live(ctx context.Context, day civil.Date) error {
	if err := c.receive(ctx, day); err != nil {
		return err
	}
	if !c.year.works(day) {
		return c.work.until(ctx, c.year.at(day, noon))
	}
	for _, part := range []struct {
		name string
		do   func(context.Context, civil.Date) error
	}{
		{"due in the morning", func(ctx context.Context, day civil.Date) error { return c.work.until(ctx, c.year.at(day, opening)) }},
		{"the network changes", c.change},
		{"the desk", c.deskMorning},
		{"due at noon", func(ctx context.Context, day civil.Date) error { return c.work.until(ctx, c.year.at(day, noon)) }},
		{"the agencies", c.agenciesWork},
		{"the desk's evening", c.deskEvening},
	} {
		if err := part.do(ctx, day); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

// receive lets the sources send what is referred today, each in its own order of time.
func (c *city) receive(ctx context.Context, day civil.Date) error {
	bySpot := make([][]entry, len(spots()))
	for ; c.next < len(c.entries) && c.entries[c.next].day == day; c.next++ {
		e := c.entries[c.next]
		for i, s := range spots() {
			if e.spot.is(s.value) {
				bySpot[i] = append(bySpot[i], e)
			}
		}
		f := &life{entry: e, hub: newTries(), agency: newTries(), any: e.consent().ShareWithAgencies == "yes"}
		f.expect()
		c.lives[e.number] = f
		c.lives[e.family.number].contacts = nil // what this form says of a number takes the place of what an earlier one said
		c.atTime[e.at.UnixMicro()] = c.lives[e.number]
	}
	return c.parallel(ctx, len(bySpot), func(ctx context.Context, l *lane, i int) error {
		for _, e := range bySpot[i] {
			l.at(e.at)
			receipt, err := l.referrals.Receive(ctx, c.spots[e.spot.organization+e.spot.site], e.form())
			if err := l.did("receive", err); err != nil {
				return fmt.Errorf("referral %d: %w", e.number, err)
			}
			c.lives[e.number].referral = receipt.ID
		}
		return c.withdraw(ctx, l, i, day)
	})
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
