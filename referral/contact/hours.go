package contact

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Span is one part of the week in which a way may be used, by her local clock.
type Span struct {
	Days []string `json:"days" validate:"required,min=1,max=7,unique,dive,oneof=mon tue wed thu fri sat sun"`
	From string   `json:"from" validate:"required,datetime=15:04"` // inclusive
	To   string   `json:"to" validate:"required,datetime=15:04"`   // the first minute after; 00:00 is midnight, the end of the day
}

// Hours are when a way may be used; none is any time.
type Hours []Span

const clock = "15:04"

// Wrong says what a person must correct, "" when the spans mean something.
func (h Hours) Wrong() string {
	for _, s := range h {
		if from, to, err := s.minutes(); err == nil && from >= to {
			return fmt.Sprintf("From %s to %s is no time of one day. Give a night as two spans.", s.From, s.To)
		}
	}
	return ""
}

// Open reports whether a moment lies within the hours. A span that cannot be read is never open.
func (h Hours) Open(t time.Time, zone *time.Location) bool {
	if len(h) == 0 {
		return true
	}
	local := t.In(zone)
	day, minute := strings.ToLower(local.Format("Mon")), local.Hour()*60+local.Minute()
	return slices.ContainsFunc(h, func(s Span) bool {
		from, to, err := s.minutes()
		return err == nil && slices.Contains(s.Days, day) && from <= minute && minute < to
	})
}

// String is how staff read them: "Mon, Tue 09:00-12:00".
func (h Hours) String() string {
	var spans []string
	for _, s := range h {
		var days []string
		for _, d := range s.Days {
			days = append(days, strings.ToUpper(d[:1])+d[1:])
		}
		spans = append(spans, strings.Join(days, ", ")+" "+s.From+"-"+s.To)
	}
	return strings.Join(spans, "; ")
}

func (s Span) minutes() (from, to int, err error) {
	f, err := time.Parse(clock, s.From)
	if err != nil {
		return 0, 0, err
	}
	t, err := time.Parse(clock, s.To)
	if err != nil {
		return 0, 0, err
	}
	from, to = f.Hour()*60+f.Minute(), t.Hour()*60+t.Minute()
	if to == 0 {
		to = 24 * 60
	}
	return from, to, nil
}

// Scan is for the database driver.
func (h *Hours) Scan(src any) error {
	var text []byte
	switch v := src.(type) {
	case nil:
	case string:
		text = []byte(v)
	case []byte:
		text = v
	default:
		return fmt.Errorf("scan hours from %T", src)
	}
	*h = nil
	if len(text) == 0 {
		return nil
	}
	return json.Unmarshal(text, h)
}

// Value is for the database driver. No hours are an empty list.
func (h Hours) Value() (driver.Value, error) {
	if len(h) == 0 {
		return "[]", nil
	}
	text, err := json.Marshal(h)
	return string(text), err
}
