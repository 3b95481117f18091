package city

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/referral"
)

// clerk is one person of the hub's desk on one day.
type clerk struct {
	*city
	*lane
	who auth.Actor
	day civil.Date
}

// deskMorning reads the desk's lists and shares the cases among its people by their number.
func (c *city) deskMorning(ctx context.Context, day civil.Date) error {
	lists := []referral.Status{referral.Review, referral.Outreach, referral.Offered}
	if d := weekday(day); d == time.Monday || d == time.Thursday {
		lists = append(lists, referral.Waitlisted)
	}
	todo := map[int]*life{}
	c.lanes[0].at(c.year.at(day, morning))
	for _, status := range lists {
		if err := c.readList(ctx, status, todo); err != nil {
			return err
		}
	}
	all := sorted(todo)
	return c.clerks(ctx, day, func(ctx context.Context, k *clerk, i int) error {
		if err := k.settleConnections(ctx, i); err != nil {
			return err
		}
		for _, f := range all {
			if f.number%piles != i || f.day == day && f.at.After(c.year.at(day, noon-60)) {
				continue
			}
			k.on(f, later(c.year.at(day, between(f.number, "desk", day.DaysSince(c.year.first), morning+15, noon-15)),
				f.at.Add(time.Duration(between(f.number, "seen after", 0, 6, 50))*time.Minute)))
			if err := k.work(ctx, f); err != nil {
				return fmt.Errorf("referral %d in %s: %w", f.number, f.status, err)
			}
		}
		return nil
	})
}

// piles is into how many the desk's work of a day is divided.
const piles = 8

func (c *city) clerks(ctx context.Context, day civil.Date, task func(context.Context, *clerk, int) error) error {
	return c.parallel(ctx, piles, func(ctx context.Context, l *lane, i int) error {
		return task(ctx, &clerk{c, l, c.desk[i%len(c.desk)], day}, i)
	})
}

// readList learns of every case of a status.
func (c *city) readList(ctx context.Context, status referral.Status, into map[int]*life) error {
	for after := ""; ; {
		page, err := c.lanes[0].referrals.Cases(ctx, c.desk[0], status, after)
		if err := c.lanes[0].did("list cases", err); err != nil {
			return err
		}
		for _, row := range page.Items {
			f := c.byCase[row.ID]
			if f == nil {
				if f = c.atTime[row.Received.UnixMicro()]; f == nil {
					return errLost
				}
				f.id, c.byCase[row.ID] = row.ID, f
			}
			if f.status != row.Status {
				f.status, f.next = row.Status, civil.Date{}
			}
			if row.NextBy != nil {
				f.due = *row.NextBy
			}
			into[f.number] = f
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// work does what today asks for on one case. What came in today waits for tomorrow more often than not; an alarm never does
// while somebody is there.
func (k *clerk) work(ctx context.Context, f *life) error {
	fresh := f.day == k.day && !chance(f.number, "same day", 0, 0.4)
	if f.loses(k.day) {
		return k.mourn(ctx, f)
	}
	switch f.status {
	case referral.Review:
		if f.next.IsValid() && f.next.After(k.day) {
			return nil
		}
		return k.review(ctx, f, fresh)
	case referral.Outreach:
		if fresh || f.evening || f.next.IsValid() && f.next.After(k.day) {
			return nil
		}
		return k.reach(ctx, f)
	case referral.Waitlisted:
		return k.wait(ctx, f)
	}
	return nil
}

// look reads the case as a person would who is about to call her: how she may be reached stands there and nowhere else.
func (k *clerk) look(ctx context.Context, f *life) (referral.CaseView, error) {
	v, err := k.referrals.Case(ctx, k.who, f.id)
	if err := k.did("read case", err); err != nil {
		return v, err
	}
	f.status = v.Status
	f.keepContacts(v)
	return v, nil
}

func (f *life) keepContacts(v referral.CaseView) {
	if v.Family == nil {
		return
	}
	f.contacts = map[string]uuid.UUID{}
	for _, c := range v.Family.Contacts {
		f.contacts[c.Channel] = c.ID
	}
}

// deskEvening answers the alarms that came in after noon and calls those who were not reached in working hours.
func (c *city) deskEvening(ctx context.Context, day civil.Date) error {
	todo, err := c.alarms(ctx, day)
	if err != nil {
		return err
	}
	for _, f := range c.lives {
		if f != nil && f.evening && f.status == referral.Outreach && !f.next.After(day) {
			todo[f.number] = f
		}
	}
	all := sorted(todo)
	return c.clerks(ctx, day, func(ctx context.Context, k *clerk, i int) error {
		for _, f := range all {
			if f.number%piles != i {
				continue
			}
			act := k.reach
			if f.status == referral.Review {
				k.on(f, f.at.Add(time.Duration(between(f.number, "seen after", 0, 6, 50))*time.Minute))
				act = func(ctx context.Context, f *life) error { return k.review(ctx, f, true) }
			} else {
				k.on(f, c.year.at(day, between(f.number, "evening", f.hub.n, evening, evening+90)))
			}
			if err := act(ctx, f); err != nil {
				return fmt.Errorf("referral %d in the evening: %w", f.number, err)
			}
		}
		return nil
	})
}

// alarms are the families of today in whose form somebody read that she may be in danger.
func (c *city) alarms(ctx context.Context, day civil.Date) (map[int]*life, error) {
	todo, all := map[int]*life{}, map[int]*life{}
	c.lanes[0].at(c.year.at(day, evening))
	open, err := c.lanes[0].referrals.Alarms(ctx, c.desk[0])
	if err := c.lanes[0].did("list alarms", err); err != nil || len(open.Items) == 0 {
		return todo, err
	}
	if err := c.readList(ctx, referral.Review, all); err != nil {
		return nil, err
	}
	for _, a := range open.Items {
		if f := c.byCase[a.CaseID]; f != nil && f.day == day && f.status == referral.Review {
			todo[f.number] = f
		}
	}
	return todo, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
