package providers

import (
	"context"
	"database/sql/driver"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// LegalStatus is what an organization is to health privacy law; it decides what it may be told.
type LegalStatus string

// The legal statuses.
const (
	CoveredEntity     LegalStatus = "covered_entity"
	BusinessAssociate LegalStatus = "business_associate"
	PublicHealth      LegalStatus = "public_health"
	Neither           LegalStatus = "neither"
)

// ReferrerClass decides what feedback a referral source may hear. Empty for an organization that refers nobody.
type ReferrerClass string

// The classes of referrer.
const (
	Clinical     ReferrerClass = "clinical"
	ChildWelfare ReferrerClass = "child_welfare"
	Court        ReferrerClass = "court"
	Employer     ReferrerClass = "employer"
	School       ReferrerClass = "school"
	Community    ReferrerClass = "community"
)

// Value stores the empty class as NULL.
func (c ReferrerClass) Value() (driver.Value, error) {
	if c == "" {
		return nil, nil
	}
	return string(c), nil
}

// Organization is one party of the network.
type Organization struct {
	ID             uuid.UUID
	Name           string
	Kind           auth.OrgKind
	ReferrerClass  ReferrerClass
	LegalStatus    LegalStatus
	AgreementUntil *civil.Date // last day of its data agreement; nil = none
	CalendarID     uuid.UUID
	CreatedAt      time.Time
	ClosedAt       *time.Time
}

// AgreementValid reports whether anything about a family may go to it on this day.
func (o Organization) AgreementValid(today civil.Date) bool {
	return o.ClosedAt == nil && o.AgreementUntil != nil && !o.AgreementUntil.Before(today)
}

// OrganizationForm describes a new organization.
type OrganizationForm struct {
	Name           string        `json:"name" validate:"required,max=200"`
	Kind           auth.OrgKind  `json:"kind" validate:"required"`
	ReferrerClass  ReferrerClass `json:"referrer_class"` // needed for a hospital, clinic or other source; none for hub and agency
	LegalStatus    LegalStatus   `json:"legal_status" validate:"required"`
	AgreementUntil *civil.Date   `json:"agreement_until"`
	CalendarID     uuid.UUID     `json:"calendar_id" validate:"required"`
}

func (f OrganizationForm) problems() error {
	refers := f.Kind == auth.Hospital || f.Kind == auth.Clinic || f.Kind == auth.OtherOrg
	switch {
	case strings.TrimSpace(f.Name) == "":
		return fault.New(fault.Invalid, "An organization needs a name.")
	case len(f.Kind.Roles()) == 0:
		return fault.New(fault.Invalid, "There is no kind of organization %q.", f.Kind)
	case refers && f.ReferrerClass == "":
		return fault.New(fault.Invalid, "A %s refers families: say its class of referrer.", f.Kind)
	}
	return nil
}

// AddOrganization adds a party to the network and returns its id. Faults: Forbidden, Invalid, NotFound for the calendar,
// Conflict for a second hub.
func (s *Service) AddOrganization(ctx context.Context, actor auth.Actor, form OrganizationForm) (uuid.UUID, error) {
	return s.add(ctx, actor, "organization", func(store *Store, id uuid.UUID) error {
		if err := form.problems(); err != nil {
			return err
		}
		if _, err := store.Calendar(form.CalendarID); err != nil {
			return err
		}
		if form.Kind == auth.Hub {
			if err := store.refuseSecondHub(); err != nil {
				return err
			}
		}
		return store.tx.Insert(&Organization{
			ID: id, Name: form.Name, Kind: form.Kind, ReferrerClass: form.ReferrerClass, LegalStatus: form.LegalStatus,
			AgreementUntil: form.AgreementUntil, CalendarID: form.CalendarID, CreatedAt: store.tx.Now,
		})
	})
}
