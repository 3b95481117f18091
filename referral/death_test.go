package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

func died(child uuid.UUID) referral.DeathForm {
	return referral.DeathForm{Who: "infant", InfantID: &child, On: "2026-10-06"}
}

func TestAChildsDeathIsAsALoss(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	child := w.child(id)
	r := w.ok(w.cases.RecordDeath(t.Context(), w.desk, id, died(child)))
	if r.Status != referral.Review {
		t.Errorf("got %+v", r)
	}
	w.want("2026-10-06", `SELECT died_on::text FROM infants WHERE id = $1 AND death_recorded_at IS NOT NULL`, child)
	w.want("{loss}", `SELECT review_reasons::text FROM cases WHERE id = $1 AND held_since IS NOT NULL`, id)
	w.want("bereavement death", `SELECT kind || ' ' || reason_code FROM holds WHERE case_id = $1`, id)
	w.want("family.loss triage_supervisor,family.offer_bereavement_support triage_supervisor", openTasks, id)
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	_, err := w.cases.RecordDeath(t.Context(), w.desk, id, died(child))
	w.says(err, "recorded already")
	w.ok(w.cases.Triage(t.Context(), w.desk, id))
	w.want("{loss}", `SELECT review_reasons::text FROM cases WHERE id = $1`, id)
	w.want("", `SELECT facts ->> 'baby_born_on' FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if len(v.Family.Infants) != 1 || !v.Family.Infants[0].DeathRecorded {
		t.Errorf("got %s", w.marshal(v.Family))
	}
}

// With a twin who lives a person looks first, and then the case goes on with that one child.
func TestATwinLives(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Birth.Infants = append(in.Birth.Infants, referral.SubmittedInfant{BornOn: "2026-10-02", GivenName: "Sol"})
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, id, died(w.child(id))))
	w.ok(w.cases.Triage(t.Context(), w.desk, id))
	w.want("review {loss}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id) // a machine does not look
	w.ok(w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "other"}))
	w.ok(w.cases.Triage(t.Context(), w.desk, id))
	w.want("1", `SELECT facts ->> 'infants' FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	_, same := w.receive(w.clinic, in) // the child who died does not come back with a late form
	w.want("2", `SELECT count(*) FROM case_infants WHERE case_id = $1`, same)
}

// The sibling's clocks run on at the agency, through her visitor by name; what reaches the mother waits, and no machine writes to her.
func TestTheClocksOfALivingSiblingRunOn(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Birth.Infants = append(in.Birth.Infants, referral.SubmittedInfant{BornOn: "2026-10-02", GivenName: "Sol"})
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.ok(w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	w.ok(w.cases.PlanFirstVisit(t.Context(), w.first.visitor, id, w.plan(time.Hour)))
	w.clock.forward(2 * time.Hour)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, id, w.held(time.Hour)))
	const clocks = `SELECT string_agg(kind || ' ' || due_at, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind LIKE 'enrollment%'`
	before := w.text(clocks, id)
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, id, died(w.child(id))))
	w.want(before, clocks, id)
	w.want(w.first.visitor.ID.String(), `SELECT owner_id FROM holds WHERE case_id = $1 AND lifted_at IS NULL`, id)
	w.want("family.loss agency_manager,family.loss triage_supervisor,family.offer_bereavement_support triage_supervisor,family.tell_visitor agency_manager", openTasks, id)
}

func TestAnAgencyKeepsAFamilyWhoseChildDied(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	_, err := w.cases.RecordDeath(t.Context(), w.second.visitor, id, died(w.child(id)))
	w.refused(fault.NotFound, err)
	w.ok(w.cases.RecordDeath(t.Context(), w.first.visitor, id, died(w.child(id))))
	w.status(referral.Enrolled, id)
	w.want("family.loss agency_manager,family.loss triage_supervisor,family.offer_bereavement_support triage_supervisor", openTasks, id)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND kind = 'enrollment.completion_check' AND status = 'open'`, id)
	w.ok(w.cases.Close(t.Context(), w.first.desk, id, referral.CloseForm{EnrollmentEnd: "child_died", Changeable: new(false)}))
	w.want("child_died", `SELECT disposition FROM cases WHERE id = $1`, id)
}

func TestACaregiversDeathClosesHerCase(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	in.Birth.Infants[0] = referral.SubmittedInfant{BornOn: "2024-01-05"}
	in.Birth.MotherDischargedOn = ""
	_, older := w.receive(w.hospital, in)
	if older == id {
		t.Fatal("not another episode")
	}
	message := w.messageToHer(older)
	w.ok(w.cases.RecordDeath(t.Context(), w.first.desk, id, referral.DeathForm{Who: "caregiver"}))
	w.want("closed client_died", `SELECT status || ' ' || disposition FROM cases WHERE id = $1`, id)
	w.want("true", `SELECT death_recorded_at IS NOT NULL FROM clients JOIN cases ON caregiver_id = clients.id WHERE cases.id = $1`, id)
	w.want("family.infants triage_supervisor", openTasks, id)
	w.want("withdrawn", `SELECT status FROM messages WHERE id = $1`, message)
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'family.death' AND org_id = $2 AND urgent`, older, w.hub.ID)
	w.ok(w.cases.Triage(t.Context(), w.desk, older))
	w.want("review {client_died}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, older)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, older, w.call(older, "no_answer")) // nor does a person call her number
	w.says(err, "Nothing goes to her any more")
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, older, referral.DeathForm{Who: "caregiver"}))
	w.status(referral.Closed, older)
	enrolled := w.enrolled()
	w.ok(w.cases.RecordDeath(t.Context(), w.first.desk, enrolled, referral.DeathForm{Who: "caregiver"}))
	w.want("client_died f", `SELECT ended_as || ' ' || CASE WHEN changeable THEN 't' ELSE 'f' END FROM enrollments WHERE case_id = $1`, enrolled)
}

func TestADeathIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	for _, c := range []struct {
		in referral.DeathForm
		at string
	}{
		{referral.DeathForm{Who: "nobody"}, "/who"}, {referral.DeathForm{Who: "infant"}, "/infant_id"},
		{referral.DeathForm{Who: "infant", InfantID: new(w.child(w.offered()))}, "/infant_id"},
		{referral.DeathForm{Who: "caregiver", On: "2026-10-01"}, "/on"},
		{referral.DeathForm{Who: "caregiver", InfantID: new(uuid.New())}, "/infant_id"},
		{referral.DeathForm{Who: "infant", InfantID: new(w.child(id)), On: "2026-10-01"}, "/on"},
		{referral.DeathForm{Who: "infant", InfantID: new(w.child(id)), On: "2026-10-07"}, "/on"},
	} {
		_, err := w.cases.RecordDeath(t.Context(), w.desk, id, c.in)
		w.invalid(err, c.at)
	}
	for _, a := range []auth.Actor{w.first.desk, w.second.desk} { // offered is not held
		_, err := w.cases.RecordDeath(t.Context(), a, id, died(w.child(id)))
		w.refused(fault.NotFound, err)
	}
}
