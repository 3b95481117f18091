package audit

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// FindForm is how people name a person and a family.
type FindForm struct {
	Actor string `json:"actor" validate:"max=254"` // an e-mail address or an id
	Case  string `json:"case" validate:"max=36"`   // the eight digits that people call it by, or an id
}

// Found is the same by ids, which may stand in an address.
type Found struct {
	ActorID *uuid.UUID `json:"actor_id"`
	CaseID  *uuid.UUID `json:"case_id"`
}

// Find turns what people write into ids, so that no e-mail address comes into an address. What is empty is not looked for. Faults: Forbidden,
// Invalid at the field that names nobody.
func (s *Service) Find(ctx context.Context, actor auth.Actor, form FindForm) (Found, error) {
	var out Found
	if err := reads(actor); err != nil {
		return out, err
	}
	err := s.db.InTx(ctx, actor, func(tx *pg.Tx) error {
		st := historyStore{tx}
		if text := strings.TrimSpace(form.Actor); text != "" {
			id, err := st.actor(text)
			if err != nil {
				return err
			}
			out.ActorID = &id
		}
		if text := strings.TrimSpace(form.Case); text != "" {
			id, err := st.caseOf(text)
			if err != nil {
				return err
			}
			out.CaseID = &id
		}
		return nil
	})
	return out, err
}
