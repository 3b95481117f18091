package referral

import "doorstep/internal/fault"

// showLine fills in what the home-visiting line holds for this actor's role: its own offers for an agency, all for the hub.
func (w *work) showLine(v *CaseView, c Case) error {
	offers, err := w.store.offers(c.ID)
	if err != nil {
		return err
	}
	v.Offers = offerViews(offers)
	visits, attempts, moves, err := w.store.history(c.ID)
	if err != nil {
		return err
	}
	v.Visits, v.Attempts, v.Moves = []VisitView{}, []AttemptView{}, []MoveView{}
	for _, x := range visits {
		v.Visits = append(v.Visits, VisitView{x.ID, x.First, x.Place, x.PlannedFor, x.Status, x.HeldAt})
	}
	for _, x := range attempts {
		v.Attempts = append(v.Attempts, AttemptView{x.At, x.Channel, x.Outcome, x.NextAt})
	}
	for _, x := range moves {
		v.Moves = append(v.Moves, MoveView{x.Action, x.ToStatus, x.MovedAt, x.UndoneAt})
	}
	claim, err := w.store.latestClaim(c.ID)
	if err != nil {
		return err
	}
	if claim != nil {
		v.Claim = &ClaimView{claim.ProgramID, claim.ClaimedAt, claim.VisitorID}
	}
	if c.Status == Enrolled {
		e, err := w.store.openEnrollment(c.ID)
		switch {
		case fault.KindOf(err) == fault.NotFound: // another agency's
		case err != nil:
			return err
		case claim == nil || claim.ProgramID != e.ProgramID: // she walked in
			v.Claim = &ClaimView{e.ProgramID, e.EnrolledAt, e.VisitorID}
		default:
			v.Claim.VisitorID = e.VisitorID
		}
	}
	return nil
}

// showFamily fills in the person; it reports false where row-level security shows none.
func (w *work) showFamily(v *CaseView, c Case) (bool, error) {
	client, contacts, addresses, err := w.store.reach(c.CaregiverID)
	if err != nil || client == nil {
		return false, err
	}
	standing, err := w.store.standing(c.ID)
	if err != nil {
		return false, err
	}
	for _, other := range standing { // of the same person, as far as the role sees
		_, more, homes, err := w.store.reach(other.CaregiverID)
		if err != nil {
			return false, err
		}
		both := family{contacts: contacts, addresses: addresses}
		both.foldReach(family{contacts: more, addresses: homes})
		contacts, addresses = both.contacts, both.addresses
	}
	pregnancies, infants, err := w.store.episodeOf(c)
	if err != nil {
		return false, err
	}
	consents, err := w.store.consents(c.ID)
	if err != nil {
		return false, err
	}
	f := FamilyView{GivenName: client.GivenName, FamilyName: client.FamilyName, DateOfBirth: client.DateOfBirth,
		SpokenLanguage: client.SpokenLanguage, Interpreter: client.Interpreter, CaregiverRole: c.CaregiverRole,
		Infants: []InfantView{}, Contacts: []ContactView{}, Addresses: []AddressView{}, Sharing: map[string]bool{}}
	for _, x := range pregnancies {
		f.DueOn, f.Outcome = x.DueOn, x.Outcome
		if x.ended() {
			f.DueOn = nil // a day that will not come
		}
	}
	for _, x := range infants {
		f.Infants = append(f.Infants, InfantView{x.ID, x.GivenName, x.BornOn, x.Nicu, x.DeathRecordedAt != nil})
	}
	keys := w.tx.Keys()
	for _, x := range contacts {
		remarks, err := keys.Open("contact_methods", "remarks_sealed", x.ID, x.RemarksSealed)
		if err != nil {
			return false, err
		}
		f.Contacts = append(f.Contacts, ContactView{x.ID, x.Channel, x.Value, x.SafeCall, x.SafeText, x.SafeVoicemail, x.SafeEmail, string(remarks)})
	}
	for _, x := range addresses {
		remarks, err := keys.Open("addresses", "remarks_sealed", x.ID, x.RemarksSealed)
		if err != nil {
			return false, err
		}
		f.Addresses = append(f.Addresses, AddressView{x.Street, x.City, x.Zip, x.SafeToVisit, x.AnnouncedOnly, string(remarks)})
	}
	for _, x := range consents {
		switch {
		case x.Gate != GateShare || x.RevokedAt != nil:
		case x.ProgramID == nil:
			f.Sharing["any"] = x.Answer == yes
		default:
			f.Sharing[x.ProgramID.String()] = x.Answer == yes
		}
	}
	v.Family = &f
	return true, nil
}

func offerViews(offers []Offer) []OfferView {
	out := make([]OfferView, 0, len(offers))
	for _, o := range offers {
		out = append(out, OfferView{o.ID, o.CaseID, o.ProgramID, o.Kind, o.Stage, o.Area, o.Interpreter, o.MadeAt, o.ClaimBy, o.EndedAt, o.EndedAs})
	}
	return out
}
