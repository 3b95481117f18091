package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
)

// ConsentForm is what she answered when she was asked: which scopes, by which words, in which language, and who carried them across.
type ConsentForm struct {
	Answer         string      `json:"answer" validate:"required,oneof=yes no"`
	Scopes         []string    `json:"scopes" validate:"required,min=1,max=7,unique,dive,oneof=receive contact share feedback feedback_reason texts email"`
	Programs       []uuid.UUID `json:"programs" validate:"max=10,unique"` // of share: these
	AgencyID       *uuid.UUID  `json:"agency_id"`                         // of share: every program that this agency runs today
	AnyProgram     bool        `json:"any_program"`                       // of share: any program of the network
	How            string      `json:"how" validate:"required,oneof=in_person phone signed link"`
	Language       string      `json:"language" validate:"required,max=35,language"`
	WordingVersion string      `json:"wording_version" validate:"required,wording"`
	Interpreter    string      `json:"interpreter" validate:"required,oneof=not_needed bilingual_staff qualified"` // never a relative or a child
	GivenAt        *time.Time  `json:"given_at"`                                                                   // when she said it; empty: now
}

// consentAge bounds how late a consent may be written down, in days: an older paper is asked again. Local policy.
const consentAge = 90

func (in ConsentForm) meaning() []fault.Field {
	shares := slices.Contains(in.Scopes, "share")
	named := len(in.Programs) > 0 || in.AgencyID != nil || in.AnyProgram
	switch {
	case shares && in.Answer == yes && !named:
		return []fault.Field{{Pointer: "/programs", Code: "required", Detail: "Name the programs or the agency that may know who she is, or set any_program."}}
	case !shares && named:
		return []fault.Field{{Pointer: "/scopes", Code: "share", Detail: "Programs are named for the scope share."}}
	case in.AnyProgram && (len(in.Programs) > 0 || in.AgencyID != nil):
		return []fault.Field{{Pointer: "/any_program", Code: "contradiction", Detail: "Any program, or these: not both."}}
	}
	return nil
}

// RecordConsent writes her yes or her no. A yes opens what the scope says and moves nothing by itself; a no does all that a revocation
// does, from this instant. Faults: NotFound for a family that the agency does not have; Invalid.
func (s *Service) RecordConsent(ctx context.Context, actor auth.Actor, id uuid.UUID, in ConsentForm) (ConsentReceipt, error) {
	return s.consentMove(ctx, actor, id, ActConsent, in, func(m *moving) error {
		at, err := m.saidAt(in.GivenAt)
		if err != nil {
			return err
		}
		answer := Consent{Answer: in.Answer, Basis: herAnswer, How: in.How, WordingVersion: in.WordingVersion, Language: in.Language, Interpreter: &in.Interpreter}
		if in.Answer == no {
			m.action = ActRevoke
			if err := m.checkAction(); err != nil {
				return err
			}
			return m.takeBack(answer, in.Scopes, sharing{in.Programs, in.AgencyID})
		}
		m.detail["scopes"] = in.Scopes
		programs, err := m.programsOf(sharing{in.Programs, in.AgencyID})
		if err != nil {
			return err
		}
		answer.GivenAt = at
		if err := m.say(answer, in.Scopes, programs); err != nil {
			return err
		}
		if slices.Contains(in.Scopes, "share") {
			m.saidYesNow()
		}
		return nil
	})
}

// saidAt is when she said it: now, or a moment not long ago.
func (m *moving) saidAt(at *time.Time) (time.Time, error) {
	switch {
	case at == nil:
		return m.tx.Now, nil
	case at.After(m.tx.Now):
		return m.tx.Now, fault.Problems([]fault.Field{{Pointer: "/given_at", Code: "in_future", Detail: "This lies ahead."}})
	case at.Before(m.tx.Now.AddDate(0, 0, -consentAge)):
		return m.tx.Now, fault.Problems([]fault.Field{{Pointer: "/given_at", Code: "too_old", Detail: "This is more than 90 days ago. Ask her again."}})
	}
	return at.UTC().Truncate(time.Microsecond), nil
}

// sharing is whom a consent to share names: programs, and every program that an agency runs today. Empty is the whole network. A
// program that the agency opens later is a new question to her.
type sharing struct {
	programs []uuid.UUID
	agency   *uuid.UUID
}

func (r sharing) everybody() bool { return len(r.programs) == 0 && r.agency == nil }

func (m *moving) programsOf(r sharing) ([]uuid.UUID, error) {
	out := slices.Clone(r.programs)
	for _, id := range r.programs {
		if _, err := m.namedProgram(id); err != nil {
			return nil, err
		}
	}
	if r.agency == nil {
		return out, nil
	}
	run, err := m.store.programsRunBy(*r.agency)
	if err == nil && len(run) == 0 {
		err = fault.Problems([]fault.Field{{Pointer: "/agency_id", Code: "unknown", Detail: "This is not an agency of this network that runs a program."}})
	}
	for _, id := range run {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out, err
}

// say writes one row a scope; of share one row a program, or one for all.
func (m *moving) say(answer Consent, scopes []string, programs []uuid.UUID) error {
	f, err := m.family()
	if err != nil {
		return err
	}
	given := answer.GivenAt
	write := func(gate int, program *uuid.UUID) error {
		c := answer
		c.Gate, c.ProgramID = gate, program
		m.stampConsent(&c)
		if !given.IsZero() {
			c.GivenAt = given
		}
		f.consents = append(f.consents, c)
		return m.tx.Insert(&c)
	}
	for _, word := range scopes {
		gate := scopeGate(word)
		if gate != GateShare || len(programs) == 0 {
			if err := write(gate, nil); err != nil {
				return err
			}
			continue
		}
		for _, id := range programs {
			if err := write(gate, &id); err != nil {
				return err
			}
		}
	}
	return nil
}

// scopes are the words for the gates and for the answers beside them, by number from 1.
func scopes() []string {
	return []string{"receive", "contact", "share", "program", "texts", "email", "feedback", "feedback_reason"}
}

func scopeGate(word string) int { return slices.Index(scopes(), word) + 1 }

func scopeWord(gate int) string { return scopes()[gate-1] }
