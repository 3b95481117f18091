package report

import (
	"context"

	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// Unmet is the need for which there was no place: families that wait, and families that waited until there was no point in it.
type Unmet struct {
	From      civil.Date     `json:"from"`
	To        civil.Date     `json:"to"`         // not included
	Waiting   int            `json:"waiting"`    // wait for a place now
	NoPlace   int            `json:"no_place"`   // closed because no place came in time
	NoProgram int            `json:"no_program"` // closed because no program fits
	Programs  []UnmetProgram `json:"programs"`   // those for which somebody said that she would wait, by name
}

// UnmetProgram is one program's list. A family may stand on several.
type UnmetProgram struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Closed  bool   `json:"closed"`   // the program takes nobody any more
	Waiting int    `json:"waiting"`  // on its list now
	Found   int    `json:"found"`    // were on its list until a program took them, this or another
	NoPlace int    `json:"no_place"` // were on its list when they were closed because no place came in time
}

// UnmetNeed counts among the cases received on the days from (included) to to (not included), as Throughput does. Faults: as
// Throughput's.
func (s *Service) UnmetNeed(ctx context.Context, actor auth.Actor, from, to civil.Date) (Unmet, error) {
	u := Unmet{From: from, To: to, Programs: []UnmetProgram{}}
	if err := actor.Require(auth.ReportRead); err != nil {
		return u, err
	}
	if err := checkPeriod(from, to, ByProgram); err != nil {
		return u, err
	}
	zone, err := s.zone(ctx, actor)
	if err != nil {
		return u, err
	}
	err = s.db.InReport(ctx, actor, func(tx *pg.Tx) error {
		return store{tx}.unmet(from.In(zone), to.In(zone), &u)
	})
	return u, err
}
