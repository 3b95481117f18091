package providers

import (
	"database/sql/driver"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
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
