package referral_test

import (
	"testing"
	"time"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func TestAVisitorIsOneOfTheAgencysOwn(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	_, err := w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.second.visitor.ID})
	w.invalid(err, "/visitor_id")
	_, err = w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{})
	w.invalid(err, "/visitor_id")
	w.ok(w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	w.want(w.first.visitor.ID.String(), `SELECT visitor_id FROM claims WHERE case_id = $1`, id)
	w.exec(`UPDATE memberships SET ended_at = $2 WHERE user_id = $1`, w.first.visitor.ID, w.clock.Now())
	_, err = w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID})
	w.invalid(err, "/visitor_id")
}

func TestAVisitorStaysThroughEnrollment(t *testing.T) {
	w := newWorld(t)
	id := w.accepted()
	w.ok(w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	w.clock.forward(25 * time.Hour)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(time.Hour)))
	w.want(w.first.visitor.ID.String(), `SELECT visitor_id FROM enrollments WHERE case_id = $1`, id)
	w.ok(w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.desk.ID}))
	w.want(w.first.desk.ID.String(), `SELECT visitor_id FROM enrollments WHERE case_id = $1`, id)
}

func TestAttemptsMoveTheAgencysClocks(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	open := `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind <> 'case.window_closing'`
	w.want("claim.first_attempt_due", open, id)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "could_not")))
	w.want("claim.first_attempt_due", open, id)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "no_answer")))
	w.want("claim.next_attempt_due", open, id)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "no_answer")))
	r := w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "reached")))
	w.want("claim.first_visit_due", open, id)
	if r.NextStep != "agency_plans_first_visit" || !r.NextBy.Equal(time.Date(2026, 10, 20, 21, 0, 0, 0, time.UTC)) { // 10 business days
		t.Errorf("got %+v", r)
	}
	w.want("true", `SELECT reached_at IS NOT NULL FROM cases WHERE id = $1`, id)
	w.want("1", `SELECT count(*) FROM messages WHERE template = 'reached'`)
}

func TestAnAgencyThatDoesNotTryIsReminded(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	w.clock.forward(48 * time.Hour)
	w.work()
	w.want("claim.first_attempt_overdue agency_manager", `SELECT kind || ' ' || role FROM tasks WHERE case_id = $1 AND org_id = $2 AND urgent`, id, w.first.ID)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "no_answer")))
	w.want("0", `SELECT count(*) FROM tasks WHERE closed_at IS NULL`)
}

func TestAFirstVisitAtHomeNeedsHerLeave(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Addresses[0].SafeToVisit = "" // nobody asked
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	_, err := w.cases.PlanFirstVisit(t.Context(), w.first.visitor, id, w.plan(time.Hour))
	w.refused(fault.Conflict, err)
	elsewhere := w.plan(time.Hour)
	elsewhere.Place = "other_place"
	w.ok(w.cases.PlanFirstVisit(t.Context(), w.first.visitor, id, elsewhere))
	_, err = w.cases.MoveFirstVisit(t.Context(), w.first.visitor, id, w.plan(2*time.Hour))
	w.refused(fault.Conflict, err)
}

func TestTheFirstVisitIsPlannedMovedAndMissed(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	for _, never := range []time.Duration{0, 400 * 24 * time.Hour} {
		_, err := w.cases.PlanFirstVisit(t.Context(), w.first.visitor, id, w.plan(never))
		w.invalid(err, "/planned_for")
	}
	_, err := w.cases.MoveFirstVisit(t.Context(), w.first.visitor, id, w.plan(time.Hour))
	w.refused(fault.Conflict, err)
	r := w.ok(w.cases.PlanFirstVisit(t.Context(), w.first.visitor, id, w.plan(24*time.Hour)))
	if r.Status != referral.Accepted || !r.NextBy.Equal(time.Date(2026, 10, 8, 21, 0, 0, 0, time.UTC)) { // the business day after the visit
		t.Errorf("got %+v", r)
	}
	w.want("2", `SELECT num_nonnulls(reached_at, said_yes_at) FROM cases WHERE id = $1`, id)
	w.ok(w.cases.MoveFirstVisit(t.Context(), w.first.visitor, id, w.plan(48*time.Hour)))
	w.want("moved,planned", `SELECT string_agg(status, ',' ORDER BY status) FROM visits WHERE case_id = $1`, id)
	w.clock.forward(49 * time.Hour)
	w.ok(w.cases.MissFirstVisit(t.Context(), w.first.visitor, id, referral.Missed{Reason: "not_home"}))
	w.status(referral.Claimed, id)
	w.want("missed,moved", `SELECT string_agg(status, ',' ORDER BY status) FROM visits WHERE case_id = $1`, id)
	w.want("case.window_closing,claim.next_attempt_due", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.ok(w.cases.PlanFirstVisit(t.Context(), w.first.visitor, id, w.plan(24*time.Hour)))
}

func TestNobodySaysHowTheFirstVisitWent(t *testing.T) {
	w := newWorld(t)
	id := w.accepted()
	w.clock.forward(96 * time.Hour)
	w.work()
	w.want("claim.first_visit_overdue", `SELECT kind FROM tasks WHERE case_id = $1 AND closed_at IS NULL`, id)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(time.Hour)))
	w.want("0", `SELECT count(*) FROM tasks WHERE closed_at IS NULL`)
}

func TestEnrolledIsDatedTheFirstVisit(t *testing.T) {
	w := newWorld(t)
	id := w.accepted()
	_, err := w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(-time.Minute))
	w.invalid(err, "/held_at")
	_, err = w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(time.Minute)) // before the claim
	w.invalid(err, "/held_at")
	w.clock.forward(48 * time.Hour)
	held := w.clock.Now().Add(-24 * time.Hour)
	r := w.ok(w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(24*time.Hour)))
	if r.Status != referral.Enrolled || !r.NextBy.Equal(held.AddDate(0, 0, 21)) {
		t.Errorf("got %+v", r)
	}
	w.want("true", `SELECT enrolled_at = $2 AND first_visit_at = $2 FROM cases WHERE id = $1`, id, held)
	w.want("true", `SELECT enrolled_at = $2 AND ended_at IS NULL FROM enrollments WHERE case_id = $1`, id, held)
	w.want("enrolled", `SELECT ended_as FROM claims WHERE case_id = $1`, id)
	w.want("completed", `SELECT status FROM visits WHERE case_id = $1 AND held_at = $2`, id, held)
	w.want("yes", `SELECT answer FROM consents WHERE case_id = $1 AND gate = 4 AND program_id = $2`, id, w.first.Program)
	w.want("contact.recheck,enrollment.completion_check,enrollment.visit_drought", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want("1", `SELECT count(*) FROM messages WHERE template = 'being_served'`)
}

func TestVisitsHoldOffTheDrought(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.clock.forward(20 * 24 * time.Hour)
	visit := referral.VisitForm{HeldAt: w.clock.Now(), Place: "home"}
	r := w.ok(w.cases.RecordVisit(t.Context(), w.first.visitor, id, visit))
	due := visit.HeldAt.AddDate(0, 0, 21)
	if !r.NextBy.Equal(due) {
		t.Errorf("got %+v", r)
	}
	visit.HeldAt = visit.HeldAt.AddDate(0, 0, -5) // written up late: the newer visit keeps its clock
	w.ok(w.cases.RecordVisit(t.Context(), w.first.visitor, id, visit))
	w.want("true", `SELECT next_due_at = $2 FROM cases WHERE id = $1`, id, due)
	visit.HeldAt = visit.HeldAt.AddDate(0, -2, 0)
	_, err := w.cases.RecordVisit(t.Context(), w.first.visitor, id, visit)
	w.invalid(err, "/held_at")
	w.clock.forward(21*24*time.Hour + time.Minute)
	w.work()
	w.want("enrollment.visit_drought", `SELECT kind FROM tasks WHERE case_id = $1 AND org_id = $2 AND closed_at IS NULL`, id, w.first.ID)
	w.ok(w.cases.RecordVisit(t.Context(), w.first.visitor, id, referral.VisitForm{HeldAt: w.clock.Now(), Place: "virtual"}))
	w.want("0", `SELECT count(*) FROM tasks WHERE closed_at IS NULL`)
}

func TestCompleteFreesTheSlot(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	w.want("served", `SELECT disposition FROM cases WHERE id = $1 AND completed_at = closed_at AND status = 'closed'`, id)
	w.want("completed", `SELECT ended_as FROM enrollments WHERE case_id = $1`, id)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE status = 'open'`)
	w.want("closed", `SELECT template FROM messages WHERE template = 'closed'`)
}

func TestTheEndOfTheModelAsksForCompletion(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.want("2029-10-02 13:00:00+00", `SELECT due_at AT TIME ZONE 'UTC' || '+00' FROM follow_ups WHERE case_id = $1 AND kind = 'enrollment.completion_check'`, id)
	w.clock.set(time.Date(2029, 10, 3, 0, 0, 0, 0, time.UTC))
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'enrollment.completion_check'`)
}
