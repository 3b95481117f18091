package referral_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

func moveTo(program uuid.UUID) referral.TransferForm {
	return referral.TransferForm{ProgramID: program, Reason: "her_wish", How: "phone", WordingVersion: "2026-01", Language: "en"}
}

// moving is a family of the first agency, from a stage, that is proposed to the second.
func (w *world) moving(from func() uuid.UUID) func() uuid.UUID {
	return func() uuid.UUID {
		w.Helper()
		id := from()
		w.ok(w.cases.Transfer(w.Context(), w.first.desk, id, moveTo(w.second.Program)))
		return id
	}
}

// someoneWaits for a place anywhere, so that lines are told of one.
func (w *world) someoneWaits() {
	w.Helper()
	w.exec(`UPDATE cases SET status = 'waitlisted', owner_id = $2 WHERE id = $1`, w.outreach(), w.desk.ID)
}

func (w *world) usage(program uuid.UUID) string {
	w.Helper()
	return w.text(`SELECT (SELECT count(*) FROM claims WHERE program_id = $1 AND ended_at IS NULL) || ' promised, ' ||
		(SELECT count(*) FROM enrollments WHERE program_id = $1 AND ended_at IS NULL) || ' in use'`, program)
}

func TestATransferLeavesNoGap(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	standing := `SELECT jsonb_build_object('case', (SELECT to_jsonb(c) - 'version' FROM cases c WHERE id = $1), 'visits', (SELECT count(*) FROM visits WHERE case_id = $1),
		'enrollment', (SELECT to_jsonb(e) FROM enrollments e WHERE case_id = $1), 'full', (SELECT string_agg(org_id::text, ',') FROM case_access WHERE case_id = $1 AND level = 'full' AND until IS NULL))`
	before := w.text(standing, id)
	r := w.ok(w.cases.Transfer(t.Context(), w.first.desk, id, moveTo(w.second.Program)))
	if r.Status != referral.Enrolled || r.CreatedID == nil {
		t.Errorf("got %+v", r)
	}
	w.want(before, standing, id) // she is served on
	w.want("yes", `SELECT answer FROM consents WHERE case_id = $1 AND gate = 3 AND program_id = $2`, id, w.second.Program)
	w.want("transfer", `SELECT kind FROM offers WHERE id = $1`, *r.CreatedID)
	v, err := w.cases.Case(t.Context(), w.second.desk, id)
	w.must(err)
	if v.Family != nil || v.Milestones != nil || v.Status != referral.Offered || v.NextStep != "agency_answers" || v.NextBy != nil {
		t.Errorf("the new agency sees %s", w.marshal(v))
	}

	w.places(w.first.Program, 1)
	waits := w.outreach()
	w.ok(w.cases.Wait(t.Context(), w.desk, waits, w.waitFor(w.first.Program)))

	w.clock.forward(time.Hour)
	w.someoneWaits()
	w.ok(w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{}))
	w.status(referral.Claimed, id)
	w.want("transferred true", `SELECT ended_as || ' ' || (changeable IS NULL) FROM enrollments WHERE case_id = $1`, id)
	w.want("4", `SELECT num_nonnulls(first_visit_at, enrolled_at, claimed_at, said_yes_at) FROM cases WHERE id = $1`, id)
	w.want(w.second.ID.String(), `SELECT string_agg(org_id::text, ',') FROM case_access WHERE case_id = $1 AND level = 'full' AND until IS NULL`, id)
	w.want("claim.first_attempt_due "+w.second.ID.String(), `SELECT string_agg(kind || ' ' || owed_by, ',') FROM follow_ups
		WHERE case_id = $1 AND status = 'open' AND kind <> 'case.window_closing'`, id)
	w.work()
	w.openTo(waits, w.first.Program, "direct") // her old place is offered on
	if got := w.usage(w.first.Program) + "; " + w.usage(w.second.Program); got != "0 promised, 0 in use; 1 promised, 0 in use" {
		t.Errorf("places: %s", got)
	}
	_, err = w.cases.Case(t.Context(), w.first.desk, id)
	w.refused(fault.NotFound, err)
	w.want("being_served", `SELECT '`+referral.ReferrerStatus(referral.Case{Status: referral.Claimed, EnrolledAt: new(w.clock.Now())}, "clinical")+`'`)

	first := w.text(`SELECT enrolled_at FROM cases WHERE id = $1`, id)
	w.ok(w.cases.PlanFirstVisit(t.Context(), w.second.visitor, id, w.plan(time.Hour)))
	w.clock.forward(2 * time.Hour)
	w.ok(w.cases.Enroll(t.Context(), w.second.visitor, id, w.held(time.Hour)))
	w.want(first, `SELECT enrolled_at FROM cases WHERE id = $1`, id) // the milestone is the first
	w.want("1", `SELECT count(*) FROM messages WHERE case_id = $1 AND template = 'being_served'`, id)
}

func TestATransferEndsAPlannedVisit(t *testing.T) {
	w := newWorld(t)
	id := w.moving(w.accepted)()
	w.ok(w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{}))
	w.want("cancelled", `SELECT status FROM visits WHERE case_id = $1`, id)
	w.want("open,transferred", `SELECT string_agg(coalesce(ended_as, 'open'), ',' ORDER BY ended_as IS NOT NULL) FROM claims WHERE case_id = $1`, id)
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND org_id = $2 AND closed_at IS NULL`, id, w.first.ID)
}

func TestATransferNotTakenChangesNothing(t *testing.T) {
	w := newWorld(t)
	for name, ends := range map[string]func(id uuid.UUID){
		"agency_declined": func(id uuid.UUID) {
			r, err := w.cases.Decline(t.Context(), w.second.desk, id, declined("no_capacity"))
			if err != nil || r.Status != referral.Offered {
				t.Errorf("got %+v, %v", r, err)
			}
		},
		"expired": func(uuid.UUID) { w.clock.forward(120 * time.Hour); w.work() },
	} {
		id := w.moving(w.enrolled)()
		ends(id)
		w.status(referral.Enrolled, id)
		w.want(name, `SELECT ended_as FROM offers WHERE case_id = $1 AND kind = 'transfer'`, id)
		w.want("0", `SELECT count(*) FROM case_access WHERE case_id = $1 AND level = 'limited' AND until IS NULL`, id)
		w.want("agency_coordinator,triage_coordinator", `SELECT string_agg(role, ',' ORDER BY role) FROM tasks
			WHERE case_id = $1 AND kind = 'transfer.not_taken' AND closed_at IS NULL`, id)
		w.ok(w.cases.Transfer(t.Context(), w.desk, id, moveTo(w.second.Program))) // she may be asked again, by the hub too
		w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'transfer.not_taken' AND closed_at IS NULL`, id)
	}
}

func TestATransferIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	ask := func(by auth.Actor, to uuid.UUID) error {
		_, err := w.cases.Transfer(t.Context(), by, id, moveTo(to))
		return err
	}
	w.invalid(ask(w.first.desk, w.first.Program), "/program_id")
	w.refused(fault.NotFound, ask(w.second.desk, w.second.Program))
	w.refused(fault.Forbidden, ask(w.first.visitor, w.second.Program))
	w.exec(`UPDATE organizations SET agreement_until = '2026-10-01' WHERE id = $1`, w.second.ID)
	w.says(ask(w.first.desk, w.second.Program), "no valid agreement")
	w.exec(`UPDATE organizations SET agreement_until = '2027-10-01' WHERE id = $1`, w.second.ID)
	w.must(ask(w.first.desk, w.second.Program))
	w.says(ask(w.first.desk, w.second.Program), "open already")
	w.refused(fault.NotFound, ask(w.second.desk, w.second.Program)) // an offer does not make her one of its families
	w.exec(`UPDATE capacity_statements SET funded = 0 WHERE program_id = $1`, w.second.Program)
	_, err := w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{})
	w.says(err, "no free place")
	_, err = w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
	w.says(err, "Your agency claimed this family")
	w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1 AND kind = 'transfer' AND ended_at IS NULL`, id)
	again := w.moving(w.claimed)()
	w.ok(w.cases.Close(t.Context(), w.first.desk, again, ends("information_given")))
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1 AND kind = 'transfer'`, again)
}

// A place that the old agency gave away meanwhile is not taken back.
func TestATransferIsNotUndoneOverAnother(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET funded = 1 WHERE program_id = $1`, w.first.Program)
	next := w.offered()
	id := w.moving(w.claimed)()
	w.ok(w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{}))
	w.ok(w.cases.Claim(t.Context(), w.first.desk, next, referral.ClaimForm{}))
	_, err := w.cases.Undo(t.Context(), w.second.desk, id)
	w.says(err, "1 of 1 are promised or in use")
}

// An agency that was only asked to take her over hears nothing of how she is served: not from a refusal, not from its undo.
func TestATransferTellsNothingOfTheOtherAgency(t *testing.T) {
	w := newWorld(t)
	id := w.moving(w.enrolled)()
	v, err := w.cases.Case(t.Context(), w.second.desk, id)
	w.must(err)
	if got := fmt.Sprint(v.Allowed); got != "[claim decline]" {
		t.Errorf("before the claim it may %s", got)
	}
	_, err = w.cases.PlanFirstVisit(t.Context(), w.second.desk, id, w.plan(time.Hour)) // whatever is possible where she is
	w.refused(fault.NotFound, err)
	_, err = w.cases.Complete(t.Context(), w.second.desk, id, referral.CompleteForm{})
	w.refused(fault.NotFound, err)
	_, err = w.cases.Connect(t.Context(), w.second.desk, id, referral.ConnectForm{Kind: "wic", Destination: "wic", ConsentHow: "phone"})
	w.refused(fault.NotFound, err)
	w.ok(w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{}))
	r := w.ok(w.cases.Undo(t.Context(), w.second.desk, id))
	if r.Status != referral.Offered || r.NextStep != "agency_answers" || r.NextBy != nil {
		t.Errorf("after its undo it hears %+v", r)
	}
	w.status(referral.Enrolled, id)
}
