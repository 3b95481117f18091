package accounts

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Person is a user as an administrator sees them.
type Person struct {
	ID         uuid.UUID  `json:"id"`
	Email      string     `json:"email"`
	Name       string     `json:"name"`
	DisabledAt *time.Time `json:"disabled_at"`
	SeenAt     *time.Time `json:"seen_at"`     // last use of a session that is still kept
	Password   bool       `json:"password"`    // one is set: the invitation was used
	SecondStep bool       `json:"second_step"` // asked for at sign-in
	Families   int        `json:"families"`    // that this person visits or answers for
	Roles      []HeldRole `json:"roles" gorm:"-"`
}

// HeldRole is one role that a person holds now.
type HeldRole struct {
	OrgID uuid.UUID `json:"org_id"`
	Org   string    `json:"org"`
	Role  auth.Role `json:"role"`
	Site  string    `json:"site"`
}

// PeoplePage is one page of people by name; Next is empty on the last.
type PeoplePage struct {
	Items []Person `json:"items"`
	Next  string   `json:"next"`
}

const peoplePage = 50

// People lists who works with Doorstep, by name. org narrows it to one organization, uuid.Nil does not. Faults: Forbidden, Invalid for a
// page that this service did not give.
func (s *Service) People(ctx context.Context, actor auth.Actor, org uuid.UUID, after string) (PeoplePage, error) {
	page := PeoplePage{Items: []Person{}}
	if err := actor.Require(auth.UserInvite); err != nil || !actor.SeesAll() {
		return page, err
	}
	cursor, err := pg.ParseCursor(after)
	if err != nil {
		return page, err
	}
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		people, err := store{tx}.people(org, cursor, peoplePage+1)
		if len(people) > peoplePage {
			people = people[:peoplePage]
			last := people[peoplePage-1]
			page.Next = pg.Cursor{Key: last.Name, ID: last.ID.String()}.String()
		}
		page.Items = append(page.Items, people...)
		return err
	})
	return page, err
}

// Person shows one user. Faults: Forbidden, NotFound.
func (s *Service) Person(ctx context.Context, actor auth.Actor, id uuid.UUID) (Person, error) {
	if err := administers(actor); err != nil {
		return Person{}, err
	}
	var p Person
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		p, err = store{tx}.person(id)
		return err
	})
	return p, err
}

// administers lets in who keeps people. A key of another organization that claims the role finds nobody.
func administers(actor auth.Actor) error {
	if err := actor.Require(auth.UserInvite); err != nil {
		return err
	}
	if !actor.SeesAll() {
		return fault.New(fault.NotFound, "There is no such person.")
	}
	return nil
}
