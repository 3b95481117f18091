package referral_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func lost() referral.LossForm { return referral.LossForm{ToldBy: "family"} }

const openTasks = `SELECT coalesce(string_agg(kind || ' ' || role, ',' ORDER BY kind, role), '') FROM tasks WHERE case_id = $1
	AND closed_at IS NULL AND kind <> 'case.safety_not_asked'`

// toHer are queued messages to her, as a use case of text messages or letters will write them.
func (w *world) messageToHer(id uuid.UUID) uuid.UUID {
	w.Helper()
	m := uuid.New()
	w.exec(`INSERT INTO messages (id, case_id, client_id, audience, channel, template, not_before, status, attempt)
		SELECT $1, id, caregiver_id, 'client', 'sms', 'hello', received_at, 'queued', 0 FROM cases WHERE id = $2`, m, id)
	return m
}

func TestALossStopsEverythingAndAPersonLooks(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.ok(w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "yes", How: "phone", AnyProgram: true}))
	w.status(referral.Offered, id)
	message := w.messageToHer(id)
	stops := w.text(`SELECT stop_version FROM clients JOIN cases ON caregiver_id = clients.id WHERE cases.id = $1`, id)
	heard := w.text(`SELECT count(*) FROM messages WHERE audience = 'referrer'`)
	r := w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, referral.LossForm{On: "2026-10-05", ToldBy: "referrer"}))
	if r.Status != referral.Review || r.NextStep != "hub_reviews" {
		t.Errorf("got %+v", r)
	}
	w.want("ended 2026-10-05", `SELECT outcome || ' ' || outcome_on FROM pregnancies JOIN cases USING (episode_id) WHERE cases.id = $1`, id)
	w.want("{loss}", `SELECT review_reasons::text FROM cases WHERE id = $1 AND held_since IS NOT NULL AND window_closes_on IS NULL`, id)
	w.want("withdrawn", `SELECT ended_as FROM offers WHERE case_id = $1`, id)
	w.want("0", `SELECT count(*) FROM case_access WHERE case_id = $1 AND level = 'limited' AND until IS NULL`, id)
	w.want("bereavement loss", `SELECT kind || ' ' || reason_code FROM holds WHERE case_id = $1 AND lifted_at IS NULL`, id)
	w.want("withdrawn", `SELECT status FROM messages WHERE id = $1`, message)
	w.want("true", `SELECT stop_version > $2::int FROM clients JOIN cases ON caregiver_id = clients.id WHERE cases.id = $1`, id, stops)
	w.want("family.loss triage_supervisor,family.offer_bereavement_support triage_supervisor", openTasks, id)
	w.want("case.review_due,hold.review_due", `SELECT string_agg(kind, ',' ORDER BY kind) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want(heard, `SELECT count(*) FROM messages WHERE audience = 'referrer'`)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if v.Family.DueOn != nil || *v.Family.Outcome != "ended" {
		t.Errorf("got %s", w.marshal(v.Family))
	}
	_, err = w.cases.Case(t.Context(), w.first.desk, id)
	w.refused(fault.NotFound, err)
	_, err = w.cases.RecordLoss(t.Context(), w.desk, id, lost())
	w.says(err, "recorded already that this pregnancy ended")
	_, err = w.cases.RecordBirth(t.Context(), w.desk, id, w.born())
	w.says(err, "this pregnancy ended")
}

// The referrer reads the same as of any case before a person.
func TestNoReferrerHearsOfALoss(t *testing.T) {
	w := newWorld(t)
	sent, id := w.receive(w.hospital, prenatal())
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	v, err := w.cases.Referral(t.Context(), w.hospital, sent.ID)
	w.must(err)
	line, err := w.cases.ReferralTimeline(t.Context(), w.hospital, sent.ID)
	w.must(err)
	if v.Status != "received" || v.NextText != "A person at the hub reads this referral." || len(line) != 1 {
		t.Errorf("got %+v %+v", v, line)
	}
}

// Neither the rules nor a late form nor her own choice read to a machine lets a program be asked about a baby.
func TestNoRuleSendsAFamilyOnAfterALoss(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Consent.ShareWithAgencies = "yes"
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	w.ok(w.cases.Triage(t.Context(), w.desk, id))
	w.status(referral.Review, id)
	_, same := w.receive(w.clinic, in)
	if same != id {
		t.Error("a late form of the same pregnancy opened a case of its own")
	}
	w.receive(w.clinic, selfHarm(in))
	w.want("{alarm,loss}", `SELECT review_reasons::text FROM cases WHERE id = $1`, id)
	w.ok(w.cases.RecordAlarmOutcome(t.Context(), w.desk, w.id(`SELECT id FROM alarms WHERE case_id = $1`, id), safe()))
	w.want("review {loss}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)
	w.ok(w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "other"})) // a person may
	w.ok(w.cases.Triage(t.Context(), w.desk, id))
	w.want("review {loss}", `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, id)
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1`, id)
	w.want("", `SELECT facts ->> 'due_on' FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "her_wish", w.first.Program)))
}

// Pregnant again, her next due date lies less than one birth away, and is another pregnancy all the same.
func TestTheNextPregnancyIsAnotherEpisode(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	w.clock.forward(100 * 24 * time.Hour)
	in.Pregnancy.DueOn = "2027-07-01"
	_, next := w.receive(w.hospital, in)
	w.want("false", `SELECT a.episode_id = b.episode_id FROM cases a, cases b WHERE a.id = $1 AND b.id = $2`, id, next)
	w.want("outreach", `SELECT status FROM cases WHERE id = $1 AND held_since IS NULL`, next)
}

func TestAnAgencyKeepsAFamilyAfterALoss(t *testing.T) {
	w := newWorld(t)
	for _, status := range []referral.Status{referral.Claimed, referral.Accepted, referral.Enrolled} {
		id := w.prenatalAt(status)
		visits := w.text(`SELECT count(*) FROM visits WHERE case_id = $1 AND status = 'planned'`, id)
		w.ok(w.cases.RecordLoss(t.Context(), w.first.visitor, id, lost()))
		w.status(status, id)
		w.want(visits, `SELECT count(*) FROM visits WHERE case_id = $1 AND status = 'planned'`, id)
		w.want("family.loss agency_manager,family.loss triage_supervisor,family.offer_bereavement_support triage_supervisor", openTasks, id)
		w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open'
			AND kind IN ('claim.first_attempt_due', 'claim.next_attempt_due', 'case.window_closing', 'enrollment.completion_check')`, id)
		w.want(w.first.ID.String(), `SELECT org_id FROM holds WHERE case_id = $1`, id)
		v, err := w.cases.Case(t.Context(), w.first.desk, id)
		w.must(err)
		if v.Family.Outcome == nil || *v.Family.Outcome != "ended" || v.Family.DueOn != nil {
			t.Errorf("got %s", w.marshal(v.Family))
		}
	}
	accepted := w.prenatalAt(referral.Accepted)
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, accepted, lost()))
	w.clock.forward(25 * time.Hour)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, accepted, w.held(time.Hour)))
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND kind = 'enrollment.completion_check'`, accepted)
}

// A person tells her visitor, not a mail; claim and visitor stay. Who wrote it down knows.
func TestAPersonTellsTheVisitor(t *testing.T) {
	w := newWorld(t)
	id := w.prenatalAt(referral.Claimed)
	w.ok(w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	mails := w.text(`SELECT count(*) FROM messages`)
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	w.want("1", `SELECT count(*) FROM tasks t JOIN claims k ON k.id = t.subject_id WHERE t.case_id = $1 AND t.kind = 'family.tell_visitor'
		AND t.role = 'agency_manager' AND t.org_id = k.org_id AND t.closed_at IS NULL`, id)
	w.want(w.first.visitor.ID.String()+" "+w.first.visitor.ID.String(), `SELECT k.visitor_id || ' ' || h.owner_id FROM claims k JOIN holds h USING (case_id)
		WHERE case_id = $1 AND k.ended_at IS NULL`, id) // the clocks that run on go through that person
	w.want(mails, `SELECT count(*) FROM messages`)
	id = w.prenatalAt(referral.Claimed)
	w.ok(w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	w.ok(w.cases.RecordLoss(t.Context(), w.first.visitor, id, lost()))
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'family.tell_visitor'`, id)
	hub := w.outreach()
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, hub, lost()))
	w.want("1", `SELECT count(*) FROM holds WHERE case_id = $1 AND owner_id IN (SELECT user_id FROM memberships WHERE org_id = $2)`, hub, w.hub.ID)
}

// What is queued to her on another case of hers is withdrawn as well; and to close a case with a loss or a death stops it too.
func TestALossStopsWhatIsQueuedOnEveryCaseOfHers(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	in.Stage, in.Pregnancy = "postpartum", nil
	in.Birth = &referral.SubmittedBirth{Infants: []referral.SubmittedInfant{{BornOn: "2024-01-05"}}}
	_, older := w.receive(w.hospital, in)
	if older == id {
		t.Fatal("not another episode")
	}
	message := w.messageToHer(older)
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	w.want("withdrawn", `SELECT status FROM messages WHERE id = $1`, message)
	for _, disposition := range []string{"pregnancy_ended", "child_died", "client_died"} {
		closing := w.outreach()
		message := w.messageToHer(closing)
		w.ok(w.cases.Close(t.Context(), w.desk, closing, ends(disposition)))
		w.want("withdrawn", `SELECT status FROM messages WHERE id = $1`, message)
	}
}

// She walks in after a loss: nobody enrolls her for a baby before a person at the hub has spoken with her.
func TestAWalkInAfterALossIsAskedAboutFirst(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	form := walkIn(w.first.Program, in)
	form.HeldAt = w.clock.Now()
	r, err := w.cases.EnrollWalkIn(t.Context(), w.first.desk, form)
	w.must(err)
	if r.Enrolled || !strings.Contains(r.Remark, "call the hub") || strings.Contains(r.Remark, "loss") {
		t.Errorf("got %+v", r)
	}
	w.want("walkin.conflict", `SELECT kind FROM tasks WHERE subject_id = $1`, r.ReferralID)
	w.status(referral.Review, id)
	_, err = w.cases.Case(t.Context(), w.first.desk, id)
	w.refused(fault.NotFound, err)
}

func TestALossEndsWhatSheWaitedFor(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET intake = 'waitlist'`)
	_, id := w.receive(w.hospital, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, id, referral.WaitForm{Programs: []uuid.UUID{w.first.Program}, How: "phone"}))
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	w.want("review withdrawn", `SELECT c.status || ' ' || e.ended_as FROM cases c JOIN waitlist_entries e ON e.case_id = c.id WHERE c.id = $1`, id)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND kind LIKE 'case.waitlist%' AND status IN ('open', 'held')`, id)
}

func TestALossIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	_, err := w.cases.RecordLoss(t.Context(), w.desk, id, referral.LossForm{ToldBy: "rumour"})
	w.invalid(err, "/told_by")
	_, err = w.cases.RecordLoss(t.Context(), w.desk, id, referral.LossForm{ToldBy: "family", On: "2026-10-07"})
	w.invalid(err, "/on")
	_, err = w.cases.RecordLoss(t.Context(), w.desk, w.offered(), lost())
	w.says(err, "The birth is recorded already")
	for _, column := range strings.Split(w.list(`SELECT table_name || '.' || column_name FROM information_schema.columns
		WHERE table_name IN ('pregnancies', 'infants', 'clients', 'holds')`), ",") {
		if strings.Contains(column, "cause") || strings.Contains(column, "condition") || strings.Contains(column, "why") {
			t.Errorf("%s may hold why a pregnancy ended", column)
		}
	}
}

// A case that was closed by a loss or a death, with no other record of it, speaks all the same when a late form opens the next one.
func TestALateFormAfterACaseThatALossClosed(t *testing.T) {
	w := newWorld(t)
	for what, c := range map[string]struct {
		form  referral.Submission
		after string
	}{
		"pregnancy_ended": {prenatal(), "review {loss}"},
		"child_died":      {postpartum(), "review {loss}"},
		"client_died":     {postpartum(), "review {client_died}"},
	} {
		in := c.form
		in.Client.GivenName = "Example " + strings.ReplaceAll(what, "_", " ")
		in.ContactMethods = append(in.ContactMethods, referral.SubmittedContact{Channel: "email", Value: "ana@example.org", SafeEmail: "yes"})
		_, id := w.receive(w.hospital, in)
		w.ok(w.cases.Close(t.Context(), w.desk, id, ends(what)))
		_, next := w.receive(w.clinic, in)
		w.want(id.String(), `SELECT previous_case_id FROM cases WHERE id = $1`, next)
		w.want(c.after, `SELECT status || ' ' || review_reasons::text FROM cases WHERE id = $1`, next)
		if got := w.mailAddress(next); got != "" {
			t.Errorf("%s, and a machine writes to %s", what, got)
		}
		if what == "client_died" {
			w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'family.infants' AND case_id = $1 AND closed_at IS NULL`, id)
		}
	}
}
