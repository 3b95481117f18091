package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
	"doorstep/referral/contact"
)

// linkedTwice is ximena by two sources: the case that goes on, and the one that stands on it, with the link.
func (w *world) linkedTwice() (host, parked, link uuid.UUID, first, second referral.ReferralReceipt) {
	w.Helper()
	first, host = w.receive(w.hospital, ximena())
	w.clock.forward(time.Minute)
	second, parked = w.receive(w.clinic, otherSpelling(ximena()))
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, parked)
	return host, parked, w.id(`SELECT id FROM client_links WHERE parted_at IS NULL`), first, second
}

// Both records hold the number that turned out to be another person's: nobody calls it again by the other record's row.
func TestAWayThatEndedDoesNotComeBackByHerOtherRecord(t *testing.T) {
	w := newWorld(t)
	host, parked, link, _, _ := w.linkedTwice()
	w.clock.forward(time.Minute)
	other := *w.call(parked, "no_answer").ContactMethodID
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, host, w.call(host, "wrong_number")))
	if left := w.family(w.desk, host).Contacts; len(left) != 0 {
		t.Errorf("the number of another person is still hers: %s", w.marshal(left))
	}
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, host, referral.AttemptForm{Channel: "call", Outcome: "no_answer", ContactMethodID: &other})
	w.invalid(err, "/contact_method_id")
	w.part(link)
	if left := w.family(w.desk, parked).Contacts; len(left) != 1 {
		t.Errorf("the other's own number is gone: %s", w.marshal(left))
	}
}

// What was said of one woman is hers when the link was wrong.
func TestAStopIsWrittenOnTheRecordOfWhichItWasSaid(t *testing.T) {
	w := newWorld(t)
	host, parked, link, _, second := w.linkedTwice()
	w.ok(w.cases.StopContact(t.Context(), w.desk, host, stop()))
	_, err := w.cases.StopContactHeard(t.Context(), w.clinic, second.ID, stop())
	w.must(err)
	_, err = w.cases.StopContactHeard(t.Context(), w.clinic, second.ID, stop()) // said twice it is said once
	w.must(err)
	w.want("2", `SELECT count(*) FROM contact_wishes`)
	w.part(link)
	for _, id := range []uuid.UUID{host, parked} {
		if !w.family(w.desk, id).DoNotContact {
			t.Errorf("her word is lost with the link on case %s", w.text(`SELECT status FROM cases WHERE id = $1`, id))
		}
	}
}

// A wrong entry that is taken back on one record says nothing of what she said on the other.
func TestAWrongEntryLiftsNoWordOnAnotherRecord(t *testing.T) {
	w := newWorld(t)
	host, parked, _, _, second := w.linkedTwice()
	_, err := w.cases.StopContactHeard(t.Context(), w.clinic, second.ID, stop())
	w.must(err)
	w.clock.forward(time.Minute)
	in := w.resume(w.lead)
	in.Said = "entered_in_error"
	_, err = w.cases.ResumeContact(t.Context(), w.lead, host, in)
	w.refused(fault.Conflict, err)
	if !w.family(w.desk, host).DoNotContact {
		t.Error("her word was lifted by a correction of another record")
	}
	w.ok(w.cases.ResumeContact(t.Context(), w.lead, parked, in))
	if w.family(w.desk, host).DoNotContact {
		t.Error("the wrong entry still holds")
	}
}

// What she did not speak of, her word does not change: the other source's no stands.
func TestHerWordOnOneUseLeavesTheOthersAsTheyWere(t *testing.T) {
	w := newWorld(t)
	in := ximena()
	in.ContactMethods[0].SafeCall, in.ContactMethods[0].SafeText = "", ""
	_, host := w.receive(w.hospital, in)
	again := otherSpelling(ximena())
	again.ContactMethods[0].SafeCall, again.ContactMethods[0].SafeText = "no", "no"
	w.clock.forward(time.Minute)
	_, parked := w.receive(w.clinic, again)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, parked)
	w.clock.forward(time.Minute)
	w.ok(w.cases.ChangeWay(t.Context(), w.desk, host, referral.WayChange{WayID: w.phone(host), ToldBy: "her", Safe: referral.SafeUses{Text: "yes"}}))
	got := w.family(w.desk, host).Contacts
	if len(got) != 1 || got[0].SafeCall != "no" || got[0].SafeText != "yes" {
		t.Errorf("got %s", w.marshal(got))
	}
}

// Two pregnancies, two cases, one person: what one source said of her number holds in both.
func TestTheStricterWordHoldsAcrossHerEpisodes(t *testing.T) {
	w := newWorld(t)
	in := ximena()
	in.ContactMethods[0].SafeCall = "no"
	in.ContactMethods[0].Whose = "guardian"
	_, early := w.receive(w.hospital, in)
	w.exec(`UPDATE pregnancies SET due_on = '2025-07-01'`)
	w.clock.forward(time.Minute)
	_, late := w.receive(w.clinic, otherSpelling(ximena()))
	w.want("0", `SELECT count(*) FROM cases WHERE stands_on IS NOT NULL`)
	w.want("1", `SELECT count(*) FROM client_links`)
	got := w.family(w.desk, late).Contacts
	if len(got) != 1 || got[0].SafeCall != "no" || got[0].Whose != "guardian" {
		t.Errorf("got %s", w.marshal(got))
	}
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, late, w.call(late, "no_answer"))
	w.refused(fault.Conflict, err)
	_ = early
}

// Her death is hers, by whatever record it was written.
func TestADeathHoldsForAllHerRecords(t *testing.T) {
	w := newWorld(t)
	_, early := w.receive(w.hospital, ximena())
	w.ok(w.cases.RecordDeath(t.Context(), w.desk, early, referral.DeathForm{Who: "caregiver", Version: w.version(early)}))
	w.clock.forward(time.Minute)
	_, late := w.receive(w.clinic, otherSpelling(ximena()))
	w.want("1", `SELECT count(*) FROM client_links`)
	w.status(referral.Review, late)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, late, w.call(late, "no_answer"))
	w.refused(fault.Conflict, err)
}

// What was taken back while the cases were one is before a person when they are two again.
// Where an earlier source said that a wrong call may hurt her, the yes of a second one, that may not know it, opens nothing.
func TestASecondSourceOpensNoWayWhereACallMayHurtHer(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Sensitivity = "dv"
	in.ContactMethods[0].SafeCall, in.ContactMethods[0].SafeText = "", ""
	in.Addresses[0].SafeToVisit = "no"
	_, id := w.receive(w.hospital, in)
	again := in
	again.Sensitivity = ""
	again.ContactMethods = []referral.SubmittedContact{in.ContactMethods[0]}
	again.ContactMethods[0].SafeCall, again.ContactMethods[0].SafeText = "yes", "yes"
	again.Addresses = []referral.SubmittedAddress{in.Addresses[0]}
	again.Addresses[0].SafeToVisit = "yes"
	_, same := w.receive(w.clinic, again)
	w.want(id.String(), `SELECT $1`, same)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
	w.want("unknown unknown", `SELECT concat_ws(' ', safe_call, safe_text) FROM contact_methods WHERE ended_at IS NULL`)
}

// Three records of one person: the link in the middle comes apart, and what is left is linked and is one case again.
func TestTheMiddleLinkOfThreeComesApart(t *testing.T) {
	w := newWorld(t)
	_, a := w.receive(w.hospital, ximena())
	_, b := w.receive(w.clinic, maybeHer())
	in := prenatal()
	_, c := w.receive(w.hospital, in)
	w.clock.forward(time.Minute)
	first, err := w.cases.LinkCases(t.Context(), w.desk, b, referral.LinkForm{CaseID: a})
	w.must(err)
	second, err := w.cases.LinkCases(t.Context(), w.desk, c, referral.LinkForm{CaseID: b})
	w.must(err)
	w.want("2", `SELECT count(*) FROM cases WHERE stands_on = $1`, a)
	r := w.part(*first.LinkID)
	if len(r.Cases) != 2 {
		t.Errorf("came apart: %v", r.Cases)
	}
	w.status(referral.Outreach, a)
	w.want(b.String(), `SELECT stands_on FROM cases WHERE id = $1`, c)
	w.status(referral.Outreach, b)
	w.want("1", `SELECT count(DISTINCT person_id) FROM clients WHERE person_id IS NOT NULL`)
	w.part(*second.LinkID)
	w.status(referral.Outreach, c)
	w.want("0", `SELECT count(*) FROM clients WHERE person_id IS NOT NULL`)
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}

// Work on a linked family writes on each record only what was said of it: the other's word is gone with the link, a yes as well as a no.
func TestAChangeWhileLinkedTakesNoWordFromTheOtherRecord(t *testing.T) {
	w := newWorld(t)
	in := ximena()
	in.ContactMethods[0].SafeCall, in.ContactMethods[0].SafeText = "no", "yes"
	_, host := w.receive(w.hospital, in)
	again := ximena()
	again.Client.FamilyName, again.Client.DateOfBirth = "Zuniga", "" // asked about, not linked
	again.ContactMethods[0].SafeCall, again.ContactMethods[0].SafeText = "", "no"
	_, second := w.receive(w.clinic, again)
	w.clock.forward(time.Minute)
	w.ok(w.cases.ChangeWay(t.Context(), w.desk, second, referral.WayChange{WayID: w.phone(second), ToldBy: "her", Safe: referral.SafeUses{Call: "yes"}}))
	link, err := w.cases.LinkCases(t.Context(), w.desk, second, referral.LinkForm{CaseID: host})
	w.must(err)
	if got := w.family(w.desk, host).Contacts; len(got) != 1 || got[0].SafeCall != "yes" || got[0].SafeText != "no" {
		t.Errorf("linked: %s", w.marshal(got))
	}
	w.clock.forward(time.Minute)
	w.ok(w.cases.ChangeWay(t.Context(), w.desk, host, referral.WayChange{WayID: w.phone(host), ToldBy: "other", AskFor: "Ximena"}))
	if got := w.family(w.desk, host).Contacts; len(got) != 1 || got[0].SafeCall != "yes" || got[0].SafeText != "no" {
		t.Errorf("changed: %s", w.marshal(got))
	}
	w.part(*link.LinkID)
	if got := w.family(w.desk, host).Contacts; len(got) != 1 || got[0].SafeCall != "no" || got[0].SafeText != "yes" {
		t.Errorf("parted: %s", w.marshal(got))
	}
}

// Where two sources name hours, those hold that both name; where none are left somebody looks for a way.
func TestHoursOfTwoSourcesAreThoseOfBoth(t *testing.T) {
	w := newWorld(t)
	in, again := ximena(), otherSpelling(ximena())
	in.Addresses, again.Addresses = in.Addresses[:1], in.Addresses[:1]
	in.ContactMethods[0].Hours = contact.Hours{{Days: []string{"mon", "tue"}, From: "09:00", To: "12:00"}}
	again.ContactMethods = []referral.SubmittedContact{in.ContactMethods[0]}
	again.ContactMethods[0].Hours = contact.Hours{{Days: []string{"tue", "wed"}, From: "11:00", To: "00:00"}}
	_, host := w.receive(w.hospital, in)
	w.receive(w.clinic, again)
	if got := w.family(w.desk, host).Contacts; len(got) != 1 || got[0].Hours.String() != "Tue 11:00-12:00" {
		t.Errorf("got %s", w.marshal(got))
	}
	third := otherSpelling(in)
	third.Client.FamilyName = "Zuniga Pena"
	third.ContactMethods[0].Hours = contact.Hours{{Days: []string{"sun"}, From: "11:00", To: "12:00"}}
	w.receive(w.clinic, third)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, host, w.call(host, "no_answer"))
	w.refused(fault.Conflict, err)
	w.says(err, "none on which her sources agree")
}

// What was queued to her on the case that stands on another leaves by what is known where she goes on.
func TestAMessageOfAParkedCaseAsksTheGateOfTheLiveOne(t *testing.T) {
	w := newWorld(t)
	mail := []referral.SubmittedContact{{Channel: "phone", Value: "(443) 555-0117", SafeCall: "yes"}, {Channel: "email", Value: "ximena@example.org", SafeEmail: "yes"}}
	in, again := ximena(), otherSpelling(ximena())
	in.ContactMethods, again.ContactMethods = mail, mail
	_, host := w.receive(w.hospital, in)
	_, parked := w.receive(w.clinic, again)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, parked)
	if w.mailAddress(parked) == "" {
		t.Error("nothing is known against it, and it does not leave")
	}
	w.ok(w.cases.PlaceHold(t.Context(), w.desk, host, holdOf("safety")))
	if to := w.mailAddress(parked); to != "" {
		t.Error("a hold of the live case does not stop it")
	}
}

// She asked not to be contacted; that a third source sends her all the same is a task for the hub, which outlives the joining of the cases.
func TestTheHubHearsThatSheWasReferredAgainAfterAStop(t *testing.T) {
	w := newWorld(t)
	host, _, _, _, _ := w.linkedTwice()
	w.ok(w.cases.StopContact(t.Context(), w.desk, host, stop()))
	w.clock.forward(time.Minute)
	third := otherSpelling(ximena())
	third.Client.FamilyName = "Suniga de la Pena"
	_, id := w.receive(w.hospital, third)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, id)
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'contact.referred_stopped' AND closed_at IS NULL`, host)
	w.status(referral.Review, host)
	w.part(w.id(`SELECT l.id FROM client_links l JOIN cases c ON c.caregiver_id IN (client_a, client_b) WHERE c.id = $1`, id))
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'contact.referred_stopped' AND closed_at IS NULL`, host)
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}

// A way that became too old while the hub promised to try it is no way: somebody looks for another, and need not stumble on it.
func TestAWayThatBecameTooOldIsLookedFor(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Addresses[0].SafeToVisit = "no"
	_, id := w.receive(w.hospital, in)
	w.exec(`UPDATE contact_methods SET given_at = given_at - interval '90 days'`)
	w.clock.forward(7 * 24 * time.Hour)
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.outreach_overdue' AND closed_at IS NULL`, id)
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'contact.find_a_way' AND closed_at IS NULL`, id)
}

// She said it to the referrer of the parked referral: it stops the case on which she goes on, and the agency that has her hears it.
func TestAStopHeardOfAParkedReferralStopsTheLiveCase(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, host := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, host, referral.ClaimForm{}))
	w.clock.forward(time.Minute)
	in.Client.DateOfBirth = ""
	second, parked := w.receive(w.clinic, in)
	_, err := w.cases.LinkCases(t.Context(), w.desk, parked, referral.LinkForm{CaseID: host})
	w.must(err)
	w.want(host.String(), `SELECT stands_on FROM cases WHERE id = $1`, parked)
	_, err = w.cases.StopContactHeard(t.Context(), w.clinic, second.ID, stop())
	w.must(err)
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND org_id = $2 AND kind = 'contact.stopped' AND closed_at IS NULL`, host, w.first.desk.OrgID)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND kind = 'claim.first_attempt_due' AND status = 'open'`, host)
	w.part(w.id(`SELECT id FROM client_links`))
	w.status(referral.Claimed, host)
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}
