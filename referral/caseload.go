package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// caseloadPage is how many families a page shows in full. They are read on a phone, and each costs what reading one case costs.
const caseloadPage = 10

// CaseloadView is one part of an agency's families.
type CaseloadView string

// The views. A family is due until the end of the agency's day; who waits for her word or stands still is Waiting in any case.
const (
	DueToday  CaseloadView = "today"
	DueLater  CaseloadView = "upcoming"
	WaitsHer  CaseloadView = "waiting"
	NowServed CaseloadView = "enrolled"
	NowClosed CaseloadView = "closed"
)

// CaseloadQuery says which families: of one view, of the whole agency or of whoever asks.
type CaseloadQuery struct {
	View  CaseloadView
	Mine  bool
	After string
}

// CaseloadRow is a family with how often the agency tried since its claim, and what the protocol still asks before anybody may say that she was
// not reached.
type CaseloadRow struct {
	Case    CaseView `json:"case"`
	Tries   int      `json:"tries"`
	OfTries int      `json:"of_tries"`
	Missing []string `json:"missing"`
}

// Caseload is one page of an agency's families, the first due first, with how many there are in each view.
type Caseload struct {
	Items  []CaseloadRow        `json:"items"`
	Next   string               `json:"next"`
	Counts map[CaseloadView]int `json:"counts"`
	NextBy *time.Time           `json:"next_by"` // when the next of those that are not due today is
}

// Caseload lists the families of the actor's agency by due. Each is shown as Case shows it, and written down as seen.
func (s *Service) Caseload(ctx context.Context, actor auth.Actor, q CaseloadQuery) (Caseload, error) {
	return read(ctx, s, actor, auth.CaseloadRead, func(w *work) (Caseload, error) {
		out := Caseload{Items: []CaseloadRow{}, Counts: map[CaseloadView]int{}}
		if !slices.Contains([]CaseloadView{DueToday, DueLater, WaitsHer, NowServed, NowClosed}, q.View) {
			return out, fault.Problems([]fault.Field{{Pointer: "/view", Code: "unknown", Detail: "There is no such view."}})
		}
		cursor, err := pg.ParseCursor(q.After)
		if err != nil {
			return out, err
		}
		cal, err := w.calendar(actor.OrgID)
		if err != nil {
			return out, err
		}
		of := caseloadOf{Org: actor.OrgID, Until: cal.Day(w.tx.Now).AddDays(1).In(cal.Zone)}
		if q.Mine {
			of.Visitor = &actor.ID
		}
		if out.Counts, out.NextBy, err = w.store.caseloadCounts(of); err != nil {
			return out, err
		}
		cases, err := w.store.caseloadCases(of, q.View, cursor, caseloadPage+1)
		if err != nil {
			return out, err
		}
		if len(cases) > caseloadPage {
			cases = cases[:caseloadPage]
			last := cases[caseloadPage-1]
			out.Next = pg.Cursor{Key: caseloadKey(last, q.View), ID: last.ID.String()}.String()
		}
		return out, w.fillCaseload(&out, cases)
	})
}

// fillCaseload reads everything that the actor's own role shows before the first way to her, which the gate reads as the hub.
func (w *work) fillCaseload(out *Caseload, cases []Case) error {
	var full []bool
	var shown []uuid.UUID
	for _, c := range cases {
		v, all, err := w.show(c)
		if err != nil {
			return err
		}
		out.Items, full, shown = append(out.Items, CaseloadRow{Case: v, Missing: []string{}}), append(full, all), append(shown, c.ID)
	}
	if err := w.audit.Listed("list caseload", shown); err != nil {
		return err
	}
	if err := w.tx.AsHub("the rules and the gate are the hub's to read; the families were read in the agency's own role"); err != nil {
		return err
	}
	rule := w.svc.safety.Clocks().Attempts
	if clocks := w.clocks(); clocks != nil {
		rule = clocks.Attempts
	}
	for i, c := range cases {
		if err := w.triesOf(&out.Items[i], rule); err != nil {
			return err
		}
		if !full[i] {
			continue
		}
		if err := w.showReach(&out.Items[i].Case, c); err != nil {
			return err
		}
	}
	return nil
}

// triesOf counts as closing counts: a try that was not made is none.
func (w *work) triesOf(row *CaseloadRow, rule triage.AttemptRule) error {
	if row.Case.Claim == nil || row.Case.Status == Enrolled || row.Case.Status == Closed {
		return nil
	}
	attempts, err := w.store.attempts(row.Case.ID, w.tx.Actor.OrgID, row.Case.Claim.ClaimedAt)
	if err != nil {
		return err
	}
	cal, err := w.calendar(w.tx.Actor.OrgID)
	if err != nil {
		return err
	}
	row.OfTries, row.Tries = rule.AtLeast, countTries(rule, cal, attempts)
	row.Missing = append(row.Missing, protocolGaps(rule, cal, attempts)...)
	return nil
}
