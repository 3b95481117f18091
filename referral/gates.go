package referral

import (
	"slices"

	"github.com/google/uuid"
)

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
		out := []Consent{row(GateReceive, yes, "her_answer", how), row(GateContact, yes, "her_answer", how)}
		if in.ShareWithAgencies == yes || in.ShareWithAgencies == no {
			out = append(out, row(GateShare, in.ShareWithAgencies, "her_answer", how))
		}
		return out
	case "she_said_no": // it may reach the hub as care coordination, and starts no outreach
		return []Consent{row(GateReceive, yes, "care_coordination", "not_asked"), row(GateContact, no, "her_answer", "in_person")}
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

// newest reads consents in any order; of two given at one instant the no counts.
func newest(consents []Consent, gate int, about func(Consent) bool) bool {
	var best *Consent
	for i, c := range consents {
		if c.Gate != gate || c.RevokedAt != nil || about != nil && !about(c) {
			continue
		}
		if best == nil || c.GivenAt.After(best.GivenAt) || c.GivenAt.Equal(best.GivenAt) && c.Answer == no {
			best = &consents[i]
		}
	}
	return best != nil && best.Answer == yes
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
