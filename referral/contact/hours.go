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

// And are the hours at which both are open. Where they share none it is never, which is not the same as no hours.
func (h Hours) And(other Hours) Hours {
	switch {
	case len(other) == 0 || slices.EqualFunc(h, other, Span.same):
		return h
	case len(h) == 0:
		return other
	}
	both := Hours{}
	for _, a := range h {
		for _, b := range other {
			if s, some := a.and(b); some {
				both = append(both, s)
			}
		}
	}
	if len(both) == 0 {
		return Hours{{Days: []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}, From: "12:00", To: "12:00"}}
	}
	return both
}

// Never reports whether there is no minute at which they are open.
func (h Hours) Never() bool {
	return len(h) > 0 && !slices.ContainsFunc(h, func(s Span) bool {
		from, to, err := s.minutes()
		return err == nil && from < to
	})
}

func (s Span) same(o Span) bool {
	return s.From == o.From && s.To == o.To && slices.Equal(s.Days, o.Days)
}

// and is the part of the week that two spans share.
func (s Span) and(o Span) (Span, bool) {
	days := slices.DeleteFunc(slices.Clone(s.Days), func(d string) bool { return !slices.Contains(o.Days, d) })
	from, to, err := s.minutes()
	f, t, wrong := o.minutes()
	from, to = max(from, f), min(to, t)
	at := func(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60%24, minute%60) }
	return Span{Days: days, From: at(from), To: at(to)}, err == nil && wrong == nil && len(days) > 0 && from < to
}

// String is how staff read them: "Mon, Tue 09:00-12:00".
func (h Hours) String() string {
	var spans []string
	if h.Never() {
		return "none on which her sources agree, ask her"
	}
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
