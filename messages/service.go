package messages

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// Service is the use cases of the words that machines send.
type Service struct{ db *pg.DB }

// NewService returns the use cases on db.
func NewService(db *pg.DB) *Service { return &Service{db} }

// List shows every template with what of it is in use. Faults: Forbidden.
func (s *Service) List(ctx context.Context, actor auth.Actor) (List, error) {
	out := List{Items: []Template{}}
	if err := actor.Require(auth.TemplateRead); err != nil || !actor.SeesAll() {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		out.Items, err = store{tx}.templates(uuid.Nil, actor.ID)
		return err
	})
	return out, err
}

// Show is one template with its versions. Faults: Forbidden, NotFound.
func (s *Service) Show(ctx context.Context, actor auth.Actor, id uuid.UUID) (Template, error) {
	var out Template
	if err := may(actor, auth.TemplateRead); err != nil {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) (err error) {
		out, err = store{tx}.template(id, actor.ID)
		return err
	})
	return out, err
}

// Check says what is wrong with a text, and keeps nothing. Faults: Forbidden, NotFound.
func (s *Service) Check(ctx context.Context, actor auth.Actor, id uuid.UUID, form WordsForm) (Checked, error) {
	out := Checked{Reports: []Report{}}
	if err := may(actor, auth.TemplateWrite); err != nil {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		st := store{tx}
		t, err := st.template(id, actor.ID)
		if err != nil {
			return err
		}
		names, err := st.names()
		for _, w := range form.words() {
			if !w.Empty() {
				out.Reports = append(out.Reports, Check(t.Channel, w, names))
			}
		}
		return err
	})
	return out, err
}

// may lets in who keeps the words. A key of another organization that claims the role finds nothing.
func may(actor auth.Actor, p auth.Permission) error {
	if err := actor.Require(p); err != nil {
		return err
	}
	if !actor.SeesAll() {
		return fault.New(fault.NotFound, "There is no such template.")
	}
	return nil
}

// signs is may for what somebody puts their name to.
func signs(actor auth.Actor, p auth.Permission) error {
	if err := may(actor, p); err != nil {
		return err
	}
	if actor.Kind != "user" {
		return fault.New(fault.Invalid, "A person must do this in their own name, on the page.")
	}
	return nil
}
