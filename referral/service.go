package referral

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/providers"
	"doorstep/referral/match"
	"doorstep/rulebook"
	"doorstep/triage"
)

// Service holds the use cases of a case. It is safe for concurrent use and keeps no state of its own.
type Service struct {
	db    *pg.DB
	rules *rulebook.Service
	// safety reads alarms and instruments even when no rule set is live: a positive self-harm item waits for nobody.
	safety *triage.RuleSet
	shape  *fault.Shape
	// contactDays is after how many days a way to her that nobody checked is no longer relied upon.
	contactDays int
	people      *match.Scorer
	// takeDays is how many days ago something on paper may have come that is written down today.
	takeDays int
}

// New returns the use cases on db. safety is the shipped pack, compiled.
func New(db *pg.DB, rules *rulebook.Service, safety *triage.RuleSet) *Service {
	return &Service{db: db, rules: rules, safety: safety, shape: newShape(), contactDays: ContactDays, people: match.Default(), takeDays: TakeDays}
}

// CheckContactsAfter is the service with another number of days than ContactDays.
func (s Service) CheckContactsAfter(days int) *Service {
	s.contactDays = days
	return &s
}

// TakeWithin is the service with another number of days than TakeDays.
func (s Service) TakeWithin(days int) *Service {
	s.takeDays = days
	return &s
}

// work is everything one use case reads and writes through, all of it on the same transaction.
type work struct {
	svc       *Service
	tx        *pg.Tx
	store     *store
	jobs      *jobs.Store
	audit     *audit.Store
	providers *providers.Store

	// read at most once a transaction
	hubOrg     *providers.Organization
	calendars  map[uuid.UUID]providers.Calendar
	rules      *liveRules
	askedRules bool
}

func (s *Service) work(tx *pg.Tx) *work {
	return &work{svc: s, tx: tx, store: &store{tx}, jobs: jobs.NewStore(tx), audit: audit.NewStore(tx),
		providers: providers.NewStore(tx), calendars: map[uuid.UUID]providers.Calendar{}}
}

// read runs fn for a page or an answer: no move, but the view is recorded.
func read[R any](ctx context.Context, s *Service, actor auth.Actor, p auth.Permission, fn func(*work) (R, error)) (R, error) {
	var out R
	if err := actor.Require(p); err != nil {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		out, err = fn(s.work(tx))
		return err
	})
	return out, err
}

// hub is the hub's organization, read once a transaction.
func (w *work) hub() (providers.Organization, error) {
	if w.hubOrg == nil {
		org, err := w.providers.Hub()
		if err != nil {
			return org, fmt.Errorf("find the hub: %w", err)
		}
		w.hubOrg = &org
	}
	return *w.hubOrg, nil
}

// desk is the hub with its calendar: by it the hub's promises fall due, and "today" is a day.
func (w *work) desk() (providers.Organization, providers.Calendar, error) {
	hub, err := w.hub()
	if err != nil {
		return hub, providers.Calendar{}, err
	}
	cal, err := w.calendar(hub.ID)
	return hub, cal, err
}

// calendar is an organization's calendar, read once a transaction.
func (w *work) calendar(org uuid.UUID) (providers.Calendar, error) {
	if c, ok := w.calendars[org]; ok {
		return c, nil
	}
	c, err := w.providers.CalendarOfOrg(org)
	if err != nil {
		return c, fmt.Errorf("read the calendar of organization %s: %w", org, err)
	}
	w.calendars[org] = c
	return c, nil
}
