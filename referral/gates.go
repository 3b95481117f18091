package referral

import (
	"iter"
	"slices"

	"github.com/google/uuid"
)

// The bases of a consent: her own answer, or what the law puts in its place for a clinic or hospital. Sources: a required form and
// public health, Maryland's prenatal and postpartum referral forms to a health department (health.maryland.gov, postpartum referral)
// and 45 CFR 164.512(b); care coordination, 45 CFR 164.506(c). They were read as summaries: counsel must confirm them.
const (
	herAnswer        = "her_answer"
	requiredForm     = "required_form"
	careCoordination = "care_coordination"
	publicHealth     = "public_health"
	noBasis          = "none" // nobody asked her, and no law stands in for her
)

// consentsOf turns the answer on a referral into the gates that it opens or shuts. clinical: the referrer is a clinic or hospital;
// of any other only her own yes opens a gate, and without it a person at the hub looks.
func consentsOf(in SubmittedConsent, clinical bool) []Consent {
	row := func(gate int, answer, basis, how string) Consent {
		c := Consent{Gate: gate, Answer: answer, Basis: basis, How: how, WordingVersion: in.WordingVersion, Language: canonical(in.Language)}
		if in.Interpreter != "" {
			c.Interpreter = &in.Interpreter
		}
		return c
	}
	basis := careCoordination
	switch {
	case in.Basis != "":
		basis = in.Basis
	case in.Answer == "required_form":
		basis = requiredForm
	}
	receive := row(GateReceive, yes, basis, "not_asked")
	if !clinical {
		receive = row(GateReceive, no, noBasis, "not_asked")
	}
	switch in.Answer {
	case "yes_in_person", "signed":
		how := "in_person"
		if in.Answer == "signed" {
			how = "signed"
		}
		out := []Consent{row(GateReceive, yes, herAnswer, how), row(GateContact, yes, herAnswer, how)}
		for gate, said := range in.beside() {
			if said == yes || said == no {
				out = append(out, row(gate, said, herAnswer, how))
			}
		}
		return out
	case "she_said_no": // it may reach the hub, and starts no outreach
		return []Consent{receive, row(GateContact, no, herAnswer, "in_person")}
	}
	contact := receive
	contact.Gate = GateContact
	return []Consent{receive, contact}
}

// mayContact is gate 2: her newest answer. No answer is no.
func mayContact(consents []Consent) bool { return newest(consents, GateContact, nil) }

// mayShare is gate 3 for one program: her newest answer about it or about any program of the network.
func mayShare(consents []Consent, program uuid.UUID) bool {
	return newest(consents, GateShare, func(c Consent) bool { return c.ProgramID == nil || *c.ProgramID == program })
}

// newest reads consents in any order. A legal basis counts only until she has spoken herself: a later form that did not ask
// her cannot undo her no.
func newest(consents []Consent, gate int, about func(Consent) bool) bool {
	best := weightiest(consents, gate, about)
	return best != nil && best.Answer == yes
}

func weightiest(consents []Consent, gate int, about func(Consent) bool) *Consent {
	var best *Consent
	for i, c := range consents {
		if c.Gate != gate || c.RevokedAt != nil || about != nil && !about(c) {
			continue
		}
		if best == nil || outweighs(c, *best) {
			best = &consents[i]
		}
	}
	return best
}

// outweighs: her own word before a legal basis, then the newer; of two given at one instant the no counts.
func outweighs(a, b Consent) bool {
	if hers := a.Basis == herAnswer; hers != (b.Basis == herAnswer) {
		return hers
	}
	return a.GivenAt.After(b.GivenAt) || a.GivenAt.Equal(b.GivenAt) && a.Answer == no
}

// chosen lists the programs she named herself, newest choice first as she ranked them.
func chosen(consents []Consent) []uuid.UUID {
	var out []uuid.UUID
	for _, c := range consents { // the store reads them in the order in which they were given
		if c.Gate == GateShare && c.RevokedAt == nil && c.Answer == yes && c.ProgramID != nil && !slices.Contains(out, *c.ProgramID) {
			out = append(out, *c.ProgramID)
		}
	}
	return out
}

// beside are the answers beside the first two gates, in the order of the gates.
func (in SubmittedConsent) beside() iter.Seq2[int, string] {
	return func(yield func(int, string) bool) {
		for _, a := range []struct {
			gate int
			said string
		}{{GateShare, in.ShareWithAgencies}, {ScopeTexts, in.Texts}, {ScopeEmail, in.Email}, {ScopeFeedback, in.Feedback}, {ScopeReason, in.FeedbackReason}} {
			if !yield(a.gate, a.said) {
				return
			}
		}
	}
}

// feedbackRefused: she does not want her referrer to hear more than that the referral came in. A clinic hears how it goes unless she
// says no, as the care of a shared patient; why it ended only with her yes.
func feedbackRefused(consents []Consent) bool {
	said := slices.ContainsFunc(consents, func(c Consent) bool { return c.Gate == ScopeFeedback && c.RevokedAt == nil })
	return said && !newest(consents, ScopeFeedback, nil)
}

// mayHearReason: why her case ended may be told to her referrer.
func mayHearReason(consents []Consent) bool {
	return !feedbackRefused(consents) && newest(consents, ScopeReason, nil)
}

// refusedAll: her newest word about the whole network is that nobody may know who she is.
func refusedAll(consents []Consent) bool {
	c := weightiest(consents, GateShare, func(c Consent) bool { return c.ProgramID == nil })
	return c != nil && c.Basis == herAnswer && c.Answer == no
}

// restsOn is the consent by which a program may know who she is: its own at enrollment, else her yes at gate 3; nil when neither
// stands.
func restsOn(consents []Consent, program uuid.UUID) *Consent {
	for _, gate := range []int{GateProgram, GateShare} {
		c := weightiest(consents, gate, func(c Consent) bool { return c.ProgramID == nil || *c.ProgramID == program })
		if c != nil && c.Answer == yes {
			return c
		}
	}
	return nil
}
