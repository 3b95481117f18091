package tour

import (
	"fmt"
	"strings"
	"time"
)

// secondFormWithDanger: the second form of a known family spells her name otherwise and says that she is in danger. One live case, and a
// person reads it now.
func secondFormWithDanger(l *life) {
	l.morning()
	hospital, other := l.org("Harbor").Keys["referrer"], l.org("Hill").Keys["referrer"]
	home := []body{{"street": "9 Example Lane", "city": "Exampletown", "zip": "21202", "safe_to_visit": "yes"}}
	r := prenatal(l.w.Now(), "Jules", 14, consentYes("not_asked"))
	r["addresses"] = home
	first, earlier := l.send(hospital, r)
	l.is(earlier, "outreach")
	l.wait(3 * 24 * time.Hour)
	r = prenatal(l.w.Now(), "Jules", 14, consentYes("not_asked"))
	r["addresses"] = home
	r["client"].(body)["family_name"] = "Testfamilly"
	r["contact_methods"] = []body{{"channel": "phone", "value": "410-555-0177", "safe_call": "yes"}}
	r["needs"].(body)["danger_now"] = "yes"
	second, id := l.send(other, r)
	l.is(earlier, "closed")
	l.want(l.get(l.desk(), "/cases/"+earlier+"/links").text("stands_on") == id, "the first case does not go on as the second")
	l.want(second.text("alarm.text") != "" && second.text("resent") == "false", "the second hospital reads %q", second.text("alarm.text"))
	l.waitsFor(id, "alarm")
	family := answer(l.get(l.desk(), "/cases/"+id)["family"].(map[string]any))
	l.want(len(family.list("contact_methods")) == 2, "%d numbers are known, not 2", len(family.list("contact_methods")))
	l.say("two spellings of her name, linked by itself: one live case with both numbers; outreach stops, and the desk has an alarm")
	l.refused(404, "GET", other, "/referrals/"+first.text("id"), nil)
	l.want(l.get(hospital, "/referrals/"+first.text("id")).text("status") == "received", "the first hospital sees that something happened")
	l.say("neither hospital learns of the other, nor of the flag")
	l.refused(409, "POST", l.desk(), "/cases/"+id+"/close", body{"disposition": "information_given"})
	alarm := l.alarm(l.desk(), id)
	l.post(l.desk(), "/alarms/"+alarm+"/acknowledge", nil)
	l.post(l.desk(), "/alarms/"+alarm+"/outcome", body{"outcome": "safety_plan_made"})
	l.is(id, "outreach")
	for _, mail := range append(l.mails(first.text("reference")), l.mails(second.text("reference"))...) {
		l.want(!strings.Contains(strings.ToLower(mail.Body), "danger"), "a mail names the danger")
	}
	l.hubReaches(id)
	l.no(id, true)
	l.ended(id, "said_no_for_now")
	l.hears(first, "received", "reached", "closed")
	l.say("a person made a safety plan with her, and the case went on; she says no for now")
}

// partnerViolence: what is not safe is refused at every step, and no agency knows why before it has her.
func partnerViolence(l *life) {
	l.morning()
	hospital := l.org("Harbor").Keys["referrer"]
	r := prenatal(l.w.Now(), "Luz", 20, consentYes("not_asked"))
	r["sensitivity"] = "dv"
	client := r["client"].(body)
	client["spoken_language"], client["interpreter"] = "es", "yes"
	r["needs"].(body)["partner_violence"] = "yes"
	r["pregnancy"] = body{"weeks": 20, "earlier_live_births": 1}
	r["contact_methods"] = []body{{"channel": "phone", "value": "410-555-0166", "safe_call": "yes", "safe_text": "no", "safe_voicemail": "no",
		"remarks": "Mornings only. Ask for Dona Testing."}}
	r["addresses"] = []body{{"zip": "21202", "safe_to_visit": "no", "safe_mail": "no"}}
	receipt, id := l.send(hospital, r)
	l.is(id, "outreach")
	contact := l.phone(id)
	l.refused(409, "POST", l.desk(), "/cases/"+id+"/outreach", body{"channel": "voicemail", "outcome": "left_message", "contact_method_id": contact})
	l.refused(409, "POST", l.desk(), "/cases/"+id+"/outreach", body{"channel": "text", "outcome": "left_message", "contact_method_id": contact})
	l.notYet(10)
	l.hubReaches(id)
	agency, hfa := l.program("hfa_traditional")
	l.yesTo(id, hfa)
	seen := fmt.Sprint(l.get(agency.Keys["agency_coordinator"], "/cases/"+id), l.get(agency.Keys["agency_coordinator"], "/pool"))
	for _, hidden := range []string{"Luz", "Testfamily", "violence", "dv", "0166", "Dona"} {
		l.want(!strings.Contains(seen, hidden), "before the claim the agency sees %q", hidden)
	}
	l.want(strings.Contains(seen, "interpreter:true"), "the agency does not know that an interpreter is needed")
	l.say("an agency that speaks Spanish sees stage, area and \"interpreter\"; no reason and no mark")
	l.claims(agency, id)
	key := agency.Keys["agency_coordinator"]
	l.refused(409, "POST", key, "/cases/"+id+"/first-visit/plan", body{"planned_for": l.w.Now().Add(72 * time.Hour).UTC(), "place": "home"})
	l.firstVisit(agency, id, 72*time.Hour)
	l.say("a visit at home is refused; they meet elsewhere")
	hold := l.post(key, "/cases/"+id+"/hold", body{"kind": "safety", "reason_code": "unsafe_contact"}).text("created_id")
	l.refused(409, "POST", key, "/cases/"+id+"/attempts", body{"channel": "call", "outcome": "no_answer", "contact_method_id": contact})
	l.wait(8 * 24 * time.Hour)
	l.task(agency.Keys["agency_manager"], "hold.review_overdue", id)
	l.post(key, "/holds/"+hold+"/lift", body{"reason": "safe_again"})
	l.post(key, "/cases/"+id+"/attempts", body{"channel": "call", "outcome": "reached", "contact_method_id": contact})
	l.say("her phone is no longer safe: a hold stops every call until it is reviewed; its day passes and becomes urgent")
	l.leaves(agency, id, "her_choice", false)
	l.ended(id, "served")
	l.hears(receipt, "received", "reached", "being_served", "closed")
	l.say("ended by her choice; no mail says more than that")
}

// selfHarmOnFriday: read on Saturday by the desk on duty, and then she goes on to an agency like any family.
func selfHarmOnFriday(l *life) {
	l.until(l.nextWeekday(time.Friday, 19))
	hospital := l.org("Hill").Keys["referrer"]
	r := postpartum(l.w.Now(), "Marlowe", body{"answer": "signed", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"})
	birth := r["birth"].(body)
	birth["mother_discharged_on"] = l.day(-12)
	birth["infants"] = []body{{"given_name": "Babytest", "born_on": l.day(-14), "nicu": "no", "discharged_on": l.day(-12)}}
	r["screenings"] = []body{{"instrument": "epds", "version": "1987", "language": "en", "items": []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 2}, "done_today": "safety_plan"}}
	receipt, id := l.send(hospital, r)
	l.want(strings.HasPrefix(receipt.text("alarm.text"), "No one at the hub will see this before Saturday"), "the hospital reads %q", receipt.text("alarm.text"))
	l.waitsFor(id, "alarm")
	for _, o := range l.w.Orgs {
		if o.Kind == "agency" {
			l.unseen(o, id)
		}
	}
	l.say("the hospital reads that nobody sees it before Saturday and that she is in its care; no agency is asked meanwhile")
	seen, _ := time.Parse(time.RFC3339, receipt.text("alarm.seen_by"))
	l.until(seen.Add(-10 * time.Minute))
	alarm := l.alarm(l.desk(), id)
	l.post(l.desk(), "/alarms/"+alarm+"/acknowledge", nil)
	l.wait(2 * time.Hour)
	l.want(len(l.tasks(l.supervisor(), "alarm.answer", id)) == 0, "an acknowledged alarm climbed on")
	l.post(l.desk(), "/alarms/"+alarm+"/outcome", body{"outcome": "safety_plan_made", "remarks": "Spoke with her and the ward."})
	l.is(id, "offered")
	agency := l.offeredTo(id)
	shown := fmt.Sprint(l.get(agency.Keys["agency_coordinator"], "/cases/"+id))
	l.want(!strings.Contains(shown, "alarm:") && !strings.Contains(shown, "epds"), "the agency sees the answer: %s", shown)
	l.say("the desk on duty acknowledges in time and writes the outcome; only then is an agency asked, and it sees no answer")
	l.claims(agency, id)
	l.firstVisit(agency, id, 72*time.Hour)
	l.leaves(agency, id, "no_longer_eligible", false)
	l.ended(id, "served")
	l.hears(receipt, "received", "reached", "being_served", "closed")
	l.say("she is visited within the week")
}
