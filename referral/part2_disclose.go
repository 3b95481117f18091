package referral

import (
	"context"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/fault"
)

// Part2Disclosure is one recipient who is to be given a record, by the consent that names it.
type Part2Disclosure struct {
	ConsentID uuid.UUID  `json:"consent_id" validate:"required"`
	OrgID     *uuid.UUID `json:"org_id"`                       // an organization of the network
	Recipient string     `json:"recipient" validate:"max=200"` // or a name, as the form spells it
	Purpose   string     `json:"purpose" validate:"required,oneof=home_visiting care_coordination treatment"`
}

func (in Part2Disclosure) meaning() []fault.Field {
	if (in.OrgID == nil) == (in.Recipient == "") {
		return []fault.Field{{Pointer: "/recipient", Code: "one", Detail: "Name one recipient: org_id, or recipient as the form spells it."}}
	}
	return nil
}

// DisclosePart2 writes down, before it is done, that a person gives a record to a recipient, and answers with the notice that goes
// with it; a copy of the consent, which Part2 shows, goes with it too. The service itself sends nothing out of the compartment. The consent is checked now: it stands, names this recipient, and is for this
// purpose. Faults: Conflict when one of these is not so; NotFound.
func (s *Service) DisclosePart2(ctx context.Context, actor auth.Actor, id uuid.UUID, in Part2Disclosure) (Part2Receipt, error) {
	return s.part2Change(ctx, actor, id, in, "disclose part 2 record", func(w *work, c Case) (Part2Receipt, error) {
		consent, err := w.part2Consent(c, in.ConsentID)
		if err != nil {
			return Part2Receipt{}, err
		}
		_, cal, err := w.desk()
		if err != nil {
			return Part2Receipt{}, err
		}
		v, err := w.viewPart2Consent(consent)
		if err != nil {
			return Part2Receipt{}, err
		}
		named := slices.Contains(v.Elements.Recipients, in.Recipient)
		if in.OrgID != nil {
			named = slices.Contains(v.Elements.RecipientOrgs, *in.OrgID)
		}
		switch {
		case consent.over(cal.Day(w.tx.Now)) != "":
			return Part2Receipt{}, fault.New(fault.Conflict, "This consent was revoked or is over. Nothing may be given by it.")
		case !named:
			return Part2Receipt{}, fault.New(fault.Conflict, "Her consent does not name this recipient.")
		case v.Elements.Purpose != in.Purpose:
			return Part2Receipt{}, fault.New(fault.Conflict, "Her consent is for another purpose.")
		}
		d := audit.Disclosure{ClientID: consent.ClientID, CaseID: consent.CaseID, Act: discloseTreatment, What: treatmentRecord, Purpose: in.Purpose,
			Basis: "part2_consent", ToOrg: in.OrgID, SubjectID: consent.ID}
		if in.OrgID == nil {
			d.ToName = &in.Recipient
		}
		w.audit.Disclosed(d)
		return Part2Receipt{ConsentID: consent.ID}, nil
	})
}

// part2Consent locks one consent of the caregiver of a case, by whatever record of hers.
func (w *work) part2Consent(c Case, id uuid.UUID) (out part2Consent, err error) {
	clients, err := w.clientsOf(c)
	if err != nil {
		return out, err
	}
	err = w.inCompartment(func(in compartment) (err error) {
		out, err = in.lock(id, clients)
		return err
	})
	return out, err
}

// Part2Revoke names the consent that she takes back. The rule asks for writing; a spoken no is kept all the same.
type Part2Revoke struct {
	ConsentID uuid.UUID `json:"consent_id" validate:"required"`
	How       string    `json:"how" validate:"required,oneof=written spoken"`
}

// RevokePart2 ends a consent: from this instant its records stay shut and may be given to nobody. Faults: Conflict when it was revoked
// before; NotFound.
func (s *Service) RevokePart2(ctx context.Context, actor auth.Actor, id uuid.UUID, in Part2Revoke) (Part2Receipt, error) {
	return s.part2Change(ctx, actor, id, in, "revoke part 2 consent", func(w *work, c Case) (Part2Receipt, error) {
		consent, err := w.part2Consent(c, in.ConsentID)
		if err == nil && consent.RevokedAt != nil {
			err = fault.New(fault.Conflict, "This consent was revoked at %s.", consent.RevokedAt.Format("2006-01-02 15:04 MST"))
		}
		if err != nil {
			return Part2Receipt{}, err
		}
		return Part2Receipt{ConsentID: consent.ID}, w.inCompartment(func(in compartment) error {
			in.revoke([]uuid.UUID{consent.ClientID}, &consent.ID)
			return nil
		})
	})
}
