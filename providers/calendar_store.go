package providers

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

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
	var found calendarRow
	if err := s.tx.Gorm().Where("id = ?", id).Take(&found).Error; err != nil {
		return Calendar{}, fmt.Errorf("read calendar %s: %w", id, pg.NotFound(err, "calendar"))
	}
	return s.fill(found)
}

// CalendarOfOrg is the calendar of an organization that the transaction may see, or NotFound.
func (s *Store) CalendarOfOrg(org uuid.UUID) (Calendar, error) {
	var found calendarRow
	err := s.tx.Gorm().Joins("JOIN organizations o ON o.calendar_id = calendars.id").Where("o.id = ?", org).Take(&found).Error
	if err != nil {
		return Calendar{}, fmt.Errorf("read the calendar of organization %s: %w", org, pg.NotFound(err, "organization"))
	}
	return s.fill(found)
}

// fill reads hours and holidays in one statement: a holiday is a row without hours.
func (s *Store) fill(found calendarRow) (Calendar, error) {
	zone, err := time.LoadLocation(found.TimeZone)
	if err != nil {
		return Calendar{}, fmt.Errorf("calendar %s: %w", found.ID, err)
	}
	var rows []struct {
		Hours `gorm:"embedded"`
		Day   *civil.Date
		Name  string
	}
	err = s.tx.Gorm().Raw(`SELECT kind, weekday, opens, closes, NULL::date AS day, '' AS name FROM calendar_hours WHERE calendar_id = @id
		UNION ALL SELECT '', 0, 0, 0, day, name FROM calendar_holidays WHERE calendar_id = @id`, map[string]any{"id": found.ID}).Scan(&rows).Error
	if err != nil {
		return Calendar{}, fmt.Errorf("read the hours of calendar %s: %w", found.ID, err)
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
