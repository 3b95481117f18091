package seed

import (
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/providers"
)

// Seed builds in one database for one test. What it cannot build fails the test.
type Seed struct {
	t         testing.TB
	db        *pg.DB
	providers *providers.Service
	accounts  *accounts.Service
	calendar  uuid.UUID // shared by organizations that name none
}

// New returns the builders on db.
func New(t testing.TB, db *pg.DB) *Seed {
	return &Seed{t: t, db: db, providers: providers.NewService(db), accounts: accounts.NewService(db)}
}

// system builds: no person does.
func system() auth.Actor { return auth.System("seed") }

// Date is a civil date for a form.
func Date(year int, month time.Month, day int) *civil.Date {
	return &civil.Date{Year: year, Month: month, Day: day}
}

// OfficeHours are business hours Monday to Friday 8 to 17, and urgent hours then and on Saturday 9 to 12.
func OfficeHours() []providers.Hours {
	hours := []providers.Hours{{Kind: providers.UrgentHours, Weekday: time.Saturday, Opens: 9 * 60, Closes: 12 * 60}}
	for day := time.Monday; day <= time.Friday; day++ {
		for _, kind := range []providers.HoursKind{providers.BusinessHours, providers.UrgentHours} {
			hours = append(hours, providers.Hours{Kind: kind, Weekday: day, Opens: 8 * 60, Closes: 17 * 60})
		}
	}
	return hours
}

// Calendar builds a calendar in US/Eastern with OfficeHours and these days off.
func (s *Seed) Calendar(holidays map[civil.Date]string) uuid.UUID {
	s.t.Helper()
	id, err := s.providers.AddCalendar(s.t.Context(), system(), providers.CalendarForm{
		Name: "Office", Zone: "America/New_York", Hours: OfficeHours(), Holidays: holidays,
	})
	s.check("calendar", err)
	return id
}

func (s *Seed) check(what string, err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("seed %s: %v", what, err)
	}
}
