package report

import (
	"context"
	"math"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/internal/stats"
)

// Overview is what a manager looks at first: how far the families of a period have come, how long it took, who waits and what is late now.
// Its totals stand as they are. What is broken down by organization went through stats.Suppress: nil may not be shown.
type Overview struct {
	From      civil.Date    `json:"from"`
	To        civil.Date    `json:"to"`     // not included
	Funnel    []Milestone   `json:"funnel"` // always the seven, in order
	Times     []Span        `json:"times"`  // from receipt to reached, claimed and first visit
	Waiting   int           `json:"waiting"`
	NoPlace   int           `json:"no_place"`
	NoProgram int           `json:"no_program"`
	StillOpen int           `json:"still_open"`
	Late      []Late        `json:"late"` // by what is owed, the longest list first; of all open cases, whenever received
	Sources   []OverviewRow `json:"sources"`
	Agencies  []OverviewRow `json:"agencies"`
}

// Milestone is how many families of the period came that far.
type Milestone struct {
	Name  string `json:"name"`
	Cases int    `json:"cases"`
}

// Span is how long it took from receipt to a milestone, for the families that came there. Those that did not yet are in no median.
type Span struct {
	To          string   `json:"to"`
	Cases       *int     `json:"cases"`
	MedianHours *float64 `json:"median_hours"`
	P90Hours    *float64 `json:"p90_hours"`
}

// Late is how many open cases owe this step since a moment that has passed.
type Late struct {
	Step  string `json:"step"`
	Cases int    `json:"cases"`
}

// OverviewRow is one organization's part.
type OverviewRow struct {
	Key      string `json:"key"`
	Name     string `json:"name"`
	Received *int   `json:"received"`
	Spans    []Span `json:"spans"` // as Overview.Times; Cases is how many came there
}

// Overview follows the cases received on the days from (included) to to (not included), as Throughput does, and counts what is late now.
// Faults: as Throughput's.
func (s *Service) Overview(ctx context.Context, actor auth.Actor, from, to civil.Date) (Overview, error) {
	o := Overview{From: from, To: to, Late: []Late{}}
	if err := actor.Require(auth.ReportRead); err != nil {
		return o, err
	}
	if err := checkPeriod(from, to, BySource); err != nil {
		return o, err
	}
	zone, err := s.zone(ctx, actor)
	if err != nil {
		return o, err
	}
	var sources, agencies []milestones
	err = s.db.InReport(ctx, actor, func(tx *pg.Tx) (err error) {
		store, since, until := store{tx}, from.In(zone), to.In(zone)
		if sources, err = store.cohort(since, until, BySource); err != nil {
			return err
		}
		if agencies, err = store.cohort(since, until, ByAgency); err != nil {
			return err
		}
		var u Unmet
		if err := store.unmet(since, until, &u); err != nil {
			return err
		}
		o.Waiting, o.NoPlace, o.NoProgram = u.Waiting, u.NoPlace, u.NoProgram
		o.Late, err = store.late(tx.Now)
		return err
	})
	if err != nil {
		return o, err
	}
	total := count(sources)
	for i, n := range []int{total.Received, total.Triaged, total.Reached, total.SaidYes, total.Claimed, total.FirstVisit, total.Completed} {
		o.Funnel = append(o.Funnel, Milestone{names()[i], n})
	}
	o.StillOpen = total.StillOpen
	o.Times = spans(sources)
	o.Sources, o.Agencies = suppressed(sources), suppressed(agencies)
	return o, nil
}

// ends are the milestones to which spans lead.
func (m *milestones) ends() [3]*time.Time { return [3]*time.Time{m.Reached, m.Claimed, m.FirstVisit} }

func spans(cases []milestones) []Span {
	var hours [3][]float64
	for i := range cases {
		for n, at := range cases[i].ends() {
			if at != nil {
				hours[n] = append(hours[n], math.Max(0, at.Sub(cases[i].Received).Hours()))
			}
		}
	}
	out := make([]Span, 0, 3)
	for n, to := range []string{"reached", "claimed", "first_visit"} {
		out = append(out, Span{to, new(len(hours[n])), tenth(hours[n], 0.5), tenth(hours[n], 0.9)})
	}
	return out
}

// withoutCount hides how many there are. Their times may stand where there are eleven of them, and eleven more of whom it is open whether they are
// among them: then nobody learns how many are missing.
func withoutCount(s Span, of *int) Span {
	if of == nil || *of < 22 || stats.Small(*s.Cases) || *s.Cases == 0 {
		return Span{To: s.To}
	}
	s.Cases = nil
	return s
}

// suppressed is one table of organizations, in which nobody can be picked out.
func suppressed(cases []milestones) []OverviewRow {
	_, groups := group(cases)
	of := map[string][]milestones{}
	for _, c := range cases {
		of[c.Key] = append(of[c.Key], c)
	}
	rows, parts := make([]OverviewRow, 0, len(groups)), make([]stats.Part, 0, len(groups))
	for _, g := range groups {
		row := OverviewRow{Key: g.Key, Name: g.Name, Received: new(g.Received), Spans: spans(of[g.Key])}
		part := stats.Part{N: g.Received}
		for _, s := range row.Spans {
			part.Yes = append(part.Yes, *s.Cases)
		}
		rows, parts = append(rows, row), append(parts, part)
	}
	for i, hidden := range stats.Suppress(parts) {
		if hidden.N {
			rows[i].Received = nil
		}
		for n := range hidden.Yes {
			if hidden.Yes[n] {
				rows[i].Spans[n] = withoutCount(rows[i].Spans[n], rows[i].Received)
			}
		}
	}
	return rows
}
