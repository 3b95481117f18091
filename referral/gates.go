package referral

import (
	"slices"

	"github.com/google/uuid"
)

// herAnswer is the basis of a consent that she gave or refused herself; the others are legal bases that stand in its place.
const herAnswer = "her_answer"

// consentsOf turns the answer on a referral into the gates that it opens or shuts.
func consentsOf(in SubmittedConsent) []Consent {
	row := func(gate int, answer, basis, how string) Consent {
		return Consent{Gate: gate, Answer: answer, Basis: basis, How: how, WordingVersion: in.WordingVersion, Language: in.Language}
	}
	switch in.Answer {
	case "yes_in_person", "signed":
		how := "in_person"
		if in.Answer == "signed" {
			how = "signed"
		}
		out := []Consent{row(GateReceive, yes, herAnswer, how), row(GateContact, yes, herAnswer, how)}
		if in.ShareWithAgencies == yes || in.ShareWithAgencies == no {
			out = append(out, row(GateShare, in.ShareWithAgencies, herAnswer, how))
		}
		return out
	case "she_said_no": // it may reach the hub as care coordination, and starts no outreach
		return []Consent{row(GateReceive, yes, "care_coordination", "not_asked"), row(GateContact, no, herAnswer, "in_person")}
	case "required_form":
		return []Consent{row(GateReceive, yes, "required_form", "not_asked"), row(GateContact, yes, "required_form", "not_asked")}
	}
	return []Consent{row(GateReceive, yes, "care_coordination", "not_asked"), row(GateContact, yes, "care_coordination", "not_asked")}
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
	var best *Consent
	for i, c := range consents {
		if c.Gate != gate || c.RevokedAt != nil || about != nil && !about(c) {
			continue
		}
		if best == nil || outweighs(c, *best) {
			best = &consents[i]
		}
	}
	return best != nil && best.Answer == yes
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
