package providers

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Party is one organization as an administrator sees it.
type Party struct {
	ID             uuid.UUID     `json:"id"`
	Name           string        `json:"name"`
	Kind           auth.OrgKind  `json:"kind"`
	ReferrerClass  ReferrerClass `json:"referrer_class"`
	LegalStatus    LegalStatus   `json:"legal_status"`
	AgreementUntil *civil.Date   `json:"agreement_until"`
	AgreementValid bool          `json:"agreement_valid"` // today, by its own calendar
	CalendarID     uuid.UUID     `json:"calendar_id"`
	Calendar       string        `json:"calendar"`
	ClosedAt       *time.Time    `json:"closed_at"`
	Sites          []SiteView    `json:"sites" gorm:"-"`
	Programs       []Offering    `json:"programs" gorm:"-"`
}

// SiteView is one site.
type SiteView struct {
	ID            uuid.UUID `json:"id"`
	OrgID         uuid.UUID `json:"org_id"`
	Name          string    `json:"name"`
	FeedbackEmail string    `json:"feedback_email"`
}

// Offering is one program with its room, as those see it who look after the network.
type Offering struct {
	ID            uuid.UUID  `json:"id"`
	OrgID         uuid.UUID  `json:"org_id"`
	Org           string     `json:"org"`
	Name          string     `json:"name"`
	Model         string     `json:"model"`
	Track         string     `json:"track"`
	PackCode      string     `json:"pack_code"`
	Languages     Languages  `json:"languages"`
	ResponseHours *int       `json:"response_hours"`
	ClosedAt      *time.Time `json:"closed_at"`
	Zips          int        `json:"zips"`
	Intake        Intake     `json:"intake"`
	Funded        int        `json:"funded"`
	Promised      int        `json:"promised"`
	InUse         int        `json:"in_use"`
	ConfirmedAt   *time.Time `json:"confirmed_at"` // nil: never stated
}

// Parties is the whole network; it is short enough for one page.
type Parties struct {
	Items []Party `json:"items"`
}

// Network lists every organization by kind and name, with its sites and programs. Faults: Forbidden.
func (s *Service) Network(ctx context.Context, actor auth.Actor) (Parties, error) {
	out := Parties{Items: []Party{}}
	if err := actor.Require(auth.NetworkKeep); err != nil || !actor.SeesAll() {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		parties, err := NewStore(tx).parties(uuid.Nil)
		out.Items = append(out.Items, parties...)
		return err
	})
	return out, err
}

// Party shows one organization. Faults: Forbidden, NotFound.
func (s *Service) Party(ctx context.Context, actor auth.Actor, id uuid.UUID) (Party, error) {
	if err := keeps(actor, "organization"); err != nil {
		return Party{}, err
	}
	var p Party
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		p, err = NewStore(tx).party(id)
		return err
	})
	return p, err
}

// RoomOfAll is the capacity of every open program. Faults: Forbidden.
func (s *Service) RoomOfAll(ctx context.Context, actor auth.Actor) (Offerings, error) {
	out := Offerings{Items: []Offering{}}
	if err := actor.Require(auth.ReportRead); err != nil || !actor.SeesAll() {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		all, err := NewStore(tx).offerings(uuid.Nil)
		for _, o := range all {
			if o.ClosedAt == nil {
				out.Items = append(out.Items, o)
			}
		}
		return err
	})
	return out, err
}

// Offerings are programs with their room.
type Offerings struct {
	Items []Offering `json:"items"`
}

// keeps lets in who keeps the network. A key of another organization that claims the role finds nothing.
func keeps(actor auth.Actor, what string) error {
	if err := actor.Require(auth.NetworkKeep); err != nil {
		return err
	}
	if !actor.SeesAll() {
		return fault.New(fault.NotFound, "There is no such %s.", what)
	}
	return nil
}
