package agency

import (
	"cloud.google.com/go/civil"

	"doorstep/auth"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/web/ui"
)

// WalkIn enrolls a family that came by itself and has had its first visit.
func (p Pages) WalkIn(r *ui.Request) (ui.Body, error) {
	if err := r.Actor.Require(auth.WalkInEnroll); err != nil {
		return ui.Body{}, err
	}
	rooms, err := p.rooms(r)
	return ui.Body{Title: r.T("agency.walk_in"), Nav: "/walk-ins", Content: walkIn(sorted(rooms), r.Now)}, err
}

// WalkInForm is the family in the fewest fields that the record needs; the rest is added on the case.
type WalkInForm struct {
	Program  string `form:"program_id"`
	Given    string `form:"family.client.given_name"`
	Family   string `form:"family.client.family_name"`
	Born     string `form:"family.client.date_of_birth"`
	Language string `form:"family.client.spoken_language"`
	Stage    string `form:"family.stage"`
	DueOn    string `form:"family.pregnancy.due_on"`
	BabyBorn string `form:"family.birth.infants.0.born_on"`
	Phone    string `form:"family.contact_methods.0.value"`
	Call     string `form:"family.contact_methods.0.safe_call"`
	Voice    string `form:"family.contact_methods.0.safe_voicemail"`
	Text     string `form:"family.contact_methods.0.safe_text"`
	Zip      string `form:"family.addresses.0.zip"`
	Visit    string `form:"family.addresses.0.safe_to_visit"`
	Record   bool   `form:"record"`
	Day      string `form:"held_at"`
	Clock    string `form:"held_at_clock"`
	Place    string `form:"place"`
	How      string `form:"consent_how"`
	Spoken   string `form:"language"`
}

// WalkInNow enrolls her, or hands her to the hub when another agency may have her.
func (p Pages) WalkInNow(r *ui.Request, form WalkInForm) (ui.Next, error) {
	if err := r.Actor.Require(auth.WalkInEnroll); err != nil {
		return ui.Next{}, err
	}
	at, err := moment(r, "held_at", form.Day, form.Clock)
	if err != nil {
		return ui.Next{}, err
	}
	if !form.Record {
		return ui.Next{}, required(r, "record")
	}
	in := referral.WalkInForm{HeldAt: at, Place: form.Place, ConsentHow: form.How, Language: form.Language, Family: form.submission(r)}
	if id := optionalID(form.Program); id != nil {
		in.ProgramID = *id
	}
	receipt, err := p.Referrals.EnrollWalkIn(r.Context(), r.Actor, in)
	if err != nil {
		return ui.Next{}, err
	}
	if !receipt.Enrolled || receipt.Case == nil {
		return ui.Next{To: "/walk-ins", Flash: ui.Flash{Key: "agency.walk_in_hub", Args: []string{"ref", receipt.Reference}}}, nil
	}
	return ui.Next{To: casePath(receipt.Case.CaseID), Flash: ui.Flash{Key: "agency.walk_in_done", Args: []string{"ref", ui.Ref(receipt.Case.CaseID)}}}, nil
}

// submission is the family as a referrer would send it. A day that cannot be read is sent as it was typed, so that its field is named.
func (f WalkInForm) submission(r *ui.Request) referral.Submission {
	iso := func(text string) string {
		if d, ok := ui.ReadDate(text, civil.DateOf(r.Now.In(r.Zone))); ok && d != nil {
			return d.String()
		}
		return text
	}
	s := referral.Submission{Stage: f.Stage, Client: referral.SubmittedClient{GivenName: f.Given, FamilyName: f.Family, DateOfBirth: iso(f.Born), SpokenLanguage: f.Language},
		Consent: referral.SubmittedConsent{Answer: "yes_in_person", ShareWithAgencies: "yes", Language: f.Language}}
	if f.Phone != "" {
		s.ContactMethods = []referral.SubmittedContact{{Channel: "phone", Value: f.Phone, SafeCall: f.Call, SafeVoicemail: f.Voice, SafeText: f.Text}}
	}
	if f.Zip != "" {
		s.Addresses = []referral.SubmittedAddress{{Zip: f.Zip, SafeToVisit: f.Visit}}
	}
	switch {
	case f.Stage == "postpartum":
		s.Birth = &referral.SubmittedBirth{Infants: []referral.SubmittedInfant{{BornOn: iso(f.BabyBorn)}}}
	case f.DueOn != "":
		s.Pregnancy = &referral.SubmittedPregnancy{DueOn: iso(f.DueOn)}
	}
	return s
}

// onlyProgram is chosen at first where there is no other.
func onlyProgram(rooms []providers.Room) []string {
	if len(rooms) != 1 {
		return nil
	}
	return []string{rooms[0].ID.String()}
}
