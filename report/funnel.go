package report

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/stats"
)

// Group is one row of a report.
type Group struct {
	Key        string `json:"key"` // an id, or the week; empty for cases that have none, such as those never claimed
	Name       string `json:"name"`
	Received   int    `json:"received"`
	Triaged    int    `json:"triaged"`
	Reached    int    `json:"reached"`
	SaidYes    int    `json:"said_yes"`
	Claimed    int    `json:"claimed"`
	FirstVisit int    `json:"first_visit"`
	Completed  int    `json:"completed"`
	StillOpen  int    `json:"still_open"`
	Steps      []Step `json:"steps"` // always the six, in order
}

// Step is how long cases took from one milestone to the next. It measures the cases that passed both in this order: where
// an agency reaches the family first, the claim comes before her yes, and the case is no part of that step.
type Step struct {
	From        string   `json:"from"`
	To          string   `json:"to"`
	Cases       int      `json:"cases"`
	MedianHours *float64 `json:"median_hours"` // to a tenth of an hour; null without cases
	P90Hours    *float64 `json:"p90_hours"`
	// The same without the time in which a hold stopped what goes to her: she was not made to wait by us.
	MedianHoursNotHeld *float64 `json:"median_hours_not_held"`
}

// milestones is one case of a cohort. Nothing in it tells who she is.
type milestones struct {
	Key, Name  string
	Received   time.Time
	Triaged    *time.Time
	Reached    *time.Time
	SaidYes    *time.Time
	Claimed    *time.Time
	FirstVisit *time.Time
	Completed  *time.Time
	Open       bool
	CaseID     uuid.UUID
	Holds      []interval `gorm:"-"` // by their beginning
}

// passed lists the milestones in the order of the funnel; nil = not yet, or never.
func (m *milestones) passed() [7]*time.Time {
	return [7]*time.Time{&m.Received, m.Triaged, m.Reached, m.SaidYes, m.Claimed, m.FirstVisit, m.Completed}
}

func names() [7]string {
	return [7]string{"received", "triaged", "reached", "said_yes", "claimed", "first_visit", "completed"}
}

// group counts the whole cohort and each part of it.
func group(cases []milestones) (Group, []Group) {
	parts := map[string][]milestones{}
	for _, c := range cases {
		parts[c.Key] = append(parts[c.Key], c)
	}
	rows := make([]Group, 0, len(parts))
	for _, key := range slices.Sorted(maps.Keys(parts)) {
		g := count(parts[key])
		g.Key, g.Name = key, parts[key][0].Name
		rows = append(rows, g)
	}
	slices.SortStableFunc(rows, func(a, b Group) int { return cmp.Compare(a.Name, b.Name) })
	total := count(cases)
	total.Name = "All"
	return total, rows
}

func count(cases []milestones) Group {
	var g Group
	counts := [7]*int{&g.Received, &g.Triaged, &g.Reached, &g.SaidYes, &g.Claimed, &g.FirstVisit, &g.Completed}
	var hours, notHeld [6][]float64
	for i := range cases {
		if cases[i].Open {
			g.StillOpen++
		}
		passed := cases[i].passed()
		for n, at := range passed {
			if at == nil {
				continue
			}
			*counts[n]++
			if n > 0 && passed[n-1] != nil && !at.Before(*passed[n-1]) {
				took := at.Sub(*passed[n-1])
				hours[n-1] = append(hours[n-1], took.Hours())
				notHeld[n-1] = append(notHeld[n-1], (took - held(cases[i].Holds, *passed[n-1], *at)).Hours())
			}
		}
	}
	for n, took := range hours {
		g.Steps = append(g.Steps, Step{From: names()[n], To: names()[n+1], Cases: len(took), MedianHours: tenth(took, 0.5), P90Hours: tenth(took, 0.9),
			MedianHoursNotHeld: tenth(notHeld[n], 0.5)})
	}
	return g
}

func tenth(values []float64, p float64) *float64 {
	v, ok := stats.Percentile(values, p)
	if !ok {
		return nil
	}
	return new(math.Round(v*10) / 10)
}
