package referral

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// The compartment holds records of a substance-use treatment program (42 CFR Part 2): the whole payload of a referral with sensitivity
// part2, and what the hub adds by hand. No list, rule, message, report, search or other view reads it; the database gives it to no role
// that the rest of the service runs in.
//
// It begins with where a word comes from. What a woman says of herself, or her obstetrician notes, is an ordinary answer
// ("substance_use" among needs) and stays one: Part 2 is about records of a program that holds itself out as treatment. From such a
// program everything is a record, so a part2 referral leaves outside the compartment only what it takes to reach and serve her.
const sensitivityPart2 = "part2"

// Part2Notice goes with every view and disclosure. It follows the two statements of 42 CFR 2.32(a) as amended in 2024, in plain words:
// we have read them in excerpts only (compliancecosmos.org, law.cornell.edu for the older text), so counsel must confirm or replace it.
const Part2Notice = "This record comes from a substance use treatment program. 42 CFR part 2 prohibits unauthorized use or disclosure of these records. " +
	"Do not pass it on except as her written consent or that rule allows. Without her consent or a court order under that rule it may not be used " +
	"against her in any civil, criminal, administrative or legislative proceeding."

// Part2Elements are what a written consent under 42 CFR 2.31 says, beside her own name.
type Part2Elements struct {
	Discloser     string      `json:"discloser" validate:"required,max=200"`                             // the program that discloses
	Recipients    []string    `json:"recipients" validate:"required,min=1,max=10,dive,required,max=200"` // as named on the form, the hub among them
	RecipientOrgs []uuid.UUID `json:"recipient_orgs" validate:"max=10,unique"`                           // those of them that are organizations here, beside the hub
	What          []string    `json:"what" validate:"required,min=1,max=8,unique,dive,oneof=referral screening diagnosis treatment_plan attendance medication drug_tests"`
	Purpose       string      `json:"purpose" validate:"required,oneof=home_visiting care_coordination treatment"`
	SignedOn      string      `json:"signed_on" validate:"required,datetime=2006-01-02"`
	Signature     string      `json:"signature" validate:"required,oneof=paper electronic"`
	ExpiresOn     string      `json:"expires_on" validate:"required,datetime=2006-01-02"` // the last day
	ToldRevocable bool        `json:"told_revocable"`                                     // the form says that she may take it back in writing
}

func (c *checker) part2(at string, in *Part2Elements) (signed, expires civil.Date) {
	if day := c.past(at+"/signed_on", in.SignedOn); day != nil {
		signed = *day
	}
	if day := c.date(at+"/expires_on", in.ExpiresOn); day != nil {
		expires = *day
		if day.Before(c.today) {
			c.refuse(at+"/expires_on", "over", "This consent is over. She must sign a new one.")
		}
	}
	if !in.ToldRevocable {
		c.refuse(at+"/told_revocable", "required", "A consent that does not tell her that she may take it back is none under 42 CFR 2.31.")
	}
	return signed, expires
}

// part2Referral: such a record comes only with her signed consent, whose elements are all there.
func (c *checker) part2Referral(s *Submission) {
	if s.Sensitivity != sensitivityPart2 {
		if s.Part2 != nil {
			c.refuse("/part2", "sensitivity", "This goes with sensitivity part2.")
		}
		return
	}
	if s.Part2 == nil {
		c.refuse("/part2", "required", "Records of a treatment program (42 CFR Part 2) need her written consent: who discloses what to whom, for what, until when.")
	} else {
		c.part2("/part2", s.Part2)
	}
	if s.Consent.Answer != "" && s.Consent.Answer != "signed" {
		c.refuse("/consent/answer", "signed", "Records of a treatment program are sent only with her signed consent.")
	}
}

// outsideCompartment is what of a treatment program's referral the ordinary record takes: who she is, how to reach her, and the
// dates of her pregnancy or birth. Answers, forms, notes and remarks are the program's record.
func (s Submission) outsideCompartment() Submission {
	s.Referrer, s.Needs, s.History, s.Screenings, s.Note, s.Part2 = SubmittedReferrer{}, nil, nil, nil, "", nil
	contacts, addresses := make([]SubmittedContact, len(s.ContactMethods)), make([]SubmittedAddress, len(s.Addresses))
	for i, c := range s.ContactMethods {
		c.Remarks = ""
		contacts[i] = c
	}
	for i, a := range s.Addresses {
		a.Remarks = ""
		addresses[i] = a
	}
	s.ContactMethods, s.Addresses = contacts, addresses
	return s
}

func (r received) outsideCompartment() received {
	r.answers, r.screenings = map[string]string{}, nil
	return r
}

// part2Consent is a row of the compartment; its elements are sealed.
type part2Consent struct {
	ID             uuid.UUID
	CaseID         uuid.UUID
	ClientID       uuid.UUID
	ElementsSealed pg.Sealed
	SignedOn       civil.Date
	ExpiresOn      civil.Date
	TakenByOrg     uuid.UUID
	TakenBy        uuid.UUID
	GivenAt        time.Time
	RevokedAt      *time.Time
	RevokedBy      *uuid.UUID
}

// TableName is gorm's.
func (part2Consent) TableName() string { return "part2_consents" }

// over says why a consent no longer stands on a day, or is empty.
func (c part2Consent) over(day civil.Date) string {
	switch {
	case c.RevokedAt != nil:
		return "consent_revoked"
	case c.ExpiresOn.Before(day):
		return "consent_expired"
	}
	return ""
}

type part2Record struct {
	ID            uuid.UUID
	CaseID        uuid.UUID
	ClientID      uuid.UUID
	ConsentID     uuid.UUID
	ReferralID    *uuid.UUID
	ContentSealed pg.Sealed
	KeptAt        time.Time
	KeptBy        uuid.UUID
}

// TableName is gorm's.
func (part2Record) TableName() string { return "part2_records" }

// noSuchCase is the answer to whoever is not of the hub, whatever its role says.
func noSuchCase() error { return fault.New(fault.NotFound, "There is no such case.") }
