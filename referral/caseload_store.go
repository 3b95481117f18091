package referral

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// caseloadOf is whose families, and when their day ends.
type caseloadOf struct {
	Org     uuid.UUID
	Visitor *uuid.UUID // nil: everybody's
	Until   time.Time
}

// dueAt is by what the index cases_with_agency sorts: what has no date comes last.
const dueAt = `coalesce(c.next_due_at, '9999-01-01 00:00:00+00')`

// inView is the part of a caseload that each view shows.
func inView(v CaseloadView) string {
	switch v {
	case DueToday:
		return `c.status IN ('claimed', 'accepted', 'enrolled') AND ` + dueAt + ` < @until`
	case DueLater:
		return `c.status IN ('claimed', 'accepted', 'enrolled') AND ` + dueAt + ` >= @until`
	case WaitsHer:
		return `c.status IN ('claimed', 'accepted', 'enrolled') AND (c.held_since IS NOT NULL OR c.next_step IN ('agency_plans_first_visit', 'waits_for_her_word'))`
	case NowServed:
		return `c.status = 'enrolled'`
	}
	return `c.status = 'closed'`
}

// cases is those that the agency sees in full, each once; of one visitor those that the newest claim or enrollment gives to them. A visitor's few
// are found from their side, an agency's from whichever is the shorter.
func (o caseloadOf) cases() string {
	from := `FROM case_access a JOIN cases c ON c.id = a.case_id WHERE a.org_id = @org AND a.level = 'full' AND a.until IS NULL `
	if o.Visitor != nil {
		from += `AND c.id IN (SELECT case_id FROM claims WHERE org_id = @org AND visitor_id = @visitor
			UNION ALL SELECT case_id FROM enrollments WHERE org_id = @org AND visitor_id = @visitor) `
	}
	return from
}

func (o caseloadOf) args() map[string]any {
	return map[string]any{"org": o.Org, "visitor": o.Visitor, "until": o.Until}
}

// caseloadCounts counts what is open in one pass, what has ended up to mostCounted, and says when the next is due after today.
func (s *store) caseloadCounts(o caseloadOf) (map[CaseloadView]int, *time.Time, error) {
	var n struct {
		Today, Upcoming, Waiting, Enrolled int
		NextBy                             *time.Time
	}
	var closed int
	err := s.tx.ReadAll(
		pg.Read{Query: s.db().Raw(`SELECT count(*) FILTER (WHERE `+inView(DueToday)+`) AS today, count(*) FILTER (WHERE `+inView(DueLater)+`) AS upcoming,
			count(*) FILTER (WHERE `+inView(WaitsHer)+`) AS waiting, count(*) FILTER (WHERE `+inView(NowServed)+`) AS enrolled,
			min(c.next_due_at) FILTER (WHERE `+inView(DueLater)+`) AS next_by `+o.cases()+` AND c.status IN ('claimed', 'accepted', 'enrolled')`, o.args()), Into: &n},
		pg.Read{Query: s.db().Raw(fmt.Sprintf(`SELECT count(*) FROM (SELECT 1 %s AND %s LIMIT %d) AS n`, o.cases(), inView(NowClosed), mostCounted), o.args()), Into: &closed})
	return map[CaseloadView]int{DueToday: n.Today, DueLater: n.Upcoming, WaitsHer: n.Waiting, NowServed: n.Enrolled, NowClosed: closed}, n.NextBy,
		wrap(err, "count the caseload of organization %s", o.Org)
}

// caseloadCases is a page of one view, the first due first; of what has ended, the last ended first.
func (s *store) caseloadCases(o caseloadOf, v CaseloadView, after pg.Cursor, limit int) ([]Case, error) {
	args, from := o.args(), ""
	args["limit"] = limit
	key, order, way := dueAt, "", ">"
	if v == NowClosed {
		key, order, way = `c.closed_at`, " DESC", "<"
	}
	if after.ID != "" {
		at, err := time.Parse(time.RFC3339Nano, after.Key)
		id, wrong := uuid.Parse(after.ID)
		if err != nil || wrong != nil {
			return nil, fault.New(fault.Invalid, "This page address is not one that the service gave. Start from the first page.")
		}
		args["at"], args["id"] = at, id
		from = ` AND (` + key + `, c.id) ` + way + ` (@at, @id)`
	}
	var out []Case
	err := s.db().Raw(`SELECT c.* `+o.cases()+` AND `+inView(v)+from+` ORDER BY `+key+order+`, c.id`+order+` LIMIT @limit`, args).Scan(&out).Error
	return out, wrap(err, "list the caseload of organization %s", o.Org)
}

// caseloadKey is by what caseloadCases sorts this row.
func caseloadKey(c Case, v CaseloadView) string {
	at := c.NextDueAt
	if v == NowClosed {
		at = c.ClosedAt
	}
	if at == nil {
		return "9999-01-01T00:00:00Z"
	}
	return at.UTC().Format(time.RFC3339Nano)
}

// team is everybody at an agency who may visit families, with how many each has.
func (s *store) team(org uuid.UUID) ([]Colleague, error) {
	var out []Colleague
	err := s.db().Raw(`SELECT u.id, u.name, u.disabled_at IS NULL AND bool_or(m.ended_at IS NULL) AS here,
			(SELECT count(*) FROM claims WHERE org_id = @org AND visitor_id = u.id AND ended_at IS NULL)
				+ (SELECT count(*) FROM enrollments WHERE org_id = @org AND visitor_id = u.id AND ended_at IS NULL) AS families
		FROM memberships m JOIN users u ON u.id = m.user_id
		WHERE m.org_id = @org AND m.role IN ('home_visitor', 'agency_coordinator', 'agency_manager') GROUP BY u.id ORDER BY u.name, u.id`,
		map[string]any{"org": org}).Scan(&out).Error
	return out, wrap(err, "read the team of organization %s", org)
}
