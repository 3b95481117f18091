package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
)

// ProgramFamilies is what closing a program would move: how many families, and as what. It names none.
type ProgramFamilies struct {
	ID      uuid.UUID `json:"id"`
	Name    string    `json:"name"`
	Closed  bool      `json:"closed"`
	Offered int       `json:"offered"` // an offer to it is open: it is withdrawn, other offers stand
	Waiting int       `json:"waiting"` // stand on its list: they go on with their place in line
	Claimed int       `json:"claimed"` // with the agency, not enrolled yet: they go on
	Served  int       `json:"served"`  // enrolled: each is asked first
}

// BeforeClosing counts the families of a program, for who thinks of closing it. Faults: Forbidden, NotFound for another agency's program.
func (s *Service) BeforeClosing(ctx context.Context, actor auth.Actor, program uuid.UUID) (ProgramFamilies, error) {
	return read(ctx, s, actor, auth.ProgramClose, func(w *work) (ProgramFamilies, error) {
		p, err := w.providers.Program(program) // in the actor's own role: this proves scope
		if err != nil {
			return ProgramFamilies{}, err
		}
		if err := w.tx.AsHub("offers to a program are counted by the hub's role; its agency was checked in the actor's own"); err != nil {
			return ProgramFamilies{}, err
		}
		out := ProgramFamilies{ID: p.ID, Name: p.Name, Closed: p.ClosedAt != nil}
		return out, w.store.countOfProgram(program, &out)
	})
}
