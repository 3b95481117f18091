package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Service is the reading of the history. Whoever reads it stands in it.
type Service struct{ db *pg.DB }

// NewService returns the use cases on db.
func NewService(db *pg.DB) *Service { return &Service{db} }

// Filter narrows the history; what is zero does not.
type Filter struct {
	Actor  string     `json:"actor"` // the id of a person or key; Find knows it of an e-mail address
	Case   string     `json:"case"`  // the id of a case, or the eight digits that people call it by
	Kind   string     `json:"kind"`  // change, view, refused
	Action string     `json:"action"`
	From   *time.Time `json:"from"`
	To     *time.Time `json:"to"` // not included
}

// Entry is one event as it is read.
type Entry struct {
	ID         uuid.UUID       `json:"id"`
	Kind       string          `json:"kind"`
	RecordedAt time.Time       `json:"recorded_at"`
	At         time.Time       `json:"at"`
	ActorKind  string          `json:"actor_kind"`
	ActorID    uuid.UUID       `json:"actor_id"`
	ActorRole  string          `json:"actor_role"`
	Actor      string          `json:"actor"` // the person's name, the key's label, or the part of the service
	Org        string          `json:"org"`
	Action     string          `json:"action"`
	CaseID     *uuid.UUID      `json:"case_id"`
	Subject    string          `json:"subject"`
	SubjectID  *uuid.UUID      `json:"subject_id"`
	From       string          `json:"from"`
	To         string          `json:"to"`
	Detail     json.RawMessage `json:"detail"`
}

// History is one page, newest first; Next is empty on the last.
type History struct {
	Items  []Entry    `json:"items"`
	Next   string     `json:"next"`
	CaseID *uuid.UUID `json:"case_id"` // of the filter
	Email  string     `json:"email"`   // of the filter's person; empty: none, or a key
}

const (
	historyPage = 50
	exportRows  = 10_000
)

// Read lists events, newest first. With a case it holds the lists in which the case was shown, too. That it was read is an event of its own.
// Faults: Forbidden, Invalid for a filter or a page that mean nothing.
func (s *Service) Read(ctx context.Context, actor auth.Actor, f Filter, after string) (History, error) {
	page := History{Items: []Entry{}}
	if err := reads(actor); err != nil {
		return page, err
	}
	cursor, err := pg.ParseCursor(after)
	if err != nil {
		return page, err
	}
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		found, err := historyStore{tx}.read(f, cursor, historyPage+1)
		if err != nil {
			return err
		}
		if len(found.rows) > historyPage {
			found.rows = found.rows[:historyPage]
			last := found.rows[historyPage-1]
			page.Next = pg.Cursor{Key: last.RecordedAt.UTC().Format(time.RFC3339Nano), ID: last.ID.String()}.String()
		}
		page.Items, page.CaseID, page.Email = append(page.Items, found.rows...), found.caseID, found.email
		return NewStore(tx).write(view, Event{Action: "read history", CaseID: found.caseID, Subject: "history", Detail: f.detail(len(page.Items))})
	})
	return page, err
}

// Export is Read for a file: the newest 10,000 that fit. Faults: as Read's, and Invalid when more fit than a file takes: a part that looks
// like the whole would be worse than none.
func (s *Service) Export(ctx context.Context, actor auth.Actor, f Filter) ([]Entry, error) {
	if err := reads(actor); err != nil {
		return nil, err
	}
	var out []Entry
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		found, err := historyStore{tx}.read(f, pg.Cursor{}, exportRows+1)
		if err != nil {
			return err
		}
		if len(found.rows) > exportRows {
			return fault.New(fault.Invalid, "More than %d events fit. Narrow the time, the person or the family.", exportRows)
		}
		out = found.rows
		return NewStore(tx).write(view, Event{Action: "export history", CaseID: found.caseID, Subject: "history", Detail: f.detail(len(out))})
	})
	return out, err
}

// detail is what of a filter the history keeps: no address of a person.
func (f Filter) detail(rows int) map[string]any {
	return map[string]any{"rows": rows, "kind": f.Kind, "by_person": f.Actor != "", "from": f.From, "to": f.To}
}

// Chain is how far the history is sealed.
type Chain struct {
	Sealed  int64      `json:"sealed"`  // events with a number
	Through *time.Time `json:"through"` // when the newest of them was recorded; nil: none yet
}

// Chain tells how far the history is sealed, without recomputing it. Faults: Forbidden.
func (s *Service) Chain(ctx context.Context, actor auth.Actor) (Chain, error) {
	if err := reads(actor); err != nil {
		return Chain{}, err
	}
	var c Chain
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		c, err = historyStore{tx}.chain()
		return err
	})
	return c, err
}

// Verified is what a check of the whole chain found.
type Verified struct {
	Events   int64  `json:"events"`
	Sealed   int64  `json:"sealed"`
	Unsealed int64  `json:"unsealed"`
	Head     string `json:"head"`   // hash of the newest batch, in hexadecimal
	Broken   string `json:"broken"` // empty: the history is as it was sealed
}

// Verify recomputes the whole chain, as the command on the server does, and keeps that it was done. Faults: Forbidden.
func (s *Service) Verify(ctx context.Context, actor auth.Actor) (Verified, error) {
	if err := actor.Require(auth.AuditVerify); err != nil {
		return Verified{}, err
	}
	if err := reads(actor); err != nil {
		return Verified{}, err
	}
	r, err := NewSealer(s.db).Verify(ctx)
	if err != nil {
		return Verified{}, err
	}
	v := Verified{Events: r.Events, Sealed: r.Sealed, Unsealed: r.Unsealed, Head: fmt.Sprintf("%x", r.Head)}
	if r.Broken != nil {
		v.Broken = *r.Broken
	}
	return v, s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		return NewStore(tx).write(view, Event{Action: "verify history", Subject: "history", Detail: map[string]any{"sealed": v.Sealed, "broken": v.Broken != ""}})
	})
}

// reads lets in who may read the history. A key of another organization that claims the role finds nothing.
func reads(actor auth.Actor) error {
	if err := actor.Require(auth.AuditRead); err != nil {
		return err
	}
	if !actor.SeesAll() {
		return fault.New(fault.NotFound, "There is no such history.")
	}
	return nil
}
