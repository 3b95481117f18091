package audit

import (
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"doorstep/internal/pg"
)

// Store writes events in its transaction, as the transaction's actor. Events are queued and leave with the commit.
type Store struct{ tx *pg.Tx }

// NewStore returns the store of tx.
func NewStore(tx *pg.Tx) *Store { return &Store{tx} }

// Record writes one change.
func (s *Store) Record(e Event) error { return s.write(change, e) }

// Viewed writes that the actor saw one case's record. action says through what: "read case".
func (s *Store) Viewed(action string, caseID uuid.UUID) error {
	return s.write(view, Event{Action: action, CaseID: &caseID, Subject: "case", SubjectID: &caseID})
}

// Listed writes one row for a page of cases, with the ids that were shown. An empty page leaves a row as well: that
// somebody searched and found nothing is part of the history.
func (s *Store) Listed(action string, shown []uuid.UUID) error {
	return s.write(view, Event{Action: action, Subject: "list", Detail: map[string]any{"shown": append([]uuid.UUID{}, shown...)}})
}

// Refused writes that the actor asked for what it may not have; code says why. Write it in a transaction of its own: the
// refused one rolls back.
func (s *Store) Refused(action string, caseID *uuid.UUID, code string) error {
	return s.write(refused, Event{Action: action, CaseID: caseID, Subject: "case", SubjectID: caseID, Detail: map[string]any{"code": code}})
}

func (s *Store) write(kind string, e Event) error {
	detail := []byte("{}")
	if len(e.Detail) > 0 {
		var err error
		if detail, err = json.Marshal(e.Detail); err != nil {
			return fmt.Errorf("write the detail of audit event %q: %w", e.Action, err)
		}
	}
	who := s.tx.Actor
	return s.tx.Insert(&row{
		ID: pg.NewID(), Kind: kind, OrgID: who.OrgID, ActorKind: who.Kind, ActorID: who.ID, ActorRole: string(who.Role),
		ActorName: who.Name, Action: e.Action, CaseID: e.CaseID, Subject: e.Subject, SubjectID: e.SubjectID,
		FromStatus: orNull(e.From), ToStatus: orNull(e.To), Detail: detail, At: s.tx.Now,
	})
}

func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
