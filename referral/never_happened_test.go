package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func takenBack(what string, children ...uuid.UUID) referral.CorrectForm {
	return referral.CorrectForm{TakeBack: what, Infants: children, Reason: "entered_in_error"}
}

const (
	openHolds  = `SELECT count(*) FROM holds WHERE case_id = $1 AND lifted_at IS NULL`
	pregnantAs = `SELECT concat_ws(' ', c.stage, coalesce(p.outcome, 'goes on'), coalesce(p.outcome_on::text, '-')) FROM pregnancies p JOIN cases c USING (episode_id) WHERE c.id = $1`
)

// The windows and the clocks of staff come back. What was queued to her stays withdrawn, and a person decides what happens next.
func TestALossIsTakenBack(t *testing.T) {
	w := newWorld(t)
	w.nfp()
	_, id := w.receive(w.hospital, firstMother())
	window, message := w.text(`SELECT window_closes_on::text FROM cases WHERE id = $1`, id), w.messageToHer(id)
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	_, err := w.cases.Correct(t.Context(), w.desk, id, takenBack("loss"))
	w.refused(fault.Forbidden, err)
	w.clock.forward(time.Hour)
	r := w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("loss")))
	if r.Status != referral.Review {
		t.Errorf("got %+v", r)
	}
	w.want("prenatal goes on -", pregnantAs, id)
	w.want("{corrected} "+window, `SELECT review_reasons::text || ' ' || window_closes_on FROM cases WHERE id = $1 AND held_since IS NULL`, id)
	w.want("0", openHolds, id)
	w.want("withdrawn", `SELECT status FROM messages WHERE id = $1`, message)
	w.want("", openTasks, id)
	w.want("case.review_due,case.window_closing", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want("loss entered_in_error", `SELECT concat_ws(' ', detail ->> 'taken_back', detail ->> 'reason') FROM audit_events WHERE action = 'correct' AND case_id = $1`, id)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if v.Family.DueOn == nil || v.Family.Outcome != nil {
		t.Errorf("got %s", w.marshal(v.Family))
	}
	_, err = w.cases.Correct(t.Context(), w.lead, id, takenBack("loss"))
	w.says(err, "No loss is recorded")
	w.ok(w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "other"}))
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost())) // a true one
	w.want("family.loss triage_supervisor,family.offer_bereavement_support triage_supervisor", openTasks, id)
}

func TestAnAgencyHearsThatALossWasNone(t *testing.T) {
	w := newWorld(t)
	for _, status := range []referral.Status{referral.Claimed, referral.Enrolled} {
		id := w.prenatalAt(status)
		clocks := `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status IN ('open', 'held')`
		before := w.text(clocks, id)
		w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
		w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("loss")))
		w.status(status, id)
		w.want(before, clocks, id)
		w.want("family.taken_back agency_manager", openTasks, id)
		w.want("0", openHolds, id)
	}
}

// Children that were never born are ended, and leave their place to those that will be.
func TestABirthIsTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.ok(w.cases.RecordBirth(t.Context(), w.desk, id, w.born()))
	w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("birth")))
	w.want("prenatal goes on -", pregnantAs, id)
	w.want("true", `SELECT bool_and(ended_at IS NOT NULL)::text FROM infants JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
	w.want("correct 2027-03-01", decidedBy, id)
	w.want("{corrected}", `SELECT review_reasons::text FROM cases WHERE id = $1`, id)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if len(v.Family.Infants) != 0 {
		t.Errorf("got %s", w.marshal(v.Family))
	}
	w.ok(w.cases.RecordBirth(t.Context(), w.desk, id, w.born()))
	w.want("1", `SELECT count(*) FROM case_infants WHERE case_id = $1 AND until IS NULL`, id)
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, id, died(w.child(id))))
	_, err = w.cases.Correct(t.Context(), w.lead, id, takenBack("birth"))
	w.says(err, "Take that back first")
	w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("child_death", w.id(`SELECT infant_id FROM case_infants WHERE case_id = $1 AND until IS NULL`, id))))
	w.want("0", openHolds, id)
	w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("birth")))
	form := w.offered() // the birth came as a form, with a discharge that was none
	w.ok(w.cases.Correct(t.Context(), w.lead, form, takenBack("birth")))
	w.want("correct -", `SELECT cause || ' ' || coalesce(facts ->> 'discharged_on', '-') FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, form)
	_, err = w.cases.Correct(t.Context(), w.lead, id, takenBack("birth"))
	w.says(err, "No birth is recorded")
}

// With another death on the record the hold stays.
func TestOneOfTwoDeathsIsTakenBack(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Birth.Infants = append(in.Birth.Infants, referral.SubmittedInfant{BornOn: "2026-10-02", GivenName: "Sol"})
	_, id := w.receive(w.hospital, in)
	one := w.child(id)
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, id, died(one)))
	other := w.child(id)
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, id, died(other)))
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'family.offer_bereavement_support'`, id) // once
	w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("child_death", one)))
	w.want("1", openHolds, id)
	w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("child_death", other)))
	w.want("0", openHolds, id)
	w.want("2", `SELECT facts ->> 'infants' FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	_, err := w.cases.Correct(t.Context(), w.lead, id, takenBack("child_death", other))
	w.invalid(err, "/infants")
	w.refusesToTakeBack()
}

// She lives: the case is read by a person again, and an enrollment that ended with her begins by a person, not by itself.
func TestHerDeathIsTakenBack(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.ok(w.cases.RecordDeath(t.Context(), w.first.desk, id, referral.DeathForm{Who: "caregiver"}))
	_, err := w.cases.Correct(t.Context(), w.lead, id, reopened("entered_in_error"))
	w.says(err, "take it back")
	w.ok(w.cases.Correct(t.Context(), w.lead, id, takenBack("client_death")))
	w.want("review {corrected}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)
	w.want("true", `SELECT (death_recorded_at IS NULL)::text FROM clients JOIN cases ON caregiver_id = clients.id WHERE cases.id = $1`, id)
	w.want("case.enrollment_ended_in_error triage_supervisor", openTasks, id)
	w.want("client_died", `SELECT ended_as FROM enrollments WHERE case_id = $1`, id)
	_, err = w.cases.Correct(t.Context(), w.lead, id, takenBack("client_death"))
	w.says(err, "not closed by her death")
	// to name another end says that she lives, too, and to name this one that she died
	w.ok(w.cases.Close(t.Context(), w.desk, id, ends("client_died")))
	w.want("true", `SELECT (death_recorded_at IS NOT NULL)::text FROM clients JOIN cases ON caregiver_id = clients.id WHERE cases.id = $1`, id)
	w.ok(w.cases.Correct(t.Context(), w.lead, id, endedAs("information_given", "wrong_reason")))
	w.want("true", `SELECT (death_recorded_at IS NULL)::text FROM clients JOIN cases ON caregiver_id = clients.id WHERE cases.id = $1`, id)
}

func TestAChildGoesHomeAgain(t *testing.T) {
	w := newWorld(t)
	for what, back := range map[string]func(id, child uuid.UUID) (referral.Receipt, error){
		"child_is_back": func(id, child uuid.UUID) (referral.Receipt, error) {
			return w.cases.ReturnChild(t.Context(), w.desk, id, referral.ReturnForm{Infants: []uuid.UUID{child}})
		},
		"corrected": func(id, child uuid.UUID) (referral.Receipt, error) {
			return w.cases.Correct(t.Context(), w.lead, id, takenBack("caregiver", child))
		},
	} {
		_, id := w.receive(w.hospital, postpartum())
		child := w.child(id)
		left := w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, id, foster(child)))
		w.want("foster", `SELECT custody FROM infants WHERE id = $1`, child)
		r := w.ok(back(id, child))
		if r.Status != referral.Review {
			t.Errorf("%s: got %+v", what, r)
		}
		w.want("{"+what+"}", `SELECT review_reasons::text FROM cases WHERE id = $1`, id)
		w.want("with_parent "+id.String(), `SELECT i.custody || ' ' || ci.case_id FROM infants i JOIN case_infants ci ON ci.infant_id = i.id WHERE i.id = $1 AND ci.until IS NULL`, child)
		w.want("review {child_not_with_her}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, *left.CreatedID)
		w.want("", `SELECT string_agg(detail::text, '') FROM audit_events WHERE case_id = $1 AND detail::text LIKE '%' || $2 || '%'`, *left.CreatedID, id.String())
		_, err := back(id, child)
		w.invalid(err, "/infants")
	}
}

// refusesToTakeBack is what cannot be taken back.
func (w *world) refusesToTakeBack() {
	w.Helper()
	id := w.outreach()
	for _, c := range []struct {
		in referral.CorrectForm
		at string
	}{
		{referral.CorrectForm{TakeBack: "weather", Reason: "wrong_case"}, "/take_back"},
		{referral.CorrectForm{TakeBack: "loss", Reopen: true, Reason: "wrong_case"}, "/take_back"},
		{takenBack("child_death"), "/infants"}, {takenBack("loss", uuid.New()), "/infants"},
		{takenBack("caregiver", uuid.New()), "/infants"},
	} {
		_, err := w.cases.Correct(w.Context(), w.lead, id, c.in)
		w.invalid(err, c.at)
	}
	w.ok(w.cases.Close(w.Context(), w.desk, id, ends("pregnancy_ended")))
	_, err := w.cases.Correct(w.Context(), w.lead, id, takenBack("loss"))
	w.says(err, "Open it again first")
}
