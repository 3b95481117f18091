package audit

import (
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// historyStore reads events for people. Read it as the hub.
type historyStore struct{ tx *pg.Tx }

type historyRows struct {
	rows   []Entry
	caseID *uuid.UUID // the case of the filter
	email  string     // of the person of the filter
}

var reference = regexp.MustCompile(`^[0-9a-fA-F]{4}-?[0-9a-fA-F]{4}$`)

// read builds one query: each part of a filter has its index.
func (s historyStore) read(f Filter, after pg.Cursor, limit int) (historyRows, error) {
	var out historyRows
	where, by := []string{"true"}, map[string]any{"limit": limit}
	if f.Kind != "" {
		where, by["kind"] = append(where, "e.kind = @kind"), f.Kind
	}
	if f.Action != "" {
		where, by["action"] = append(where, "e.action = @action"), f.Action
	}
	if f.From != nil {
		where, by["from"] = append(where, "e.recorded_at >= @from"), *f.From
	}
	if f.To != nil {
		where, by["to"] = append(where, "e.recorded_at < @to"), *f.To
	}
	if f.Actor != "" {
		id, err := uuid.Parse(f.Actor)
		if err != nil { // an e-mail address stands in no address
			return out, fault.Problems([]fault.Field{{Pointer: "/actor", Code: "id", Detail: "Write the id. To look by an e-mail address, use the form of the page, or POST /api/v1/history/find."}})
		}
		if err := s.tx.Gorm().Raw(`SELECT email FROM users WHERE id = ?`, id).Scan(&out.email).Error; err != nil {
			return out, fmt.Errorf("read who is meant: %w", err)
		}
		where, by["actor"] = append(where, "e.actor_id = @actor"), id
	}
	if after.ID != "" {
		at, err := time.Parse(time.RFC3339Nano, after.Key)
		id, err2 := uuid.Parse(after.ID)
		if err != nil || err2 != nil {
			return out, fault.New(fault.Invalid, "This page address is not one that the service gave. Start from the first page.")
		}
		where, by["at"], by["id"] = append(where, "(e.recorded_at, e.id) < (@at, @id)"), at, id
	}
	from := "audit_events"
	if f.Case != "" {
		id, err := s.caseOf(f.Case)
		if err != nil {
			return out, err
		}
		out.caseID, by["case"] = &id, id
		from = `(SELECT * FROM audit_events WHERE case_id = @case
			UNION ALL SELECT * FROM audit_events WHERE subject = 'list' AND (detail -> 'shown') @> to_jsonb(CAST(CAST(@case AS uuid) AS text)))`
	}
	err := s.tx.Gorm().Raw(`SELECT e.id, e.kind, e.recorded_at, e.at, e.actor_kind, e.actor_id, e.actor_role,
			coalesce(nullif(u.name, ''), nullif(k.label, ''), e.actor_name) AS actor, coalesce(o.name, '') AS org, e.action, e.case_id, e.subject, e.subject_id,
			coalesce(e.from_status, '') AS "from", coalesce(e.to_status, '') AS "to", e.detail
		FROM `+from+` e LEFT JOIN users u ON u.id = e.actor_id LEFT JOIN api_keys k ON k.id = e.actor_id LEFT JOIN organizations o ON o.id = e.org_id
		WHERE `+strings.Join(where, " AND ")+` ORDER BY e.recorded_at DESC, e.id DESC LIMIT @limit`, by).Scan(&out.rows).Error
	if err != nil {
		return out, fmt.Errorf("read the history: %w", err)
	}
	return out, nil
}

// actor finds who is meant: an id stands for itself, as people and keys of long ago are in no list.
func (s historyStore) actor(text string) (uuid.UUID, error) {
	if id, err := uuid.Parse(text); err == nil {
		return id, nil
	}
	var ids []uuid.UUID
	if err := s.tx.Gorm().Raw(`SELECT id FROM users WHERE lower(email) = lower(?)`, text).Scan(&ids).Error; err != nil {
		return uuid.Nil, fmt.Errorf("look for a person: %w", err)
	}
	if len(ids) == 0 {
		return uuid.Nil, fault.Problems([]fault.Field{{Pointer: "/actor", Code: "unknown", Detail: "Nobody here has this e-mail address. Check it, or write the id."}})
	}
	return ids[0], nil
}

func (s historyStore) caseOf(text string) (uuid.UUID, error) {
	if id, err := uuid.Parse(text); err == nil {
		return id, nil
	}
	var ids []uuid.UUID
	if reference.MatchString(text) {
		digits := strings.ToLower(strings.ReplaceAll(text, "-", ""))
		if err := s.tx.Gorm().Raw(`SELECT id FROM cases WHERE right(id::text, 8) = ? LIMIT 2`, digits).Scan(&ids).Error; err != nil {
			return uuid.Nil, fmt.Errorf("look for a case: %w", err)
		}
	}
	if len(ids) != 1 {
		return uuid.Nil, fault.Problems([]fault.Field{{Pointer: "/case", Code: "unknown",
			Detail: "No one case has this reference. Write its eight digits, as in 1A2B-3C4D, or its whole id."}})
	}
	return ids[0], nil
}

func (s historyStore) chain() (Chain, error) {
	var c Chain
	err := s.tx.Gorm().Raw(`SELECT coalesce(max(b.last_seq), 0) AS sealed, (SELECT e.recorded_at FROM audit_seals x JOIN audit_events e ON e.id = x.event_id
			WHERE x.seq = (SELECT max(last_seq) FROM audit_batches)) AS through FROM audit_batches b`).Scan(&c).Error
	if err != nil {
		return c, fmt.Errorf("read how far the history is sealed: %w", err)
	}
	return c, nil
}
