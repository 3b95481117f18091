package providers

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// CalendarForm describes a new calendar.
type CalendarForm struct {
	Name     string
	Zone     string // of the time zone database, such as "America/New_York"
	Hours    []Hours
	Holidays map[civil.Date]string
}

// AddCalendar adds a calendar and returns its id. It must have business and urgent hours. Faults: Forbidden, Invalid.
func (s *Service) AddCalendar(ctx context.Context, actor auth.Actor, form CalendarForm) (uuid.UUID, error) {
	return s.add(ctx, actor, "calendar", func(store *Store, id uuid.UUID) error {
		zone, err := time.LoadLocation(form.Zone)
		if err != nil || form.Zone == "" {
			return fault.New(fault.Invalid, "There is no time zone %q.", form.Zone)
		}
		calendar, err := NewCalendar(id, form.Name, zone, form.Hours, form.Holidays)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "These hours do not make a calendar: it needs business and urgent hours, each opening before it closes.")
		}
		return store.insertCalendar(calendar)
	})
}
