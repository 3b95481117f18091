package providers_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/providers"
)

// What an administrator keeps of the network: each change once done, once refused.
func TestKeepingTheNetwork(t *testing.T) {
	w := newWorld(t)
	n := w.Community()
	admin, agency := w.User(n.Hub, auth.Administrator), n.Agencies[0]
	refused := func(what string, want, err error) {
		t.Helper()
		if !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", what, err, want)
		}
	}
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ctx := t.Context()
	party, err := w.service.Party(ctx, admin, agency.ID)
	must(err)
	form := providers.PartyForm{Name: "Example Agency of the South", LegalStatus: providers.CoveredEntity, CalendarID: party.CalendarID}
	_, err = w.service.ChangeParty(ctx, admin, agency.ID, form)
	must(err)
	if party, err = w.service.Party(ctx, admin, agency.ID); err != nil || party.Name != form.Name || party.AgreementValid || party.AgreementUntil != nil {
		t.Errorf("an agreement that was taken away: %+v, %v", party, err)
	}
	_, err = w.service.ChangeParty(ctx, admin, agency.ID, providers.PartyForm{LegalStatus: "friend"})
	refused("an organization without a name", fault.Invalid, err)
	_, err = w.service.ChangeParty(ctx, admin, uuid.New(), form)
	refused("no organization", fault.NotFound, err)

	_, err = w.service.OpenSite(ctx, admin, agency.ID, providers.SiteForm{Name: "Second office"})
	must(err)
	_, err = w.service.OpenSite(ctx, admin, agency.ID, providers.SiteForm{Name: "Third office", FeedbackEmail: "no address"})
	refused("a site with half a mailbox", fault.Invalid, err)

	area, err := w.service.SetArea(ctx, admin, n.Programs[0].ID, providers.AreaForm{Zips: []string{"21299", "21298"}})
	if err != nil || area.Zips != 2 || area.Added != 2 {
		t.Errorf("the area: %+v, %v", area, err)
	}
	_, err = w.service.SetArea(ctx, admin, n.Programs[0].ID, providers.AreaForm{Zips: []string{"2129"}})
	refused("no ZIP code", fault.Invalid, err)

	_, err = w.service.SetTimes(ctx, admin, party.CalendarID, providers.TimesForm{Hours: []providers.Hours{{Kind: providers.BusinessHours, Weekday: 2, Opens: 480, Closes: 1020},
		{Kind: providers.UrgentHours, Weekday: 2, Opens: 480, Closes: 1020}}, Holidays: []providers.Holiday{{Day: today.AddDays(7), Name: "Example day"}}})
	must(err)
	view, err := w.service.Calendar(ctx, admin, party.CalendarID)
	must(err)
	for _, d := range view.Due { // it works on Tuesdays, and not on the next one
		if d.Promise == "day_1" && d.At.Sub(noon.Now()).Hours() < 13*24 {
			t.Errorf("a day from a Tuesday, over a day off: %s", d.At)
		}
	}
	_, err = w.service.SetTimes(ctx, admin, party.CalendarID, providers.TimesForm{})
	refused("an office that never works", fault.Invalid, err)

	all, err := w.service.Network(ctx, admin)
	if err != nil || len(all.Items) != 5 {
		t.Errorf("the network has %d, %v", len(all.Items), err)
	}
	list, err := w.service.Calendars(ctx, admin)
	if err != nil || len(list.Items) == 0 {
		t.Errorf("the calendars: %+v, %v", list, err)
	}
	rooms, err := w.service.RoomOfAll(ctx, w.User(n.Hub, auth.ProgramManager))
	if err != nil || len(rooms.Items) != 2 {
		t.Errorf("the places: %+v, %v", rooms, err)
	}
	own, err := w.service.Rooms(ctx, w.User(agency, auth.AgencyManager))
	if err != nil || len(own) != 1 {
		t.Errorf("an agency's own places: %+v, %v", own, err)
	}
	manager := w.User(agency, auth.AgencyManager)
	for what, try := range map[string]func(context.Context) error{
		"Network": func(ctx context.Context) error { _, err := w.service.Network(ctx, manager); return err },
		"Party":   func(ctx context.Context) error { _, err := w.service.Party(ctx, manager, agency.ID); return err },
		"ChangeParty": func(ctx context.Context) error {
			_, err := w.service.ChangeParty(ctx, manager, agency.ID, form)
			return err
		},
		"Calendars": func(ctx context.Context) error { _, err := w.service.Calendars(ctx, manager); return err },
		"RoomOfAll": func(ctx context.Context) error { _, err := w.service.RoomOfAll(ctx, manager); return err },
		"SetArea": func(ctx context.Context) error {
			_, err := w.service.SetArea(ctx, manager, n.Programs[0].ID, providers.AreaForm{})
			return err
		},
		"Rooms": func(ctx context.Context) error {
			_, err := w.service.Rooms(ctx, auth.Actor{})
			if errors.Is(err, fault.Unauthenticated) {
				return fault.New(fault.Forbidden, "nobody")
			}
			return err
		},
	} {
		refused("an agency's manager: "+what, fault.Forbidden, try(ctx))
	}
	if _, err := w.service.OpenSite(ctx, w.User(seed.Org{ID: n.Hub.ID, Kind: auth.Hub, SiteID: n.Hub.SiteID}, auth.ProgramManager), agency.ID, providers.SiteForm{Name: "x"}); !errors.Is(err, fault.Forbidden) {
		t.Errorf("who reads figures opens a site: %v", err)
	}
}
