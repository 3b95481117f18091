package referral_test

import (
	"testing"
	"time"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func TestOutreachPromisesTheNextTry(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	r := w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
	tomorrow := time.Date(2026, 10, 7, 19, 0, 0, 0, time.UTC) // a morning call is followed by an afternoon one
	if r.Status != referral.Outreach || r.NextStep != "hub_reaches_out" || !r.NextBy.Equal(tomorrow) {
		t.Errorf("got %+v", r)
	}
	w.want("done,open", `SELECT string_agg(status, ',' ORDER BY status) FROM follow_ups WHERE case_id = $1 AND kind = 'case.outreach_due'`, id)
	w.want("call no_answer", `SELECT channel || ' ' || outcome FROM attempts WHERE id = $1`, r.CreatedID)
	w.want("", `SELECT reached_at FROM cases WHERE id = $1`, id)
}

func TestReachedIsAMilestoneOnceAndTheReferrerHears(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	r := w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "reached")))
	if r.NextStep != "she_chooses" {
		t.Errorf("got %+v", r)
	}
	reached := w.clock.Now()
	w.clock.forward(time.Hour)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "reached")))
	w.want("true", `SELECT reached_at = $2 FROM cases WHERE id = $1`, id, reached)
	w.want("1", `SELECT count(*) FROM messages WHERE case_id = $1 AND template = 'reached'`, id)
}

func TestATryThatWasNotMadeKeepsNoPromise(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	before := w.text(`SELECT next_due_at FROM cases WHERE id = $1`, id)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "could_not")))
	w.want(before, `SELECT next_due_at FROM cases WHERE id = $1`, id)
}

func TestOutreachIsRefused(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Consent.Answer = "she_said_no"
	_, id := w.receive(w.hospital, in)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
	id = w.outreach()
	voicemail := w.call(id, "left_message")
	voicemail.Channel = "voicemail"
	_, err = w.cases.RecordOutreach(t.Context(), w.desk, id, voicemail)
	w.refused(fault.Conflict, err)
	for _, never := range []time.Time{w.clock.Now(), w.clock.Now().AddDate(1, 1, 0)} {
		wrong := w.call(id, "no_answer")
		wrong.NextAt = &never
		_, err = w.cases.RecordOutreach(t.Context(), w.desk, id, wrong)
		w.invalid(err, "/next_at")
	}
	_, err = w.cases.RecordOutreach(t.Context(), w.desk, id, referral.AttemptForm{Channel: "pigeon", Outcome: "reached"})
	w.invalid(err, "/channel")
	w.want("0", `SELECT count(*) FROM attempts`)
}

func TestOverdueOutreachIsAPersonsTaskOnce(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.clock.forward(72 * time.Hour)
	w.work()
	w.want("case.outreach_overdue,case.safety_not_asked", `SELECT string_agg(kind, ',' ORDER BY kind) FROM tasks WHERE case_id = $1 AND closed_at IS NULL AND org_id = $2`, id, w.hub.ID)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
	w.want("no_longer_needed", `SELECT closed_as FROM tasks WHERE case_id = $1 AND kind = 'case.outreach_overdue'`, id)
}
