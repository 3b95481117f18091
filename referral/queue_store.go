package referral

import (
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"doorstep/internal/pg"
)

// queueTabs says of each tab which cases stand in it. Each names its statuses, so that the index of open work is enough.
func queueTabs() map[Tab]string {
	const snoozed = `EXISTS (SELECT 1 FROM snoozes z WHERE z.case_id = c.id AND z.until > @now AND z.version = c.version)`
	const awake = ` AND NOT ` + snoozed
	// What only a person moves on. The index cases_stuck holds the same words: a query that says them finds few among very many.
	const stuck = `c.review_reasons && '{no_taker,no_place,waitlist_unanswered,no_safe_route}'`
	return map[Tab]string{
		TabReview:    `c.status = 'review' AND NOT (` + stuck + ` AND NOT c.review_reasons && '{alarm}')` + awake,
		TabOutreach:  `c.status = 'outreach' AND c.next_due_at <= @soon` + awake,
		TabDeclined:  `c.status = 'review' AND ` + stuck + ` AND c.review_reasons && '{no_taker}'` + awake,
		TabStalled:   `c.status IN ('claimed', 'accepted') AND c.next_due_at < @now` + awake,
		TabUnclaimed: `c.status = 'offered' AND EXISTS (SELECT 1 FROM offers o WHERE o.case_id = c.id AND o.ended_at IS NULL AND o.made_at < @stood)` + awake,
		TabBounced: `c.status IN ('review', 'outreach', 'offered', 'waitlisted') AND c.id IN (
			SELECT c.id FROM cases c WHERE ` + stuck + ` AND c.review_reasons && '{no_safe_route}'
			UNION ALL SELECT case_id FROM tasks WHERE closed_at IS NULL AND kind IN ('message.failed', 'message.in_doubt', 'contact.find_a_way'))` + awake,
		TabHolds: `c.status <> 'closed' AND c.held_since IS NOT NULL AND EXISTS (SELECT 1 FROM holds h WHERE h.case_id = c.id AND h.lifted_at IS NULL
			AND h.review_on <= @today)` + awake,
		TabUnmet:   `(c.status = 'waitlisted' OR c.status = 'review' AND ` + stuck + ` AND c.review_reasons && '{no_place,waitlist_unanswered}')` + awake,
		TabSnoozed: `c.status <> 'closed' AND ` + snoozed,
	}
}

type queueRow struct {
	Case
	Owner        *string
	SnoozedUntil *time.Time
}

func (s *store) queueArgs(today civil.Date) map[string]any {
	return map[string]any{"now": s.tx.Now, "soon": s.tx.Now.Add(24 * time.Hour), "stood": s.tx.Now.Add(-48 * time.Hour), "today": today.String(),
		"org": s.tx.Actor.OrgID}
}

func (s *store) queue(tab Tab, today civil.Date, after pg.Cursor, limit int) ([]queueRow, error) {
	args := s.queueArgs(today)
	args["after"], args["limit"] = after.Key, limit
	var out []queueRow
	err := s.db().Raw(`SELECT c.*, u.name AS owner, (SELECT z.until FROM snoozes z WHERE z.case_id = c.id AND z.until > @now AND z.version = c.version) AS snoozed_until
		FROM cases c LEFT JOIN users u ON u.id = c.owner_id WHERE `+queueTabs()[tab]+` AND c.rank_key > @after ORDER BY c.rank_key LIMIT @limit`, args).Scan(&out).Error
	return out, wrap(err, "list the queue")
}

// mostCounted is where counting ends: whoever has a thousand needs no better number.
const mostCounted = 1000

func (s *store) queueCounts(v *QueueView, today civil.Date) error {
	v.Counts = map[Tab]int{}
	args := s.queueArgs(today)
	counted := func(from string) string {
		return fmt.Sprintf(`(SELECT count(*) FROM (SELECT 1 FROM %s LIMIT %d) AS n)`, from, mostCounted)
	}
	counts := make([]int, len(Tabs())+3)
	var reads []pg.Read
	for i, tab := range Tabs() {
		reads = append(reads, pg.Read{Query: s.db().Raw(`SELECT `+counted(`cases c WHERE `+queueTabs()[tab]), args), Into: &counts[i]})
	}
	n := len(Tabs())
	reads = append(reads, pg.Read{Query: s.db().Raw(`SELECT ` + counted(`match_questions WHERE answer IS NULL`)), Into: &counts[n]},
		pg.Read{Query: s.db().Raw(`SELECT `+counted(`tasks WHERE org_id = @org AND closed_at IS NULL`), args), Into: &counts[n+1]},
		pg.Read{Query: s.db().Raw(`SELECT ` + counted(`family_requests WHERE settled_at IS NULL AND kind <> 'wrong'`)), Into: &counts[n+2]})
	if err := s.tx.ReadAll(reads...); err != nil {
		return wrap(err, "count the queue")
	}
	for i, tab := range Tabs() {
		v.Counts[tab] = counts[i]
	}
	v.Matches, v.Tasks, v.Asked = counts[n], counts[n+1], counts[n+2]
	return nil
}
