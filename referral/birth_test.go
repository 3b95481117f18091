package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// born is a birth two days ago, mother and child at home since yesterday.
func (w *world) born() referral.BirthForm {
	day := func(ago int) string { return w.clock.Now().AddDate(0, 0, -ago).Format(time.DateOnly) }
	return referral.BirthForm{BornOn: day(2), MotherDischargedOn: day(1), Infants: []referral.SubmittedInfant{{GivenName: "Luz"}}}
}

// child is the first child that stands in a case, or an id of nobody.
func (w *world) child(caseID uuid.UUID) uuid.UUID {
	w.Helper()
	text := w.text(`SELECT i.id FROM infants i JOIN case_infants ci ON ci.infant_id = i.id WHERE ci.case_id = $1 AND ci.until IS NULL
		AND i.death_recorded_at IS NULL ORDER BY i.birth_order LIMIT 1`, caseID)
	if text == "" {
		return uuid.New()
	}
	return uuid.MustParse(text)
}

// firstMother may join Nurse-Family Partnership before the birth and not after it. She is 24 weeks along.
func firstMother() referral.Submission {
	in := prenatal()
	none := 0
	in.Pregnancy = &referral.SubmittedPregnancy{DueOn: "2027-01-26", EarlierLiveBirths: &none}
	in.Client.DateOfBirth, in.Client.Insurance = "2004-04-02", "medicaid"
	return in
}

func (w *world) nfp() agency {
	w.Helper()
	funded := 5
	a := agency{Org: w.Agency(seed.Org{})}
	a.Program = w.Program(seed.Program{OrgID: a.ID, PackCode: "nfp", Funded: &funded, Languages: []string{"en"}}).ID
	return a
}

func TestABirthIsWrittenOnce(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	in := w.born()
	in.Infants = append(in.Infants, referral.SubmittedInfant{GivenName: "Sol", BornOn: "2026-10-05", Nicu: "yes"})
	r := w.ok(w.cases.RecordBirth(t.Context(), w.desk, id, in))
	if r.Status != referral.Outreach {
		t.Errorf("got %+v", r)
	}
	w.want("postpartum birth 2026-10-04 2026-10-05", `SELECT c.stage || ' ' || p.outcome || ' ' || p.outcome_on || ' ' || p.mother_discharged_on
		FROM cases c JOIN pregnancies p ON p.episode_id = c.episode_id WHERE c.id = $1`, id)
	w.want("Luz 2026-10-04,Sol 2026-10-05", `SELECT string_agg(given_name || ' ' || born_on, ',' ORDER BY birth_order) FROM infants i
		JOIN case_infants ci ON ci.infant_id = i.id WHERE ci.case_id = $1`, id)
	w.want("birth 2026-10-05", `SELECT cause || ' ' || (facts ->> 'baby_born_on') FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	_, err := w.cases.RecordBirth(t.Context(), w.desk, id, in)
	w.says(err, "recorded already")
	_, err = w.cases.RecordLoss(t.Context(), w.desk, id, lost())
	w.says(err, "recorded already")
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if len(v.Family.Infants) != 2 || v.Family.Outcome == nil || *v.Family.Outcome != "birth" {
		t.Errorf("got %s", w.marshal(v.Family))
	}
}

// The hospital's form about a child that is written already, and the twin's form, still come to the same case.
func TestATwinsFormLinksAfterTheBirthWasRecorded(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.RecordBirth(t.Context(), w.desk, id, w.born()))
	second := 2
	in.Stage, in.Pregnancy = "postpartum", nil
	in.Birth = &referral.SubmittedBirth{Infants: []referral.SubmittedInfant{{BornOn: "2026-10-04"}, {BornOn: "2026-10-04", BirthOrder: &second, GivenName: "Sol"}}}
	_, same := w.receive(w.clinic, in)
	if same != id {
		t.Fatal("a second form of the family opened a second case")
	}
	w.want("Luz,Sol", `SELECT string_agg(given_name, ',' ORDER BY birth_order) FROM infants i JOIN case_infants ci ON ci.infant_id = i.id WHERE ci.case_id = $1`, id)
}

// A birth that comes as a form is the same birth: nobody can record a loss after it.
func TestAFormOfTheBirthEndsThePregnancyToo(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	w.want("birth 2026-10-02", `SELECT outcome || ' ' || outcome_on FROM pregnancies JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
	_, err := w.cases.RecordBirth(t.Context(), w.desk, id, w.born())
	w.says(err, "recorded already")
}

func TestABirthClosesAWindowAndTheNextProgramIsAsked(t *testing.T) {
	w := newWorld(t)
	nfp := w.nfp()
	_, id := w.receive(w.hospital, firstMother())
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "yes", How: "phone",
		Programs: []uuid.UUID{nfp.Program, w.first.Program}}))
	w.want(nfp.Program.String(), `SELECT program_id FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.ok(w.cases.RecordBirth(t.Context(), w.desk, id, w.born()))
	w.status(referral.Offered, id)
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1 AND program_id = $2`, id, nfp.Program)
	w.want(w.first.Program.String()+" postpartum", `SELECT program_id || ' ' || stage FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.want("0", `SELECT count(*) FROM case_access WHERE case_id = $1 AND org_id = $2 AND until IS NULL`, id, nfp.ID)
}

func TestAnOfferThatStillFitsStandsAfterTheBirth(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "yes", How: "phone", Programs: []uuid.UUID{w.first.Program}}))
	offer := w.id(`SELECT id FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.ok(w.cases.RecordBirth(t.Context(), w.desk, id, w.born()))
	w.want("postpartum", `SELECT stage FROM offers WHERE id = $1 AND ended_at IS NULL`, offer)
	w.want("1", `SELECT count(*) FROM offers WHERE case_id = $1`, id)
}

// She waits for a program that takes nobody after the birth: somebody tells her so.
func TestWhoWaitsForAWindowThatTheBirthClosedHearsIt(t *testing.T) {
	w := newWorld(t)
	nfp := w.nfp()
	w.exec(`UPDATE capacity_statements SET intake = 'waitlist' WHERE program_id = $1`, nfp.Program)
	_, id := w.receive(w.hospital, firstMother())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, referral.WaitForm{Programs: []uuid.UUID{nfp.Program}, How: "phone"}))
	w.status(referral.Waitlisted, id)
	w.ok(w.cases.RecordBirth(t.Context(), w.desk, id, w.born()))
	w.want("review {window_closed}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)
	w.want("withdrawn", `SELECT ended_as FROM waitlist_entries WHERE case_id = $1`, id)
}

// prenatalAt is a family whom the first agency has, before the birth.
func (w *world) prenatalAt(status referral.Status) uuid.UUID {
	w.Helper()
	id := w.outreach()
	w.ok(w.cases.RecordChoice(w.Context(), w.desk, id, referral.ChoiceForm{Answer: "yes", How: "phone", Programs: []uuid.UUID{w.first.Program}}))
	w.ok(w.cases.Claim(w.Context(), w.first.desk, id, referral.ClaimForm{}))
	if status != referral.Claimed {
		w.ok(w.cases.PlanFirstVisit(w.Context(), w.first.visitor, id, w.plan(24*time.Hour)))
	}
	if status == referral.Enrolled {
		w.clock.forward(25 * time.Hour)
		w.ok(w.cases.Enroll(w.Context(), w.first.visitor, id, w.held(time.Hour)))
	}
	w.status(status, id)
	return id
}

// An agency's own family is not moved by the rules; completion is asked by the real age of the child.
func TestAnAgencyRecordsABirthAndKeepsTheFamily(t *testing.T) {
	w := newWorld(t)
	for _, status := range []referral.Status{referral.Claimed, referral.Accepted, referral.Enrolled} {
		id := w.prenatalAt(status)
		decisions := w.text(`SELECT count(*) FROM decisions WHERE case_id = $1`, id)
		due := w.text(`SELECT due_at FROM follow_ups WHERE case_id = $1 AND kind = 'enrollment.completion_check' AND status = 'open'`, id)
		w.ok(w.cases.RecordBirth(t.Context(), w.first.visitor, id, w.born()))
		w.status(status, id)
		w.want(decisions, `SELECT count(*) FROM decisions WHERE case_id = $1`, id)
		now := w.text(`SELECT due_at FROM follow_ups WHERE case_id = $1 AND kind = 'enrollment.completion_check' AND status = 'open'`, id)
		if (status == referral.Enrolled) != (due != "") || due != "" && now >= due {
			t.Errorf("%s: completion is asked at %s, before the birth at %s", status, now, due)
		}
		_, err := w.cases.RecordBirth(t.Context(), w.second.desk, id, w.born())
		w.refused(fault.NotFound, err)
	}
}

func TestABirthIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	in := w.born()
	in.BornOn, in.MotherDischargedOn = "2026-10-07", "2026-10-01"
	_, err := w.cases.RecordBirth(t.Context(), w.desk, id, in)
	w.invalid(err, "/born_on")
	in = w.born()
	in.BornOn, in.Infants[0].DischargedOn = "2026-10-04", "2026-10-03"
	in.MotherDischargedOn = "2026-10-03"
	_, err = w.cases.RecordBirth(t.Context(), w.desk, id, in)
	w.invalid(err, "/mother_discharged_on", "/infants/0/discharged_on")
	in = w.born()
	in.BornOn, in.MotherDischargedOn = "2025-10-04", ""
	_, err = w.cases.RecordBirth(t.Context(), w.desk, id, in)
	w.invalid(err, "/born_on")
	_, err = w.cases.RecordBirth(t.Context(), w.desk, id, referral.BirthForm{})
	w.invalid(err, "/born_on", "/infants")
	kin := prenatal()
	kin.Client.CaregiverRole = "kin"
	_, other := w.receive(w.hospital, kin)
	_, err = w.cases.RecordBirth(t.Context(), w.desk, other, w.born())
	w.says(err, "the parent who carries")
	offered := w.offered()
	_, err = w.cases.RecordBirth(t.Context(), w.first.desk, offered, w.born()) // offered is not held
	w.refused(fault.NotFound, err)
}
