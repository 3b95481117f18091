package seed

import (
	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/providers"
)

// Org is an organization to build, and what was built. Zero fields get defaults: a name of its kind, a covered entity,
// an agreement without a near end, the shared calendar, one site.
type Org struct {
	ID             uuid.UUID // set by the builder
	SiteID         uuid.UUID // set by the builder
	Kind           auth.OrgKind
	Name           string
	Class          providers.ReferrerClass
	LegalStatus    providers.LegalStatus
	AgreementUntil *civil.Date
	NoAgreement    bool
	CalendarID     uuid.UUID
	FeedbackEmail  string // of its site
}

// Hub builds the hub. A network has one.
func (s *Seed) Hub(o Org) Org {
	o.Kind = auth.Hub
	return s.Organization(o)
}

// Hospital builds a hospital, a clinical referrer by default.
func (s *Seed) Hospital(o Org) Org {
	o.Kind = auth.Hospital
	return s.Organization(o)
}

// Clinic builds a clinic, a clinical referrer by default.
func (s *Seed) Clinic(o Org) Org {
	o.Kind = auth.Clinic
	return s.Organization(o)
}

// Agency builds an agency without programs.
func (s *Seed) Agency(o Org) Org {
	o.Kind = auth.Agency
	return s.Organization(o)
}

// Organization builds an organization of o.Kind with one site.
func (s *Seed) Organization(o Org) Org {
	s.t.Helper()
	if o.Name == "" {
		o.Name = "Example " + string(o.Kind) + " " + pg.NewID().String()[24:]
	}
	if o.Class == "" && o.Kind != auth.Hub && o.Kind != auth.Agency {
		o.Class = providers.Clinical
	}
	if o.LegalStatus == "" {
		o.LegalStatus = providers.CoveredEntity
	}
	if o.AgreementUntil == nil && !o.NoAgreement {
		o.AgreementUntil = Date(2099, 12, 31)
	}
	if o.CalendarID == uuid.Nil {
		if s.calendar == uuid.Nil {
			s.calendar = s.Calendar(nil)
		}
		o.CalendarID = s.calendar
	}
	var err error
	o.ID, err = s.providers.AddOrganization(s.t.Context(), system(), providers.OrganizationForm{
		Name: o.Name, Kind: o.Kind, ReferrerClass: o.Class, LegalStatus: o.LegalStatus, AgreementUntil: o.AgreementUntil, CalendarID: o.CalendarID,
	})
	s.check("organization", err)
	o.SiteID, err = s.providers.AddSite(s.t.Context(), system(), o.ID, "Main", o.FeedbackEmail)
	s.check("site", err)
	return o
}
