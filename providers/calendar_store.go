package providers

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
	"gorm.io/gorm"

	"doorstep/internal/pg"
)

type calendarRow struct {
	ID       uuid.UUID
	Name     string
	TimeZone string
}

// TableName is gorm's.
func (calendarRow) TableName() string { return "calendars" }

type hoursRow struct {
	CalendarID uuid.UUID
	Hours      `gorm:"embedded"`
}

// TableName is gorm's.
func (hoursRow) TableName() string { return "calendar_hours" }

type holidayRow struct {
	CalendarID uuid.UUID
	Day        civil.Date
	Name       string
}

// TableName is gorm's.
func (holidayRow) TableName() string { return "calendar_holidays" }

// Calendar is one calendar, or NotFound.
func (s *Store) Calendar(id uuid.UUID) (Calendar, error) {
	return s.calendar("CAST(@id AS uuid)", id, "calendar")
}

// CalendarOfOrg is the calendar of an organization that the transaction may see, or NotFound.
func (s *Store) CalendarOfOrg(org uuid.UUID) (Calendar, error) {
	return s.calendar("(SELECT calendar_id FROM organizations WHERE id = @id)", org, "organization")
}

// calendar reads the one whose id is this expression of @id, with its hours and holidays: a holiday is a row without hours.
func (s *Store) calendar(which string, id uuid.UUID, what string) (Calendar, error) {
	var all []calendarRow
	var rows []struct {
		Hours `gorm:"embedded"`
		Day   *civil.Date
		Name  string
	}
	by := map[string]any{"id": id}
	err := s.tx.ReadAll(
		pg.Read{Query: s.tx.Gorm().Where("id = "+which, by), Into: &all},
		pg.Read{Query: s.tx.Gorm().Raw(`SELECT kind, weekday, opens, closes, NULL::date AS day, '' AS name FROM calendar_hours WHERE calendar_id = `+which+`
			UNION ALL SELECT '', 0, 0, 0, day, name FROM calendar_holidays WHERE calendar_id = `+which, by), Into: &rows})
	if err == nil && len(all) == 0 {
		err = pg.NotFound(gorm.ErrRecordNotFound, what)
	}
	if err != nil {
		return Calendar{}, fmt.Errorf("read the calendar of %s %s: %w", what, id, err)
	}
	found := all[0]
	zone, err := time.LoadLocation(found.TimeZone)
	if err != nil {
		return Calendar{}, fmt.Errorf("calendar %s: %w", found.ID, err)
	}
	var hours []Hours
	holidays := map[civil.Date]string{}
	for _, r := range rows {
		if r.Day != nil {
			holidays[*r.Day] = r.Name
			continue
		}
		hours = append(hours, r.Hours)
	}
	return NewCalendar(found.ID, found.Name, zone, hours, holidays)
}

func (s *Store) insertCalendar(c Calendar) error {
	var hours []hoursRow
	for _, week := range c.hours {
		for _, day := range week {
			for _, h := range day {
				hours = append(hours, hoursRow{c.ID, h})
			}
		}
	}
	var holidays []holidayRow
	for day, name := range c.holidays {
		holidays = append(holidays, holidayRow{c.ID, day, name})
	}
	return s.tx.Insert(&calendarRow{c.ID, c.Name, c.Zone.String()}, hours, holidays)
}
