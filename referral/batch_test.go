package referral_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/referral"
)

// visited gives families of the first agency to its visitor.
func (w *world) visited(cases ...uuid.UUID) {
	w.Helper()
	for _, id := range cases {
		w.ok(w.cases.AssignVisitor(w.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	}
}

func TestACaseloadIsHandedOver(t *testing.T) {
	w := newWorld(t)
	manager, next := w.User(w.first.Org, auth.AgencyManager), w.User(w.first.Org, auth.HomeVisitor)
	cases := []uuid.UUID{w.claimed(), w.enrolled(), w.accepted(), w.claimed()}
	w.visited(cases...)
	other := w.claimed() // nobody's yet
	form := referral.CaseloadForm{FromUser: w.first.visitor.ID, ToUser: next.ID, Reason: "left"}

	for pointer, in := range map[string]referral.CaseloadForm{
		"/to_user":   {FromUser: form.FromUser, ToUser: form.FromUser, Reason: "left"},
		"/from_user": {FromUser: uuid.New(), ToUser: next.ID, Reason: "left"},
		"/reason":    {FromUser: form.FromUser, ToUser: next.ID},
	} {
		_, err := w.cases.HandOverCaseload(t.Context(), manager, in)
		w.invalid(err, pointer)
	}
	_, err := w.cases.HandOverCaseload(t.Context(), manager, referral.CaseloadForm{FromUser: form.FromUser, ToUser: w.second.visitor.ID, Reason: "left"})
	w.invalid(err, "/to_user")
	_, err = w.cases.HandOverCaseload(t.Context(), w.User(w.second.Org, auth.AgencyManager), form) // another agency's visitor
	w.invalid(err, "/from_user", "/to_user")
	_, err = w.cases.HandOverCaseload(t.Context(), w.first.desk, form)
	w.refused(fault.Forbidden, err)

	r, err := w.cases.HandOverCaseload(t.Context(), manager, form)
	w.must(err)
	if r.Cases != 4 {
		t.Errorf("got %+v", r)
	}
	w.ok(w.cases.Close(t.Context(), w.first.desk, cases[3], ends("information_given"))) // she leaves before her turn
	w.work()
	v, err := w.cases.Batch(t.Context(), manager, r.BatchID)
	w.must(err)
	if v.Cases != 4 || v.Done != 4 || v.Results["moved"] != 3 || v.Results["nothing"] != 1 {
		t.Errorf("got %+v", v)
	}
	w.want("3", `SELECT count(*) FROM (SELECT visitor_id FROM claims WHERE ended_at IS NULL UNION ALL SELECT visitor_id FROM enrollments WHERE ended_at IS NULL) v
		WHERE visitor_id = $1`, next.ID)
	w.want("3", `SELECT count(*) FROM audit_events WHERE action = 'hand over caseload' AND detail ->> 'batch' = $1 AND detail ->> 'requested_by' = $2`, r.BatchID, manager.ID)
	w.want("", `SELECT visitor_id FROM claims WHERE case_id = $1`, other)

	_, err = w.cases.Batch(t.Context(), w.User(w.second.Org, auth.AgencyManager), r.BatchID)
	w.refused(fault.NotFound, err)
	_, err = w.cases.Batch(t.Context(), w.lead, r.BatchID)
	w.must(err)
}

// A worker that dies between two families, or after one of them, loses none and moves none twice.
func TestABatchGoesOnWhereItStopped(t *testing.T) {
	w := newWorld(t)
	cases := []uuid.UUID{w.claimed(), w.claimed(), w.claimed()}
	w.visited(cases...)
	w.work()
	r, err := w.cases.HandOverCaseload(t.Context(), w.User(w.first.Org, auth.AgencyManager),
		referral.CaseloadForm{FromUser: w.first.visitor.ID, ToUser: w.first.desk.ID, Reason: "leave"})
	w.must(err)
	leased, err := w.queue.Lease(t.Context(), 10, -1) // a lease that is over at once
	w.must(err)
	w.must(w.cases.WorkBatchItem(t.Context(), leased[0]))
	if err := w.cases.WorkBatchItem(t.Context(), leased[0]); !errors.Is(err, jobs.ErrSuperseded) {
		t.Errorf("a second run: %v", err)
	}
	v, err := w.cases.Batch(t.Context(), w.lead, r.BatchID)
	w.must(err)
	if v.Done != 1 || v.Cases != 3 {
		t.Errorf("got %+v", v)
	}
	w.work()
	w.want("3", `SELECT count(*) FROM case_moves WHERE action = 'hand over caseload'`)
	w.want("3", `SELECT count(*) FROM batch_items WHERE result = 'moved'`)
}

func because() referral.ProgramCloseForm {
	return referral.ProgramCloseForm{Reason: "funding_ended"}
}

func TestAProgramCloses(t *testing.T) {
	w := newWorld(t)
	manager := w.User(w.first.Org, auth.AgencyManager)
	offered, claimed, enrolled := w.offered(), w.claimed(), w.enrolled()
	w.exec(`UPDATE capacity_statements SET funded = 0 WHERE program_id = $1`, w.second.Program)
	waits := w.outreach()
	w.exec(`UPDATE capacity_statements SET funded = 0`)
	w.ok(w.cases.Wait(t.Context(), w.desk, waits, referral.WaitForm{Programs: []uuid.UUID{w.first.Program, w.second.Program}, How: "phone"}))
	w.exec(`UPDATE capacity_statements SET funded = 50 WHERE program_id = $1`, w.first.Program)
	moving := w.text(`SELECT received_at FROM cases WHERE id = $1`, waits)
	w.work()
	w.exec(`DELETE FROM tasks`)
	unmoved := w.standing(enrolled)

	_, err := w.cases.CloseProgram(t.Context(), w.User(w.second.Org, auth.AgencyManager), w.first.Program, because())
	w.refused(fault.NotFound, err)
	_, err = w.cases.CloseProgram(t.Context(), w.first.desk, w.first.Program, because())
	w.refused(fault.Forbidden, err)
	r, err := w.cases.CloseProgram(t.Context(), manager, w.first.Program, because())
	w.must(err)
	if r.Cases != 4 {
		t.Errorf("got %+v", r)
	}
	_, err = w.cases.CloseProgram(t.Context(), w.lead, w.first.Program, because())
	w.says(err, "was closed on")
	_, err = w.cases.Claim(t.Context(), w.first.desk, offered, referral.ClaimForm{}) // before its turn came
	w.says(err, "takes no families any more")
	w.work()
	v, err := w.cases.Batch(t.Context(), manager, r.BatchID)
	w.must(err)
	if v.Cases != 4 || v.Done != 4 || v.Results["ask_her"] != 2 || v.Results["rerouted"] != 2 {
		t.Errorf("got %+v", v)
	}

	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1 AND program_id = $2`, offered, w.first.Program)
	w.status(referral.Waitlisted, offered) // the second has no place
	w.status(referral.Waitlisted, waits)
	w.want("program_closed", `SELECT ended_as FROM waitlist_entries WHERE case_id = $1 AND program_id = $2`, waits, w.first.Program)
	w.want("1", `SELECT count(*) FROM waitlist_entries WHERE case_id = $1 AND program_id = $2 AND ended_at IS NULL`, waits, w.second.Program)
	w.want(moving, `SELECT received_at FROM cases WHERE id = $1`, waits)
	for _, id := range []uuid.UUID{claimed, enrolled} {
		w.want("agency_manager true,triage_supervisor true", `SELECT string_agg(role || ' ' || urgent, ',' ORDER BY role) FROM tasks
			WHERE case_id = $1 AND kind = 'program.closing_ask_her' AND closed_at IS NULL`, id)
	}
	w.status(referral.Claimed, claimed)
	w.exec(`DELETE FROM tasks WHERE case_id = $1`, enrolled)
	w.want(unmoved, `SELECT $1`, w.standing(enrolled)) // beside the tasks nothing of hers moved

	w.exec(`UPDATE capacity_statements SET funded = 50 WHERE program_id = $1`, w.second.Program) // asked, she says yes to another
	w.ok(w.cases.Transfer(t.Context(), manager, enrolled, moveTo(w.second.Program)))
	w.ok(w.cases.Claim(t.Context(), w.second.desk, enrolled, referral.ClaimForm{}))
	w.ok(w.cases.Undo(t.Context(), w.second.desk, enrolled)) // and back, though its program is closed: she was there
	w.status(referral.Enrolled, enrolled)
	_, err = w.cases.Transfer(t.Context(), w.desk, w.claimedBy(w.second), moveTo(w.first.Program))
	w.says(err, "takes no families any more")
}

// claimedBy is a family that another agency claimed.
func (w *world) claimedBy(a agency) uuid.UUID {
	w.Helper()
	_, id := w.receive(w.hospital, postpartum())
	w.ok(w.cases.Offer(w.Context(), w.desk, id, offerTo("direct", "other", a.Program)))
	w.ok(w.cases.Claim(w.Context(), a.desk, id, referral.ClaimForm{}))
	return id
}

// A pool offer and a transfer to the program that closes go; what else she has stays.
func TestAClosingProgramLeavesTheRestStanding(t *testing.T) {
	w := newWorld(t)
	pooled := w.offered()
	w.ok(w.cases.Offer(t.Context(), w.desk, pooled, offerTo("pool", "other", w.first.Program, w.second.Program)))
	moving := w.moving(w.enrolled)()
	r, err := w.cases.CloseProgram(t.Context(), w.lead, w.second.Program, because())
	w.must(err)
	w.work()
	w.want("withdrawn", `SELECT string_agg(DISTINCT result, ',') FROM batch_items WHERE batch_id = $1`, r.BatchID)
	w.want(w.first.Program.String(), `SELECT string_agg(program_id::text, ',') FROM offers WHERE case_id = $1 AND ended_at IS NULL`, pooled)
	w.want("0", `SELECT count(*) FROM case_access WHERE org_id = $1 AND until IS NULL`, w.second.ID)
	w.status(referral.Enrolled, moving)
	w.want("2", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'transfer.not_taken'`, moving)
}

// Whatever comes in while a program closes: nobody is claimed after the close, nobody is left with an offer of it.
func TestClaimsAgainstTheClose(t *testing.T) {
	w := newWorld(t)
	const families = 12
	cases := make([]uuid.UUID, families)
	in := make([]referral.Submission, families)
	for i := range cases {
		cases[i], in[i] = w.offered(), postpartum()
	}
	errs := together(2*families+1, func(i int) (err error) {
		switch {
		case i < families:
			_, err = w.cases.Claim(t.Context(), w.first.desk, cases[i], referral.ClaimForm{})
		case i < 2*families: // while others are offered to it
			_, err = w.cases.Receive(t.Context(), w.hospital, in[i-families])
		default:
			_, err = w.cases.CloseProgram(t.Context(), w.lead, w.first.Program, because())
		}
		return err
	})
	for i, err := range errs {
		if err != nil && !errors.Is(err, fault.Conflict) && !(i >= families && errors.Is(err, fault.Unavailable)) {
			t.Errorf("%d was told %v", i, err)
		}
	}
	w.must(errs[2*families])
	w.work()
	w.want("0", `SELECT count(*) FROM offers WHERE program_id = $1 AND ended_at IS NULL`, w.first.Program)
	w.want("0", `SELECT count(*) FROM batch_items WHERE done_at IS NULL`)
	lost := slices.IndexFunc(cases, func(id uuid.UUID) bool {
		return w.text(`SELECT status FROM cases WHERE id = $1`, id) == "offered" &&
			w.text(`SELECT count(*) FROM offers WHERE case_id = $1 AND program_id = $2 AND ended_at IS NULL`, id, w.second.Program) != "1"
	})
	if lost >= 0 {
		t.Errorf("family %d is offered to nobody", lost)
	}
}

// One of two agencies cannot be asked twice: but two of one agency may answer one transfer at once.
func TestTwoClaimsOfOneTransfer(t *testing.T) {
	w := newWorld(t)
	colleague := w.User(w.second.Org, auth.AgencyCoordinator)
	for range 10 {
		id := w.moving(w.claimed)()
		w.oneWinner(together(8, func(i int) error {
			_, err := w.cases.Claim(t.Context(), []auth.Actor{w.second.desk, colleague}[i%2], id, referral.ClaimForm{})
			return err
		}))
		w.want(w.second.ID.String(), `SELECT string_agg(org_id::text, ',') FROM claims WHERE case_id = $1 AND ended_at IS NULL`, id)
		w.want("1", `SELECT count(*) FROM claims WHERE case_id = $1 AND ended_as = 'transferred'`, id)
	}
}

// What the closing asked an agency ends when it gives the family back.
func TestAnAgencyIsNotAskedAboutAFamilyItGaveBack(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	_, err := w.cases.CloseProgram(t.Context(), w.lead, w.first.Program, because())
	w.must(err)
	w.work()
	w.want("2", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'program.closing_ask_her' AND closed_at IS NULL`, id)
	w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'program.closing_ask_her' AND closed_at IS NULL`, id)
	w.ok(w.cases.Undo(t.Context(), w.first.desk, id))
	w.want("2", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'program.closing_ask_her' AND closed_at IS NULL`, id)
}

func TestADeadItemNamesItsCase(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	_, err := w.cases.CloseProgram(t.Context(), w.lead, w.first.Program, because())
	w.must(err)
	w.must(w.cases.SpreadBatch(t.Context(), w.lease()))
	w.must(w.queue.GiveUp(t.Context(), w.lease(), "attempts_used_up"))
	w.want(id.String(), `SELECT case_id FROM tasks WHERE kind = 'job.dead'`)
}
