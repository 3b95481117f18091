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
		v.Attempts = append(v.Attempts, AttemptView{x.At, x.Channel, x.Outcome, x.NextAt, x.TakenBackAt})
	}
	for _, x := range moves {
		v.Moves = append(v.Moves, MoveView{x.Action, x.ToStatus, x.MovedAt, x.UndoneAt})
	}
	v.UndoUntil = undoUntil(c, moves, w.tx)
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

// showFamily fills in the person, without the ways to her and whom she lets know; it reports false where row-level security shows none.
func (w *work) showFamily(v *CaseView, c Case) (bool, error) {
	client, err := w.store.person(c.CaregiverID)
	if err != nil || client == nil {
		return false, err
	}
	pregnancies, infants, err := w.store.episodeOf(c)
	if err != nil {
		return false, err
	}
	f := FamilyView{GivenName: client.GivenName, FamilyName: client.FamilyName, DateOfBirth: client.DateOfBirth,
		SpokenLanguage: client.SpokenLanguage, ReadLanguage: client.ReadLanguage, Interpreter: client.Interpreter, Insurance: client.Insurance, CaregiverRole: c.CaregiverRole,
		DueDates: []DueDateView{}, Infants: []InfantView{}, Contacts: []ContactView{}, Addresses: []AddressView{}}
	for _, x := range pregnancies {
		f.DueOn, f.Outcome = x.DueOn, x.Outcome
		if x.ended() {
			f.DueOn = nil // a day that will not come
			continue
		}
		if f.DueDates, err = w.showDueDates(x.EpisodeID); err != nil {
			return false, err
		}
	}
	for _, x := range infants {
		f.Infants = append(f.Infants, InfantView{x.ID, x.GivenName, x.BornOn, x.BirthWeightGrams, formOfInfant(x).GestationWeeks, x.Nicu, x.Custody,
			x.DischargedOn, x.DischargeExpectedOn, x.DeathRecordedAt != nil})
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
