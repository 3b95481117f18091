package network

import (
	"strings"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/rulebook"
	"doorstep/web/ui"
)

// Pages are the pages of this package.
type Pages struct {
	Providers *providers.Service
	Accounts  *accounts.Service
	Referrals *referral.Service
	Rules     *rulebook.Service
}

// Organizations is the whole network.
func (p Pages) Organizations(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	all, err := p.Providers.Network(r.Context(), r.Actor)
	return ui.Body{Title: r.T("network.title"), Nav: "/organizations", Content: organizations(all.Items, civil.DateOf(r.Now.In(r.Zone)))}, err
}

// party is one organization with its people.
type party struct {
	providers.Party
	people    []accounts.Person
	more      bool // than one page of them
	calendars []providers.CalendarRow
	today     civil.Date
}

func (p Pages) party(r *ui.Request) (party, error) {
	id, err := r.ID("organization")
	if err != nil {
		return party{}, err
	}
	found, err := p.Providers.Party(r.Context(), r.Actor, id)
	if err != nil {
		return party{}, err
	}
	calendars, err := p.Providers.Calendars(r.Context(), r.Actor)
	if err != nil {
		return party{}, err
	}
	people, err := p.Accounts.People(r.Context(), r.Actor, id, "")
	return party{found, people.Items, people.Next != "", calendars.Items, civil.DateOf(r.Now.In(r.Zone))}, err
}

// Organization is one of them.
func (p Pages) Organization(r *ui.Request) (ui.Body, error) {
	o, err := p.party(r)
	return ui.Body{Title: r.T("network.organization"), Nav: "/organizations", Content: organization(o)}, err
}

// New is the form for another organization.
func (p Pages) New(r *ui.Request) (ui.Body, error) {
	calendars, err := p.Providers.Calendars(r.Context(), r.Actor)
	return ui.Body{Title: r.T("network.new"), Nav: "/organizations", Content: newOrganization(calendars.Items)}, err
}

// OrganizationForm is what a page asks of an organization.
type OrganizationForm struct {
	Name     string `form:"name"`
	Kind     string `form:"kind"`
	Class    string `form:"referrer_class"`
	Legal    string `form:"legal_status"`
	Until    string `form:"agreement_until"`
	Calendar string `form:"calendar_id"`
}

// Add makes an organization.
func (p Pages) Add(r *ui.Request, f OrganizationForm) (ui.Next, error) {
	until, bad := dated(r, f.Until)
	if bad != nil && r.Actor.Require(auth.NetworkKeep) == nil {
		return ui.Next{}, bad
	}
	form := providers.OrganizationForm{Name: strings.TrimSpace(f.Name), Kind: auth.OrgKind(f.Kind), LegalStatus: providers.LegalStatus(f.Legal), AgreementUntil: until, CalendarID: idOf(f.Calendar)}
	if form.Kind != auth.Agency && form.Kind != auth.Hub {
		form.ReferrerClass = providers.ReferrerClass(f.Class)
	}
	id, err := p.Providers.AddOrganization(r.Context(), r.Actor, form)
	return ui.Next{To: "/organizations/" + id.String(), Flash: ui.Flash{Key: "network.added"}}, err
}

// Change is the form for what may change.
func (p Pages) Change(r *ui.Request) (ui.Body, error) {
	o, err := p.party(r)
	return ui.Body{Title: r.T("network.change"), Nav: "/organizations", Content: changeOrganization(o)}, err
}

// ChangeForm is what may change of an organization.
type ChangeForm struct {
	Name     string `form:"name"`
	Legal    string `form:"legal_status"`
	Until    string `form:"agreement_until"`
	Calendar string `form:"calendar_id"`
}

// Keep changes an organization.
func (p Pages) Keep(r *ui.Request, f ChangeForm) (ui.Next, error) {
	id, err := r.ID("organization")
	if err != nil {
		return ui.Next{}, err
	}
	until, bad := dated(r, f.Until)
	if bad != nil && r.Actor.Require(auth.NetworkKeep) == nil {
		return ui.Next{}, bad
	}
	_, err = p.Providers.ChangeParty(r.Context(), r.Actor, id, providers.PartyForm{Name: f.Name, LegalStatus: providers.LegalStatus(f.Legal), AgreementUntil: until, CalendarID: idOf(f.Calendar)})
	return ui.Next{To: "/organizations/" + id.String(), Flash: ui.Flash{Key: "network.kept"}}, err
}

// Site is the form for another site.
func (p Pages) Site(r *ui.Request) (ui.Body, error) {
	o, err := p.party(r)
	return ui.Body{Title: r.T("network.new_site"), Nav: "/organizations", Content: newSite(o)}, err
}

// SiteForm is what a page asks of a site.
type SiteForm struct {
	Name  string `form:"name"`
	Email string `form:"feedback_email"`
}

// AddSite adds a site.
func (p Pages) AddSite(r *ui.Request, f SiteForm) (ui.Next, error) {
	id, err := r.ID("organization")
	if err != nil {
		return ui.Next{}, err
	}
	_, err = p.Providers.OpenSite(r.Context(), r.Actor, id, providers.SiteForm{Name: f.Name, FeedbackEmail: f.Email})
	return ui.Next{To: "/organizations/" + id.String(), Flash: ui.Flash{Key: "network.site_added"}}, err
}

// dated reads the last day of an agreement; nothing is no agreement.
func dated(r *ui.Request, text string) (*civil.Date, error) {
	day, ok := ui.ReadDate(text, civil.DateOf(r.Now.In(r.Zone)).AddDays(50*366))
	if !ok {
		return nil, fault.Problems([]fault.Field{{Pointer: "/agreement_until", Code: "date", Detail: r.T("network.date_wrong")}})
	}
	return day, nil
}

// idOf is the id that a list of the page holds; anything else is none, which the use case does not find.
func idOf(text string) uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil
	}
	return id
}
