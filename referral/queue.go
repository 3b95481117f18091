package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Tab is one part of the hub's queue, by what a person must do.
type Tab string

// The tabs. A case may stand in several: each says one thing that is owed.
const (
	TabReview    Tab = "review"    // a person reads it, and no tab below says why
	TabOutreach  Tab = "outreach"  // a try to reach her is due within a day
	TabDeclined  Tab = "declined"  // every program she may go to said no or let its offer expire
	TabStalled   Tab = "stalled"   // an agency is late with what it owes
	TabUnclaimed Tab = "unclaimed" // an offer has stood for two days
	TabBounced   Tab = "bounced"   // no safe way leads to her, or what was sent did not arrive
	TabHolds     Tab = "holds"     // a hold is to be looked at today
	TabUnmet     Tab = "unmet"     // no place for her
	TabSnoozed   Tab = "snoozed"   // put off by somebody
)

// Tabs lists them in the order of the desk.
func Tabs() []Tab {
	return []Tab{TabReview, TabOutreach, TabDeclined, TabStalled, TabUnclaimed, TabBounced, TabHolds, TabUnmet, TabSnoozed}
}

// QueueRow is a case of the queue, with why it stands there. No identity is in it.
type QueueRow struct {
	CaseRow
	ReviewReasons []string   `json:"review_reasons"`
	ReachFirst    bool       `json:"reach_first"`
	Held          bool       `json:"held"`
	OwnerID       *uuid.UUID `json:"owner_id"`
	Owner         *string    `json:"owner"` // who answers for a family that waits
	SnoozedUntil  *time.Time `json:"snoozed_until"`
}

// QueueView is a page of one tab, and how much stands in each. What stands elsewhere is counted beside: pairs that may be one person, and tasks.
type QueueView struct {
	Page[QueueRow]
	Counts  map[Tab]int `json:"counts"` // up to 1,000 each
	Matches int         `json:"matches"`
	Tasks   int         `json:"tasks"`
	Asked   int         `json:"asked"` // what families asked for on their pages
}

// Queue lists one tab in rank order, "" being the first. Faults: Invalid for a tab that does not exist.
func (s *Service) Queue(ctx context.Context, actor auth.Actor, tab Tab, after string) (QueueView, error) {
	return read(ctx, s, actor, auth.CaseTriage, func(w *work) (QueueView, error) {
		out := QueueView{Page: Page[QueueRow]{Items: []QueueRow{}}}
		if tab == "" {
			tab = TabReview
		}
		if _, ok := queueTabs()[tab]; !ok {
			return out, fault.Problems([]fault.Field{{Pointer: "/tab", Code: "unknown", Detail: "The queue has no such tab."}})
		}
		cursor, err := pg.ParseCursor(after)
		if err != nil {
			return out, err
		}
		_, cal, err := w.desk()
		if err != nil {
			return out, err
		}
		rows, err := w.store.queue(tab, cal.Day(w.tx.Now), cursor, pageSize+1)
		if err != nil {
			return out, err
		}
		if len(rows) > pageSize {
			rows = rows[:pageSize]
			last := rows[pageSize-1]
			out.Next = pg.Cursor{Key: last.RankKey, ID: last.ID.String()}.String()
		}
		var shown []uuid.UUID
		for _, r := range rows {
			shown = append(shown, r.ID)
			out.Items = append(out.Items, QueueRow{CaseRow{r.ID, r.Status, r.Stage, r.NextStep, r.NextDueAt, r.ReceivedAt},
				orEmpty(r.ReviewReasons), r.Band <= 1, r.HeldSince != nil, r.OwnerID, r.Owner, r.SnoozedUntil})
		}
		if err := w.store.queueCounts(&out, cal.Day(w.tx.Now)); err != nil {
			return out, err
		}
		return out, w.audit.Listed("list queue", shown)
	})
}
