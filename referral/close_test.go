package referral_test

import (
	"testing"
	"time"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func ends(disposition string) referral.CloseForm { return referral.CloseForm{Disposition: disposition} }

func TestNotReachedOnlyAfterTheProtocol(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	try := func(channel string) {
		form := w.call(id, "no_answer")
		form.Channel = channel
		w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, form))
	}
	_, err := w.cases.Close(t.Context(), w.first.desk, id, ends("not_reached"))
	w.says(err, "0 of 3 tries on different days; 0 of 2 different ways; 0 of 1 tries in the evening or at the weekend")
	try("call")
	w.clock.forward(24 * time.Hour)
	try("call")
	w.clock.forward(32 * time.Hour) // Thursday evening
	try("call")
	_, err = w.cases.Close(t.Context(), w.first.desk, id, ends("not_reached"))
	w.says(err, "Still missing: 1 of 2 different ways.")
	_, err = w.cases.Close(t.Context(), w.desk, id, ends("not_reached")) // the agency's tries are not the hub's
	w.says(err, "0 of 3")
	try("text")
	w.ok(w.cases.Close(t.Context(), w.first.desk, id, ends("not_reached")))
	w.want("not_reached", `SELECT disposition FROM cases WHERE id = $1 AND status = 'closed'`, id)
	w.want("not_reached", `SELECT template FROM messages WHERE case_id = $1 AND template IN ('not_reached', 'closed')`, id)
	w.want("closed", `SELECT ended_as FROM claims WHERE case_id = $1`, id)
}

func TestClosingEndsEverythingThatHangsOnTheCase(t *testing.T) {
	w := newWorld(t)
	id := w.accepted()
	w.ok(w.cases.Close(t.Context(), w.first.desk, id, ends("said_no_for_now")))
	w.want("she_said_no", `SELECT ended_as FROM claims WHERE case_id = $1`, id)
	w.want("cancelled", `SELECT status FROM visits WHERE case_id = $1`, id)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	for _, act := range []func() error{
		func() error { _, err := w.cases.Triage(t.Context(), w.desk, id); return err },
		func() error { _, err := w.cases.Close(t.Context(), w.desk, id, ends("information_given")); return err },
		func() error {
			_, err := w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "reached"))
			return err
		},
		func() error { _, err := w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(0)); return err },
	} {
		w.refused(fault.Conflict, act())
	}
}

func TestAnEnrollmentEndsInItsOwnWords(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	_, err := w.cases.Close(t.Context(), w.first.desk, id, ends("said_no_for_now"))
	w.invalid(err, "/enrollment_end", "/changeable")
	w.ok(w.cases.Close(t.Context(), w.first.desk, id, referral.CloseForm{EnrollmentEnd: "moved", Changeable: new(false)}))
	w.want("moved false", `SELECT ended_as || ' ' || changeable FROM enrollments WHERE case_id = $1`, id)
	w.want("served", `SELECT disposition FROM cases WHERE id = $1`, id)
	lost := w.enrolled()
	w.ok(w.cases.Close(t.Context(), w.desk, lost, referral.CloseForm{EnrollmentEnd: "child_died", Changeable: new(false)}))
	w.want("child_died", `SELECT disposition FROM cases WHERE id = $1`, lost)
	w.want("closed", `SELECT template FROM messages WHERE case_id = $1 AND template = 'closed'`, lost)
}

func TestCloseIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	_, err := w.cases.Close(t.Context(), w.first.desk, id, ends("information_given")) // offered is not held
	w.refused(fault.NotFound, err)
	_, err = w.cases.Close(t.Context(), w.desk, id, referral.CloseForm{})
	w.invalid(err, "/disposition")
	_, err = w.cases.Close(t.Context(), w.desk, id, ends("served"))
	w.invalid(err, "/disposition")
	_, alarmed := w.receive(w.hospital, selfHarm(prenatal()))
	_, err = w.cases.Close(t.Context(), w.desk, alarmed, ends("information_given"))
	w.says(err, "An alarm of this case has no outcome yet")
}
