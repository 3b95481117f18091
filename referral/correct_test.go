package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func reopened(reason string) referral.CorrectForm {
	return referral.CorrectForm{Reopen: true, Reason: reason}
}

func endedAs(disposition, reason string) referral.CorrectForm {
	return referral.CorrectForm{Disposition: disposition, Reason: reason}
}

func TestACorrectedCaseIsReadByAPerson(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	hold := w.hold(w.desk, id, "bereavement")
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	_, err := w.cases.Correct(t.Context(), w.desk, id, reopened("wrong_case")) // the supervisor's alone
	w.refused(fault.Forbidden, err)
	w.clock.forward(5 * time.Minute)
	r := w.ok(w.cases.Correct(t.Context(), w.lead, id, reopened("wrong_case")))
	if r.Status != referral.Review || r.NextStep != "hub_reviews" || r.NextBy == nil {
		t.Errorf("got %+v", r)
	}
	w.want("corrected", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1 AND num_nonnulls(closed_at, disposition, completed_at) = 0`, id)
	w.want("case.review_due,case.window_closing,hold.review_due", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want("withdrawn", `SELECT status FROM messages WHERE case_id = $1 AND template = 'closed'`, id)
	w.want("served wrong_case", `SELECT concat_ws(' ', detail ->> 'was', detail ->> 'reason') FROM audit_events WHERE action = 'correct' AND case_id = $1`, id)
	_, err = w.cases.Case(t.Context(), w.first.desk, id) // nobody has her now
	w.refused(fault.NotFound, err)
	_, err = w.cases.Undo(t.Context(), w.lead, id)
	w.says(err, "cannot be undone")
	w.ok(w.cases.LiftHold(t.Context(), w.desk, hold, lifted("reviewed")))
	w.ok(w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "other"}))
	_, err = w.cases.Correct(t.Context(), w.lead, id, reopened("wrong_case"))
	w.refused(fault.Conflict, err)
}

func TestOnlyTheEndIsCorrected(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.ok(w.cases.Close(t.Context(), w.desk, id, ends("information_given")))
	w.clock.forward(400 * 24 * time.Hour) // at any time
	for _, in := range []referral.CorrectForm{{Reason: "wrong_reason"}, {Reopen: true, Disposition: "not_reached", Reason: "wrong_reason"}} {
		_, err := w.cases.Correct(t.Context(), w.lead, id, in)
		w.invalid(err, "/disposition")
	}
	_, err := w.cases.Correct(t.Context(), w.lead, id, endedAs("information_given", "wrong_reason"))
	w.says(err, "ended so already")
	_, err = w.cases.Correct(t.Context(), w.lead, id, endedAs("served", "wrong_reason"))
	w.says(err, "never enrolled")
	r := w.ok(w.cases.Correct(t.Context(), w.lead, id, endedAs("no_place_in_time", "wrong_reason")))
	if r.Status != referral.Closed {
		t.Errorf("got %+v", r)
	}
	w.want("no_place_in_time", `SELECT disposition FROM cases WHERE id = $1`, id)
	w.want("false", `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
	w.ok(w.cases.Correct(t.Context(), w.lead, id, endedAs("asked_not_to_be_contacted", "wrong_reason")))
	w.want("t 1", `SELECT concat_ws(' ', do_not_contact, stop_version) FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
}

func TestHerRefusalStandsUnlessItWasNeverSaid(t *testing.T) {
	w := newWorld(t)
	refused := func() uuid.UUID {
		id := w.outreach()
		w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "no", NotAgain: true, How: "phone"}))
		return id
	}
	stopped := `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`
	id := refused()
	w.ok(w.cases.Correct(t.Context(), w.lead, id, reopened("wrong_reason")))
	w.want("true", stopped, id)
	_, err := w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "other"})
	w.says(err, "She did not allow contact")

	id = refused()
	w.ok(w.cases.Correct(t.Context(), w.lead, id, endedAs("said_no_for_now", "wrong_reason")))
	w.want("true", stopped, id)

	id = refused()
	w.ok(w.cases.Correct(t.Context(), w.lead, id, reopened("entered_in_error")))
	w.want("false", stopped, id)
	w.ok(w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "other"}))
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
}

func TestACaseIsNotReopenedOverANewerOne(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Close(t.Context(), w.desk, id, ends("information_given")))
	_, newer := w.receive(w.clinic, in)
	before := w.standing(id)
	_, err := w.cases.Correct(t.Context(), w.lead, id, reopened("wrong_case"))
	w.says(err, "A new case of this family was opened since")
	if after := w.standing(id); after != before {
		t.Errorf("it left %s", after)
	}
	w.ok(w.cases.Correct(t.Context(), w.lead, id, endedAs("entered_in_error", "wrong_case"))) // its end may still be named
	w.status(referral.Outreach, newer)
}
