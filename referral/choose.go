package referral

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// ChoiceForm is what she said when the programs were explained to her. Her yes to a program is what lets it know who she is.
type ChoiceForm struct {
	Version        int         `json:"version" validate:"min=0"`
	Answer         string      `json:"answer" validate:"required,oneof=yes no later"`
	Programs       []uuid.UUID `json:"programs" validate:"max=10"` // as she ranked them
	AnyProgram     bool        `json:"any_program"`                // yes to any program of the network
	NotAgain       bool        `json:"not_again"`                  // with no: she asked not to be contacted again
	AskAgainAt     *time.Time  `json:"ask_again_at"`               // with later
	How            string      `json:"how" validate:"required,oneof=in_person phone signed link"`
	Language       string      `json:"language" validate:"omitempty,max=35,language"`
	WordingVersion string      `json:"wording_version" validate:"omitempty,wording"`
}

func (in ChoiceForm) seen() int { return in.Version }

// RecordChoice writes her yes, no or later. Yes offers the case to the first program she named that has a place; no ends
// the case without blame; later promises to ask again.
func (s *Service) RecordChoice(ctx context.Context, actor auth.Actor, id uuid.UUID, in ChoiceForm) (Receipt, error) {
	return s.move(ctx, actor, auth.CaseChoose, id, ActChoose, in, func(m *moving) error {
		f, err := m.family()
		if err != nil {
			return err
		}
		if err := m.reached(m.tx.Now); err != nil {
			return err
		}
		m.detail["answer"] = in.Answer
		switch in.Answer {
		case no:
			return m.saidNo(f, in)
		case yes:
			return m.saidYes(f, in)
		}
		return m.later(in)
	})
}

func (in ChoiceForm) meaning() []fault.Field {
	if in.Answer == yes && len(in.Programs) == 0 && !in.AnyProgram {
		return []fault.Field{{Pointer: "/programs", Code: "required", Detail: "Name the programs she said yes to, or say that any program will do (any_program)."}}
	}
	return nil
}

func (m *moving) saidYes(f *family, in ChoiceForm) error {
	m.saidYesNow()
	var answers []Consent
	say := func(program *uuid.UUID) {
		c := Consent{Gate: GateShare, ProgramID: program, Answer: yes, Basis: herAnswer, How: in.How, WordingVersion: in.WordingVersion, Language: in.Language}
		m.stampConsent(&c)
		answers = append(answers, c)
	}
	for _, id := range in.Programs {
		if _, err := m.namedProgram(id); err != nil {
			return err
		}
		say(&id)
	}
	if in.AnyProgram {
		say(nil)
	}
	f.consents = append(f.consents, answers...)
	if err := m.tx.Insert(&answers); err != nil {
		return err
	}
	if m.was.Status == Offered {
		if err := m.leaveOffers("withdrawn"); err != nil {
			return err
		}
	}
	return m.reroute(f, "choice", nil)
}

func (m *moving) saidNo(f *family, in ChoiceForm) error {
	disposition := SaidNoForNow
	refusal := Consent{Gate: GateShare, Answer: no, Basis: herAnswer, How: in.How, WordingVersion: in.WordingVersion, Language: in.Language}
	if in.NotAgain {
		disposition, refusal.Gate = AskedNotToBeContacted, GateContact
	}
	m.stampConsent(&refusal)
	if err := m.tx.Insert(&refusal); err != nil {
		return err
	}
	return m.end(f.client.ID, disposition, "her_choice", nil)
}

func (m *moving) later(in ChoiceForm) error {
	if in.AskAgainAt != nil {
		if err := ahead("/ask_again_at", *in.AskAgainAt, m.tx.Now); err != nil {
			return err
		}
	}
	if m.was.Status != Outreach {
		return nil // an offer that stands is not lost by thinking about it, nor a place in line
	}
	hub, cal, err := m.desk()
	if err != nil {
		return err
	}
	again := cal.AddBusinessDays(m.tx.Now, 1)
	if in.AskAgainAt != nil {
		again = in.AskAgainAt.UTC()
	}
	if err := m.kept(); err != nil {
		return err
	}
	return m.next(stepSheChooses, jobs.OutreachDue, m.c.ID, hub.ID, again)
}

// candidates are the programs that may be offered next, best first: those she named, in her order, then the rest of the
// route that she lets know who she is; never one that said no.
func candidates(route []uuid.UUID, consents []Consent, past []Offer) (fresh, expired []uuid.UUID) {
	var order []uuid.UUID
	for _, id := range append(chosen(consents), route...) {
		if slices.Contains(route, id) && mayShare(consents, id) && !slices.Contains(order, id) {
			order = append(order, id)
		}
	}
	for _, id := range order {
		switch answered(past, id) {
		case "":
			fresh = append(fresh, id)
		case direct:
			expired = append(expired, id)
		}
	}
	return fresh, expired
}

// answered says how a program met its last offer: not yet "", let a direct one expire "direct", or is out of the question "no".
func answered(past []Offer, program uuid.UUID) string {
	last := ""
	for _, o := range past {
		if o.ProgramID != program || o.EndedAs == nil {
			continue
		}
		switch *o.EndedAs {
		case "agency_declined", "she_said_no":
			return no
		case "claimed":
			if o.Released {
				return no
			}
		case "expired":
			last = direct
			if o.Kind == pool {
				return no // it was asked twice
			}
		}
	}
	return last
}
