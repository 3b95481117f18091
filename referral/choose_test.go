package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/referral"
)

func yesTo(programs ...uuid.UUID) referral.ChoiceForm {
	return referral.ChoiceForm{Answer: "yes", Programs: programs, How: "phone"}
}

func TestHerYesOffersToTheProgramSheNamed(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	r := w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, yesTo(w.second.Program, w.first.Program)))
	if r.Status != referral.Offered || r.NextStep != "agency_answers" {
		t.Errorf("got %+v", r)
	}
	w.want("1", `SELECT count(*) FROM offers WHERE case_id = $1 AND program_id = $2 AND kind = 'direct' AND ended_at IS NULL`, id, w.second.Program)
	w.want("2", `SELECT count(*) FROM consents WHERE case_id = $1 AND gate = 3 AND answer = 'yes' AND opened_move IS NOT NULL`, id)
	w.want("2", `SELECT num_nonnulls(reached_at, said_yes_at) FROM cases WHERE id = $1`, id)
	w.want("done", `SELECT status FROM follow_ups WHERE case_id = $1 AND kind = 'case.outreach_due'`, id)
}

func TestAnyProgramOffersInTheOrderOfTheRules(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "yes", AnyProgram: true, How: "signed"}))
	w.want(w.first.Program.String(), `SELECT program_id FROM offers WHERE case_id = $1`, id)
}

func TestSheMayChooseAgainWhileOffered(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, yesTo(w.second.Program)))
	w.want(w.second.Program.String(), `SELECT program_id FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1 AND program_id = $2`, id, w.first.Program)
	w.want(w.second.ID.String(), `SELECT org_id FROM case_access WHERE case_id = $1 AND level = 'limited' AND until IS NULL`, id)
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, yesTo(w.first.Program)))
	w.want("1", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
}

func TestHerYesToAProgramWithoutAPlaceLeavesTheHubToAskAgain(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	full := w.newAgency(0, "en")
	r := w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, yesTo(full.Program)))
	if r.Status != referral.Outreach {
		t.Errorf("got %+v", r)
	}
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1`, id)
}

func TestHerNoEndsTheCaseWithoutBlame(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		from        uuid.UUID
		notAgain    bool
		disposition string
		stopped     string
	}{{w.outreach(), false, referral.SaidNoForNow, "false 0"}, {w.offered(), true, referral.AskedNotToBeContacted, "true 1"}} {
		w.ok(w.cases.RecordChoice(t.Context(), w.desk, c.from, referral.ChoiceForm{Answer: "no", NotAgain: c.notAgain, How: "phone"}))
		w.want(c.disposition, `SELECT disposition FROM cases WHERE id = $1 AND status = 'closed' AND closed_at IS NOT NULL`, c.from)
		w.want(c.stopped, `SELECT do_not_contact || ' ' || stop_version FROM clients WHERE id = (SELECT caregiver_id FROM cases WHERE id = $1)`, c.from)
		w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, c.from)
		w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, c.from)
		w.want("0", `SELECT count(*) FROM case_access WHERE case_id = $1 AND level = 'limited' AND until IS NULL`, c.from)
		w.want("1", `SELECT count(*) FROM messages WHERE case_id = $1 AND template = 'closed'`, c.from)
	}
	w.want("she_said_no", `SELECT ended_as FROM offers`)
}

func TestLaterPromisesToAskAgain(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	for _, never := range []time.Time{w.clock.Now(), w.clock.Now().AddDate(1, 1, 0), time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -12*3600))} {
		_, err := w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "later", AskAgainAt: &never, How: "phone"})
		w.invalid(err, "/ask_again_at")
	}
	friday := w.clock.Now().Add(72 * time.Hour)
	r := w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "later", AskAgainAt: &friday, How: "phone"}))
	if r.Status != referral.Outreach || r.NextStep != "she_chooses" || !r.NextBy.Equal(friday) {
		t.Errorf("got %+v", r)
	}
	offered := w.offered()
	before := w.text(`SELECT next_step || next_due_at FROM cases WHERE id = $1`, offered)
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, offered, referral.ChoiceForm{Answer: "later", How: "phone"}))
	w.want(before, `SELECT next_step || next_due_at FROM cases WHERE id = $1`, offered)
	w.want("1", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, offered)
}

func TestAChoiceThatMeansNothing(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	_, err := w.cases.RecordChoice(t.Context(), w.desk, id, yesTo())
	w.invalid(err, "/programs")
	_, err = w.cases.RecordChoice(t.Context(), w.desk, id, yesTo(uuid.New()))
	w.invalid(err, "/programs")
	_, err = w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "perhaps"})
	w.invalid(err, "/answer", "/how")
	w.want("2", `SELECT version FROM cases WHERE id = $1`, id)
	w.want("0", `SELECT count(*) FROM consents WHERE gate = 3`)
}
