package referral

import (
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/triage"
)

// received is a submission after its check: the rows that it will become, without ids, plus what the rules and gates ask.
type received struct {
	client       Client
	role         string
	episode      uuid.UUID // nil: its own; a caregiver who takes over children comes to theirs
	stage        string
	sensitivity  string
	channel      string
	referredAt   time.Time
	pregnancy    Pregnancy
	dueBy        string // how its due date was found
	infants      []Infant
	contacts     []ContactMethod
	addresses    []Address
	answers      map[string]string
	screenings   []ScreeningRow
	discharged   *civil.Date
	dischargeDue *civil.Date
	warnings     []fault.Field
	receivedAt   time.Time // when it came to the hub by hand; zero: now
}

// cameAt is when it came to the hub: what was on paper since Friday waited since Friday.
func (r *received) cameAt(now time.Time) time.Time {
	if r.taken() {
		return r.receivedAt
	}
	return now
}

// taken: somebody at the hub wrote it down for whoever sent it.
func (r *received) taken() bool { return !r.receivedAt.IsZero() }

// check turns a submission into rows, or into one Invalid fault that names every problem with a JSON pointer.
// today is the day in the hub's zone; forms are the instruments that the rules know.
func (s *Submission) check(shape *fault.Shape, now time.Time, today civil.Date, forms []triage.Instrument) (received, error) {
	c := &checker{now: now, today: today, problems: shape.Check(s)}
	r := received{stage: s.Stage, channel: "api", sensitivity: s.Sensitivity, role: s.Client.CaregiverRole}
	if r.sensitivity == "" {
		r.sensitivity = "none"
	}
	if r.role == "" {
		r.role = careGiverIsBirthParent
	}
	c.part2Referral(s)
	r.referredAt = c.referredAt(s)
	c.client(s, &r.client)
	r.pregnancy = c.pregnancy(s)
	r.dueBy = s.dueBy(r.pregnancy)
	switch {
	case s.Stage == "postpartum" && s.Birth == nil:
		c.refuse("/birth", "required", "A postpartum referral needs the birth with at least one infant.")
	case s.Stage == "prenatal" && s.Birth != nil:
		c.refuse("/birth", "stage", "A prenatal referral has no birth yet. If the baby is born, send stage postpartum.")
	}
	if s.Birth != nil {
		r.infants = c.infants("/birth/infants", s.Birth.Infants)
		r.discharged = c.past("/birth/mother_discharged_on", s.Birth.MotherDischargedOn)
		r.dischargeDue = c.date("/birth/mother_discharge_expected_on", s.Birth.MotherDischargeExpectedOn)
	}
	r.contacts = c.contacts(s)
	r.addresses = c.addresses(s)
	r.answers = c.answers(s)
	r.screenings = c.screenings(s, forms)
	c.consent(s)
	r.warnings = c.warnings
	return r, fault.Problems(c.problems)
}

// consent: an answer that contradicts itself would let her name leave the hub by mistake.
func (c *checker) consent(s *Submission) {
	asked := s.Consent.Answer == "yes_in_person" || s.Consent.Answer == "signed"
	if asked && s.Consent.Basis != "" {
		c.refuse("/consent/basis", "asked", "She was asked, so her own answer is the basis. Leave this out.")
	}
	for gate, said := range s.Consent.beside() {
		if said != yes || asked {
			continue
		}
		pointer := "/consent/" + scopeWord(gate)
		if gate == GateShare {
			pointer = "/consent/share_with_agencies"
		}
		switch s.Consent.Answer {
		case "she_said_no":
			c.refuse(pointer, "contradiction", "She said no, so this cannot be yes. Send no or not_asked.")
		case "send_link", "required_form":
			c.refuse(pointer, "not_asked", "She was not asked in person and did not sign, so this cannot be yes.")
		}
	}
}

// zip is where she lives, for service areas; empty when nobody said.
func (r *received) zip() string {
	for _, a := range r.addresses {
		if a.Zip != nil {
			return *a.Zip
		}
	}
	return ""
}

// family is what this form alone says.
func (r *received) family() *family {
	return &family{client: r.client, pregnancy: &r.pregnancy, infants: r.infants, addresses: r.addresses, answers: r.answers, screenings: r.screenings}
}
