package providers

import (
	"context"
	"fmt"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// CalendarView is a calendar as it is kept, with what a promise made now would mean by it.
type CalendarView struct {
	ID       uuid.UUID  `json:"id"`
	Name     string     `json:"name"`
	Zone     string     `json:"zone"`
	Hours    []Hours    `json:"hours"`
	Holidays []Holiday  `json:"holidays"` // from today on
	Due      []DueThere `json:"due"`
}

// Holiday is a day off.
type Holiday struct {
	Day  civil.Date `json:"day"`
	Name string     `json:"name"`
}

// DueThere is when something that was promised now would be due.
type DueThere struct {
	Promise string    `json:"promise"` // urgent_2h, hours_8, day_1, days_2
	At      time.Time `json:"at"`
}

// CalendarRow is a calendar in a list.
type CalendarRow struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
	Zone string    `json:"zone"`
}

// CalendarList is every calendar.
type CalendarList struct {
	Items []CalendarRow `json:"items"`
}

// Calendars lists the calendars. Faults: Forbidden.
func (s *Service) Calendars(ctx context.Context, actor auth.Actor) (CalendarList, error) {
	out := CalendarList{Items: []CalendarRow{}}
	if err := actor.Require(auth.NetworkKeep); err != nil || !actor.SeesAll() {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		rows, err := NewStore(tx).calendars()
		for _, r := range rows {
			out.Items = append(out.Items, CalendarRow{r.ID, r.Name, r.TimeZone})
		}
		return err
	})
	return out, err
}

// Calendar shows one. Faults: Forbidden, NotFound.
func (s *Service) Calendar(ctx context.Context, actor auth.Actor, id uuid.UUID) (CalendarView, error) {
	if err := keeps(actor, "calendar"); err != nil {
		return CalendarView{}, err
	}
	var out CalendarView
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		c, err := NewStore(tx).Calendar(id)
		if err == nil {
			out = c.view(tx.Now)
		}
		return err
	})
	return out, err
}

func (c Calendar) view(now time.Time) CalendarView {
	v := CalendarView{ID: c.ID, Name: c.Name, Zone: c.Zone.String(), Hours: []Hours{}, Holidays: []Holiday{}}
	for _, kind := range []HoursKind{BusinessHours, UrgentHours} {
		for _, day := range c.hours[kind] {
			v.Hours = append(v.Hours, day...)
		}
	}
	for day := c.Day(now); len(v.Holidays) < len(c.holidays) && day.DaysSince(c.Day(now)) < 3*366; day = day.AddDays(1) {
		if name, off := c.holidays[day]; off {
			v.Holidays = append(v.Holidays, Holiday{day, name})
		}
	}
	v.Due = []DueThere{{"urgent_2h", c.AddUrgent(now, 2*time.Hour)}, {"hours_8", c.AddBusinessHours(now, 8*time.Hour)},
		{"day_1", c.AddBusinessDays(now, 1)}, {"days_2", c.AddBusinessDays(now, 2)}}
	return v
}

// TimesForm is the whole of a calendar's weekly hours and its days off from today on.
type TimesForm struct {
	Hours    []Hours   `json:"hours" validate:"required,max=100"`
	Holidays []Holiday `json:"holidays" validate:"max=200"`
}

// SetTimes changes when an office works. What was promised before keeps its time; what is promised from now on is counted anew. Faults:
// Forbidden, NotFound, Invalid for hours that make no calendar or a day that is past or stands there twice.
func (s *Service) SetTimes(ctx context.Context, actor auth.Actor, id uuid.UUID, form TimesForm) (Changed, error) {
	return s.change(ctx, actor, "calendar", id, func(store *Store) (map[string]any, error) {
		was, err := store.Calendar(id)
		if err != nil {
			return nil, err
		}
		today := was.Day(store.tx.Now)
		days, err := daysOff(form.Holidays, today)
		if err != nil {
			return nil, err
		}
		if _, err := NewCalendar(id, was.Name, was.Zone, form.Hours, days); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "These hours do not make a calendar: it needs business and urgent hours, each opening before it closes.")
		}
		if err := store.setHolidays(id, today, days); err != nil {
			return nil, err
		}
		return map[string]any{"spans": len(form.Hours), "holidays": len(days)}, store.setHours(id, form.Hours)
	})
}

func daysOff(list []Holiday, today civil.Date) (map[civil.Date]string, error) {
	days := map[civil.Date]string{}
	var wrong []fault.Field
	for i, h := range list {
		at := fmt.Sprintf("/holidays/%d", i)
		name := strings.TrimSpace(h.Name)
		switch _, twice := days[h.Day]; {
		case !h.Day.IsValid() || h.Day.Before(today) || h.Day.DaysSince(today) > 2*366:
			wrong = append(wrong, fault.Field{Pointer: at, Code: "date", Detail: "A day from today on, at most two years ahead."})
		case twice:
			wrong = append(wrong, fault.Field{Pointer: at, Code: "twice", Detail: h.Day.String() + " stands there twice."})
		case name == "" || len(name) > 100:
			wrong = append(wrong, fault.Field{Pointer: at, Code: "required", Detail: "Name " + h.Day.String() + ", in at most 100 characters."})
		default:
			days[h.Day] = name
		}
	}
	return days, fault.Problems(wrong)
}
