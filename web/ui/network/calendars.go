package network

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/web/ui"
)

// Calendars lists them.
func (p Pages) Calendars(r *ui.Request) (ui.Body, error) {
	if _, err := r.Query(); err != nil {
		return ui.Body{}, err
	}
	all, err := p.Providers.Calendars(r.Context(), r.Actor)
	return ui.Body{Title: r.T("network.calendars"), Nav: "/calendars", Content: calendars(all.Items)}, err
}

// Calendar is one of them, to read and to change.
func (p Pages) Calendar(r *ui.Request) (ui.Body, error) {
	id, err := r.ID("calendar")
	if err != nil {
		return ui.Body{}, err
	}
	c, err := p.Providers.Calendar(r.Context(), r.Actor, id)
	return ui.Body{Title: r.T("network.calendar"), Nav: "/calendars", Content: calendar(c)}, err
}

// TimesForm is the week and the days off as people write them: a line a span, a line a day.
type TimesForm struct {
	Business string `form:"business"`
	Urgent   string `form:"urgent"`
	Holidays string `form:"holidays"`
}

// KeepTimes changes when an office works.
func (p Pages) KeepTimes(r *ui.Request, f TimesForm) (ui.Next, error) {
	id, err := r.ID("calendar")
	if err != nil {
		return ui.Next{}, err
	}
	form, wrong := f.read(r)
	if len(wrong) > 0 && r.Actor.Require(auth.NetworkKeep) == nil {
		return ui.Next{}, fault.Problems(wrong)
	}
	_, err = p.Providers.SetTimes(r.Context(), r.Actor, id, form)
	return ui.Next{To: "/calendars/" + id.String(), Flash: ui.Flash{Key: "network.times_kept"}}, err
}

// NewCalendar is the form for another office's times.
func (p Pages) NewCalendar(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.NetworkKeep); err != nil {
		return ui.Body{}, err
	}
	return ui.Body{Title: r.T("network.new_calendar"), Nav: "/calendars", Content: newCalendar()}, nil
}

// CalendarForm is a new calendar as people write it.
type CalendarForm struct {
	Name     string `form:"name"`
	Zone     string `form:"zone"`
	Business string `form:"business"`
	Urgent   string `form:"urgent"`
	Holidays string `form:"holidays"`
}

// AddCalendar adds it.
func (p Pages) AddCalendar(r *ui.Request, f CalendarForm) (ui.Next, error) {
	times, wrong := TimesForm{f.Business, f.Urgent, f.Holidays}.read(r)
	for _, box := range []struct{ pointer, text, say string }{{"/name", f.Name, "network.name_missing"}, {"/business", f.Business, "network.business_missing"},
		{"/urgent", f.Urgent, "network.urgent_missing"}} {
		if strings.TrimSpace(box.text) == "" {
			wrong = append(wrong, fault.Field{Pointer: box.pointer, Code: "required", Detail: r.T(box.say)})
		}
	}
	if !slices.Contains(zones(), f.Zone) {
		wrong = append(wrong, fault.Field{Pointer: "/zone", Code: "oneof", Detail: r.T("network.zone_missing")})
	}
	if len(wrong) > 0 && r.Actor.Require(auth.NetworkKeep) == nil {
		return ui.Next{}, fault.Problems(wrong)
	}
	days := map[civil.Date]string{}
	for _, d := range times.Holidays {
		days[d.Day] = d.Name
	}
	id, err := p.Providers.AddCalendar(r.Context(), r.Actor, providers.CalendarForm{Name: strings.TrimSpace(f.Name), Zone: f.Zone, Hours: times.Hours, Holidays: days})
	return ui.Next{To: "/calendars/" + id.String(), Flash: ui.Flash{Key: "network.calendar_added"}}, err
}

// zones are those of the United States, the most peopled first.
func zones() []string {
	return []string{"America/New_York", "America/Chicago", "America/Denver", "America/Phoenix", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"}
}

func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

var spanLine = regexp.MustCompile(`^([a-z]{3})[a-z]*\.? +(\d{1,2}):(\d{2}) *(?:-|–|to) *(\d{1,2}):(\d{2})$`)

func (f TimesForm) read(r *ui.Request) (providers.TimesForm, []fault.Field) {
	form := providers.TimesForm{}
	var wrong []fault.Field
	for _, box := range []struct {
		pointer, text string
		kind          providers.HoursKind
	}{{"/business", f.Business, providers.BusinessHours}, {"/urgent", f.Urgent, providers.UrgentHours}} {
		for n, line := range lines(box.text) {
			h, ok := readSpan(line, box.kind)
			if !ok {
				wrong = append(wrong, fault.Field{Pointer: box.pointer, Code: "hours", Detail: r.T("network.hours_wrong", "n", strconv.Itoa(n+1))})
				break
			}
			form.Hours = append(form.Hours, h)
		}
	}
	for n, line := range lines(f.Holidays) {
		day, name, _ := strings.Cut(line, " ")
		date, err := civil.ParseDate(day)
		if err != nil {
			wrong = append(wrong, fault.Field{Pointer: "/holidays", Code: "date", Detail: r.T("network.holiday_wrong", "n", strconv.Itoa(n+1))})
			break
		}
		form.Holidays = append(form.Holidays, providers.Holiday{Day: date, Name: strings.TrimSpace(name)})
	}
	return form, wrong
}

func lines(text string) (out []string) {
	for _, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// readSpan reads "Mon 8:00-17:00".
func readSpan(line string, kind providers.HoursKind) (providers.Hours, bool) {
	m := spanLine.FindStringSubmatch(strings.ToLower(line))
	if m == nil {
		return providers.Hours{}, false
	}
	minute := func(h, m string) int {
		hour, _ := strconv.Atoi(h)
		min, _ := strconv.Atoi(m)
		return hour*60 + min
	}
	for i, name := range weekdays() {
		if name == m[1] {
			h := providers.Hours{Kind: kind, Weekday: time.Weekday(i), Opens: minute(m[2], m[3]), Closes: minute(m[4], m[5])}
			return h, h.Opens < h.Closes && h.Closes <= 24*60
		}
	}
	return providers.Hours{}, false
}

// written is hours of one kind as readSpan reads them.
func written(hours []providers.Hours, kind providers.HoursKind) string {
	var out []string
	for _, h := range hours {
		if h.Kind == kind {
			day := weekdays()[h.Weekday]
			out = append(out, fmt.Sprintf("%s %d:%02d-%d:%02d", strings.ToUpper(day[:1])+day[1:], h.Opens/60, h.Opens%60, h.Closes/60, h.Closes%60))
		}
	}
	return strings.Join(out, "\n")
}

func writtenDays(days []providers.Holiday) string {
	var out []string
	for _, d := range days {
		out = append(out, d.Day.String()+" "+d.Name)
	}
	return strings.Join(out, "\n")
}
