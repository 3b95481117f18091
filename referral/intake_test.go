package referral_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral"
)

// rows counts what is in the tables of a case, leaving out the empty ones.
func (w *world) rows() string {
	w.Helper()
	var out []string
	for _, table := range []string{"clients", "demographics", "episodes", "pregnancies", "infants", "case_infants", "cases", "case_moves",
		"case_access", "referrals", "contact_methods", "addresses", "consents", "screenings", "answers", "decisions", "alarms", "offers",
		"claims", "follow_ups", "messages", "tasks", "outbox"} {
		if n := w.text(`SELECT count(*) FROM ` + table); n != "0" {
			out = append(out, table+" "+n)
		}
	}
	return strings.Join(out, ", ")
}

func TestIntakeWritesTheseRowsAndNoOthers(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Note, in.Demographics = "She likes mornings.", &referral.SubmittedDemographics{RaceEthnicity: []string{"hispanic_latino"}, Source: "self_report"}
	r, id := w.receive(w.hospital, in)
	want := "clients 1, demographics 1, episodes 1, pregnancies 1, cases 1, case_moves 2, case_access 1, referrals 1, " +
		"contact_methods 1, addresses 1, consents 2, answers 1, decisions 1, follow_ups 1, messages 1, tasks 1"
	if got := w.rows(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	w.want("receive>received,triage>outreach", `SELECT string_agg(action || '>' || to_status, ',' ORDER BY seq) FROM case_moves WHERE case_id = $1`, id)
	w.want("receive>received,triage>outreach", `SELECT string_agg(action || '>' || to_status, ',' ORDER BY id) FROM audit_events WHERE case_id = $1 AND kind = 'change'`, id)
	w.want("source", `SELECT level FROM case_access WHERE case_id = $1 AND org_id = $2`, id, w.firstOrg.ID)
	w.want("1yes,2yes", `SELECT string_agg(gate || answer, ',' ORDER BY gate) FROM consents WHERE case_id = $1 AND opened_move IS NULL`, id)
	w.want("case.outreach_due", `SELECT kind FROM follow_ups WHERE case_id = $1 AND owed_by = $2 AND due_at = $3`, id, w.hub.ID, r.NextBy)
	w.want("received 00:10:00", `SELECT template || ' ' || (not_before - $2::timestamptz) FROM messages WHERE referral_id = $1`, r.ID, w.clock.Now())
	w.want("true", `SELECT payload_sealed IS NOT NULL AND note_sealed IS NOT NULL AND position('Morales' in encode(payload_sealed, 'escape')) = 0
		FROM referrals WHERE id = $1`, r.ID)
	w.want("0", `SELECT count(*) FROM audit_events WHERE detail::text LIKE '%Morales%'`)
	if r.Status != "received" || r.NextStep != "hub_reaches_out" || r.Alarm != nil || r.Resent || len(r.Reference) != 9 {
		t.Errorf("receipt: %+v", r)
	}
}

func TestAFamilyGoingHomeIsOfferedToAnAgencyAtOnce(t *testing.T) {
	w := newWorld(t)
	r, id := w.receive(w.hospital, postpartum())
	w.status(referral.Offered, id)
	w.want("direct 21201", `SELECT kind || ' ' || area FROM offers WHERE case_id = $1 AND program_id = $2 AND ended_at IS NULL`, id, w.first.Program)
	w.want("limited,source", `SELECT string_agg(level, ',' ORDER BY level) FROM case_access WHERE case_id = $1 AND until IS NULL`, id)
	w.want("offer.expire", `SELECT kind FROM follow_ups WHERE case_id = $1 AND status = 'open' AND due_at = $2`, id, r.NextBy)
	w.want("1", `SELECT count(*) FROM case_infants WHERE case_id = $1`, id)
	w.want("agency", `SELECT first_contact FROM cases WHERE id = $1`, id)
}

func TestAnInvalidReferralLeavesNothing(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Client.DateOfBirth, in.Sensitivity = "2030-01-01", "part2"
	_, err := w.cases.Receive(t.Context(), w.hospital, in)
	w.invalid(err, "/part2", "/consent/answer", "/client/date_of_birth")
	if got := w.rows(); got != "" {
		t.Errorf("left behind: %s", got)
	}
}

func TestOnlyReferrersRefer(t *testing.T) {
	w := newWorld(t)
	for _, actor := range []auth.Actor{w.desk, w.first.desk, w.first.visitor} {
		_, err := w.cases.Receive(t.Context(), actor, prenatal())
		w.refused(fault.Forbidden, err)
	}
	_, err := w.cases.Receive(t.Context(), auth.Actor{}, prenatal())
	w.refused(fault.Unauthenticated, err)
}

func TestTheSameKeyIsTheSameReferral(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	ask := func() referral.ReferralReceipt {
		ctx := pg.WithRequest(t.Context(), &pg.Request{Route: "referrals", Key: "k1", BodyHash: []byte("hash")})
		r, err := w.cases.Receive(ctx, w.hospital, in)
		w.must(err)
		return r
	}
	if first, again := w.marshal(ask()), w.marshal(ask()); first != again {
		t.Errorf("got  %s\nwant %s", again, first)
	}
	w.want("1", `SELECT count(*) FROM referrals`)
}

// A referral is taken while no rule set is live, waits for a person, and is triaged once one is.
func TestWithoutRulesTheReferralIsTakenAndTriedAgain(t *testing.T) {
	w := newWorldWithoutRules(t)
	_, id := w.receive(w.hospital, prenatal())
	w.status(referral.Review, id)
	w.want("{not_triaged}", `SELECT review_reasons FROM cases WHERE id = $1 AND triaged_at IS NULL`, id)
	w.want("case.review_due", `SELECT kind FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)

	job := w.lease()
	if job.Kind != jobs.CaseTriage || job.SubjectID != id {
		t.Fatalf("got %+v", job)
	}
	if err := w.cases.Retriage(t.Context(), job); err == nil {
		t.Fatal("the job ended though nothing was decided")
	}
	w.want("2", `SELECT version FROM cases WHERE id = $1`, id)
	w.want("1", `SELECT count(*) FROM outbox`)

	w.importPack()
	w.must(w.queue.Retry(t.Context(), job, 0, "again"))
	job = w.lease()
	w.must(w.cases.Retriage(t.Context(), job))
	w.status(referral.Outreach, id)
	w.want("case.outreach_due", `SELECT kind FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want("0", `SELECT count(*) FROM outbox WHERE done_at IS NULL`)
	if err := w.cases.Retriage(t.Context(), job); err == nil {
		t.Error("a job that is finished ran again")
	}
	w.want("3", `SELECT version FROM cases WHERE id = $1`, id)
}

// The rules that are live cannot be read: the referral is taken all the same, and the shipped rules read its alarm.
func TestBrokenRulesSilenceNoAlarm(t *testing.T) {
	w := newWorld(t)
	w.exec(`ALTER TABLE rule_sets DISABLE TRIGGER rule_sets_gate`)
	w.exec(`UPDATE rule_sets SET hash = 'broken'`)
	r, id := w.receive(w.hospital, selfHarm(prenatal()))
	w.want("{alarm,not_triaged}", `SELECT review_reasons FROM cases WHERE id = $1`, id)
	w.want("self_harm", `SELECT kind FROM alarms WHERE case_id = $1`, id)
	if r.Alarm == nil {
		t.Error("the referrer hears nothing of the alarm")
	}
}

func TestAnAlarmWaitsForNoConsent(t *testing.T) {
	for answer, reasons := range map[string]string{"she_said_no": "{alarm,no_permission_to_contact}", "send_link": "{alarm}", "signed": "{alarm}"} {
		w := newWorld(t)
		in := selfHarm(prenatal())
		in.Consent = referral.SubmittedConsent{Answer: answer}
		r, id := w.receive(w.hospital, in)
		w.want(reasons, `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review' AND band = 0`, id)
		w.want("alarm.answer", `SELECT kind FROM tasks WHERE case_id = $1 AND urgent AND org_id = $2`, id, w.hub.ID)
		w.want("alarm.escalate", `SELECT kind FROM follow_ups WHERE case_id = $1 AND kind = 'alarm.escalate' AND status = 'open' AND due_at = $2`, id, r.Alarm.SeenBy)
		if !strings.HasPrefix(r.Alarm.Text, "A person at the hub will see this by") {
			t.Errorf("%s: %s", answer, r.Alarm.Text)
		}
	}
}

// On a Friday evening nobody watches, and the answer says so.
func TestAnAlarmAtNightIsHonest(t *testing.T) {
	w := newWorld(t)
	w.clock.set(time.Date(2026, 10, 9, 23, 0, 0, 0, time.UTC)) // 19:00 in Baltimore
	r, _ := w.receive(w.hospital, selfHarm(prenatal()))
	saturday := time.Date(2026, 10, 10, 13, 15, 0, 0, time.UTC)
	if !r.Alarm.SeenBy.Equal(saturday) || !strings.HasPrefix(r.Alarm.Text, "No one at the hub will see this before Saturday, October 10, 2026, 9:15 am") {
		t.Errorf("got %s %s", r.Alarm.SeenBy, r.Alarm.Text)
	}
}

func TestAResendIsAddedToTheOpenCase(t *testing.T) {
	w := newWorld(t)
	in := selfHarm(prenatal())
	first, id := w.receive(w.hospital, in)
	in.Screenings = nil
	w.clock.forward(time.Hour)
	again, same := w.receive(w.hospital, in)
	if same != id || !again.Resent || first.Resent || again.ID == first.ID || again.Reference == first.Reference {
		t.Errorf("got %+v in %s, first %+v in %s", again, same, first, id)
	}
	w.want("1", `SELECT count(*) FROM cases`)
	w.want("false,true", `SELECT string_agg(linked::text, ',' ORDER BY received_at) FROM referrals WHERE case_id = $1`, id)
	w.want("1", `SELECT count(*) FROM alarms`)
	w.want("1", `SELECT count(*) FROM contact_methods WHERE ended_at IS NULL`)
	if again.Alarm != nil {
		t.Error("an answer of the first form raised a second alarm")
	}
	if !again.NextBy.Equal(*first.NextBy) {
		t.Errorf("a resend moved the promise from %s to %s", first.NextBy, again.NextBy)
	}
}

func TestAResendDoesNotStartTheOutreachAgain(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	first, id := w.receive(w.hospital, in)
	w.clock.forward(24 * time.Hour)
	again, _ := w.receive(w.clinic, in)
	if !again.NextBy.Equal(*first.NextBy) || again.Resent {
		t.Errorf("got %+v, first %+v", again, first)
	}
	w.want("1", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
}

func TestTwoSourcesAtOnceMakeOneCase(t *testing.T) {
	w := newWorld(t)
	const rounds = 20
	for range rounds {
		in := prenatal()
		errs := together(2, func(i int) error {
			_, err := w.cases.Receive(t.Context(), []auth.Actor{w.hospital, w.clinic}[i], in)
			return err
		})
		for _, err := range errs {
			w.must(err)
		}
	}
	w.want(fmt.Sprint(rounds), `SELECT count(*) FROM cases`)
	w.want(fmt.Sprint(rounds), `SELECT count(*) FROM clients`)
	w.want("2", `SELECT DISTINCT count(*) FROM referrals GROUP BY case_id`)
}

func TestAPersonWithoutABirthDateIsAlwaysNew(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Client.DateOfBirth = ""
	_, one := w.receive(w.hospital, in)
	_, two := w.receive(w.hospital, in)
	if one == two {
		t.Error("two people of one name became one")
	}
}

func TestTheBirthLinksToThePregnancy(t *testing.T) {
	w := newWorld(t)
	before := prenatal()
	before.Pregnancy.DueOn = "2026-10-12"
	_, id := w.receive(w.clinic, before)
	after := postpartum()
	after.Client = before.Client
	if _, same := w.receive(w.hospital, after); same != id {
		t.Error("the birth opened a second case")
	}
	twin := postpartum()
	twin.Client, twin.Birth.Infants[0].BirthOrder = before.Client, new(2)
	if _, same := w.receive(w.hospital, twin); same != id {
		t.Error("the second twin's form opened a second case")
	}
	w.want("postpartum", `SELECT stage FROM cases WHERE id = $1`, id)
	w.want("2", `SELECT count(*) FROM case_infants WHERE case_id = $1`, id)
	next := prenatal()
	next.Client, next.Pregnancy.DueOn = before.Client, "2027-07-20"
	if _, other := w.receive(w.clinic, next); other == id {
		t.Error("the next pregnancy is not the last one")
	}
}

// A new case of the same episode follows the closed one, and what was unsafe stays unsafe.
func TestACaseAfterAClosedOne(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.ContactMethods[0].SafeText = "no"
	_, old := w.receive(w.hospital, in)
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, old, referral.ChoiceForm{Answer: "no", How: "phone"}))
	in.ContactMethods[0].SafeText = "yes"
	_, id := w.receive(w.hospital, in)
	w.want(old.String(), `SELECT previous_case_id FROM cases WHERE id = $1`, id)
	w.want("1", `SELECT count(DISTINCT episode_id) FROM cases`)
	w.want("no", `SELECT safe_text FROM contact_methods WHERE ended_at IS NULL`)
}

func TestALaterNoTakesTheOffersBack(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	in.Consent = referral.SubmittedConsent{Answer: "she_said_no"}
	w.receive(w.clinic, in)
	w.want("{no_permission_to_contact}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1`, id)
	w.want("0", `SELECT count(*) FROM case_access WHERE level = 'limited' AND until IS NULL`)
	in.Consent = referral.SubmittedConsent{Answer: "send_link"}
	w.receive(w.hospital, in)
	w.status(referral.Review, id)
}

func TestAFamilyThatAnAgencyHasIsNotMovedByANewForm(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.receive(w.clinic, selfHarm(in))
	w.status(referral.Claimed, id)
	w.want("alarm.answer,case.new_referral", `SELECT string_agg(kind, ',' ORDER BY kind) FROM tasks WHERE case_id = $1 AND org_id = $2 AND urgent`, id, w.hub.ID)
	alarm := w.id(`SELECT id FROM alarms WHERE case_id = $1`, id)
	w.ok(w.cases.RecordAlarmOutcome(t.Context(), w.desk, alarm, referral.AlarmOutcome{Outcome: "safe_now"}))
	w.status(referral.Claimed, id)
}
