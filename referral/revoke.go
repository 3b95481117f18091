package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// RevokeForm is what she takes back: everything, or these scopes; of share these programs, an agency's, or all.
type RevokeForm struct {
	Whole       bool        `json:"whole"`
	Scopes      []string    `json:"scopes" validate:"max=7,unique,dive,oneof=receive contact share feedback feedback_reason texts email"`
	Programs    []uuid.UUID `json:"programs" validate:"max=10,unique"`
	AgencyID    *uuid.UUID  `json:"agency_id"`
	How         string      `json:"how" validate:"required,oneof=in_person phone signed link"`
	Language    string      `json:"language" validate:"omitempty,max=35,language"`
	Interpreter string      `json:"interpreter" validate:"omitempty,oneof=not_needed bilingual_staff qualified"`
}

func (in RevokeForm) meaning() []fault.Field {
	switch {
	case in.Whole && (len(in.Scopes) > 0 || len(in.Programs) > 0 || in.AgencyID != nil):
		return []fault.Field{{Pointer: "/whole", Code: "contradiction", Detail: "Everything, or these scopes: not both."}}
	case !in.Whole && len(in.Scopes) == 0:
		return []fault.Field{{Pointer: "/scopes", Code: "required", Detail: "Say what she takes back, or set whole."}}
	case (len(in.Programs) > 0 || in.AgencyID != nil) && !slices.Contains(in.Scopes, "share"):
		return []fault.Field{{Pointer: "/scopes", Code: "share", Detail: "Programs are named for the scope share."}}
	}
	return nil
}

// ConsentReceipt answers a consent or its revocation. What was told before stays told: the list says to whom, so that she hears it.
type ConsentReceipt struct {
	Receipt        Receipt          `json:"receipt"`
	CannotTakeBack []DisclosureView `json:"cannot_take_back"` // empty but after a no; an agency sees what it was told itself
	Text           string           `json:"text"`
}

const (
	consentKept    = "Written down."
	consentRevoked = "Stopped from this moment on. What was told before cannot be called back; the list says to whom."
)

// Revoke takes back a consent, of any kind of case, closed ones too. At this instant sends to her and about her stop, offers that
// rested on it end, and an agency that had her keeps its own entries and no identity; then the case waits for a person at the hub.
// Faults: Conflict for a case that stands on another; NotFound for a family that the agency does not have; Unavailable when a send did not end in time.
func (s *Service) Revoke(ctx context.Context, actor auth.Actor, id uuid.UUID, in RevokeForm) (ConsentReceipt, error) {
	return s.consentMove(ctx, actor, id, ActRevoke, in, func(m *moving) error {
		words := in.Scopes
		if in.Whole {
			words = []string{"receive"}
		}
		answer := Consent{Answer: no, Basis: herAnswer, How: in.How, Language: in.Language}
		if in.Interpreter != "" {
			answer.Interpreter = &in.Interpreter
		}
		return m.takeBack(answer, words, sharing{in.Programs, in.AgencyID})
	})
}

// errGoesOn: what she says is written where it is read.
func errGoesOn() error {
	return fault.New(fault.Conflict, "This case goes on as another of the same person. Write it on the live case, which the links of this one name.")
}

// consentMove is the frame of both: her record is the hub's and of the agency that has her.
func (s *Service) consentMove(ctx context.Context, actor auth.Actor, id uuid.UUID, action Action, form any, change func(*moving) error) (ConsentReceipt, error) {
	if err := actor.Require(auth.CaseConsent); err != nil {
		return ConsentReceipt{}, err
	}
	if err := s.checkForm(form); err != nil {
		return ConsentReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (ConsentReceipt, error) {
		m, err := s.work(tx).lock(id, action)
		if err != nil {
			return ConsentReceipt{}, err
		}
		closed := m.c.Status == Closed && action == ActRevoke
		if !closed && m.c.StandsOn == nil {
			if err := m.checkAction(); err != nil {
				return ConsentReceipt{}, err
			}
		}
		if err := m.hasFamily(); err != nil {
			return ConsentReceipt{}, err
		}
		if m.c.StandsOn != nil { // written here it would stop nothing
			return ConsentReceipt{}, errGoesOn()
		}
		out := ConsentReceipt{CannotTakeBack: []DisclosureView{}, Text: consentKept}
		if closed {
			out.Receipt, err = m.afterTheEnd(change)
		} else {
			out.Receipt, err = m.finish(change)
		}
		if err != nil || m.action != ActRevoke {
			return out, err
		}
		out.Text = consentRevoked
		out.CannotTakeBack, err = m.toldBefore()
		return out, err
	})
}

// afterTheEnd is a revocation of a closed case: whoever still saw her sees her no more, and nothing moves.
func (m *moving) afterTheEnd(change func(*moving) error) (Receipt, error) {
	if err := change(m); err != nil {
		return Receipt{}, err
	}
	return m.receipt(), m.audit.Record(audit.Event{Action: string(m.action), CaseID: &m.c.ID, Subject: "consents", SubjectID: &m.c.CaregiverID, Detail: m.detail})
}
