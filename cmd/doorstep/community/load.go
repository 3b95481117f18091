package community

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/messages"
	"doorstep/providers"
)

// Zone is where the community lives: "today" in its forms is today there.
const Zone = "America/New_York"

// Network is what Load made.
type Network struct {
	Programs []Program `json:"programs"`
	Keys     []Key     `json:"keys"`
}

// Program is one program of the network.
type Program struct {
	ID       uuid.UUID `json:"id"`
	AgencyID uuid.UUID `json:"agency_id"`
	Name     string    `json:"name"`
	Code     string    `json:"code"` // of the rule pack
}

// Key is an API key in plain text: of a site for its referrers, of a person for every other role, of the organization
// for integrations.
type Key struct {
	OrgID        uuid.UUID    `json:"organization_id"`
	Organization string       `json:"organization"`
	Kind         auth.OrgKind `json:"kind"`
	Site         string       `json:"site,omitempty"`
	Role         auth.Role    `json:"role"`
	UserID       *uuid.UUID   `json:"user_id,omitempty"`
	Email        string       `json:"email,omitempty"` // of the person, as --as takes it
	Text         string       `json:"key"`
}

// Load writes the community through the use cases and returns its keys, this once. It expects an empty, migrated
// database: where there is a hub already it changes nothing and fails with Conflict. Agreements, capacity and holidays
// are dated around today and last two years.
func Load(ctx context.Context, db *pg.DB, today civil.Date) (Network, error) {
	return Build(ctx, db, today, organizations())
}

// Build is Load for any network. The hub comes first.
func Build(ctx context.Context, db *pg.DB, today civil.Date, all []Organization) (Network, error) {
	if err := refuseSecondLoad(ctx, db); err != nil {
		return Network{}, err
	}
	l := loader{providers: providers.NewService(db), accounts: accounts.NewService(db), today: today}
	var err error
	if l.calendar, err = l.providers.AddCalendar(ctx, by(), calendar(today.Year)); err != nil {
		return Network{}, err
	}
	for _, o := range all {
		if err := l.organization(ctx, o); err != nil {
			return Network{}, fmt.Errorf("load %s of the community: %w", o.Name, err)
		}
	}
	return l.network, l.approve(ctx, db)
}

// approve lets the hub's manager approve what the service brought to say to families: the community has read it.
func (l *loader) approve(ctx context.Context, db *pg.DB) error {
	words := messages.NewService(db)
	for _, k := range l.network.Keys {
		if k.Role != auth.ProgramManager || k.UserID == nil {
			continue
		}
		manager := auth.Actor{Kind: "user", ID: *k.UserID, OrgID: k.OrgID, OrgKind: k.Kind, Role: k.Role}
		all, err := words.List(ctx, manager)
		if err != nil {
			return fmt.Errorf("list the words of messages: %w", err)
		}
		for _, t := range all.Items {
			for _, in := range t.Languages {
				if in.Draft == nil || t.Channel != messages.Mail {
					continue
				}
				if _, err := words.Approve(ctx, manager, in.Draft.ID); err != nil {
					return fmt.Errorf("approve the words of %s in %s: %w", t.Code, in.Language, err)
				}
			}
		}
	}
	return nil
}

func refuseSecondLoad(ctx context.Context, db *pg.DB) error {
	return db.InTx(ctx, by(), func(tx *pg.Tx) error {
		_, err := providers.NewStore(tx).Hub()
		switch {
		case err == nil:
			return fault.New(fault.Conflict, "This database has a network already. Its keys were shown when it was loaded.")
		case errors.Is(err, fault.NotFound):
			return nil
		}
		return err
	})
}

// loader is one Load under way.
type loader struct {
	providers *providers.Service
	accounts  *accounts.Service
	today     civil.Date
	calendar  uuid.UUID // one for all
	network   Network
}

// by is who loads: no person.
func by() auth.Actor { return auth.System("demo") }

func (l *loader) organization(ctx context.Context, o Organization) error {
	until := l.today.AddYears(2)
	id, err := l.providers.AddOrganization(ctx, by(), providers.OrganizationForm{
		Name: o.Name, Kind: o.Kind, ReferrerClass: o.Class, LegalStatus: o.Legal, AgreementUntil: &until, CalendarID: l.calendar,
	})
	if err != nil {
		return err
	}
	for _, p := range o.Programs {
		if err := l.program(ctx, id, p); err != nil {
			return err
		}
	}
	for _, s := range o.Sites {
		if err := l.site(ctx, id, o, s); err != nil {
			return err
		}
	}
	for _, role := range o.Kind.Roles() {
		for nth := range 1 + o.Staff[role] {
			if err := l.holder(ctx, id, o, role, nth); err != nil {
				return err
			}
		}
	}
	return nil
}

// site adds a site; where the organization refers families, with a key and a person for those who refer from it.
func (l *loader) site(ctx context.Context, org uuid.UUID, o Organization, s Site) error {
	id, err := l.providers.AddSite(ctx, by(), org, s.Name, s.Mail)
	if err != nil || !slices.Contains(o.Kind.Roles(), auth.Referrer) {
		return err
	}
	plain := strings.NewReplacer(" ", "-", "'", "", ",", "", "&", "and")
	email := strings.ToLower(plain.Replace(s.Name) + ".referrer@" + plain.Replace(o.Name) + ".example")
	form := accounts.UserForm{Email: email, Name: "Example referrer, " + s.Name, Role: auth.Referrer, SiteID: &id}
	if _, err := l.accounts.AddUser(ctx, by(), org, form); err != nil {
		return err
	}
	return l.key(ctx, Key{OrgID: org, Organization: o.Name, Kind: o.Kind, Site: s.Name, Role: auth.Referrer}, &id)
}

// holder adds the key of one role: a person's, or a machine's for integration. A referrer's came with the site.
func (l *loader) holder(ctx context.Context, org uuid.UUID, o Organization, role auth.Role, nth int) error {
	key := Key{OrgID: org, Organization: o.Name, Kind: o.Kind, Role: role}
	switch role {
	case auth.Referrer:
		return nil
	case auth.Integration:
	default:
		form := person(o, role, nth)
		user, err := l.accounts.AddUser(ctx, by(), org, form)
		if err != nil {
			return err
		}
		key.UserID, key.Email = &user, form.Email
	}
	return l.key(ctx, key, nil)
}

func (l *loader) program(ctx context.Context, agency uuid.UUID, p Plan) error {
	id, err := l.providers.AddProgram(ctx, by(), agency, providers.ProgramForm{
		Name: p.Name, Model: p.Model, Track: p.Track, PackCode: p.Code, Languages: p.Languages, ResponseHours: &p.Hours, Zips: p.Zips,
	})
	if err != nil {
		return err
	}
	l.network.Programs = append(l.network.Programs, Program{ID: id, AgencyID: agency, Name: p.Name, Code: p.Code})
	_, err = l.providers.StateCapacity(ctx, by(), id, providers.CapacityForm{
		EffectiveFrom: l.today.AddDays(-30), Funded: &p.Funded, Intake: providers.IntakeOpen,
	})
	return err
}

func (l *loader) key(ctx context.Context, k Key, site *uuid.UUID) (err error) {
	k.Text, _, err = l.accounts.CreateKey(ctx, by(), accounts.KeyForm{
		OrgID: k.OrgID, SiteID: site, UserID: k.UserID, Role: k.Role, Label: "demo",
	})
	l.network.Keys = append(l.network.Keys, k)
	return err
}

// person is a user of a role: "Example home visitor" at the domain of the organization's first site, then "Example home visitor 2".
func person(o Organization, role auth.Role, nth int) accounts.UserForm {
	_, domain, _ := strings.Cut(o.Sites[0].Mail, "@")
	number := ""
	if nth > 0 {
		number = strconv.Itoa(nth + 1)
	}
	name := strings.TrimSpace("Example " + strings.ReplaceAll(string(role), "_", " ") + " " + number)
	return accounts.UserForm{Email: string(role) + number + "@" + domain, Name: name, Role: role}
}

func calendar(year int) providers.CalendarForm {
	holidays := providers.FederalHolidays(year)
	for _, later := range []int{year + 1, year + 2} {
		maps.Copy(holidays, providers.FederalHolidays(later))
	}
	return providers.CalendarForm{Name: "Office hours", Zone: Zone, Hours: hours(), Holidays: holidays}
}
