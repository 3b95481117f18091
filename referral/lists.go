package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// pageSize is how many rows a page of any list holds.
const pageSize = 50

// CaseRow is a case in a list: no identity, no reason, no alarm.
type CaseRow struct {
	ID       uuid.UUID  `json:"id"`
	Status   Status     `json:"status"`
	Stage    string     `json:"stage"`
	NextStep string     `json:"next_step"`
	NextBy   *time.Time `json:"next_by"`
	Received time.Time  `json:"received_at"`
}

// Page is one page of a list; Next is empty on the last.
type Page[R any] struct {
	Items []R    `json:"items"`
	Next  string `json:"next"`
}

// Cases lists cases in rank order: every open one for the hub, its own for an agency; status "" is all open ones.
func (s *Service) Cases(ctx context.Context, actor auth.Actor, status Status, after string) (Page[CaseRow], error) {
	return read(ctx, s, actor, auth.CaseRead, func(w *work) (Page[CaseRow], error) {
		out := Page[CaseRow]{Items: []CaseRow{}}
		if status != "" && !status.known() { // an empty list would read as "no family is there"
			return out, fault.Problems([]fault.Field{{Pointer: "/status", Code: "unknown", Detail: "There is no such status."}})
		}
		cursor, err := pg.ParseCursor(after)
		if err != nil {
			return out, err
		}
		var agency *uuid.UUID
		if !actor.SeesAll() {
			agency = &actor.OrgID
		}
		rows, err := w.store.caseList(status, agency, cursor, pageSize+1)
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
			out.Items = append(out.Items, CaseRow{c.ID, c.Status, c.Stage, c.NextStep, c.NextDueAt, c.ReceivedAt})
		}
		return out, w.audit.Listed("list cases", shown)
	})
}

// Pool lists the open offers to the actor's own agency in rank order.
func (s *Service) Pool(ctx context.Context, actor auth.Actor, after string) (Page[OfferView], error) {
	return read(ctx, s, actor, auth.PoolRead, func(w *work) (Page[OfferView], error) {
		out := Page[OfferView]{}
		cursor, err := pg.ParseCursor(after)
		if err == nil && cursor.ID != "" {
			if _, err = uuid.Parse(cursor.ID); err != nil {
				err = fault.New(fault.Invalid, "This page address is not one that the service gave. Start from the first page.")
			}
		}
		if err != nil {
			return out, err
		}
		offers, err := w.store.pool(actor.OrgID, cursor, pageSize+1)
		if err != nil {
			return out, err
		}
		if len(offers) > pageSize {
			offers = offers[:pageSize]
			last := offers[pageSize-1]
			out.Next = pg.Cursor{Key: last.RankKey, ID: last.ID.String()}.String()
		}
		out.Items = offerViews(offers)
		var shown []uuid.UUID
		for _, o := range offers {
			shown = append(shown, o.CaseID)
		}
		return out, w.audit.Listed("list pool", shown)
	})
}

// Alarms lists the alarms without an outcome, oldest first. They are few by nature; a hundred is a page.
func (s *Service) Alarms(ctx context.Context, actor auth.Actor) (Page[AlarmView], error) {
	return read(ctx, s, actor, auth.AlarmRead, func(w *work) (Page[AlarmView], error) {
		alarms, err := w.store.openAlarms(100)
		if err != nil {
			return Page[AlarmView]{}, err
		}
		var shown []uuid.UUID
		for _, a := range alarms {
			shown = append(shown, a.CaseID)
		}
		return Page[AlarmView]{Items: alarmViews(alarms)}, w.audit.Listed("list alarms", shown)
	})
}
