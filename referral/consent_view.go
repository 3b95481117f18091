package referral

import (
	"context"
	"slices"
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
		if err := w.tx.AsHub("a no on another record of hers holds too; the case was read in the actor's own role"); err != nil {
			return out, err
		}
		refused, err := w.store.refusals(c.ID)
		if err != nil {
			return out, err
		}
		out.Now = standingNow(slices.Concat(consents, refused))
		if actor.SeesAll() {
			consents = append(consents, refused...)
			slices.SortStableFunc(consents, func(a, b Consent) int { return a.GivenAt.Compare(b.GivenAt) })
		}
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

// sharingNow is who may know who she is, by program; "any" is the whole network. The store reads answers in the order in which they
// were given.
func sharingNow(consents []Consent) map[string]bool {
	out := map[string]bool{}
	for _, x := range consents {
		switch {
		case x.Gate != GateShare || x.RevokedAt != nil:
		case x.ProgramID == nil:
			out["any"] = x.Answer == yes
		default:
			out[x.ProgramID.String()] = x.Answer == yes
		}
	}
	return out
}
