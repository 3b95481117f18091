package manager

import (
	"context"
	"math"
	"slices"
	"strconv"

	"cloud.google.com/go/civil"

	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/report"
	"doorstep/web/ui"
	"doorstep/web/words"
)

// Pages are the pages of this package.
type Pages struct {
	Reports   *report.Service
	Providers *providers.Service
}

// full is the share of funded places from which on a program counts as nearly full.
const full = 0.85

type overview struct {
	report.Overview
	days  int
	rooms []providers.Offering
}

// periods are the spans that can be looked at, in days.
func periods() []int { return []int{30, 90, 365} }

// Overview is the first page.
func (p Pages) Overview(r *ui.Request) (ui.Body, error) {
	o, err := p.read(r)
	return ui.Body{Title: r.T("manager.title"), Nav: "/overview", Content: overviewPage(o)}, err
}

func (p Pages) read(r *ui.Request) (overview, error) {
	q, err := r.Query("days")
	if err != nil {
		return overview{}, err
	}
	days := 90
	if q["days"] != "" {
		if days, err = strconv.Atoi(q["days"]); err != nil || !slices.Contains(periods(), days) {
			return overview{}, fault.New(fault.Malformed, "This page shows 30, 90 or 365 days.")
		}
	}
	to := civil.DateOf(r.Now.In(r.Zone)).AddDays(1)
	o := overview{days: days}
	if o.Overview, err = p.Reports.Overview(r.Context(), r.Actor, to.AddDays(-days), to); err != nil {
		return o, err
	}
	rooms, err := p.Providers.RoomOfAll(r.Context(), r.Actor)
	o.rooms = rooms.Items
	return o, err
}

// File is the page as a table to save.
func (p Pages) File(r *ui.Request) (ui.Sheet, error) {
	o, err := p.read(r)
	if err != nil {
		return ui.Sheet{}, err
	}
	rows := [][]string{{"table", "name", "cases", "reached", "reached_median_hours", "reached_90_hours", "claimed", "claimed_median_hours", "claimed_90_hours",
		"first_visit", "first_visit_median_hours", "first_visit_90_hours"}}
	short := func(table, name string, n int) { rows = append(rows, []string{table, name, strconv.Itoa(n)}) }
	for _, m := range o.Funnel {
		short("funnel", m.Name, m.Cases)
	}
	short("now", "waiting", o.Waiting)
	short("now", "no_place", o.NoPlace)
	short("now", "no_program", o.NoProgram)
	for _, l := range o.Late {
		short("late", l.Step, l.Cases)
	}
	long := func(table, name string, n *int, spans []report.Span) {
		row := []string{table, name, shown(n)}
		for _, s := range spans {
			row = append(row, shown(s.Cases), hours(s.MedianHours), hours(s.P90Hours))
		}
		rows = append(rows, row)
	}
	long("all", "All", new(o.Funnel[0].Cases), o.Times)
	for _, s := range o.Sources {
		long("source", s.Name, s.Received, s.Spans)
	}
	for _, a := range o.Agencies {
		long("agency", a.Name, a.Received, a.Spans)
	}
	for _, room := range o.rooms {
		rows = append(rows, []string{"capacity", room.Name, strconv.Itoa(room.Funded), "in_use", strconv.Itoa(room.InUse), "promised", strconv.Itoa(room.Promised)})
	}
	return ui.Sheet{Name: "overview-" + o.From.String() + "-" + o.To.String(), Rows: rows}, nil
}

// shown is a number, or the sign for one that may not be shown.
func shown(n *int) string {
	if n == nil {
		return "hidden"
	}
	return strconv.Itoa(*n)
}

func hours(h *float64) string {
	if h == nil {
		return ""
	}
	return strconv.FormatFloat(*h, 'f', 1, 64)
}

func (o overview) received() int { return o.Funnel[0].Cases }

func (o overview) visited() int { return o.Funnel[5].Cases }

func (o overview) lateNow() (n int) {
	for _, l := range o.Late {
		n += l.Cases
	}
	return n
}

func percent(part, of int) string {
	if of == 0 {
		return "0 %"
	}
	return strconv.Itoa(int(math.Round(100*float64(part)/float64(of)))) + " %"
}

func (o overview) funnelBars(ctx context.Context) (bars []bar) {
	for _, m := range o.Funnel {
		b := bar{Label: words.Code(ctx, "milestone", m.Name), Value: strconv.Itoa(m.Cases)}
		if o.received() > 0 {
			b.Parts = []part{{float64(m.Cases) / float64(o.received()), dark}}
			b.Value += " · " + percent(m.Cases, o.received())
		}
		bars = append(bars, b)
	}
	return bars
}

// ofPrior is the share of the milestone before. A family may skip one, so it can be above 100 %, which is then not shown.
func (o overview) ofPrior(i int) string {
	if i == 0 || o.Funnel[i-1].Cases == 0 || o.Funnel[i].Cases > o.Funnel[i-1].Cases {
		return "–"
	}
	return percent(o.Funnel[i].Cases, o.Funnel[i-1].Cases)
}

// places sums the rooms: funded, in use or promised, and how many programs are nearly full.
func (o overview) places() (funded, taken, tight int) {
	for _, r := range o.rooms {
		funded += r.Funded
		taken += r.InUse + r.Promised
		if r.Funded > 0 && float64(r.InUse+r.Promised) >= full*float64(r.Funded) {
			tight++
		}
	}
	return funded, taken, tight
}

func (o overview) roomBars(ctx context.Context) (bars []bar) {
	for _, r := range o.rooms {
		most := max(1, r.Funded, r.InUse+r.Promised) // each on its own scale: a small program that is full looks full
		of := func(n float64) float64 { return n / float64(most) }
		bars = append(bars, bar{Label: r.Name, Value: words.T(ctx, "manager.taken_of", "n", strconv.Itoa(r.InUse+r.Promised), "of", strconv.Itoa(r.Funded)),
			Parts: []part{{of(float64(r.InUse)), dark}, {of(float64(r.Promised)), light}}, Mark: of(full * float64(r.Funded))})
	}
	return bars
}

// took says hours as people do: "5 h", "3.2 days".
func took(ctx context.Context, h *float64) string {
	switch {
	case h == nil:
		return "–"
	case *h < 48:
		return words.T(ctx, "manager.hours", "n", strconv.FormatFloat(*h, 'f', -1, 64))
	}
	return words.T(ctx, "manager.days", "n", strconv.FormatFloat(math.Round(*h/2.4)/10, 'f', -1, 64))
}

// count is a number, or that it is hidden.
func count(ctx context.Context, n *int) string {
	if n == nil {
		return words.T(ctx, "manager.few")
	}
	return strconv.Itoa(*n)
}
