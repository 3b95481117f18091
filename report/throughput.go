package report

import (
	"context"
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Service is the reports.
type Service struct{ db *pg.DB }

// NewService returns the reports on db.
func NewService(db *pg.DB) *Service { return &Service{db} }

// By is what a report is broken down by.
type By string

// The breakdowns.
const (
	BySource  By = "source"  // the organization of the case's first referral
	ByAgency  By = "agency"  // of the case's latest claim
	ByProgram By = "program" // of the case's latest claim
	ByWeek    By = "week"    // ISO week of receipt
)

// maxDays bounds the cohort: a year and the month that a year is compared with.
const maxDays = 400

// Throughput follows the cases of one period through the funnel, however long that took: one row a case.
type Throughput struct {
	From  civil.Date `json:"from"`
	To    civil.Date `json:"to"` // not included
	By    By         `json:"by"`
	Total Group      `json:"total"`
	Rows  []Group    `json:"rows"` // by name; weeks in their order
}

// Throughput counts the cases received on the days from (included) to to (not included), by the hub's local date, except
// those entered in error. A case counts under what it reached by now, so a young cohort has more open cases, not fewer
// successes. Faults: Forbidden, Invalid for days that do not make a period of at most 400, or an unknown breakdown.
func (s *Service) Throughput(ctx context.Context, actor auth.Actor, from, to civil.Date, by By) (Throughput, error) {
	if err := actor.Require(auth.ReportRead); err != nil {
		return Throughput{}, err
	}
	if err := checkPeriod(from, to, by); err != nil {
		return Throughput{}, err
	}
	zone, err := s.zone(ctx, actor)
	if err != nil {
		return Throughput{}, err
	}
	var cases []milestones
	err = s.db.InReport(ctx, actor, func(tx *pg.Tx) error {
		cases, err = store{tx}.cohort(from.In(zone), to.In(zone), by)
		if err != nil {
			return err
		}
		return store{tx}.holds(from.In(zone), to.In(zone), cases)
	})
	if err != nil {
		return Throughput{}, err
	}
	if by == ByWeek {
		for i := range cases {
			year, week := cases[i].Received.In(zone).ISOWeek()
			cases[i].Name = fmt.Sprintf("%d-W%02d", year, week)
			cases[i].Key = cases[i].Name
		}
	}
	t := Throughput{From: from, To: to, By: by}
	t.Total, t.Rows = group(cases)
	return t, nil
}

func checkPeriod(from, to civil.Date, by By) error {
	var wrong []fault.Field
	if !from.IsValid() || !to.IsValid() || !from.Before(to) || to.DaysSince(from) > maxDays {
		wrong = append(wrong, fault.Field{Pointer: "/from", Code: "period",
			Detail: fmt.Sprintf("Two days as YYYY-MM-DD, the second later, at most %d days apart.", maxDays)})
	}
	if _, known := breakdowns(by); !known {
		wrong = append(wrong, fault.Field{Pointer: "/by", Code: "oneof", Detail: "One of: source, agency, program, week."})
	}
	return fault.Problems(wrong)
}

// zone is the hub's time zone. It is no figure, so it is read in the actor's own role.
func (s *Service) zone(ctx context.Context, actor auth.Actor) (*time.Location, error) {
	var name string
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		var err error
		name, err = store{tx}.hubZone()
		return err
	})
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(name)
	if err != nil {
		return nil, fmt.Errorf("the hub's time zone: %w", err)
	}
	return zone, nil
}
