package referral_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral"
)

// joined is one woman on two records: what the clinic sent of her stands on the hospital's case.
func (w *world) joined(second referral.Submission) (host, parked uuid.UUID) {
	w.Helper()
	_, host = w.receive(w.hospital, ximena())
	_, parked = w.receive(w.clinic, second)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, parked)
	return host, parked
}

// nextPregnancy is her other record with another episode: linked, and two cases that go on.
func (w *world) nextPregnancy() (first, next uuid.UUID) {
	w.Helper()
	_, first = w.receive(w.hospital, ximena())
	w.exec(`UPDATE pregnancies SET due_on = '2027-09-01'`)
	in := otherSpelling(ximena())
	in.Pregnancy.DueOn = "2026-12-20"
	in.ContactMethods = append(in.ContactMethods, referral.SubmittedContact{Channel: "email", Value: "ana@example.org", SafeEmail: "yes"})
	_, next = w.receive(w.clinic, in)
	w.want("0 1", `SELECT count(stands_on) || ' ' || count(DISTINCT person_id) FROM cases JOIN clients ON clients.id = caregiver_id`)
	return first, next
}

// What she let somebody know, or forbade, on one record is asked through the case as which it goes on: by gate, view and news alike.
func TestANoOnHerOtherRecordHoldsForNewsAndViews(t *testing.T) {
	w := newWorld(t)
	_, host := w.receive(w.hospital, ximena())
	in := otherSpelling(ximena())
	in.Consent.Feedback, in.Consent.ShareWithAgencies = "no", "no"
	sent, parked := w.receive(w.clinic, in)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, parked)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, host, referral.AttemptForm{Channel: "in_person", Outcome: "reached"}))
	v, err := w.cases.Referral(t.Context(), w.clinic, sent.ID)
	w.must(err)
	page, err := w.cases.Referrals(t.Context(), w.clinic, "")
	w.must(err)
	line, err := w.cases.ReferralTimeline(t.Context(), w.clinic, sent.ID)
	w.must(err)
	if v.Status != "received" || len(v.WhatNext) > 0 || page.Items[0].Status != "received" || len(line) != 1 {
		t.Errorf("she said no news to the clinic, which sees %s, lists %s and reads %s", w.marshal(v), w.marshal(page), w.marshal(line))
	}
	err = w.db.InTx(t.Context(), auth.System("notifier"), func(tx *pg.Tx) error {
		_, err := w.cases.FeedbackAddress(tx, jobs.Message{CaseID: host, ReferralID: &sent.ID, Audience: "referrer", Template: "reached"})
		return err
	})
	if !errors.Is(err, jobs.ErrNothingToDo) {
		t.Errorf("she said no news to the clinic, and a mail leaves: %v", err)
	}
	own, err := w.cases.Referrals(t.Context(), w.hospital, "")
	w.must(err)
	if own.Items[0].Status != "received" {
		t.Errorf("one no, and the other referrer sees %s", w.marshal(own))
	}
	consents, err := w.cases.Consents(t.Context(), w.desk, host)
	w.must(err)
	if consents.Now.Feedback || consents.Now.ShareAny || !strings.Contains(w.marshal(consents), `"answer":"no"`) {
		t.Errorf("the desk reads %s", w.marshal(consents))
	}
	seen, err := w.cases.Case(t.Context(), w.desk, host)
	w.must(err)
	if seen.Family.Sharing["any"] {
		t.Errorf("the case shows %s", w.marshal(seen.Family.Sharing))
	}
	w.part(w.id(`SELECT id FROM client_links`))
	if own, err = w.cases.Referrals(t.Context(), w.hospital, ""); err != nil || own.Items[0].Status != "reached" {
		t.Errorf("parted, and the other's no holds still: %s %v", w.marshal(own), err)
	}
}

// A death or a loss on one record stops machines on every other of hers, and no longer once they are parted.
func TestDeathAndLossHoldForAllHerRecords(t *testing.T) {
	for what, do := range map[string]func(*world, uuid.UUID) error{
		"death": func(w *world, id uuid.UUID) error {
			_, err := w.cases.RecordDeath(w.Context(), w.desk, id, referral.DeathForm{Who: "caregiver"})
			return err
		},
		"loss": func(w *world, id uuid.UUID) error {
			_, err := w.cases.RecordLoss(w.Context(), w.desk, id, lost())
			return err
		},
	} {
		w := newWorld(t)
		first, next := w.nextPregnancy()
		if got := w.mailAddress(next); got != "ana@example.org" {
			t.Fatalf("before: %q", got)
		}
		w.must(do(w, first))
		if got := w.mailAddress(next); got != "" {
			t.Errorf("%s on her other record, and a machine writes to %s", what, got)
		}
		if what == "death" {
			_, err := w.cases.RecordOutreach(w.Context(), w.desk, next, w.call(next, "reached"))
			w.refused(fault.Conflict, err)
		}
		w.part(w.id(`SELECT id FROM client_links`))
		if got := w.mailAddress(next); got != "ana@example.org" {
			t.Errorf("%s, parted: %q", what, got)
		}
	}
}

// Her list goes over all her records while they are one person, and over her own when they are not.
func TestHerListOfDisclosuresGoesOverAllHerRecords(t *testing.T) {
	w := newWorld(t)
	officer := w.User(w.hub, auth.PrivacyOfficer)
	host, parked := w.joined(otherSpelling(ximena()))
	w.connect(w.desk, host, "wic")
	w.exec(`INSERT INTO disclosures (id, client_id, case_id, act, what, purpose, basis, org_id, given_by, to_name, subject_id, at)
		SELECT gen_random_uuid(), caregiver_id, id, 'connection', 'identity', 'other_service', 'her_answer', $2, $2, 'Example', gen_random_uuid(), $3
		FROM cases WHERE id = $1`, parked, w.hub.ID, w.clock.Now())
	count := func(id uuid.UUID) int {
		list, err := w.cases.Disclosures(t.Context(), officer, id, 3, "")
		w.must(err)
		return len(list.Items)
	}
	if a, b := count(host), count(parked); a != 2 || b != 2 {
		t.Errorf("linked: %d by one case, %d by the other", a, b)
	}
	if r := w.takenBack(w.desk, host, whole()); len(r.CannotTakeBack) != 2 {
		t.Errorf("she is told of %s", w.marshal(r.CannotTakeBack))
	}
	w.part(w.id(`SELECT id FROM client_links`))
	if a, b := count(host), count(parked); a != 1 || b != 1 {
		t.Errorf("parted: %d and %d", a, b)
	}
}

// The desk finds the compartment of the record that stands on a case, a person is told to look, and to take back everything shuts it too.
func TestTheCompartmentOfHerOtherRecord(t *testing.T) {
	w := newWorld(t)
	in := otherSpelling(ximena())
	in.Sensitivity, in.Consent.Answer, in.Part2, in.Note = "part2", "signed", new(signedBy()), marked
	host, parked := w.joined(in)
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'case.new_referral' AND case_id = $1 AND closed_at IS NULL`, host)
	v, err := w.cases.Part2(t.Context(), w.desk, host)
	w.must(err)
	if len(v.Records) != 1 || len(v.Consents) != 1 {
		t.Fatalf("the live case shows %d records", len(v.Records))
	}
	tell := referral.Part2Disclosure{ConsentID: v.Consents[0].ID, Recipient: "Program " + marked, Purpose: "home_visiting"}
	_, err = w.cases.DisclosePart2(t.Context(), w.desk, host, tell)
	w.must(err)
	w.want(parked.String(), `SELECT case_id FROM disclosures WHERE act = 'part2'`) // where it stays when they are parted
	w.takenBack(w.desk, host, whole())
	_, err = w.cases.DisclosePart2(t.Context(), w.desk, parked, tell)
	w.refused(fault.Conflict, err)
}

// What is typed right on the live case holds against the answer of the record that stands on it, and its history stays with the row.
func TestACorrectionOfWhatTheOtherRecordSays(t *testing.T) {
	w := newWorld(t)
	in := otherSpelling(ximena())
	in.Needs = map[string]string{"unstable_housing": "yes"}
	in.Screenings = []referral.SubmittedScreening{{Instrument: "hits", Items: values(1, 1, 1, 1)}}
	host, parked := w.joined(in)
	w.clock.forward(1)
	w.ok(w.cases.Amend(t.Context(), w.desk, host, w.amended(host, change("answer", "unstable_housing", "no"))))
	facts := w.text(`SELECT facts::text FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, host)
	if strings.Contains(facts, `"unstable_housing": "yes"`) || strings.Contains(facts, `"unstable_housing":"yes"`) {
		t.Errorf("the rules read %s", facts)
	}
	w.ok(w.cases.Triage(t.Context(), w.desk, host))
	facts = w.text(`SELECT facts::text FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, host)
	if strings.Contains(facts, `"unstable_housing": "yes"`) || strings.Contains(facts, `"unstable_housing":"yes"`) {
		t.Errorf("the correction was lost: the rules read %s", facts)
	}
	form := w.amended(host, change("screening", "item_1", "2"))
	form.Changes[0].ID = new(w.id(`SELECT id FROM screenings WHERE case_id = $1`, parked))
	w.ok(w.cases.Amend(t.Context(), w.desk, host, form))
	page, err := w.cases.Corrections(t.Context(), w.desk, host)
	w.must(err)
	if len(page.Items) != 2 {
		t.Errorf("the live case shows %s", w.marshal(page))
	}
	// a name typed wrong on the parked record is put right, and the link comes apart all the same
	w.ok(w.cases.Amend(t.Context(), w.lead, parked, w.amended(parked, change("client", "given_name", "Ximena"))))
	w.part(w.id(`SELECT id FROM client_links`))
	w.status(referral.Outreach, parked)
	if page, err = w.cases.Corrections(t.Context(), w.desk, parked); err != nil || len(page.Items) != 2 {
		t.Errorf("parted, the screening's history is gone: %s %v", w.marshal(page), err)
	}
}

// To write a revocation on the record that stands aside would stop nothing: it is refused with where to write it.
func TestWhatSheTakesBackIsWrittenOnTheLiveCase(t *testing.T) {
	w := newWorld(t)
	_, parked := w.joined(otherSpelling(ximena()))
	_, err := w.cases.Revoke(t.Context(), w.desk, parked, whole())
	w.refused(fault.Conflict, err)
	w.says(err, "live case")
	_, err = w.cases.StopContact(t.Context(), w.desk, parked, referral.StopForm{Said: "she_said", How: "phone"})
	w.must(err) // that holds for the person, wherever it is written
	_, err = w.cases.ResumeContact(t.Context(), w.desk, parked, w.resume(w.desk))
	w.says(err, "live case")
}

// Two forms about one birth, and only the second knows of the twin: no rule reads that child, so a person is told.
func TestATwinWhomOnlyTheOtherRecordKnows(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	in.Client, in.ContactMethods, in.Addresses = ximena().Client, ximena().ContactMethods, ximena().Addresses
	_, host := w.receive(w.hospital, in)
	second := otherSpelling(in)
	birth := *in.Birth
	birth.Infants = append(slices.Clone(birth.Infants), birth.Infants[0])
	birth.Infants[0].BirthOrder, birth.Infants[1].BirthOrder = new(1), new(2)
	second.Birth = &birth
	_, parked := w.receive(w.clinic, second)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, parked)
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'case.new_referral' AND case_id = $1 AND closed_at IS NULL`, host)
}

// Said while both were one person, it stays where it was written; whose word it was a person asks, and nobody where nothing was said.
func TestAPersonAsksWhoseWordItWas(t *testing.T) {
	for want, do := range map[string]func(*world, uuid.UUID){
		"0": func(w *world, id uuid.UUID) {
			w.ok(w.cases.RecordOutreach(w.Context(), w.desk, id, referral.AttemptForm{Channel: "in_person", Outcome: "reached"}))
		},
		"1":  func(w *world, id uuid.UUID) { w.takenBack(w.desk, id, takesBack("share")) },
		"1 ": func(w *world, id uuid.UUID) { w.ok(w.cases.RecordLoss(w.Context(), w.desk, id, lost())) },
		"1  ": func(w *world, id uuid.UUID) {
			w.ok(w.cases.Close(w.Context(), w.desk, id, referral.CloseForm{Disposition: "client_died"}))
		},
	} {
		w := newWorld(t)
		host, parked := w.joined(otherSpelling(ximena()))
		do(w, host)
		w.part(w.id(`SELECT id FROM client_links`))
		w.status(referral.Outreach, parked)
		w.want(strings.TrimSpace(want), `SELECT count(*) FROM tasks WHERE kind = 'client.parted_who_said_it' AND case_id = $1 AND urgent AND closed_at IS NULL`, parked)
	}
}

// Who died under another spelling is not written to nor called under this one: a person looks.
func TestAReferralOfWhoDiedUnderAnotherSpelling(t *testing.T) {
	w := newWorld(t)
	_, first := w.receive(w.hospital, ximena())
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, first, referral.DeathForm{Who: "caregiver"}))
	_, next := w.receive(w.clinic, otherSpelling(ximena()))
	w.want("1", `SELECT count(*) FROM client_links`)
	w.want("{client_died}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, next)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, next, w.call(next, "reached"))
	w.refused(fault.Conflict, err)
}

// The nightly pass reads where she lives as the live case does: by her other record, when this one does not say.
func TestAPassKeepsTheHomeOfTheOtherRecord(t *testing.T) {
	w := newWorld(t)
	in := ximena()
	in.Addresses = nil
	_, host := w.receive(w.hospital, in)
	second := otherSpelling(ximena())
	second.Client.FamilyName = "Zuñiga de la Penna"
	_, parked := w.receive(w.clinic, second)
	if w.text(`SELECT coalesce(stands_on::text, '') FROM cases WHERE id = $1`, parked) == "" {
		_, err := w.cases.LinkCases(t.Context(), w.desk, parked, referral.LinkForm{CaseID: host})
		w.must(err)
	}
	const zip = `SELECT facts ->> 'zip' FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`
	w.want("21201", zip, host)
	w.clock.forward(24 * time.Hour)
	w.must(w.cases.Renew(t.Context()))
	w.want("21201", zip, host)
}

// What she takes back whole is taken back for all that is hers: a person writes it on her other cases, and nothing queued there leaves.
func TestATakenBackWholeReachesHerOtherCases(t *testing.T) {
	w := newWorld(t)
	first, next := w.nextPregnancy()
	letter := w.messageToHer(next)
	w.takenBack(w.desk, first, takesBack("texts"))
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'client.revoked_elsewhere'`)
	w.takenBack(w.desk, first, whole())
	w.want(next.String()+" triage_supervisor", `SELECT string_agg(case_id || ' ' || role, ',') FROM tasks WHERE kind = 'client.revoked_elsewhere' AND urgent`)
	w.want("withdrawn", `SELECT status FROM messages WHERE id = $1`, letter)
	w.takenBack(w.desk, next, whole())
	w.want("done", `SELECT string_agg(closed_as, ',') FROM tasks WHERE kind = 'client.revoked_elsewhere'`) // and none on the first, where it stands
}
