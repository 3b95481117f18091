package referral_test

import (
	"testing"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// version is that of the case as anybody would read it now.
func (w *world) version(id uuid.UUID) (v int) {
	w.Helper()
	w.must(w.owner.QueryRowContext(w.Context(), `SELECT version FROM cases WHERE id = $1`, id).Scan(&v))
	return v
}

func (w *world) due(id uuid.UUID, on, method string) referral.DueDateForm {
	w.Helper()
	return referral.DueDateForm{Version: w.version(id), DueOn: on, Method: method}
}

const (
	dueNow    = `SELECT due_on::text FROM pregnancies JOIN cases USING (episode_id) WHERE cases.id = $1`
	decidedBy = `SELECT cause || ' ' || coalesce(facts ->> 'due_on', '-') FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`
)

// Ultrasound counts before last period before all others, then the newest, until a person chooses; none is ever lost.
func TestWhichDueDateCounts(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.want("2027-03-01 unknown true", `SELECT concat_ws(' ', due_on, method, (referral_id IS NOT NULL)::text) FROM due_dates JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
	for _, step := range []struct{ on, method, counts string }{
		{"2027-03-05", "told_by_her", "2027-03-05"}, {"2027-02-20", "lmp", "2027-02-20"}, {"2027-03-09", "clinical_estimate", "2027-02-20"},
		{"2027-02-25", "ultrasound", "2027-02-25"}, {"2027-02-21", "lmp", "2027-02-25"}, {"2027-02-27", "ultrasound", "2027-02-27"},
	} {
		w.ok(w.cases.RecordDueDate(t.Context(), w.desk, id, w.due(id, step.on, step.method)))
		w.want(step.counts, dueNow, id)
		w.want("true", `SELECT (count(*) > 1)::text FROM decisions WHERE case_id = $1`, id)
	}
	w.want("due_date 2027-02-27", decidedBy, id)
	w.status(referral.Outreach, id)
	first := w.id(`SELECT due_dates.id FROM due_dates JOIN cases USING (episode_id) WHERE cases.id = $1 AND due_on = '2027-03-01'`, id)
	w.ok(w.cases.RecordDueDate(t.Context(), w.desk, id, referral.DueDateForm{Version: w.version(id), Choose: &first}))
	w.ok(w.cases.RecordDueDate(t.Context(), w.desk, id, w.due(id, "2027-02-28", "ultrasound")))
	w.want("2027-03-01", dueNow, id)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if d := v.Family.DueDates; len(d) != 8 || !d[0].Counts || !d[0].Chosen || d[0].GivenBy != "referral" || d[7].Counts || d[7].GivenBy != "own" {
		t.Errorf("got %s", w.marshal(v.Family.DueDates))
	}
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	if v, err = w.cases.Case(t.Context(), w.desk, id); err != nil || len(v.Family.DueDates) != 0 {
		t.Errorf("after a loss the case shows %s", w.marshal(v.Family.DueDates))
	}
	_, err = w.cases.RecordDueDate(t.Context(), w.desk, id, w.due(id, "2027-02-28", "ultrasound"))
	w.says(err, "this pregnancy ended")
	w.refusesDueDates()
}

// By the new date her window closes tomorrow: the windows, her place in the list and the promise of the last safe day move in one transaction.
func TestAnotherDueDateMovesTheWindows(t *testing.T) {
	w := newWorld(t)
	w.nfp()
	_, id := w.receive(w.hospital, firstMother()) // due 2027-01-26: 24 weeks
	const promise = `SELECT due_at FROM follow_ups WHERE case_id = $1 AND kind = 'case.window_closing' AND status = 'open'`
	before, rank, watched := w.text(`SELECT window_closes_on FROM cases WHERE id = $1`, id), w.text(`SELECT rank_key FROM cases WHERE id = $1`, id), w.text(promise, id)
	w.ok(w.cases.RecordDueDate(t.Context(), w.desk, id, referral.DueDateForm{Version: w.version(id), LastPeriodOn: "2026-03-19"})) // due 2026-12-24: 28 weeks and 5 days
	w.want("2026-12-24 last_period", `SELECT due_on || ' ' || dating FROM pregnancies JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
	for what, pair := range map[string][2]string{"window": {before, w.text(`SELECT window_closes_on FROM cases WHERE id = $1`, id)},
		"rank": {rank, w.text(`SELECT rank_key FROM cases WHERE id = $1`, id)}, "last safe day": {watched, w.text(promise, id)}} {
		if pair[0] == "" || pair[0] == pair[1] {
			t.Errorf("the %s stayed at %q", what, pair[0])
		}
	}
}

// An offer stands. Inside the last safe day the runner-up is asked beside it; when her window is over by the new date, a person looks.
func TestOffersStandUnderAnotherDueDateAndAreLookedAt(t *testing.T) {
	w := newWorld(t)
	nfp := w.nfp()
	_, id := w.receive(w.hospital, firstMother())
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "yes", How: "phone", Programs: []uuid.UUID{nfp.Program, w.first.Program}}))
	w.want(nfp.Program.String(), `SELECT program_id FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.ok(w.cases.RecordDueDate(t.Context(), w.desk, id, w.due(id, "2027-01-02", "ultrasound"))) // 27 weeks and 3 days
	w.want("2", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.want("true", `SELECT bool_and(o.rank_key = c.rank_key) FROM offers o JOIN cases c ON c.id = o.case_id WHERE c.id = $1 AND o.ended_at IS NULL`, id)
	w.want("", openTasks, id)
	w.ok(w.cases.RecordDueDate(t.Context(), w.desk, id, w.due(id, "2026-12-20", "ultrasound"))) // past 28 weeks
	w.want("2", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.want("case.offer_no_longer_fits triage_coordinator", openTasks, id)
}

// An agency's own family keeps its place; the window's promise and the question of completion follow the date.
func TestAnAgencyRecordsADueDate(t *testing.T) {
	w := newWorld(t)
	id := w.prenatalAt(referral.Claimed)
	_, err := w.cases.RecordDueDate(t.Context(), w.second.desk, id, w.due(id, "2027-02-01", "ultrasound"))
	w.refused(fault.NotFound, err)
	w.ok(w.cases.RecordDueDate(t.Context(), w.first.visitor, id, w.due(id, "2027-02-01", "ultrasound")))
	w.status(referral.Claimed, id)
	w.want("due_date 2027-02-01", decidedBy, id)
	id = w.prenatalAt(referral.Enrolled)
	const asked = `SELECT due_at FROM follow_ups WHERE case_id = $1 AND kind = 'enrollment.completion_check' AND status = 'open'`
	before := w.text(asked, id)
	w.ok(w.cases.RecordDueDate(t.Context(), w.first.visitor, id, w.due(id, "2027-02-01", "ultrasound")))
	if now := w.text(asked, id); now == "" || now >= before {
		t.Errorf("completion is asked at %s, before at %s", now, before)
	}
}

// A later referral adds its own; far from the one that counts, a person is asked which is right.
func TestALaterReferralsDueDate(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Pregnancy.Method = "ultrasound"
	_, id := w.receive(w.hospital, in)
	in.Pregnancy.DueOn, in.Pregnancy.Method = "2027-02-20", ""
	w.receive(w.clinic, in)
	w.want("2027-03-01", dueNow, id)
	w.want("", openTasks, id)
	in.Pregnancy.DueOn = "2027-02-01"
	w.receive(w.clinic, in)
	w.want("2027-03-01", dueNow, id)
	w.want("pregnancy.due_dates_differ triage_coordinator", openTasks, id)
	in.Pregnancy.Method = "ultrasound"
	w.receive(w.clinic, in)
	w.want("2027-02-01", dueNow, id)
	w.want("link 2027-02-01", decidedBy, id)
	w.want("4", `SELECT count(*) FROM due_dates JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
}

// Nobody knows when: she is routed as if her window were closing today, and the decision says so.
func TestWithoutADueDateTimeIsShort(t *testing.T) {
	w := newWorld(t)
	w.nfp()
	in := firstMother()
	in.Pregnancy.DueOn = ""
	_, id := w.receive(w.hospital, in)
	w.want("2026-10-06", `SELECT window_closes_on::text FROM cases WHERE id = $1`, id)
	w.want("true", `SELECT (outcome ->> 'flags') LIKE '%due_date_unknown%' FROM decisions WHERE case_id = $1`, id)
	w.want("0", `SELECT count(*) FROM due_dates JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
	w.ok(w.cases.RecordDueDate(t.Context(), w.desk, id, w.due(id, "2027-01-26", "told_by_her")))
	w.want("due_date 2027-01-26", decidedBy, id)
	w.want("true", `SELECT (window_closes_on > '2026-10-06')::text FROM cases WHERE id = $1`, id)
}

// refusesDueDates is what a due date may not be.
func (w *world) refusesDueDates() {
	w.Helper()
	id := w.outreach()
	for _, c := range []struct {
		in referral.DueDateForm
		at string
	}{
		{referral.DueDateForm{Version: 1}, ""}, {referral.DueDateForm{Version: 1, DueOn: "2027-02-01"}, "/method"},
		{referral.DueDateForm{Version: 1, DueOn: "2027-02-01", LastPeriodOn: "2026-05-01", Method: "lmp"}, ""},
		{referral.DueDateForm{DueOn: "2027-02-01", Method: "lmp"}, "/version"},
		{w.due(id, "2029-02-01", "ultrasound"), "/due_on"}, {w.due(id, "2026-02-01", "ultrasound"), "/due_on"},
		{referral.DueDateForm{Version: w.version(id), Choose: new(uuid.New())}, "/choose"},
	} {
		_, err := w.cases.RecordDueDate(w.Context(), w.desk, id, c.in)
		w.invalid(err, c.at)
	}
	born := w.offered()
	_, err := w.cases.RecordDueDate(w.Context(), w.desk, born, w.due(born, "2027-02-01", "ultrasound"))
	w.says(err, "The birth is recorded already")
}
