package referral

import (
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
)

// served is an agency that serves this client already: by an open enrollment of another case, or as a family that it listed
// without her name.
type served struct {
	SubjectID uuid.UUID // the enrollment, or the listed family
	OrgID     uuid.UUID
	ProgramID uuid.UUID
	CaseID    *uuid.UUID // of the enrollment
}

// hers are all records of @client, by the links that hold.
const hers = `ARRAY(SELECT id FROM clients WHERE person_id = (SELECT person_id FROM clients WHERE id = @client)) || CAST(@client AS uuid)`

// servedElsewhere asks for it in one read. No closed case has an open enrollment, and saying so lets the index of open cases find hers.
func (s *store) servedElsewhere(c Case, into *[]served) pg.Read {
	return pg.Read{Query: s.db().Raw(`SELECT e.id AS subject_id, e.org_id, e.program_id, e.case_id FROM enrollments e JOIN cases c ON c.id = e.case_id
			WHERE c.caregiver_id = ANY (`+hers+`) AND c.status <> 'closed' AND c.id <> @case AND e.ended_at IS NULL
		UNION ALL SELECT f.id, f.org_id, f.program_id, NULL FROM served_families f JOIN clients p ON p.match_key = f.match_key
			WHERE p.id = ANY (`+hers+`) AND f.ended_at IS NULL`, map[string]any{"client": c.CaregiverID, "case": c.ID}), Into: into}
}

func errServed() error {
	return fault.New(fault.Conflict, "An agency serves this family already. She changes only by a transfer.")
}

// tellHerAgency: a family that is served is never offered to another agency. Her own hears that somebody referred her.
func (m *moving) tellHerAgency(f *family) error {
	for _, s := range f.servedBy {
		err := m.jobs.AddTask(jobs.Task{CaseID: s.CaseID, OrgID: s.OrgID, Role: auth.AgencyCoordinator, Kind: taskReferredAgain,
			SubjectID: s.SubjectID, DueAt: m.tx.Now})
		if err != nil {
			return err
		}
	}
	return nil
}
