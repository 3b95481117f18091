package referral

import (
	"context"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/providers"
)

// OfferForm proposes a case to programs by hand: one directly, or several as a pool.
type OfferForm struct {
	Version  int         `json:"version" validate:"min=0"`
	Programs []uuid.UUID `json:"programs" validate:"required,min=1,max=100,unique"`
	Kind     string      `json:"kind" validate:"required,oneof=direct pool"`
	Reason   string      `json:"reason" validate:"omitempty,oneof=her_wish continuity language distance capacity other"`
	Note     string      `json:"note" validate:"max=1000"` // why, in words, when it is not the order of the rules; sealed
}

func (in OfferForm) seen() int { return in.Version }

// Offer proposes the case. A person may depart from the order of the rules and then says why.
// Faults: Conflict when she did not let one of the programs know who she is, or its agency has no valid agreement.
func (s *Service) Offer(ctx context.Context, actor auth.Actor, id uuid.UUID, in OfferForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseOffer, id, ActOffer, in, func(m *moving) error {
		if err := m.noAlarmOpen(); err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := m.checkOffer(f, in); err != nil {
			return err
		}
		if m.was.Status == Offered {
			if err := m.leaveOffers("withdrawn"); err != nil {
				return err
			}
		}
		return m.toOffered(f, verdict{clocks: m.clocks()}, in.Programs, in.Kind)
	})
}

func (in OfferForm) meaning() []fault.Field {
	if in.Kind == direct && len(in.Programs) > 1 {
		return []fault.Field{{Pointer: "/programs", Code: "one", Detail: "A direct offer goes to one program; use pool for several."}}
	}
	return nil
}

func (m *moving) checkOffer(f *family, in OfferForm) error {
	_, cal, err := m.desk()
	if err != nil {
		return err
	}
	if f.client.DoNotContact {
		return errHerWord()
	}
	if len(f.servedBy) > 0 {
		return errServed()
	}
	for _, id := range in.Programs {
		program, err := m.namedProgram(id)
		if err != nil {
			return err
		}
		org, err := m.providers.Organization(program.OrgID)
		switch {
		case err != nil:
			return err
		case program.ClosedAt != nil:
			return errClosed(program.Name)
		case !org.AgreementValid(cal.Day(m.tx.Now)):
			return fault.New(fault.Conflict, "%s has no valid agreement, so nothing about a family may go to it.", org.Name)
		case !mayShare(f.consents, id):
			return fault.New(fault.Conflict, "She has not said yes to %s. Ask her first and record her choice.", program.Name)
		}
	}
	return m.explainOrder(in)
}

// namedProgram is a program that a form named.
func (m *moving) namedProgram(id uuid.UUID) (providers.Program, error) {
	program, err := m.providers.PinProgram(id)
	if fault.KindOf(err) == fault.NotFound {
		return program, fault.Problems([]fault.Field{{Pointer: "/programs", Code: "unknown", Detail: "One of these is not a program of this network."}})
	}
	return program, err
}

// explainOrder asks for a reason when a person departs from the rules' order, and keeps it in the audit row.
func (m *moving) explainOrder(in OfferForm) error {
	first, err := m.store.firstOfRoute(m.c.ID)
	if err != nil {
		return err
	}
	if in.Kind == direct && in.Programs[0] == first {
		return nil
	}
	if in.Reason == "" {
		return fault.Problems([]fault.Field{{Pointer: "/reason", Code: "required", Detail: "This is not the order of the rules. Say why."}})
	}
	m.detail["override"] = in.Reason
	if in.Note == "" {
		return nil
	}
	return m.tx.Insert(&overrideNote{ID: m.id, CaseID: m.c.ID, Reason: in.Reason, ByID: m.tx.Actor.ID, At: m.tx.Now,
		NoteSealed: m.tx.Keys().Seal("override_notes", "note_sealed", m.id, []byte(in.Note))})
}
