package referral_test

import (
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/referral"
)

// asked puts a request of a family on its page into the inbox, with its task, as the page does.
func (w *world) asked(caseID uuid.UUID, kind string) uuid.UUID {
	w.Helper()
	id := uuid.New()
	w.exec(`INSERT INTO family_requests (id, kind, case_id, text_sealed, asked_at) SELECT $1, $2, $3, payload_sealed, $4 FROM referrals WHERE case_id = $3 LIMIT 1`, id, kind, caseID, w.clock.Now())
	w.exec(`INSERT INTO tasks (id, case_id, org_id, role, kind, subject_id, urgent, due_at, created_at) VALUES (gen_random_uuid(), $1, $2, 'triage_coordinator', $3, $4, false, $5, $5)`,
		caseID, w.hub.ID, "family."+kind, id, w.clock.Now())
	return id
}

func TestAFamilysRequestHasAnOwnerAndAnEnd(t *testing.T) {
	w := newWorld(t)
	id := w.asked(w.outreach(), "take_back")
	page, err := w.cases.FamilyRequests(t.Context(), w.desk)
	w.must(err)
	if len(page.Items) != 1 || page.Items[0].Owner != nil || page.Items[0].Kind != "take_back" {
		t.Fatalf("the inbox is %+v", page.Items)
	}
	queue, err := w.cases.Queue(t.Context(), w.desk, "", "")
	w.must(err)
	if queue.Asked != 1 {
		t.Errorf("the queue counts %d", queue.Asked)
	}
	_, err = w.cases.TakeFamilyRequest(t.Context(), w.desk, id)
	w.must(err)
	_, err = w.cases.TakeFamilyRequest(t.Context(), w.lead, id) // a colleague is ill
	w.must(err)
	w.want(w.lead.ID.String(), `SELECT owner_id FROM family_requests WHERE id = $1`, id)
	task := w.id(`SELECT id FROM tasks WHERE subject_id = $1`, id)
	_, err = w.cases.CloseTask(t.Context(), w.desk, task, referral.TaskEnd{As: jobs.TaskDone})
	w.refused(fault.Conflict, err)
	_, err = w.cases.SettleFamilyRequest(t.Context(), w.desk, id, referral.RequestEnd{As: "she smiled"})
	w.invalid(err, "/as")
	_, err = w.cases.SettleFamilyRequest(t.Context(), w.desk, id, referral.RequestEnd{As: referral.RequestNotHers})
	w.must(err)
	w.want("done", `SELECT closed_as FROM tasks WHERE id = $1`, task)
	_, err = w.cases.SettleFamilyRequest(t.Context(), w.lead, id, referral.RequestEnd{As: referral.RequestConfirmed})
	w.refused(fault.Conflict, err)
	w.want("not_hers", `SELECT settled_as FROM family_requests WHERE id = $1`, id)
	for who, actor := range map[string]auth.Actor{"an agency": w.first.desk, "a referrer": w.hospital} {
		if _, err := w.cases.TakeFamilyRequest(t.Context(), actor, id); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s takes it: %v", who, err)
		}
	}
	_, err = w.cases.TakeFamilyRequest(t.Context(), w.desk, uuid.New())
	w.refused(fault.NotFound, err)
}
