package referral_test

import (
	"testing"

	"github.com/google/uuid"

	"doorstep/internal/fault"
)

// Who has a case open is told to others for five minutes, and until they open another.
func TestWhoLooksAtACaseIsTold(t *testing.T) {
	w := newWorld(t)
	id, next := w.outreach(), w.outreach()
	sees := func(want int, caseID uuid.UUID) {
		t.Helper()
		page, err := w.cases.LookAt(t.Context(), w.lead, caseID)
		w.must(err)
		if len(page.Items) != want {
			t.Errorf("%d people look, want %d", len(page.Items), want)
		}
	}
	sees(0, id)
	_, err := w.cases.LookAt(t.Context(), w.desk, id)
	w.must(err)
	sees(1, id)
	_, err = w.cases.LookAt(t.Context(), w.desk, next)
	w.must(err)
	sees(0, id)
	sees(1, next)
	w.exec(`UPDATE looks SET at = at - interval '5 minutes' WHERE by_id = $1`, w.desk.ID)
	sees(0, next)
	w.exec(`UPDATE looks SET at = at - interval '2 hours' WHERE by_id = $1`, w.desk.ID)
	sees(0, next)
	w.want("1", `SELECT count(*) FROM looks`)
	_, err = w.cases.LookAt(t.Context(), w.desk, uuid.New())
	w.refused(fault.NotFound, err)
	_, err = w.cases.LookAt(t.Context(), w.first.desk, id)
	w.refused(fault.Forbidden, err)
}
