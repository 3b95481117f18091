package referral_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral"
	"doorstep/referral/contact"
)

// phone is her current number.
func (w *world) phone(caseID uuid.UUID) uuid.UUID {
	w.Helper()
	return *w.call(caseID, "no_answer").ContactMethodID
}

// number is where the family's only phone leads.
func (w *world) number(caseID uuid.UUID) string {
	w.Helper()
	return w.text(`SELECT m.value FROM contact_methods m JOIN cases c ON c.caregiver_id = m.client_id WHERE c.id = $1 AND m.channel = 'phone' AND m.ended_at IS NULL`, caseID)
}

func (w *world) address(caseID uuid.UUID) uuid.UUID {
	w.Helper()
	return w.id(`SELECT a.id FROM addresses a JOIN cases c ON c.caregiver_id = a.client_id WHERE c.id = $1 AND a.ended_at IS NULL`, caseID)
}

// stop is that she said it on the phone.
func stop() referral.StopForm { return referral.StopForm{Said: "she_said", How: "phone"} }

func (w *world) resume(by auth.Actor) referral.ResumeForm {
	return referral.ResumeForm{Said: "she_called", How: "phone", HeardBy: by.ID}
}

func (w *world) family(actor auth.Actor, id uuid.UUID) referral.FamilyView {
	w.Helper()
	v, err := w.cases.Case(w.Context(), actor, id)
	w.must(err)
	return *v.Family
}

// A change is a new row behind the old one; what nobody said anew stays, with the secrets resealed for their new row.
func TestAChangeOfAWayKeepsItsHistory(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	old := w.phone(id)
	hours := contact.Hours{{Days: []string{"tue", "wed"}, From: "09:00", To: "12:00"}}
	r := w.ok(w.cases.ChangeWay(t.Context(), w.desk, id, referral.WayChange{WayID: old, ToldBy: "her", Safe: referral.SafeUses{Text: "no", Voicemail: "yes"},
		Hours: &hours, AskFor: "Dona", CodeWord: "bluebird", WhoMayAnswer: "only her", Remarks: "mornings"}))
	w.want("replaced", `SELECT ended_as FROM contact_methods WHERE id = $1`, old)
	w.want("yes no yes her", `SELECT concat_ws(' ', safe_call, safe_text, safe_voicemail, told_by) FROM contact_methods WHERE id = $1 AND replaces_id = $2`, r.CreatedID, old)
	w.want("1", `SELECT count(*) FROM contact_checks WHERE contact_method_id = $1 AND how = 'she_said'`, r.CreatedID)
	second := w.ok(w.cases.ChangeWay(t.Context(), w.desk, id, referral.WayChange{WayID: *r.CreatedID, ToldBy: "other", Safe: referral.SafeUses{Text: "yes", Voicemail: "no"}, CodeWord: "robin"}))
	w.want("yes no no", `SELECT concat_ws(' ', safe_call, safe_text, safe_voicemail) FROM contact_methods WHERE id = $1`, second.CreatedID)
	got := w.family(w.desk, id).Contacts
	if len(got) != 1 || got[0].ID != *second.CreatedID || *got[0].Value != w.number(id) || got[0].AskFor != "Dona" || got[0].CodeWord != "robin" ||
		got[0].Remarks != "mornings" || got[0].Hours.String() != hours.String() {
		t.Errorf("got %s", w.marshal(got))
	}
	w.want("0", `SELECT count(*) FROM contact_methods WHERE position('bluebird' in encode(asking_sealed, 'escape')) > 0`)
	_, err := w.cases.ChangeWay(t.Context(), w.desk, id, referral.WayChange{WayID: old, ToldBy: "her"})
	w.invalid(err, "/way_id")
	wrong := contact.Hours{{Days: []string{"tue"}, From: "12:00", To: "09:00"}}
	_, err = w.cases.ChangeWay(t.Context(), w.desk, id, referral.WayChange{WayID: *second.CreatedID, ToldBy: "her", Hours: &wrong})
	w.invalid(err, "/hours")
}

// A number leads to her by what both sources say of it; another one may take a known one's place.
func TestAWayIsAdded(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	known := w.phone(id)
	same := referral.SubmittedContact{Channel: "phone", Value: w.number(id), SafeCall: "no", SafeVoicemail: "yes", AskFor: "Ana"}
	made := w.ok(w.cases.AddWay(t.Context(), w.first.visitor, id, referral.WayForm{ContactMethod: &same, ToldBy: "other"}))
	w.want("Ana", `SELECT 'Ana' FROM contact_methods WHERE id = $1 AND replaces_id = $2`, made.CreatedID, known)
	w.want("no yes no", `SELECT concat_ws(' ', safe_call, safe_text, safe_voicemail) FROM contact_methods WHERE replaces_id = $1`, known)
	now := w.phone(id)
	other := referral.SubmittedContact{Channel: "phone", Value: "410-555-0199", SafeCall: "yes", Whose: "trusted"}
	w.ok(w.cases.AddWay(t.Context(), w.first.visitor, id, referral.WayForm{ContactMethod: &other, ToldBy: "her", Replaces: &now}))
	w.want("+14105550199 trusted", `SELECT concat_ws(' ', value, whose) FROM contact_methods WHERE ended_at IS NULL AND replaces_id = $1`, now)
	alone := false
	w.clock.forward(time.Minute)
	w.ok(w.cases.AddWay(t.Context(), w.first.visitor, id, referral.WayForm{Address: &referral.SubmittedAddress{Street: "2 New Road", Zip: "21202", SafeToVisit: "yes",
		AnnouncedOnly: &alone}, ToldBy: "her"}))
	if got := w.family(w.first.visitor, id).Addresses; len(got) != 2 || *got[0].Street != "2 New Road" || got[0].AnnouncedOnly {
		t.Errorf("got %s", w.marshal(got))
	}
	for name, in := range map[string]referral.WayForm{"/contact_method": {ToldBy: "her"}, "/told_by": {ContactMethod: &other},
		"/contact_method/value": {ToldBy: "her", ContactMethod: &referral.SubmittedContact{Channel: "phone", Value: "1"}},
		"/address":              {ToldBy: "her", Address: &referral.SubmittedAddress{}}} {
		_, err := w.cases.AddWay(t.Context(), w.first.visitor, id, in)
		w.invalid(err, name)
	}
	_, err := w.cases.AddWay(t.Context(), w.second.desk, id, referral.WayForm{ContactMethod: &other, ToldBy: "her"})
	w.refused(fault.NotFound, err)
}

// Where a wrong call may hurt her, nobody's word but hers opens a way, until hub and referrer have found a safe one.
func TestASafeWayIsFound(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Sensitivity = "dv"
	in.ContactMethods[0].SafeCall, in.ContactMethods[0].SafeText = "", ""
	in.Addresses[0].SafeToVisit = "no"
	_, id := w.receive(w.hospital, in)
	w.status(referral.Review, id)
	w.want("no_safe_route", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1`, id)
	w.want("contact.find_a_way", `SELECT kind FROM tasks WHERE subject_id = $1 AND closed_at IS NULL AND kind <> 'case.safety_not_asked'`, id)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
	if !strings.Contains(err.Error(), "Find a safe way with her referrer") {
		t.Errorf("got %v", err)
	}
	w.ok(w.cases.ChangeWay(t.Context(), w.desk, id, referral.WayChange{WayID: w.phone(id), ToldBy: "other", Safe: referral.SafeUses{Call: "yes"}}))
	_, err = w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
	w.ok(w.cases.LookForWay(t.Context(), w.desk, id, referral.SearchForm{Place: "referrer_asks"}))
	_, err = w.cases.LookForWay(t.Context(), w.desk, id, referral.SearchForm{Place: "referrer_asks"})
	w.refused(fault.Conflict, err)
	w.ok(w.cases.LookForWay(t.Context(), w.desk, id, referral.SearchForm{Place: "referrer_asks", Outcome: "found"}))
	w.want("1", `SELECT count(*) FROM tasks WHERE subject_id = $1 AND kind = 'contact.find_a_way' AND closed_at IS NULL`, id)
	w.ok(w.cases.RecordSafeWay(t.Context(), w.desk, id, referral.SafeWayForm{WayID: w.phone(id), FoundWith: "referrer", Safe: referral.SafeUses{Call: "yes"}}))
	w.want("done", `SELECT closed_as FROM tasks WHERE subject_id = $1 AND kind = 'contact.find_a_way'`, id)
	w.want("1", `SELECT count(*) FROM contact_checks WHERE how = 'safe_way' AND checked_by = $1`, w.desk.ID)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if len(v.Searches) != 1 || *v.Searches[0].Outcome != "found" {
		t.Errorf("got %s", w.marshal(v.Searches))
	}
	_, err = w.cases.LookForWay(t.Context(), w.desk, id, referral.SearchForm{Place: "trusted_person"})
	w.refused(fault.Conflict, err)
}

// What a try teaches: a wrong number leads to her no more, one that was not safe to go on with is not called again.
func TestWhatATryTeaches(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	was := w.phone(id)
	r := w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "unsafe_to_continue")))
	w.want("call", `SELECT channel FROM attempts WHERE id = $1`, r.CreatedID)
	w.want("no yes", `SELECT concat_ws(' ', safe_call, safe_text) FROM contact_methods WHERE replaces_id = $1 AND ended_at IS NULL`, was)
	_, err := w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
	text := w.call(id, "wrong_number")
	text.Channel = "text"
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, text))
	w.want("wrong_number", `SELECT ended_as FROM contact_methods WHERE id = $1`, text.ContactMethodID)
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = 'contact.find_a_way'`)
	w.ok(w.cases.EndWay(t.Context(), w.first.visitor, id, referral.WayEnd{WayID: w.address(id), As: "moved"}))
	w.want("1", `SELECT count(*) FROM tasks WHERE kind = 'contact.find_a_way' AND org_id = $1 AND closed_at IS NULL`, w.hub.ID)
}

// Ninety days after somebody last knew, a way is not relied upon for cold outreach; a call that reached her renews it.
func TestAWayExpires(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.clock.forward(89 * 24 * time.Hour)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "reached")))
	w.clock.forward(89 * 24 * time.Hour)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
	w.clock.forward(24 * time.Hour)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
	if !strings.Contains(err.Error(), "not checked for too long") {
		t.Errorf("got %v", err)
	}
	other := w.cases.CheckContactsAfter(400)
	w.ok(other.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
	w.ok(w.cases.CheckWay(t.Context(), w.desk, id, referral.WayCheck{WayID: w.phone(id), With: "referrer"}))
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
}

// The ways of an enrolled family make a task for her visitor, who goes on using them; a visit that is kept renews the address.
func TestAnEnrolledFamilyIsAskedAgain(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.want("1", `SELECT count(*) FROM contact_checks WHERE how = 'visit_kept' AND address_id = $1`, w.address(id))
	w.clock.forward(80 * 24 * time.Hour)
	w.ok(w.cases.RecordVisit(t.Context(), w.first.visitor, id, referral.VisitForm{HeldAt: w.clock.Now(), Place: "home"}))
	w.clock.forward(10 * 24 * time.Hour)
	w.work()
	task := `SELECT concat_ws(' ', role, org_id, closed_as) FROM tasks WHERE kind = 'contact.recheck'`
	w.want("home_visitor "+w.first.ID.String(), task)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, id, w.call(id, "no_answer")))
	w.want("home_visitor "+w.first.ID.String(), task)
	w.ok(w.cases.CheckWay(t.Context(), w.first.visitor, id, referral.WayCheck{WayID: w.phone(id), With: "her"}))
	w.want("home_visitor "+w.first.ID.String()+" done", task)
	w.want("1", `SELECT count(*) FROM follow_ups WHERE kind = 'contact.recheck' AND status = 'open' AND due_at > $1`, w.clock.Now())
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	w.want("0", `SELECT count(*) FROM follow_ups WHERE kind = 'contact.recheck' AND status = 'open'`)
}

// She said stop: nobody may, by any way, wherever the case stands; her own word lifts it in full.
func TestDoNotContact(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		name   string
		begin  func() uuid.UUID
		by     auth.Actor
		then   referral.Status
		lifted referral.Status
	}{
		{"outreach", w.outreach, w.desk, referral.Review, referral.Outreach},
		{"offered", w.offered, w.desk, referral.Review, referral.Offered},
		{"claimed", w.claimed, w.first.visitor, referral.Claimed, referral.Claimed},
		{"accepted", w.accepted, w.first.desk, referral.Accepted, referral.Accepted},
		{"enrolled", w.enrolled, w.desk, referral.Enrolled, referral.Enrolled},
	} {
		id := c.begin()
		w.ok(w.cases.StopContact(t.Context(), c.by, id, stop()))
		w.status(c.then, id)
		w.want("true", `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
		w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status IN ('open', 'held', 'handed_over')
			AND kind IN ('case.outreach_due', 'claim.first_attempt_due', 'claim.next_attempt_due')`, id)
		_, err := w.cases.StopContact(t.Context(), c.by, id, stop())
		w.refused(fault.Conflict, err)
		who := w.desk
		try := w.cases.RecordOutreach
		if c.then == referral.Claimed || c.then == referral.Accepted || c.then == referral.Enrolled {
			who, try = w.first.visitor, w.cases.RecordAttempt
			w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'contact.stopped' AND org_id = $2 AND closed_at IS NULL AND urgent`, id, w.first.ID)
		}
		for _, form := range []referral.AttemptForm{w.call(id, "no_answer"), {Channel: "in_person", Outcome: "reached"}, {Channel: "visit", Outcome: "not_home", Announced: true}} {
			_, err := try(t.Context(), who, id, form)
			w.refused(fault.Conflict, err)
		}
		stranger := w.resume(c.by)
		stranger.HeardBy = uuid.New()
		_, err = w.cases.ResumeContact(t.Context(), c.by, id, stranger)
		w.invalid(err, "/heard_by")
		mistake := w.resume(c.by)
		mistake.Said = "entered_in_error"
		_, err = w.cases.ResumeContact(t.Context(), c.by, id, mistake)
		w.refused(fault.Forbidden, err)
		r := w.ok(w.cases.ResumeContact(t.Context(), c.by, id, w.resume(c.by)))
		if r.Status != c.lifted {
			t.Errorf("%s: she called, and the case is %s, not %s", c.name, r.Status, c.lifted)
		}
		w.want("stop,resume", `SELECT string_agg(wish, ',' ORDER BY heard_at, id) FROM contact_wishes WHERE case_id = $1`, id)
		w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind LIKE 'contact.stop%' AND closed_at IS NULL`, id)
		if c.then == referral.Claimed {
			w.want("claim.next_attempt_due", `SELECT kind FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind = 'claim.next_attempt_due'`, id)
		}
		if c.lifted != referral.Offered { // there the agency answers first
			w.ok(try(t.Context(), who, id, w.call(id, "no_answer")))
		}
		_, err = w.cases.ResumeContact(t.Context(), c.by, id, w.resume(c.by))
		w.refused(fault.Conflict, err)
	}
}

// After do-not-contact a new referral, by whomever, is a task for the hub and nothing else; her referrer may write what she told it.
func TestReferredAgainAfterDoNotContact(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	sent, id := w.receive(w.hospital, in)
	_, err := w.cases.StopContactHeard(t.Context(), w.clinic, sent.ID, stop())
	w.refused(fault.NotFound, err)
	for range 2 {
		_, err = w.cases.StopContactHeard(t.Context(), w.hospital, sent.ID, stop())
		w.must(err)
	}
	w.want("1", `SELECT count(*) FROM contact_wishes`)
	w.status(referral.Review, id)
	again, same := w.receive(w.clinic, in)
	if same != id {
		t.Error("a second case was opened")
	}
	w.want("contact.referred_stopped", `SELECT kind FROM tasks WHERE subject_id = $1 AND org_id = $2`, again.ID, w.hub.ID)
	w.status(referral.Review, id)
	w.want("0", `SELECT count(*) FROM messages WHERE audience = 'client'`)
	w.ok(w.cases.Close(t.Context(), w.desk, id, referral.CloseForm{Disposition: "asked_not_to_be_contacted"}))
	w.ok(w.cases.Undo(t.Context(), w.desk, id)) // her word outlives the closing that repeated it
	w.want("true", `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
	mistake := w.resume(w.lead)
	mistake.Said = "entered_in_error"
	w.ok(w.cases.ResumeContact(t.Context(), w.lead, id, mistake))
	w.want("false", `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
}

// What a person had to look at before she said stop is there still when she lifts it.
func TestDoNotContactKeepsWhyAPersonLooks(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.ok(w.cases.HandOver(t.Context(), w.desk, id, sentAway()))
	w.ok(w.cases.StopContact(t.Context(), w.desk, id, stop()))
	reasons := `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1`
	w.want("handed_over,no_permission_to_contact", reasons, id)
	_, err := w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.first.Program))
	w.refused(fault.Conflict, err)
	w.ok(w.cases.ResumeContact(t.Context(), w.desk, id, w.resume(w.desk)))
	w.want("handed_over", reasons, id)
}

// She comes to an agency and enrolls: her own later act.
func TestAWalkInLiftsDoNotContact(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.StopContact(t.Context(), w.desk, id, stop()))
	r, err := w.cases.EnrollWalkIn(t.Context(), w.first.desk, walkIn(w.first.Program, in))
	w.must(err)
	w.want("false resume", `SELECT concat_ws(' ', CASE WHEN do_not_contact THEN 'true' ELSE 'false' END, (SELECT wish FROM contact_wishes WHERE client_id = c.id ORDER BY heard_at DESC, id DESC LIMIT 1))
		FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, r.Case.CaseID)
}

// On a closed case it moves nothing and holds for all that comes.
func TestDoNotContactOnAClosedCase(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Close(t.Context(), w.desk, id, referral.CloseForm{Disposition: "information_given"}))
	before := w.text(`SELECT version FROM cases WHERE id = $1`, id)
	w.ok(w.cases.StopContact(t.Context(), w.desk, id, stop()))
	w.want(before, `SELECT version FROM cases WHERE id = $1`, id)
	w.want("1", `SELECT count(*) FROM audit_events WHERE case_id = $1 AND action = 'record do not contact'`, id)
	_, next := w.receive(w.hospital, in)
	w.status(referral.Review, next)
	w.ok(w.cases.ResumeContact(t.Context(), w.desk, id, w.resume(w.desk)))
	w.want("false", `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, next)
}

// A minor is her own contact: a guardian's number is kept and never called, and nobody falls back to it.
func TestAGuardianIsNeverCalled(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Client.DateOfBirth = "2011-01-05"
	in.Addresses[0].SafeToVisit = "no"
	in.ContactMethods = []referral.SubmittedContact{{Channel: "phone", Value: "410-555-0155", SafeCall: "yes", SafeText: "yes", Whose: "guardian"}}
	_, id := w.receive(w.hospital, in)
	w.want("no_safe_route", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1`, id)
	_, err := w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer"))
	w.refused(fault.Conflict, err)
	w.want("contact.find_a_way", `SELECT kind FROM tasks WHERE subject_id = $1 AND kind <> 'case.safety_not_asked'`, id)
}

// The gate is asked when a message to her leaves, whatever it said when the message was queued.
func TestTheGateIsAskedWhenAMessageLeaves(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	client := w.id(`SELECT caregiver_id FROM cases WHERE id = $1`, id)
	to := func(channel string) string {
		t.Helper()
		var address string
		err := w.db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) (err error) {
			address, err = w.cases.MessageAddress(tx, jobs.Message{CaseID: id, ClientID: client, Audience: "client", Channel: channel})
			return err
		})
		if err != nil {
			return err.Error()
		}
		return address
	}
	is := func(channel, want string) {
		t.Helper()
		if got := to(channel); got != want {
			t.Errorf("%s: got %q, want %q", channel, got, want)
		}
	}
	is("sms", w.number(id))
	is("email", "blocked: wrong_channel")
	is("letter", "blocked: not_known_safe")
	hold := w.hold(w.first.desk, id, "client_asked")
	is("sms", "blocked: held")
	w.ok(w.cases.LiftHold(t.Context(), w.first.desk, hold, lifted("reviewed")))
	w.clock.forward(91 * 24 * time.Hour)
	is("sms", "blocked: expired")
	w.ok(w.cases.CheckWay(t.Context(), w.first.desk, id, referral.WayCheck{WayID: w.phone(id), With: "her"}))
	is("sms", w.number(id))
	w.ok(w.cases.StopContact(t.Context(), w.first.desk, id, stop()))
	is("sms", "blocked: do_not_contact")
}
