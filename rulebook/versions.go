package rulebook

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/triage"
)

// pageSize is how many versions a page holds.
const pageSize = 50

// List is every version, newest first. Faults: Forbidden, Invalid for a page that this service did not give.
func (s *Service) List(ctx context.Context, actor auth.Actor, after string) (Page, error) {
	if err := may(actor, auth.RulesRead); err != nil {
		return Page{}, err
	}
	cursor, err := pg.ParseCursor(after)
	if err != nil {
		return Page{}, err
	}
	var page Page
	err = s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		rows, err := store{tx}.list(cursor, pageSize+1)
		if err != nil {
			return err
		}
		page = Page{Items: append([]Version{}, rows...)}
		if len(rows) > pageSize {
			page.Items = rows[:pageSize]
			last := rows[pageSize-1]
			page.Next = pg.Cursor{Key: strconv.Itoa(last.Version), ID: last.ID.String()}.String()
		}
		return nil
	})
	return page, err
}

// Show is one version with its text, its words, and what a draft still needs. Faults: Forbidden, NotFound.
func (s *Service) Show(ctx context.Context, actor auth.Actor, id uuid.UUID) (Full, error) {
	if err := may(actor, auth.RulesRead); err != nil {
		return Full{}, err
	}
	var out Full
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		store := store{tx}
		var err error
		if out, err = store.full(id); err != nil {
			return err
		}
		if out.Simulations, err = store.simulationsOf(id); err != nil {
			return err
		}
		if out.Releases, err = store.releases(id); err != nil {
			return err
		}
		out.Gate = []Step{}
		if out.Status == draft {
			e, err := store.evidence(id, actor.ID)
			if err != nil {
				return err
			}
			out.Gate = e.gate()
			version, err := store.key(id)
			if err != nil {
				return err
			}
			out.MayApprove = actor.ID != version.CreatedBy && (e.NoteUser == nil || actor.ID != *e.NoteUser)
		}
		return nil
	})
	if err != nil {
		return Full{}, err
	}
	source := triage.Source{Files: out.Files}
	out.Problems = []triage.Problem{}
	set, err := s.keep(out.Hash, source)()
	var problems triage.Problems
	switch {
	case err == nil:
		d := set.Describe(source)
		out.Words = &d
	case errors.As(err, &problems):
		out.Problems = problems
	default:
		out.Problems = []triage.Problem{{File: "(all)", Message: err.Error()}}
	}
	return out, nil
}

// Difference says what changed between two versions.
type Difference struct {
	From    int             `json:"from"`
	To      int             `json:"to"`
	Changes []triage.Change `json:"changes"`
}

// Diff compares a version with another; with uuid.Nil, with the one that it was drafted from. Faults: Forbidden, NotFound, Invalid
// for a first version without another to compare with.
func (s *Service) Diff(ctx context.Context, actor auth.Actor, id, from uuid.UUID) (Difference, error) {
	if err := may(actor, auth.RulesRead); err != nil {
		return Difference{}, err
	}
	var a, b Full
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		store := store{tx}
		key, err := store.key(id)
		if err != nil {
			return err
		}
		other := from
		if other == uuid.Nil && key.BasedOn != nil {
			other = *key.BasedOn
		}
		if other == uuid.Nil {
			return fault.New(fault.Invalid, "This version was drafted from no other: say which to compare it with.")
		}
		if a, err = store.full(other); err != nil {
			return err
		}
		b, err = store.full(id)
		return err
	})
	if err != nil {
		return Difference{}, err
	}
	return Difference{a.Version.Version, b.Version.Version, triage.Diff(triage.Source{Files: a.Files}, triage.Source{Files: b.Files})}, nil
}

// ByVersion finds a version by its number.
func (s *Service) ByVersion(ctx context.Context, actor auth.Actor, version int) (uuid.UUID, error) {
	if err := may(actor, auth.RulesRead); err != nil {
		return uuid.Nil, err
	}
	var id uuid.UUID
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		id, err = store{tx}.byVersion(version)
		return err
	})
	return id, err
}

// CheckLive compiles what is live, so that a process can say at its start what is wrong. The error holds triage.Problems when the
// text is at fault; ErrNoneLive when there is none.
func (s *Service) CheckLive(ctx context.Context) error {
	return s.db.InTx(ctx, auth.System("check of the live rules"), func(tx *pg.Tx) error {
		_, _, _, err := s.Live(tx)
		if err != nil {
			return fmt.Errorf("check the live rules: %w", err)
		}
		return nil
	})
}
