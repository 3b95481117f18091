package main

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/config"
	"doorstep/providers"
)

// beginCommand makes what no page can, because nobody may sign in before it: the hub and its first administrator. All else is theirs to
// enter at /organizations and /calendars.
type beginCommand struct {
	Hub    string `required:"" help:"Name of the hub."`
	Status string `required:"" enum:"covered_entity,business_associate,public_health,neither" help:"What the hub is to health privacy law: covered_entity, business_associate, public_health or neither."`
	Zone   string `required:"" help:"Its time zone, such as America/Chicago."`
	Opens  string `required:"" help:"When it opens from Monday to Friday, as 08:30. Other days, holidays and who reads alarms when: at /calendars."`
	Closes string `required:"" help:"When it closes, as 17:00."`
	Email  string `required:"" help:"E-mail address of the first administrator, who gets a letter with which to choose a password."`
	Name   string `required:"" help:"Name of the first administrator."`
}

// Run may be repeated: what is there already stays, and a further administrator is invited.
func (c beginCommand) Run(p *process) error {
	hours, err := c.hours()
	if err != nil {
		return err
	}
	a, err := p.app(config.Command())
	if err != nil {
		return err
	}
	defer a.close()
	actor := auth.System("begin")
	hub, err := c.hub(p, a, actor, hours)
	if err != nil {
		return err
	}
	if _, err := a.accounts.Invite(p.ctx, actor, hub, accounts.UserForm{Email: c.Email, Name: c.Name, Role: auth.Administrator}); err != nil {
		return fmt.Errorf("invite the first administrator: %w", err)
	}
	_, err = fmt.Fprintf(p.stdout, "hub %s\nA worker sends the letter to %s.\n", hub, c.Email)
	return err
}

// hours are the same for both clocks of the hub until its calendar says otherwise.
func (c beginCommand) hours() (all []providers.Hours, err error) {
	opens, err := time.Parse("15:04", c.Opens)
	if err != nil {
		return nil, fmt.Errorf("--opens: write a time as 08:30")
	}
	closes, err := time.Parse("15:04", c.Closes)
	if err != nil {
		return nil, fmt.Errorf("--closes: write a time as 17:00")
	}
	for day := time.Monday; day <= time.Friday; day++ {
		for _, kind := range []providers.HoursKind{providers.BusinessHours, providers.UrgentHours} {
			all = append(all, providers.Hours{Kind: kind, Weekday: day, Opens: opens.Hour()*60 + opens.Minute(), Closes: closes.Hour()*60 + closes.Minute()})
		}
	}
	return all, nil
}

// hub finds the hub or makes it, with its calendar.
func (c beginCommand) hub(p *process, a *app, actor auth.Actor, hours []providers.Hours) (uuid.UUID, error) {
	parties, err := a.providers.Network(p.ctx, actor)
	if err != nil {
		return uuid.Nil, fmt.Errorf("look for a hub: %w", err)
	}
	for _, o := range parties.Items {
		if o.Kind == auth.Hub {
			return o.ID, nil
		}
	}
	calendar, err := a.providers.AddCalendar(p.ctx, actor, providers.CalendarForm{Name: c.Hub, Zone: c.Zone, Hours: hours})
	if err != nil {
		return uuid.Nil, fmt.Errorf("make the hub's calendar: %w", err)
	}
	hub, err := a.providers.AddOrganization(p.ctx, actor, providers.OrganizationForm{
		Name: c.Hub, Kind: auth.Hub, LegalStatus: providers.LegalStatus(c.Status), CalendarID: calendar,
	})
	if err != nil {
		return uuid.Nil, fmt.Errorf("make the hub: %w", err)
	}
	return hub, nil
}
