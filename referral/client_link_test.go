package referral_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// otherSpelling is ximena's family as another source writes it: exact identity does not find her.
func otherSpelling(in referral.Submission) referral.Submission {
	in.Client.FamilyName = "Zuniga"
	return in
}

// maybeHer shares enough with ximena to be asked about, and not enough to be linked: no birth date.
func maybeHer() referral.Submission {
	in := ximena()
	in.Client.DateOfBirth, in.Client.FamilyName = "", "Zuniga"
	return in
}

func (w *world) question() uuid.UUID {
	w.Helper()
	return w.id(`SELECT id FROM match_questions WHERE answer IS NULL`)
}

func (w *world) part(link uuid.UUID) referral.PartReceipt {
	w.Helper()
	r, err := w.cases.Part(w.Context(), w.lead, link, referral.PartForm{Reason: "two_people"})
	w.must(err)
	return r
}

func TestAnotherSpellingGoesOnAsHerCase(t *testing.T) {
	w := newWorld(t)
	mine, host := w.receive(w.hospital, ximena())
	yours, second := w.receive(w.clinic, otherSpelling(ximena()))
	if yours.Resent || yours.NextText != mine.NextText {
		t.Errorf("the second source's answer tells of the first: %+v", yours)
	}
	w.want("outreach", `SELECT status FROM cases WHERE id = $1`, host)
	w.want("joined", `SELECT disposition FROM cases WHERE id = $1 AND stands_on = $2`, second, host)
	w.want("machine", `SELECT string_agg(how, ',') FROM client_links WHERE evidence -> 'basis' ->> 'weights' = '1' AND (evidence ->> 'bits')::float >= 22`)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status IN ('open', 'held')`, second)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, host, referral.AttemptForm{Channel: "in_person", Outcome: "reached"}))
	for actor, id := range map[*auth.Actor]uuid.UUID{&w.hospital: mine.ID, &w.clinic: yours.ID} {
		v, err := w.cases.Referral(t.Context(), *actor, id)
		w.must(err)
		page, err := w.cases.Referrals(t.Context(), *actor, "")
		w.must(err)
		if v.Status != "reached" || len(page.Items) != 1 || page.Items[0].Status != "reached" {
			t.Errorf("a source sees %+v and lists %+v", v, page.Items)
		}
		w.want("1", `SELECT count(*) FROM messages WHERE referral_id = $1 AND template = 'reached'`, id)
	}
	_, err := w.cases.Referral(t.Context(), w.hospital, yours.ID)
	w.refused(fault.NotFound, err)
	// a third spelling meets one person, not two; the second spelling again does not open her parked case
	again, third := w.receive(w.clinic, otherSpelling(ximena()))
	w.want("1", `SELECT count(*) FROM cases WHERE status <> 'closed'`)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, third)
	w.want("1", `SELECT count(DISTINCT person_id) FROM clients`)
	line, err := w.cases.ReferralTimeline(t.Context(), w.clinic, again.ID)
	w.must(err)
	for _, m := range line {
		if m.At.Before(again.NextBy.AddDate(0, -1, 0)) || m.At.Before(line[0].At) {
			t.Errorf("the timeline tells what was before the referral came: %+v", line)
		}
	}
	_, err = w.cases.Correct(t.Context(), w.lead, second, referral.CorrectForm{Reopen: true, Reason: "wrong_case"})
	w.refused(fault.Conflict, err)
}

func TestUndoingALinkPutsEverythingBack(t *testing.T) {
	w := newWorld(t)
	_, host := w.receive(w.hospital, ximena())
	in := otherSpelling(ximena())
	in.Needs = map[string]string{"mental_health": "yes", "unstable_housing": "yes"}
	sent, second := w.receive(w.clinic, in)
	link := w.id(`SELECT id FROM client_links`)
	_, err := w.cases.Part(t.Context(), w.desk, link, referral.PartForm{Reason: "two_people"})
	w.refused(fault.Forbidden, err)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, host, referral.AttemptForm{Channel: "in_person", Outcome: "reached"}))
	if r := w.part(link); len(r.Cases) != 1 || r.Cases[0] != second {
		t.Errorf("came apart: %+v", r)
	}
	w.status(referral.Outreach, second)
	w.want("", `SELECT string_agg(person_id::text, ',') FROM clients`)
	w.want("1", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind = 'case.outreach_due'`, second)
	w.want("withdrawn", `SELECT status FROM messages WHERE referral_id = $1 AND template = 'reached'`, sent.ID)
	w.want("queued", `SELECT status FROM messages WHERE referral_id = $1 AND template = 'received'`, sent.ID)
	v, err := w.cases.Referral(t.Context(), w.clinic, sent.ID)
	w.must(err)
	if v.Status != "received" {
		t.Errorf("its referrer sees %+v", v)
	}
	_, err = w.cases.Part(t.Context(), w.lead, link, referral.PartForm{Reason: "two_people"})
	w.refused(fault.Conflict, err)
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
	// the machine does not link them again, not even through a third record
	third := ximena()
	third.Client.GivenName = "Ximena L"
	w.receive(w.hospital, third)
	w.want("1", `SELECT count(*) FROM client_links`)
}

func TestACoordinatorSaysWhetherTwoAreOne(t *testing.T) {
	w := newWorld(t)
	_, host := w.receive(w.hospital, ximena())
	_, second := w.receive(w.clinic, maybeHer())
	w.status(referral.Outreach, second)
	page, err := w.cases.Matches(t.Context(), w.desk, "")
	w.must(err)
	if len(page.Items) != 1 || page.Items[0].CaseID != second || len(page.Items[0].Evidence.Parts) == 0 || page.Items[0].Records[0].FamilyName == "" {
		t.Fatalf("the list shows %s", w.marshal(page))
	}
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'list pairs' AND detail -> 'shown' ? $1`, host.String())
	for _, a := range []auth.Actor{w.first.desk, w.hospital} {
		_, err = w.cases.Matches(t.Context(), a, "")
		w.refused(fault.Forbidden, err)
	}
	id := page.Items[0].ID
	r, err := w.cases.DecideMatch(t.Context(), w.desk, id, referral.MatchAnswer{Answer: "same"})
	w.must(err)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, second)
	w.want("done", `SELECT closed_as FROM tasks WHERE kind = 'client.same_person'`)
	_, err = w.cases.DecideMatch(t.Context(), w.desk, id, referral.MatchAnswer{Answer: "not_same"})
	w.refused(fault.Conflict, err)
	links, err := w.cases.Links(t.Context(), w.desk, host)
	w.must(err)
	if len(links.Links) != 1 || len(links.Standing) != 1 || links.Links[0].How != "review" {
		t.Errorf("got %s", w.marshal(links))
	}
	w.part(*r.LinkID)
	w.want("not_same", `SELECT answer FROM match_questions`)
	w.status(referral.Outreach, second)
	// what a machine may not do again, a person may
	_, err = w.cases.LinkCases(t.Context(), w.desk, second, referral.LinkForm{CaseID: host})
	w.must(err)
	w.want("same hand", `SELECT answer || ' ' || how FROM match_questions, client_links WHERE parted_at IS NULL`)
	_, err = w.cases.LinkCases(t.Context(), w.desk, second, referral.LinkForm{CaseID: host})
	w.refused(fault.Conflict, err)
}

func TestWhatIsNotJoined(t *testing.T) {
	w := newWorld(t)
	_, first := w.receive(w.hospital, ximena())
	// a form that rang is answered on its own case: the earlier one gives way, and nobody calls her from there
	_, host := w.receive(w.clinic, selfHarm(otherSpelling(ximena())))
	w.status(referral.Review, host)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, first)
	// two that rang are not joined before somebody answered
	third := otherSpelling(ximena())
	third.Client.FamilyName = "Zuñiga de la Peña"
	_, rang := w.receive(w.clinic, selfHarm(third))
	w.status(referral.Review, rang)
	_, err := w.cases.LinkCases(t.Context(), w.desk, rang, referral.LinkForm{CaseID: host})
	w.refused(fault.Conflict, err)
	_, err = w.cases.DecideMatch(t.Context(), w.desk, w.question(), referral.MatchAnswer{Answer: "not_same"})
	w.must(err)
	for _, alarm := range []uuid.UUID{w.id(`SELECT id FROM alarms WHERE case_id = $1`, host), w.id(`SELECT id FROM alarms WHERE case_id = $1`, rang)} {
		w.ok(w.cases.RecordAlarmOutcome(t.Context(), w.desk, alarm, safe()))
	}
	w.status(referral.Outreach, host)
	// a new pregnancy is a new episode: linked, and two cases
	next := otherSpelling(ximena())
	next.Client.FamilyName, next.Pregnancy.DueOn = "Zúñiga Peña", "2026-10-20"
	w.exec(`UPDATE pregnancies SET due_on = '2027-07-01'`)
	_, other := w.receive(w.clinic, next)
	w.want("outreach outreach", `SELECT string_agg(status, ' ') FROM cases WHERE id IN ($1, $2)`, host, other)
	// two caregivers of one child
	_, born := w.receive(w.hospital, postpartum())
	r := w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, born, foster(w.child(born))))
	_, err = w.cases.LinkCases(t.Context(), w.desk, born, referral.LinkForm{CaseID: *r.CreatedID})
	w.refused(fault.Conflict, err)
	var f *fault.Error
	if errors.As(err, &f) && f.Message != "These are two caregivers of one child. They are never linked." {
		t.Error(f.Message)
	}
}

// She is served by one record and at the hub by the other: the served one is the face of the two.
func TestTheCaseThatIsServedStays(t *testing.T) {
	w := newWorld(t)
	_, early := w.receive(w.hospital, prenatal())
	served := w.claimed()
	w.exec(`UPDATE pregnancies SET due_on = NULL, dating = 'unknown'`)
	w.exec(`DELETE FROM case_infants`)
	w.exec(`DELETE FROM infants`)
	_, err := w.cases.LinkCases(t.Context(), w.desk, early, referral.LinkForm{CaseID: served})
	w.must(err)
	w.want(served.String(), `SELECT stands_on FROM cases WHERE id = $1`, early)
	w.status(referral.Claimed, served)
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'case.new_referral' AND case_id = $1 AND closed_at IS NULL`, served)
	w.part(w.id(`SELECT id FROM client_links`))
	w.status(referral.Outreach, early)
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'case.new_referral' AND closed_at IS NULL`)
}

// Of another pregnancy an agency serves her: her new case goes to a person, and to no second agency.
func TestWhoIsServedByAnotherRecordIsNotOffered(t *testing.T) {
	w := newWorld(t)
	served := w.claimed()
	w.ok(w.cases.PlanFirstVisit(t.Context(), w.first.visitor, served, w.plan(time.Hour)))
	w.clock.forward(2 * time.Hour)
	w.ok(w.cases.Enroll(t.Context(), w.first.visitor, served, w.held(time.Hour)))
	next := prenatal()
	next.Pregnancy.DueOn = "2027-06-20"
	_, id := w.receive(w.clinic, next)
	w.status(referral.Outreach, id)
	_, err := w.cases.LinkCases(t.Context(), w.desk, id, referral.LinkForm{CaseID: served})
	w.must(err)
	w.want("{already_served}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.status(referral.Enrolled, served)
}

// A record that says no to contact holds for her under another spelling.
func TestDoNotContactHoldsForAllHerRecords(t *testing.T) {
	w := newWorld(t)
	_, host := w.receive(w.hospital, ximena())
	w.ok(w.cases.Close(t.Context(), w.desk, host, referral.CloseForm{Disposition: "asked_not_to_be_contacted"}))
	_, second := w.receive(w.clinic, otherSpelling(ximena()))
	w.status(referral.Review, second)
	w.want("1", `SELECT count(*) FROM client_links`)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, second, w.call(second, "reached"))
	w.refused(fault.Conflict, err)
}
