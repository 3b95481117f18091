package referral_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

func holdOf(kind string) referral.HoldForm { return referral.HoldForm{Kind: kind, ReasonCode: "other"} }

func lifted(reason string) referral.LiftForm { return referral.LiftForm{Reason: reason} }

// held places a hold and returns its id.
func (w *world) hold(actor auth.Actor, id uuid.UUID, kind string) uuid.UUID {
	w.Helper()
	return *w.ok(w.cases.PlaceHold(w.Context(), actor, id, holdOf(kind))).CreatedID
}

const dueOf = `SELECT due_at = $3 FROM follow_ups WHERE case_id = $1 AND kind = $2 AND status = 'open'`

// What was promised to her keeps the time that was left; clocks of staff, windows and alarms run on.
func TestAHoldLetsWhatGoesToHerWait(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.receive(w.hospital, selfHarm(in))
	due, err := time.Parse(time.RFC3339, w.text(`SELECT to_json(due_at) #>> '{}' FROM follow_ups WHERE case_id = $1 AND kind = 'claim.first_attempt_due'`, id))
	w.must(err)
	window := w.text(`SELECT due_at FROM follow_ups WHERE case_id = $1 AND kind = 'case.window_closing'`, id)
	hold := w.hold(w.first.desk, id, "client_asked")
	w.want("claim.first_attempt_due", `SELECT string_agg(kind, ',') FROM follow_ups WHERE case_id = $1 AND status = 'held'`, id)
	w.want("alarm.escalate,case.window_closing,hold.review_due", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want(window, `SELECT due_at FROM follow_ups WHERE case_id = $1 AND kind = 'case.window_closing'`, id)

	w.clock.forward(72 * time.Hour)
	w.work()
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'claim.first_attempt_overdue'`)
	w.want("3", `SELECT ladder_step FROM alarms WHERE case_id = $1`, id)
	r := w.ok(w.cases.LiftHold(t.Context(), w.first.desk, hold, lifted("reviewed")))
	w.want("true", dueOf, id, "claim.first_attempt_due", due.Add(72*time.Hour))
	if !r.NextBy.Equal(due.Add(72 * time.Hour)) {
		t.Errorf("the case says %s", r.NextBy)
	}
	w.want("", `SELECT held_since FROM cases WHERE id = $1`, id)
	w.clock.set(due.Add(72*time.Hour - time.Minute))
	w.work()
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'claim.first_attempt_overdue'`)
	w.clock.forward(time.Minute)
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'claim.first_attempt_overdue'`)
}

func TestAWaitlistTouchWaitsForTheHold(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET funded = 0`)
	_, id := w.receive(w.hospital, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, referral.WaitForm{Programs: []uuid.UUID{w.first.Program}, How: "phone"}))
	due, err := time.Parse(time.RFC3339, w.text(`SELECT to_json(due_at) #>> '{}' FROM follow_ups WHERE case_id = $1 AND kind = 'case.waitlist_touch' AND status = 'open'`, id))
	w.must(err)
	hold := w.hold(w.desk, id, "client_asked")
	w.clock.forward(72 * time.Hour)
	w.work()
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'case.waitlist_touch'`)
	w.ok(w.cases.LiftHold(t.Context(), w.lead, hold, lifted("she_said")))
	w.want("true", dueOf, id, "case.waitlist_touch", due.Add(72*time.Hour))
}

func TestTheFirstVisitClockRunsThroughAHold(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.desk, id, w.call(id, "reached")))
	w.hold(w.first.visitor, id, "bereavement")
	w.want("claim.first_visit_due", `SELECT kind FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind LIKE 'claim%'`, id)
	w.clock.forward(15 * 24 * time.Hour)
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'claim.first_visit_overdue' AND case_id = $1`, id)
}

// A job that was handed over a moment before the hold must not fire when the promise runs again.
func TestAJobUnderWayEndsWithTheHold(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.clock.forward(72 * time.Hour)
	_, err := w.queue.Sweep(t.Context(), 200)
	w.must(err)
	w.want("1", `SELECT count(*) FROM follow_ups WHERE kind = 'case.outreach_due' AND status = 'handed_over'`)
	hold := w.hold(w.desk, id, "safety")
	w.want("held", `SELECT o.reason FROM outbox o JOIN follow_ups f ON f.id = o.subject_id WHERE f.kind = 'case.outreach_due'`)
	w.work()
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'case.outreach_overdue'`)
	w.ok(w.cases.LiftHold(t.Context(), w.desk, hold, lifted("safe_again")))
	w.work() // it was overdue then, so it is due at once
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'case.outreach_overdue'`)
}

func TestNothingGoesToHerWhileHeld(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	w.exec(`INSERT INTO messages (id, case_id, client_id, audience, channel, template, not_before, status, attempt)
		SELECT gen_random_uuid(), id, caregiver_id, 'client', 'sms', 'hello', received_at, 'queued', 0 FROM cases WHERE id = $1`, id)
	stop := w.text(`SELECT stop_version FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
	safety, asked := w.hold(w.desk, id, "safety"), w.hold(w.first.desk, id, "client_asked")
	w.want("withdrawn", `SELECT status FROM messages WHERE case_id = $1 AND audience = 'client'`, id)
	w.want("0", `SELECT count(*) FROM messages WHERE case_id = $1 AND audience = 'referrer' AND status = 'withdrawn'`, id)
	w.want("true", `SELECT stop_version = $2::int + 2 FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id, stop)
	_, err := w.cases.RecordAttempt(t.Context(), w.first.desk, id, w.call(id, "no_answer"))
	w.says(err, "A hold of this case stops everything that goes to her")
	_, err = w.cases.PlaceHold(t.Context(), w.desk, id, holdOf("safety"))
	w.says(err, "A hold of this kind is open already")
	_, err = w.cases.LiftHold(t.Context(), w.first.desk, safety, lifted("safe_again"))
	w.says(err, "Another organization placed this hold")

	w.ok(w.cases.LiftHold(t.Context(), w.first.desk, asked, lifted("she_said")))
	w.want("true", `SELECT held_since IS NOT NULL FROM cases WHERE id = $1`, id) // the other one stands
	_, err = w.cases.LiftHold(t.Context(), w.first.desk, asked, lifted("she_said"))
	w.says(err, "This hold was lifted at")
	w.ok(w.cases.LiftHold(t.Context(), w.desk, safety, lifted("safe_again")))
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.desk, id, w.call(id, "no_answer")))
}

// What is promised while a hold is open waits from its first moment, and undo does not let it slip.
func TestPromisesMadeWhileHeldWait(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	hold := w.hold(w.desk, id, "bereavement")
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.want("held", `SELECT status FROM follow_ups WHERE case_id = $1 AND kind = 'claim.first_attempt_due'`, id)
	w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	w.ok(w.cases.Undo(t.Context(), w.first.desk, id))
	w.want("held", `SELECT status FROM follow_ups WHERE case_id = $1 AND kind = 'claim.first_attempt_due'`, id)
	w.ok(w.cases.LiftHold(t.Context(), w.desk, hold, lifted("reviewed")))
	w.want("open", `SELECT status FROM follow_ups WHERE case_id = $1 AND kind = 'claim.first_attempt_due'`, id)
}

func TestAHoldThatNobodyReviewsIsAnUrgentTask(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	hold := w.hold(w.first.desk, id, "client_asked")
	w.want("2026-10-13", `SELECT review_on::text FROM holds WHERE id = $1`, hold)
	w.clock.set(time.Date(2026, 10, 13, 12, 59, 0, 0, time.UTC))
	w.work()
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'hold.review_overdue'`)
	w.clock.forward(time.Minute)
	w.work()
	task := `SELECT role || ' ' || urgent FROM tasks WHERE kind = 'hold.review_overdue' AND subject_id = $1 AND org_id = $2 AND closed_at IS NULL`
	w.want("agency_manager true", task, hold, w.first.ID)
	w.ok(w.cases.LiftHold(t.Context(), w.first.desk, hold, lifted("reviewed")))
	w.want("", task, hold, w.first.ID)

	left := w.hold(w.first.desk, id, "client_asked") // of an agency that no longer has her: the hub looks at it
	w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "staff_left"}))
	w.clock.forward(20 * 24 * time.Hour)
	w.work()
	w.want("triage_supervisor true", task, left, w.hub.ID)
}

func TestAHoldNamesADayAndAnOwnerThatMakeSense(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	in := holdOf("safety")
	for _, day := range []string{"2026-10-06", "2026-10-05", "2026-12-06"} {
		in.ReviewOn = day
		_, err := w.cases.PlaceHold(t.Context(), w.desk, id, in)
		w.invalid(err, "/review_on")
	}
	in.ReviewOn, in.OwnerID = "2026-10-32", &w.first.desk.ID
	_, err := w.cases.PlaceHold(t.Context(), w.desk, id, in)
	w.invalid(err, "/review_on")
	in.ReviewOn = "2026-12-05"
	_, err = w.cases.PlaceHold(t.Context(), w.desk, id, in)
	w.invalid(err, "/owner_id")
	in.OwnerID = &w.lead.ID
	w.ok(w.cases.PlaceHold(t.Context(), w.desk, id, in))
	w.want("true", dueOf, id, "hold.review_due", time.Date(2026, 12, 5, 14, 0, 0, 0, time.UTC)) // 9:00 in winter
}

func TestWhoHoldsAndWhoSeesWhy(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	_, err := w.cases.PlaceHold(t.Context(), w.first.desk, id, holdOf("safety")) // offered is not held
	w.refused(fault.NotFound, err)
	in := holdOf("safety")
	in.ReasonCode = "danger_at_home"
	hold := *w.ok(w.cases.PlaceHold(t.Context(), w.desk, id, in)).CreatedID
	_, err = w.cases.LiftHold(t.Context(), w.first.desk, hold, lifted("reviewed"))
	w.refused(fault.NotFound, err)
	v, err := w.cases.Case(t.Context(), w.first.desk, id)
	w.must(err)
	if v.HeldSince != nil || len(v.Holds) != 0 {
		t.Errorf("an offer shows a hold: %s", w.marshal(v))
	}
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	v, err = w.cases.Case(t.Context(), w.first.visitor, id)
	w.must(err)
	if v.HeldSince == nil || len(v.Holds) != 1 || v.Holds[0].ReasonCode == nil {
		t.Errorf("got %s", w.marshal(v))
	}
	w.ok(w.cases.Close(t.Context(), w.first.desk, id, ends("information_given")))
	v, err = w.cases.Case(t.Context(), w.first.desk, id) // it served her, and no longer does
	w.must(err)
	if len(v.Holds) != 1 || strings.Contains(w.marshal(v), "danger_at_home") {
		t.Errorf("got %s", w.marshal(v))
	}
}
