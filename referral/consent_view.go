package referral

import (
	"context"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
)

// ConsentsView is what she answered, oldest first, and what stands of it now.
type ConsentsView struct {
	Now     Standing      `json:"now"`
	Answers []ConsentView `json:"answers"`
}

// Standing is what may be done now.
type Standing struct {
	Receive        bool `json:"receive"`
	Contact        bool `json:"contact"`
	ShareAny       bool `json:"share_any"` // with any program of the network; single programs stand in the answers
	Feedback       bool `json:"feedback"`  // a clinic hears how it goes unless she says no
	FeedbackReason bool `json:"feedback_reason"`
	Texts          bool `json:"texts"`
	Email          bool `json:"email"`
}

// ConsentView is one answer at one gate, or the legal basis in its place. Who took it is told as far as the reader's own house.
type ConsentView struct {
	ID             uuid.UUID  `json:"id"`
	Scope          string     `json:"scope"`
	ProgramID      *uuid.UUID `json:"program_id"`
	Answer         string     `json:"answer"`
	Basis          string     `json:"basis"`
	How            string     `json:"how"`
	WordingVersion string     `json:"wording_version"`
	Language       string     `json:"language"`
	Interpreter    *string    `json:"interpreter"`
	Own            bool       `json:"own"` // the reader's own organization took it
	GivenAt        time.Time  `json:"given_at"`
	RevokedAt      *time.Time `json:"revoked_at"`
}

// Consents shows them to the hub and to the agency that has her; the view is recorded. Which other organization took an answer is left
// out: where she was asked may say what she is treated for. Faults: NotFound.
func (s *Service) Consents(ctx context.Context, actor auth.Actor, id uuid.UUID) (ConsentsView, error) {
	return read(ctx, s, actor, auth.CaseConsent, func(w *work) (ConsentsView, error) {
		out := ConsentsView{Answers: []ConsentView{}}
		c, err := w.store.caseByID(id)
		if err != nil {
			return out, err
		}
		consents, err := w.store.consents(c.ID)
		if err != nil {
			return out, err
		}
		out.Now = standingNow(consents)
		for _, x := range consents {
			out.Answers = append(out.Answers, ConsentView{x.ID, scopeWord(x.Gate), x.ProgramID, x.Answer, x.Basis, x.How, x.WordingVersion,
				x.Language, x.Interpreter, x.TakenByOrg == actor.OrgID, x.GivenAt, x.RevokedAt})
		}
		return out, w.audit.Viewed("read consents", c.ID)
	})
}

func standingNow(consents []Consent) Standing {
	return Standing{Receive: newest(consents, GateReceive, nil), Contact: mayContact(consents),
		ShareAny: newest(consents, GateShare, func(c Consent) bool { return c.ProgramID == nil }),
		Feedback: !feedbackRefused(consents), FeedbackReason: mayHearReason(consents),
		Texts: newest(consents, ScopeTexts, nil), Email: newest(consents, ScopeEmail, nil)}
}
