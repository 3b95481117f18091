package tour

import (
	"strings"
	"time"
)

// teenagerWithoutAPhone: a person goes where she may be met, and the window that closes in days asks two agencies at once.
func teenagerWithoutAPhone(l *life) {
	l.morning()
	school := l.org("clinic").Keys["referrer"]
	r := prenatal(l.w.Now(), "Frankie", 26, consentYes("not_asked"))
	r["client"].(body)["date_of_birth"] = l.w.Now().AddDate(-16, -3, 0).Format(time.DateOnly)
	delete(r, "contact_methods")
	r["addresses"].([]body)[0]["announced_only"] = false // nobody could tell her before
	receipt, id := l.send(school, r)
	l.is(id, "outreach")
	l.refused(422, "POST", l.desk(), "/cases/"+id+"/outreach", body{"channel": "text", "outcome": "no_answer"})
	l.say("no number, an address where one may come: the hub goes there; a text has nowhere to go and is refused")
	l.notYet(1)
	l.morning()
	l.post(l.desk(), "/cases/"+id+"/outreach", body{"channel": "visit", "outcome": "reached"})
	agency, nfp := l.program("nfp")
	l.morning()
	l.morning() // her last safe day has come
	l.task(l.desk(), "case.window_closing", id)
	offered := l.post(l.desk(), "/cases/"+id+"/choice", body{"answer": "yes", "any_program": true, "how": "in_person", "language": "en"})
	open := l.openOffers(id)
	l.want(offered.text("status") == "offered" && len(open) == 2 && open[nfp.ID] != "", "inside the last safe day %d programs are asked", len(open))
	l.say("%d days to her window: %s and the runner-up are asked at once, to answer by %s", 18, nfp.Name, open[nfp.ID])
	l.claims(agency, id)
	l.othersSeeNothing(id, agency)
	l.firstVisit(agency, id, 48*time.Hour)
	l.say("one claims, the other's offer is withdrawn; the first visit is held at a place she chose")
	l.wait(35 * 24 * time.Hour)
	l.leaves(agency, id, "her_choice", false)
	l.ended(id, "served")
	l.hears(receipt, "received", "reached", "being_served", "closed")
	l.say("she leaves by her own choice; the clinic heard four times, never why")
}

// openOffers are the open offers of a case by program, with the moment by which each answers.
func (l *life) openOffers(id string) map[string]string {
	out := map[string]string{}
	for _, o := range l.get(l.desk(), "/cases/"+id).list("offers") {
		if o["ended_at"] == nil {
			by, _ := time.Parse(time.RFC3339, o.text("claim_by"))
			out[o.text("program_id")] = by.In(l.zone()).Format("Mon 15:04")
		}
	}
	return out
}

// doNotCall: no way of reaching her is safe, so nobody tries one; what she says when she comes herself is her word for good.
func doNotCall(l *life) {
	l.morning()
	clinic := l.org("clinic").Keys["referrer"]
	r := prenatal(l.w.Now(), "Harper", 18, consentYes("not_asked"))
	r["contact_methods"] = []body{{"channel": "phone", "value": "410-555-0144", "safe_call": "no", "safe_text": "no", "safe_voicemail": "no", "remarks": "Don't call me."}}
	r["addresses"] = []body{{"zip": "21202", "safe_to_visit": "no", "safe_mail": "no"}}
	receipt, id := l.send(clinic, r)
	l.waitsFor(id, "no_safe_route")
	for _, way := range []string{"call", "text", "voicemail"} {
		l.refused(409, "POST", l.desk(), "/cases/"+id+"/outreach", body{"channel": way, "outcome": "no_answer", "contact_method_id": l.phone(id)})
	}
	l.refused(409, "POST", l.desk(), "/cases/"+id+"/outreach", body{"channel": "visit", "outcome": "not_home"})
	l.refused(409, "POST", l.desk(), "/cases/"+id+"/outreach", body{"channel": "letter", "outcome": "no_answer"})
	l.say("call, text, voicemail, visit and letter are each refused: none is marked safe, and a person reads the case")
	l.task(l.desk(), "contact.find_a_way", id)
	l.post(l.desk(), "/cases/"+id+"/contact/search", body{"place": "clinic_visit"})
	l.wait(24 * time.Hour)
	l.post(l.desk(), "/cases/"+id+"/contact/search", body{"place": "clinic_visit", "outcome": "found"})
	l.say("the desk looks for a way from a short list: at her next visit the clinic asks her to come by")
	l.post(l.desk(), "/cases/"+id+"/review", body{"reason": "safe_route_found"})
	l.post(l.desk(), "/cases/"+id+"/outreach", body{"channel": "in_person", "outcome": "reached"})
	l.wait(30 * time.Minute)
	l.no(id, false)
	l.ended(id, "asked_not_to_be_contacted")
	l.hears(receipt, "received", "reached", "closed")
	l.say("she comes to the clinic's desk herself and wants no contact; the clinic hears \"closed\" and no reason")
	again, next := l.send(clinic, r)
	l.waitsFor(next, "no_permission_to_contact")
	l.refused(409, "POST", l.desk(), "/cases/"+next+"/outreach", body{"channel": "in_person", "outcome": "reached"})
	l.want(again.text("resent") == "false", "an ended case was opened again")
	l.task(l.desk(), "contact.referred_stopped", next)
	l.post(l.desk(), "/cases/"+next+"/close", body{"disposition": "asked_not_to_be_contacted"})
	l.say("referred again, her word still stands: no outreach begins")
}

// callsHerself: two noes are noes, and her own call is a new case whose waiting counts from it.
func callsHerself(l *life) {
	clinic := l.org("clinic").Keys["referrer"]
	var cases []string
	for range 2 {
		l.morning()
		r := prenatal(l.w.Now(), "Indigo", 12, consentYes("not_asked"))
		r["pregnancy"] = body{"due_on": "2026-12-24", "earlier_live_births": 0}
		_, id := l.send(clinic, r)
		l.hubReaches(id)
		l.no(id, true)
		l.ended(id, "said_no_for_now")
		cases = append(cases, id)
		l.wait(20 * 24 * time.Hour)
	}
	l.want(cases[0] != cases[1], "a case that ended was opened again")
	l.say("the clinic refers her twice, and twice she says no: two cases end without blame")
	l.morning()
	r := prenatal(l.w.Now(), "Indigo", 12, body{"answer": "yes_in_person", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"})
	r["pregnancy"] = body{"due_on": "2026-12-24", "earlier_live_births": 0}
	r["needs"].(body)["self_referral_request"] = "yes"
	called := l.w.Now()
	_, id := l.send(l.org("hub").Keys["integration"], r)
	received, err := time.Parse(time.RFC3339, answer(l.get(l.desk(), "/cases/"+id)["milestones"].(map[string]any)).text("received_at"))
	l.want(err == nil && received.Equal(called.Truncate(time.Microsecond)), "her waiting counts from %s", received)
	l.say("she calls the hub herself: a new case that knows the earlier ones, its waiting counted from her call")
	l.hubReaches(id)
	agency, nfp := l.program("nfp")
	l.yesTo(id, nfp)
	l.claims(agency, id)
	l.firstVisit(agency, id, 72*time.Hour)
	l.leaves(agency, id, "moved", false)
	l.ended(id, "served")
	l.say("she is claimed and visited, and later moves")
}

// nineDaysLeft: the truth about a full program, her choice to wait for it, and a place that comes in time.
func nineDaysLeft(l *life) {
	l.morning()
	agency, nfp := l.program("nfp")
	l.programCapacity(agency, nfp, 0)
	clinic := l.org("clinic").Keys["referrer"]
	r := prenatal(l.w.Now(), "Kendall", 27, consentYes("not_asked"))
	r["pregnancy"] = body{"due_on": l.day(280 - 202 + 9), "earlier_live_births": 0} // 28 weeks 6 days in nine days
	receipt, id := l.send(clinic, r)
	l.is(id, "outreach")
	l.hubReaches(id)
	waits := l.post(l.desk(), "/cases/"+id+"/waitlist/join", body{"programs": []string{nfp.ID}, "how": "phone", "language": "en", "wording_version": "2026-01"})
	l.want(waits.text("status") == "waitlisted", "she is %q", waits.text("status"))
	l.want(strings.Contains(waits.text("next_text"), "No place is free now"), "she hears %q", waits.text("next_text"))
	l.unseen(agency, id)
	l.notYet(9)
	l.say("%s is full and her window closes in 9 days; other programs have places, she chooses to wait: a person at the hub answers for her", nfp.Name)
	l.morning()
	l.programCapacity(agency, nfp, 12)
	l.wait(time.Minute)
	l.is(id, "offered")
	l.want(l.openOffers(id)[nfp.ID] != "", "the freed place was offered to somebody else")
	l.say("a place is funded: it is offered to her by itself, to be answered by %s", l.openOffers(id)[nfp.ID])
	l.claims(agency, id)
	l.firstVisit(agency, id, 4*24*time.Hour)
	l.leaves(agency, id, "lost_contact", true)
	l.ended(id, "served")
	l.hears(receipt, "received", "reached", "being_served", "closed")
	l.say("the first visit is held inside the window; later contact is lost, which the agency might have changed")
}
