package referral_test

import (
	"encoding/hex"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// walkIn is a family that came to a program by itself and was visited this morning.
func walkIn(program uuid.UUID, family referral.Submission) referral.WalkInForm {
	return referral.WalkInForm{ProgramID: program, HeldAt: tuesday().Add(-time.Hour), Place: "home", ConsentHow: "signed", Family: family}
}

func TestAWalkInIsEnrolled(t *testing.T) {
	w := newWorld(t)
	in := walkIn(w.first.Program, postpartum())
	in.VisitorID = &w.first.visitor.ID
	r, err := w.cases.EnrollWalkIn(t.Context(), w.first.desk, in)
	w.must(err)
	if !r.Enrolled || r.Case == nil || r.Case.Status != referral.Enrolled || !r.Case.NextBy.Equal(in.HeldAt.AddDate(0, 0, 21)) || r.Alarm != nil {
		t.Errorf("got %+v", r)
	}
	id := r.Case.CaseID
	w.want("receive,enroll walk-in", `SELECT string_agg(action, ',' ORDER BY seq) FROM case_moves WHERE case_id = $1`, id)
	w.want("true", `SELECT first_visit_at = $2 AND enrolled_at = $2 AND claimed_at IS NULL FROM cases WHERE id = $1`, id, in.HeldAt)
	w.want("walk_in "+w.first.visitor.ID.String(), `SELECT came_by || ' ' || visitor_id FROM enrollments WHERE case_id = $1 AND enrolled_at = $2`, id, in.HeldAt)
	w.want("completed true", `SELECT status || ' ' || first FROM visits WHERE case_id = $1 AND held_at = $2`, id, in.HeldAt)
	w.want("1,2,3,4", `SELECT string_agg(gate::text, ',' ORDER BY gate) FROM consents WHERE case_id = $1 AND answer = 'yes'`, id)
	w.want("contact.recheck,enrollment.completion_check,enrollment.visit_drought", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want("agency api", `SELECT source_kind || ' ' || channel FROM referrals WHERE id = $1`, r.ReferralID)
	w.want("full", `SELECT string_agg(level, ',') FROM case_access WHERE case_id = $1`, id)
	v, err := w.cases.Case(t.Context(), w.first.visitor, id)
	w.must(err)
	if v.Family == nil || v.Claim == nil || *v.Claim.VisitorID != w.first.visitor.ID {
		t.Errorf("the agency sees %s", w.marshal(v))
	}
	w.someoneWaits()
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	w.want("1", `SELECT count(*) FROM outbox WHERE kind = 'program.place_free' AND subject_id = $1`, w.first.Program)

	_, err = w.cases.EnrollWalkIn(t.Context(), w.first.visitor, in)
	w.refused(fault.Forbidden, err)
}

func TestAWalkInNamesEverythingThatIsWrong(t *testing.T) {
	w := newWorld(t)
	_, err := w.cases.EnrollWalkIn(t.Context(), w.first.desk, referral.WalkInForm{})
	w.invalid(err, "/program_id", "/held_at", "/place", "/consent_how")
	in := walkIn(w.first.Program, prenatal())
	in.HeldAt, in.VisitorID = w.clock.Now().Add(time.Minute), &w.second.visitor.ID
	in.Family.Client.GivenName, in.Family.Consent.Answer = "", "send_link"
	_, err = w.cases.EnrollWalkIn(t.Context(), w.first.desk, in)
	w.invalid(err, "/family/client/given_name", "/held_at", "/family/consent/answer", "/visitor_id")
	old := walkIn(w.first.Program, prenatal())
	old.HeldAt = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	_, err = w.cases.EnrollWalkIn(t.Context(), w.first.desk, old)
	w.invalid(err, "/held_at")
	_, err = w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.second.Program, prenatal()))
	w.invalid(err, "/program_id")
	w.exec(`UPDATE organizations SET agreement_until = '2026-10-01' WHERE id = $1`, w.first.ID)
	_, err = w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, prenatal()))
	w.says(err, "agreement has ended")
	w.want("0", `SELECT count(*) FROM cases`)
}

// A family that waits at the hub, or is offered elsewhere, goes on as the one that walked in.
func TestAnOpenCaseBecomesTheWalkIn(t *testing.T) {
	w := newWorld(t)
	family := postpartum()
	_, id := w.receive(w.hospital, family)
	w.status(referral.Offered, id)
	w.clock.forward(time.Hour)
	r, err := w.cases.EnrollWalkIn(t.Context(), w.second.desk, walkIn(w.second.Program, family))
	w.must(err)
	if !r.Enrolled || r.Case.CaseID != id {
		t.Errorf("got %+v", r)
	}
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1`, id)
	w.want(w.second.ID.String(), `SELECT string_agg(org_id::text, ',') FROM case_access WHERE case_id = $1 AND level <> 'source' AND until IS NULL`, id)
	w.want("contact.recheck,enrollment.completion_check,enrollment.visit_drought", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want("1", `SELECT count(*) FROM messages WHERE template = 'being_served'`) // the hospital hears of it

	waits := prenatal()
	w.exec(`UPDATE capacity_statements SET funded = 0 WHERE program_id = $1`, w.first.Program)
	_, id = w.receive(w.hospital, waits)
	w.ok(w.cases.Wait(t.Context(), w.desk, id, referral.WaitForm{Programs: []uuid.UUID{w.first.Program}, How: "phone"}))
	r, err = w.cases.EnrollWalkIn(t.Context(), w.second.desk, walkIn(w.second.Program, waits))
	w.must(err)
	if !r.Enrolled || r.Case.CaseID != id {
		t.Errorf("got %+v", r)
	}
	w.want("claimed", `SELECT ended_as FROM waitlist_entries WHERE case_id = $1`, id)
}

// Where another agency has her, nobody is enrolled twice and nothing is told; the hub has her words, and her alarm.
func TestAWalkInWhomAnotherAgencyHas(t *testing.T) {
	w := newWorld(t)
	family := postpartum()
	_, id := w.receive(w.hospital, family)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	r, err := w.cases.EnrollWalkIn(t.Context(), w.second.desk, walkIn(w.second.Program, selfHarm(family)))
	w.must(err)
	if r.Enrolled || r.Case != nil || r.Alarm == nil || r.Remark != "She is not enrolled. The hub must look at this family first; call the hub." {
		t.Errorf("got %+v", r)
	}
	w.status(referral.Claimed, id)
	w.want("triage_coordinator true", `SELECT role || ' ' || urgent FROM tasks WHERE kind = 'walkin.conflict' AND case_id = $1 AND subject_id = $2`, id, r.ReferralID)
	w.want("1", `SELECT count(*) FROM alarms WHERE case_id = $1`, id)
	_, err = w.cases.Case(t.Context(), w.second.desk, id)
	w.refused(fault.NotFound, err)
	if seen := w.seenBy(w.User(w.second.Org, auth.AgencyManager)); seen != "" {
		t.Errorf("the second agency sees %s", seen)
	}
	_, err = w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, family)) // her own agency's
	w.says(err, "Record the first visit of that claim")
}

// Without a place she is not enrolled; what speaks of danger is heard all the same.
func TestAWalkInWithoutAPlace(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET funded = 0 WHERE program_id = $1`, w.first.Program)
	_, err := w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, prenatal()))
	w.says(err, "no free place")
	w.want("0", `SELECT count(*) FROM cases`)
	r, err := w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, selfHarm(prenatal())))
	w.must(err)
	if r.Enrolled || r.Alarm == nil {
		t.Errorf("got %+v", r)
	}
	w.want("review {alarm}", `SELECT status || ' ' || review_reasons::text FROM cases`)
	w.want("2", `SELECT count(*) FROM tasks WHERE kind IN ('walkin.conflict', 'alarm.answer')`)
	r, err = w.cases.EnrollWalkIn(t.Context(), w.second.desk, walkIn(w.second.Program, selfHarm(prenatal())))
	w.must(err)
	if !r.Enrolled || r.Alarm == nil { // with a place both
		t.Errorf("got %+v", r)
	}
}

// Two families walk in, and the hub's offer is claimed: there is one place.
func TestAWalkInAgainstTheLastSlot(t *testing.T) {
	w := newWorld(t)
	for slots := 1; slots <= 5; slots++ {
		w.exec(`UPDATE capacity_statements SET funded = 50 WHERE program_id = $1`, w.first.Program)
		offered := []uuid.UUID{w.offered(), w.offered(), w.offered(), w.offered()}
		w.exec(`UPDATE capacity_statements SET funded = $2 WHERE program_id = $1`, w.first.Program, slots)
		w.oneWinner(together(8, func(i int) error {
			if i < 4 {
				_, err := w.cases.Claim(t.Context(), w.first.desk, offered[i], referral.ClaimForm{})
				return err
			}
			_, err := w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, postpartum()))
			return err
		}))
	}
}

// The same family at one moment through both doors is one case.
func TestAWalkInAgainstItsReferral(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		family := postpartum()
		for _, err := range together(4, func(i int) error {
			if i%2 == 0 {
				_, err := w.cases.Receive(t.Context(), w.hospital, family)
				return err
			}
			_, err := w.cases.EnrollWalkIn(t.Context(), []agency{w.first, w.second}[i/2].desk, walkIn([]agency{w.first, w.second}[i/2].Program, family))
			return err
		}) {
			w.must(err)
		}
		w.want("1 1", `SELECT count(DISTINCT c.id) || ' ' || count(DISTINCT e.id) FROM clients p JOIN cases c ON c.caregiver_id = p.id
			LEFT JOIN enrollments e ON e.case_id = c.id WHERE p.family_name = $1`, family.Client.FamilyName)
	}
}

// importing acts for the first agency, as the command does.
func (w *world) importing() auth.Actor {
	a := auth.System("import")
	a.OrgID = w.first.ID
	return a
}

func TestAFamilyIsListedWithoutHerName(t *testing.T) {
	w := newWorld(t)
	family := postpartum()
	form := listed(w.first.Program, family)
	for i, want := range []bool{false, true} {
		got, err := w.cases.ListServed(t.Context(), w.importing(), form)
		w.must(err)
		if got.Already != want {
			t.Errorf("%d: got %+v", i, got)
		}
	}
	w.want("1", `SELECT count(*) FROM served_families WHERE ended_at IS NULL`)
	w.want("0", `SELECT count(*) FROM clients`)
	_, err := w.cases.ListServed(t.Context(), w.importing(), listed(w.second.Program, family))
	w.invalid(err, "/program_id")
	_, err = w.cases.ListServed(t.Context(), w.first.desk, form)
	w.refused(fault.Forbidden, err)

	w.exec(`UPDATE capacity_statements SET funded = 1 WHERE program_id = $1`, w.first.Program)
	_, err = w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, postpartum()))
	w.says(err, "1 of 1 are promised or in use") // she has the place
	r, err := w.cases.EnrollWalkIn(t.Context(), w.second.desk, walkIn(w.second.Program, family))
	w.must(err)
	if r.Enrolled {
		t.Error("a family that is served was enrolled again")
	}
	w.want("review {already_served}", `SELECT status || ' ' || review_reasons::text FROM cases`)
	r, err = w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, family)) // now she agreed to be named
	w.must(err)
	if !r.Enrolled {
		t.Errorf("got %+v", r)
	}
	w.want("0", `SELECT count(*) FROM served_families WHERE ended_at IS NULL`)
	got, err := w.cases.ListServed(t.Context(), w.importing(), form)
	if err != nil || !got.Already {
		t.Errorf("got %+v, %v", got, err)
	}
}

func listed(program uuid.UUID, family referral.Submission) referral.ListForm {
	born, _ := civil.ParseDate(family.Client.DateOfBirth)
	return referral.ListForm{ProgramID: program, NameHash: hashOf(family), DateOfBirth: born}
}

func hashOf(family referral.Submission) string {
	sum := referral.NameHash(family.Client.GivenName, family.Client.FamilyName)
	return hex.EncodeToString(sum[:])
}

func TestACaseloadIsImportedOnce(t *testing.T) {
	w := newWorld(t)
	form := referral.ImportForm{ProgramID: w.first.Program, EnrolledOn: civil.Date{Year: 2026, Month: 3, Day: 2}, Family: prenatal()}
	for i, want := range []referral.Imported{{}, {Already: true}} {
		got, err := w.cases.ImportFamily(t.Context(), w.importing(), form)
		w.must(err)
		if got != want {
			t.Errorf("%d: got %+v", i, got)
		}
	}
	id := w.id(`SELECT case_id FROM enrollments WHERE came_by = 'import' AND enrolled_at = '2026-03-02 12:00 America/New_York'`)
	w.want("import", `SELECT channel FROM referrals WHERE case_id = $1 AND org_id = $2`, id, w.first.ID)
	w.want("true", `SELECT due_at = $2 FROM follow_ups WHERE case_id = $1 AND kind = 'enrollment.visit_drought'`, id, tuesday().AddDate(0, 0, 21))
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	got, err := w.cases.ImportFamily(t.Context(), w.importing(), form) // an old file
	if err != nil || !got.Already {
		t.Errorf("got %+v, %v", got, err)
	}
	w.want("1", `SELECT count(*) FROM cases`)
	form.EnrolledOn = civil.Date{Year: 2026, Month: 10, Day: 7}
	_, err = w.cases.ImportFamily(t.Context(), w.importing(), form)
	w.invalid(err, "/enrolled_on")
}

// A place is promised to her or in use by her, never both.
func TestAClaimedFamilyIsNotListedBeside(t *testing.T) {
	w := newWorld(t)
	family := postpartum()
	_, id := w.receive(w.hospital, family)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	got, err := w.cases.ListServed(t.Context(), w.importing(), listed(w.first.Program, family))
	w.must(err)
	if !got.Already {
		t.Error("she takes two places")
	}
	w.want("0", `SELECT count(*) FROM served_families`)
}
