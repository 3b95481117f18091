package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func sentAway() referral.HandOverForm {
	return referral.HandOverForm{Jurisdiction: "Example County", Office: "Health department", How: "fax", ConsentHow: "phone"}
}

func (w *world) answer(id uuid.UUID, answer, reason string) error {
	_, err := w.cases.AnswerHandOver(w.Context(), w.desk, id, referral.HandOverAnswer{Answer: answer, Reason: reason})
	return err
}

// Sent is not received: the case waits for the answer, and the hub is told when none comes.
func TestAHandOverWaitsForItsAnswer(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	r := w.ok(w.cases.HandOver(t.Context(), w.desk, id, sentAway()))
	if r.Status != referral.Review || r.NextStep != "other_office_answers" || !r.NextBy.Equal(time.Date(2026, 10, 13, 21, 0, 0, 0, time.UTC)) { // 5 business days
		t.Errorf("got %+v", r)
	}
	w.want("{handed_over}", `SELECT review_reasons FROM cases WHERE id = $1`, id)
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1`, id)
	_, err := w.cases.HandOver(t.Context(), w.desk, id, sentAway())
	w.says(err, "handed over already")
	w.says(w.answer(id, "not_acknowledged", ""), "still has time")
	w.ok(w.cases.Triage(t.Context(), w.desk, id)) // the rules do not send her on meanwhile
	w.want("review {handed_over}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)

	w.clock.forward(8 * 24 * time.Hour)
	w.work()
	w.status(referral.Review, id)
	w.want("triage_supervisor true", `SELECT role || ' ' || urgent FROM tasks WHERE kind = 'handover.unanswered' AND closed_at IS NULL AND case_id = $1`, id)
	w.must(w.answer(id, "not_acknowledged", ""))
	w.want("closed other_jurisdiction", `SELECT status || ' ' || disposition FROM cases WHERE id = $1`, id)
	w.want("not_acknowledged", `SELECT ended_as FROM handovers WHERE case_id = $1 AND acknowledged_at IS NULL`, id)
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND closed_at IS NULL`, id)
	w.refused(fault.Conflict, w.answer(id, "acknowledged", ""))
}

func TestAServedFamilyStaysUntilTheOtherOfficeHasHer(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	r := w.ok(w.cases.HandOver(t.Context(), w.desk, id, sentAway()))
	if r.Status != referral.Enrolled || r.NextStep != "visits" {
		t.Errorf("got %+v", r)
	}
	w.ok(w.cases.RecordVisit(t.Context(), w.first.visitor, id, referral.VisitForm{HeldAt: w.clock.Now(), Place: "home"}))
	w.must(w.answer(id, "acknowledged", ""))
	w.want("closed other_jurisdiction", `SELECT status || ' ' || disposition FROM cases WHERE id = $1`, id)
	w.want("moved false", `SELECT ended_as || ' ' || changeable FROM enrollments WHERE case_id = $1`, id)
	w.want("acknowledged", `SELECT ended_as FROM handovers WHERE case_id = $1 AND acknowledged_at = ended_at`, id)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
}

func TestAHandOverIsTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.refused(fault.Conflict, w.answer(id, "taken_back", ""))
	w.ok(w.cases.HandOver(t.Context(), w.desk, id, sentAway()))
	w.must(w.answer(id, "taken_back", ""))
	w.want("review {needs_person}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)
	w.want("case.review_due", `SELECT string_agg(kind, ',') FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind <> 'case.window_closing'`, id)
	w.ok(w.cases.HandOver(t.Context(), w.desk, id, sentAway())) // and may be sent again
	w.must(w.answer(id, "not_acknowledged", "no_such_office"))

	served := w.claimed()
	w.ok(w.cases.HandOver(t.Context(), w.desk, served, sentAway()))
	w.must(w.answer(served, "taken_back", ""))
	w.status(referral.Claimed, served)
}

// A case that closes by something else hands nobody over; undoing that waits for the answer again.
func TestClosingForgetsTheHandOver(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.ok(w.cases.HandOver(t.Context(), w.desk, id, sentAway()))
	before := w.standing(id)
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	w.want("taken_back", `SELECT ended_as FROM handovers WHERE case_id = $1`, id)
	w.ok(w.cases.Undo(t.Context(), w.first.visitor, id))
	w.want("1", `SELECT count(*) FROM handovers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.want(before, `SELECT $1`, w.standing(id))
}

func TestNobodyIsSentAwayInDanger(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.hospital, selfHarm(postpartum()))
	_, err := w.cases.HandOver(t.Context(), w.desk, id, sentAway())
	w.says(err, "An alarm of this case has no outcome yet")
	_, err = w.cases.HandOver(t.Context(), w.first.desk, id, sentAway())
	w.refused(fault.Forbidden, err)
}
