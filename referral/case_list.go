package referral

import (
	"context"
	"regexp"
	"slices"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// CaseFilter narrows the hub's list of cases. All of it may stand in an address: codes and ids, nothing that a family said.
type CaseFilter struct {
	Status   Status // "": every open one
	Owner    string // "me", "nobody", or the id of a person at the hub
	Program  string // the id of a program that has an offer to her, a claim, a place in line or an enrollment
	Area     string // a ZIP code that some program serves
	Language string // spoken, as en
	Due      string // "overdue", "today" or "week"
}

// The words of a filter.
const (
	OwnerMe    = "me"
	OwnerNone  = "nobody"
	DueOver    = "overdue"
	DueByToday = "today"
	DueByWeek  = "week"
)

var (
	fiveDigits = regexp.MustCompile(`^\d{5}$`)
	shortTag   = regexp.MustCompile(`^[a-z]{2,3}$`)
)

func (f CaseFilter) problems() (out []fault.Field) {
	wrong := func(name, detail string) {
		out = append(out, fault.Field{Pointer: "/" + name, Code: "unknown", Detail: detail})
	}
	isID := func(text string) bool { _, err := uuid.Parse(text); return err == nil }
	if f.Status != "" && !f.Status.known() {
		wrong("status", "There is no such status.")
	}
	if f.Owner != "" && f.Owner != OwnerMe && f.Owner != OwnerNone && !isID(f.Owner) {
		wrong("owner", "Write me, nobody, or the id of a person at the hub.")
	}
	if f.Program != "" && !isID(f.Program) {
		wrong("program", "Write the id of a program.")
	}
	if f.Area != "" && !fiveDigits.MatchString(f.Area) {
		wrong("area", "Write a ZIP code of five digits.")
	}
	if f.Language != "" && !shortTag.MatchString(f.Language) {
		wrong("language", "Write a language as en or es.")
	}
	if !slices.Contains([]string{"", DueOver, DueByToday, DueByWeek}, f.Due) {
		wrong("due", "Write overdue, today or week.")
	}
	return out
}

// OwnedCase is a case of the hub's list with who answers for it. No identity is in it.
type OwnedCase struct {
	CaseRow
	OwnerID *uuid.UUID `json:"owner_id"`
	Owner   *string    `json:"owner"`
}

// AllCases lists cases in rank order as the filter says. Faults: Invalid, with what of the filter means nothing.
func (s *Service) AllCases(ctx context.Context, actor auth.Actor, f CaseFilter, after string) (Page[OwnedCase], error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (Page[OwnedCase], error) {
		out := Page[OwnedCase]{Items: []OwnedCase{}}
		if err := fault.Problems(f.problems()); err != nil {
			return out, err
		}
		cursor, err := pg.ParseCursor(after)
		if err != nil {
			return out, err
		}
		_, cal, err := w.desk()
		if err != nil {
			return out, err
		}
		today := cal.Day(w.tx.Now)
		rows, err := w.store.allCases(f, dueBefore{w.tx.Now, today.AddDays(1).In(cal.Zone), today.AddDays(7).In(cal.Zone)}, cursor, pageSize+1)
		if err != nil {
			return out, err
		}
		if len(rows) > pageSize {
			rows = rows[:pageSize]
			last := rows[pageSize-1]
			out.Next = pg.Cursor{Key: last.RankKey, ID: last.ID.String()}.String()
		}
		var shown []uuid.UUID
		for _, c := range rows {
			shown = append(shown, c.ID)
			out.Items = append(out.Items, OwnedCase{CaseRow{c.ID, c.Status, c.Stage, c.NextStep, c.NextDueAt, c.ReceivedAt}, c.OwnerID, c.Owner})
		}
		return out, w.audit.Listed("list cases", shown)
	})
}

// FilterChoices are what the parts of a filter may be. They hold no client record.
type FilterChoices struct {
	People    []Named  `json:"people"` // at the hub's desk
	Programs  []Named  `json:"programs"`
	Areas     []string `json:"areas"`
	Languages []string `json:"languages"` // of open cases
}

// Named is an id as people call it.
type Named struct {
	ID   uuid.UUID `json:"id"`
	Name string    `json:"name"`
}

// FilterChoices lists them.
func (s *Service) FilterChoices(ctx context.Context, actor auth.Actor) (FilterChoices, error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (FilterChoices, error) {
		hub, err := w.hub()
		if err != nil {
			return FilterChoices{}, err
		}
		return w.store.filterChoices(hub.ID)
	})
}
