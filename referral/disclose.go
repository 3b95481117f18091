package referral

import (
	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// The acts that tell somebody outside the hub who she is. The database holds the same list, with export for what leaves as a file.
const (
	discloseClaim      = "claim"
	discloseTransfer   = "transfer"
	discloseWalkIn     = "walk_in"
	discloseFeedback   = "feedback"
	discloseHandover   = "hand_over"
	discloseConnection = "connection"
	discloseTreatment  = "part2"
)

// treatmentRecord is the kind of data that comes with the notice of 42 CFR Part 2, and is shown in the list alone.
const treatmentRecord = "treatment_record"

// discloseRecord writes that an agency was given the family's record, with the claim or enrollment that gives it.
func (m *moving) discloseRecord(act string, agency, program, subject uuid.UUID) error {
	hub, err := m.hub()
	if err != nil {
		return err
	}
	f, err := m.family()
	if err != nil {
		return err
	}
	basis := herAnswer
	if c := restsOn(f.consents, program); c != nil {
		basis = c.Basis
	}
	m.audit.Disclosed(audit.Disclosure{ClientID: m.c.CaregiverID, CaseID: m.c.ID, Act: act, What: "record", Purpose: "home_visiting",
		Basis: basis, OrgID: hub.ID, ToOrg: &agency, SubjectID: subject})
	return nil
}

// discloseOutside writes that a service or office outside the network was told who she is.
func (m *moving) discloseOutside(act, what, purpose, basis, to string, subject uuid.UUID) {
	m.audit.Disclosed(audit.Disclosure{ClientID: m.c.CaregiverID, CaseID: m.c.ID, Act: act, What: what, Purpose: purpose, Basis: basis,
		ToName: &to, SubjectID: subject})
}

// discloseNews writes that a referrer is told how it goes, in the transaction that writes down that the mail is leaving. Whether it
// left is in the mail's own ledger, by which the list shows it. That a referral came in tells its sender nothing new.
func (s *Service) discloseNews(tx *pg.Tx, r Referral, m jobs.Message, consents []Consent) error {
	if m.Template == milestoneReceived {
		return nil
	}
	w := s.work(tx)
	hub, err := w.hub()
	if err != nil {
		return err
	}
	what, basis := "progress", careCoordination
	if r.Sensitivity == sensitivityPart2 { // that a treatment program hears of her says that she was its patient
		what = treatmentRecord
	}
	if newest(consents, ScopeFeedback, nil) {
		basis = herAnswer
	}
	w.audit.Disclosed(audit.Disclosure{ClientID: m.ClientID, CaseID: m.CaseID, Act: discloseFeedback, What: what, Purpose: "care_coordination",
		Basis: basis, OrgID: hub.ID, ToOrg: &r.OrgID, SubjectID: m.ID})
	return nil
}
