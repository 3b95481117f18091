package tour

import (
	"strings"
	"time"
)

// hubFirst: the plain road from the referral to the program's end, with a claim taken back on the way.
func hubFirst(l *life) {
	clinic, hub := l.org("clinic").Keys["referrer"], l.org("hub").Keys["triage_coordinator"]
	agency, nfp := l.program("nfp")
	stranger, _ := l.program("early_head_start")
	desk, visitor := agency.Keys["agency_coordinator"], agency.Keys["home_visitor"]

	receipt, id := l.send(clinic, prenatal(l.w.Now(), "Avery", 20, consentYes("not_asked")))
	ref, referral := receipt.text("reference"), receipt.text("id")
	l.want(receipt.text("next_step") == "hub_reaches_out", "next step is %q", receipt.text("next_step"))
	l.say("the clinic refers; reference %s, %s", ref, strings.ToLower(receipt.text("next_text")))
	l.refused(404, "GET", desk, "/cases/"+id, nil)
	l.say("no agency sees her: she was not asked yet")
	words := l.get(hub, "/cases/"+id+"/decision")
	l.want(len(words["words"].([]any)) > 0, "the decision does not explain itself")
	l.say("triage explains itself in %d sentences to the hub", len(words["words"].([]any)))

	l.want(len(l.tasks(hub, "case.safety_not_asked", id)) == 1, "nobody is asked to put the questions of safety to her")
	l.say("nobody asked her if she is safe: that is a task, until somebody did or an agency has her")

	contact := l.get(hub, "/cases/"+id)["family"].(map[string]any)["contact_methods"].([]any)[0].(map[string]any)["id"]
	l.refused(409, "POST", hub, "/cases/"+id+"/outreach", body{"channel": "voicemail", "outcome": "left_message", "contact_method_id": contact})
	l.say("the hub may not leave a voicemail: not marked safe, so it is blocked")
	l.post(hub, "/cases/"+id+"/outreach", body{"channel": "call", "outcome": "no_answer", "contact_method_id": contact})
	l.wait(26 * time.Hour)
	l.post(hub, "/cases/"+id+"/outreach", body{"channel": "call", "outcome": "reached", "contact_method_id": contact})
	l.wait(30 * time.Minute)
	l.want(l.get(clinic, "/referrals/"+referral).text("status") == "reached", "the clinic does not know that she was reached")
	l.want(len(l.mails(ref)) == 2, "the clinic got %d mails, not received and reached", len(l.mails(ref)))
	l.say("the hub reaches her on the second day; the clinic is told received and reached")

	chosen := l.post(hub, "/cases/"+id+"/choice", body{"answer": "yes", "programs": []string{nfp.ID}, "how": "phone", "language": "en"})
	l.want(chosen.text("status") == "offered", "after her yes the case is %q", chosen.text("status"))
	l.say("she chooses %s; it is offered to %s", nfp.Name, agency.Name)
	limited := l.get(desk, "/cases/"+id)
	l.want(limited["family"] == nil && len(limited.list("offers")) == 1, "before the claim the agency sees more than its offer")
	l.refused(404, "GET", stranger.Keys["agency_coordinator"], "/cases/"+id, nil)
	l.say("the agency sees stage, area and claim-by; another agency sees nothing")

	l.post(desk, "/cases/"+id+"/claim", body{})
	l.post(desk, "/cases/"+id+"/undo", nil)
	l.want(l.get(desk, "/cases/"+id)["family"] == nil, "after undo the agency still sees her")
	l.post(desk, "/cases/"+id+"/claim", body{})
	l.want(l.get(desk, "/cases/"+id)["family"] != nil, "after the claim the agency does not see her")
	l.say("claimed, taken back, claimed again: she is seen only while claimed")

	l.post(desk, "/cases/"+id+"/visitor", body{"visitor_id": agency.Visitors[0]})
	l.post(visitor, "/cases/"+id+"/attempts", body{"channel": "call", "outcome": "reached", "contact_method_id": contact})
	visit := l.nextWeekday(time.Wednesday, 10)
	l.post(visitor, "/cases/"+id+"/first-visit/plan", body{"planned_for": visit.UTC(), "place": "home"})
	l.until(visit.Add(-time.Hour))
	moved := visit.AddDate(0, 0, 1)
	l.post(visitor, "/cases/"+id+"/first-visit/move", body{"planned_for": moved.UTC(), "place": "other_place"})
	l.refused(409, "POST", visitor, "/cases/"+id+"/visits", body{"held_at": l.w.Now().UTC(), "place": "home"})
	l.say("a visitor is assigned, reaches her, plans the first visit and moves it; a later visit is refused before the first")
	l.until(moved.Add(2 * time.Hour))
	enrolled := l.post(visitor, "/cases/"+id+"/enroll", body{"held_at": moved.UTC(), "consent_how": "signed", "language": "en", "wording_version": "2026-01"})
	l.want(enrolled.text("status") == "enrolled", "after first visit and consent the case is %q", enrolled.text("status"))
	l.wait(time.Hour)
	l.want(l.get(clinic, "/referrals/"+referral).text("status") == "being_served", "the clinic does not know that she is served")
	l.say("first visit held and program consent given: enrolled; the clinic knows that she is being served")

	l.wait(23 * 24 * time.Hour)
	l.want(len(l.tasks(desk, "enrollment.visit_drought", id)) == 1, "nobody is told of 21 days without a visit")
	l.post(visitor, "/cases/"+id+"/visits", body{"held_at": l.w.Now().Add(-time.Hour).UTC(), "place": "home"})
	l.want(len(l.tasks(desk, "enrollment.visit_drought", id)) == 0, "the drought task outlives the visit")
	l.say("21 days without a visit become a task, which ends with the next visit")
	l.wait(860 * 24 * time.Hour)
	l.want(len(l.tasks(desk, "enrollment.completion_check", id)) == 1, "nobody asks whether she completed")
	done := l.post(visitor, "/cases/"+id+"/complete", nil)
	l.want(done.text("status") == "closed", "after completion the case is %q", done.text("status"))
	l.wait(time.Hour)
	l.want(l.get(clinic, "/referrals/"+referral).text("status") == "closed", "the clinic does not know that it ended")
	l.want(len(l.mails(ref)) == 4, "the clinic got %d mails, not 4", len(l.mails(ref)))
	l.say("the child's second birthday: completed; the clinic got 4 messages, none names her or a condition")
}

// agencyFirst: she signed on the ward, so the agency calls first; then she says no, and nothing is held against her.
func agencyFirst(l *life) {
	l.until(l.nextWeekday(time.Tuesday, 10))
	hospital := l.org("hospital").Keys["referrer"]
	receipt, id := l.send(hospital, postpartum(l.w.Now(), "Blair", body{"answer": "signed", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"}))
	l.want(receipt.text("next_step") == "agency_answers", "next step is %q", receipt.text("next_step"))
	l.say("the hospital refers a mother going home, her yes signed: offered at once, no second call")
	agency := l.offeredTo(id)
	desk := agency.Keys["agency_coordinator"]
	l.post(desk, "/cases/"+id+"/claim", body{})
	l.refused(409, "POST", desk, "/cases/"+id+"/close", body{"disposition": "not_reached"})
	l.say("%s claims; it may not call her \"not reached\" before enough tries", agency.Name)
	l.wait(72 * time.Hour)
	l.want(len(l.tasks(agency.Keys["agency_manager"], "claim.first_attempt_overdue", id)) == 1, "an untried family is no task")
	l.say("two business days without a try become a task of the agency's manager")
	contact := l.get(desk, "/cases/"+id)["family"].(map[string]any)["contact_methods"].([]any)[0].(map[string]any)["id"]
	l.post(desk, "/cases/"+id+"/attempts", body{"channel": "call", "outcome": "reached", "contact_method_id": contact})
	l.post(desk, "/cases/"+id+"/close", body{"disposition": "said_no_for_now"})
	l.wait(time.Hour)
	l.want(l.get(hospital, "/referrals/"+receipt.text("id")).text("status") == "closed", "the hospital does not know that it ended")
	l.say("reached, she says no for now; the hospital hears \"closed\" and no reason")
}

// twoHospitals: one case, two referrals; neither source learns of the other.
func twoHospitals(l *life) {
	l.until(l.nextWeekday(time.Monday, 9))
	hospital, clinic, hub := l.org("hospital").Keys["referrer"], l.org("clinic").Keys["referrer"], l.org("hub").Keys["triage_coordinator"]
	first, id := l.send(hospital, prenatal(l.w.Now(), "Casey", 16, consentYes("not_asked")))
	l.wait(48 * time.Hour)
	second, other := l.send(clinic, prenatal(l.w.Now(), "Casey", 16, consentYes("not_asked")))
	l.want(other == "", "a second case was opened")
	l.want(second.text("resent") == "false", "the clinic was told that she is known")
	l.say("two sources refer one person: one case, references %s and %s", first.text("reference"), second.text("reference"))
	l.refused(404, "GET", clinic, "/referrals/"+first.text("id"), nil)
	l.refused(404, "GET", hospital, "/referrals/"+second.text("id"), nil)
	l.say("neither sees the other's referral")
	again, _ := l.send(hospital, prenatal(l.w.Now(), "Casey", 16, consentYes("not_asked")))
	l.want(again.text("resent") == "true", "a resend without a key was not recognised")
	l.say("the hospital's resend is added to the open case")
	contact := l.get(hub, "/cases/"+id)["family"].(map[string]any)["contact_methods"].([]any)[0].(map[string]any)["id"]
	l.post(hub, "/cases/"+id+"/outreach", body{"channel": "call", "outcome": "reached", "contact_method_id": contact})
	l.wait(time.Hour)
	for _, r := range []answer{first, second} {
		l.want(len(l.mails(r.text("reference"))) == 2, "%s got %d mails, not 2", r.text("reference"), len(l.mails(r.text("reference"))))
	}
	l.say("each source is told of its own: received and reached")
	l.post(hub, "/cases/"+id+"/choice", body{"answer": "no", "how": "phone"})
}

// fridayEvening: nobody is there, and the answer says so; the ladder climbs when somebody should be.
func fridayEvening(l *life) {
	l.until(l.nextWeekday(time.Friday, 19))
	hospital, hub := l.org("hospital").Keys["referrer"], l.org("hub").Keys["triage_coordinator"]
	referral := postpartum(l.w.Now(), "Drew", body{"answer": "she_said_no"})
	referral["screenings"] = []body{{"instrument": "epds", "version": "1987", "language": "en", "items": []int{1, 1, 1, 1, 0, 1, 0, 1, 0, 1}, "done_today": "safety_plan"}}
	receipt, id := l.send(hospital, referral)
	text := receipt.text("alarm.text")
	l.want(strings.HasPrefix(text, "No one at the hub will see this before") && strings.Contains(text, "in your care"), "the answer says %q", text)
	l.say("EPDS item 10 is positive. The hospital reads: %s", text)
	l.want(l.get(hub, "/cases/"+id).text("status") == "review", "an alarm does not wait in review")
	seenBy, err := time.Parse(time.RFC3339, receipt.text("alarm.seen_by"))
	l.want(err == nil && seenBy.After(l.w.Now()), "seen by %q", receipt.text("alarm.seen_by"))
	l.say("she had said no to the program; the alarm is read all the same")
	l.until(seenBy.Add(time.Minute))
	supervisor := l.org("hub").Keys["triage_supervisor"]
	l.want(len(l.tasks(supervisor, "alarm.answer", id)) == 1, "unanswered, the alarm did not climb")
	l.until(seenBy.Add(90 * time.Minute))
	l.want(len(l.tasks(supervisor, "alarm.call_referrer", id)) == 1, "the ladder does not end in a call to the referrer")
	l.say("unacknowledged it climbs to the supervisor, and ends in a person who calls the referrer back")
	alarm := l.alarm(hub, id)
	l.post(hub, "/alarms/"+alarm+"/acknowledge", nil)
	l.refused(409, "POST", hub, "/alarms/"+alarm+"/acknowledge", nil)
	l.want(l.get(hub, "/cases/"+id).text("status") == "review", "acknowledging alone ended the review")
	l.post(hub, "/alarms/"+alarm+"/outcome", body{"outcome": "in_care_of_referrer", "remarks": "Called the ward."})
	l.want(len(l.tasks(supervisor, "alarm.call_referrer", id)) == 0, "the call is still asked for")
	after := l.get(hub, "/cases/"+id)
	l.want(after.text("status") == "review", "she said no to contact, but the case is %q", after.text("status"))
	l.refused(409, "POST", hub, "/cases/"+id+"/outreach", body{"channel": "call", "outcome": "no_answer"})
	l.post(hub, "/cases/"+id+"/close", body{"disposition": "said_no_for_now"})
	l.wait(time.Hour)
	l.want(len(l.mails(receipt.text("reference"))) == 2, "the hospital got %d mails, not received and closed", len(l.mails(receipt.text("reference"))))
	l.say("outcome written; nobody calls her, since she said no; no mail names the answer")
}

// declinedAndExpired: she keeps her place while agencies say no or nothing.
func declinedAndExpired(l *life) {
	l.until(l.nextWeekday(time.Monday, 9))
	clinic, hub := l.org("clinic").Keys["referrer"], l.org("hub").Keys["triage_coordinator"]
	_, id := l.send(clinic, prenatal(l.w.Now(), "Emery", 18, consentYes("yes")))
	l.post(hub, "/cases/"+id+"/outreach", body{"channel": "in_person", "outcome": "reached"})
	l.post(hub, "/cases/"+id+"/choice", body{"answer": "yes", "any_program": true, "how": "in_person"})
	first := l.offeredTo(id)
	declined := l.post(first.Keys["agency_coordinator"], "/cases/"+id+"/decline", body{"reason": "no_capacity"})
	l.want(!strings.Contains(declined.text("remark"), "Agency"), "the declining agency hears where she goes")
	l.refused(404, "GET", first.Keys["agency_coordinator"], "/cases/"+id, nil)
	second := l.offeredTo(id)
	l.want(second.ID != first.ID, "offered to the same agency again")
	l.say("%s declines and sees her no more; %s is asked by itself", first.Name, second.Name)
	l.wait(33 * time.Hour)
	third := l.offeredTo(id)
	l.want(third.ID != second.ID && third.ID != first.ID, "after the time ran out %s was asked", third.Name)
	told := l.refused(409, "POST", second.Keys["agency_coordinator"], "/cases/"+id+"/claim", body{})
	l.want(strings.Contains(told.text("detail"), "ran out"), "the late agency reads %q", told.text("detail"))
	l.say("%s lets its time run out and is told so; %s is asked", second.Name, third.Name)
	l.post(third.Keys["agency_coordinator"], "/cases/"+id+"/claim", body{})
	l.want(l.get(hub, "/cases/"+id).text("status") == "claimed", "the third agency could not claim")
	l.say("%s claims", third.Name)
	l.post(third.Keys["agency_coordinator"], "/cases/"+id+"/close", body{"disposition": "already_served"})
}

// offeredTo is the agency that has the open offer of a case.
func (l *life) offeredTo(id string) Org {
	for _, o := range l.get(l.org("hub").Keys["triage_coordinator"], "/cases/"+id).list("offers") {
		if o["ended_at"] != nil {
			continue
		}
		for _, org := range l.w.Orgs {
			for _, p := range org.Programs {
				if p.ID == o.text("program_id") {
					return org
				}
			}
		}
	}
	l.fail("case %s has no open offer", id)
	return Org{}
}

func (l *life) alarm(key, caseID string) string {
	for _, a := range l.get(key, "/alarms").list("items") {
		if a.text("case_id") == caseID {
			return a.text("id")
		}
	}
	l.fail("case %s has no open alarm", caseID)
	return ""
}
