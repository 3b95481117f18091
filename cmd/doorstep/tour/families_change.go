package tour

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// twinsOnTwoForms: each child is referred by the ward; one case holds both, and its clock runs from her own discharge.
func twinsOnTwoForms(l *life) {
	l.until(l.nextWeekday(time.Wednesday, 11))
	ward := l.org("Harbor").Keys["referrer"]
	form := func(child int) body {
		r := postpartum(l.w.Now(), "Gray", body{"answer": "signed", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"})
		r["birth"] = body{"mother_discharged_on": l.day(0), "infants": []body{{"birth_order": child, "given_name": fmt.Sprintf("Twintest%d", child),
			"born_on": l.day(-3), "birth_weight_grams": 1400, "gestation_weeks": 31, "nicu": "yes", "discharge_expected_on": l.day(25)}}}
		return r
	}
	first, id := l.send(ward, form(1))
	l.wait(2 * time.Hour)
	second, opened := l.send(ward, form(2))
	l.want(opened == "" && second.text("resent") == "true", "the second child's form opened another case")
	shown := l.get(l.desk(), "/cases/"+id)
	family := answer(shown["family"].(map[string]any))
	l.want(len(family.list("infants")) == 2 && shown.text("reach_first") == "true", "the case holds %d children", len(family.list("infants")))
	l.say("two forms, one case with both children, to be reached first")
	agency := l.offeredTo(id)
	l.claims(agency, id)
	by, _ := time.Parse(time.RFC3339, l.get(l.desk(), "/cases/"+id).text("next_by"))
	l.want(by.In(l.zone()).Weekday() == time.Friday, "the first try is due on %s, not two business days after she went home", by.In(l.zone()).Weekday())
	l.say("%s must try her by %s: two business days from her discharge", agency.Name, by.In(l.zone()).Format("Monday 15:04"))
	l.firstVisit(agency, id, 5*24*time.Hour)
	l.say("the first visit is held while the children are still in hospital")
	l.wait(30 * 24 * time.Hour)
	l.leaves(agency, id, "lost_contact", true)
	l.ended(id, "served")
	l.hears(first, "received", "reached", "being_served", "closed")
	l.say("contact is lost after a month; each form was answered under its own reference")
}

// stillbirth: everything that would speak of a baby stops at that instant, and nobody but those who serve her knows.
func stillbirth(l *life) {
	l.morning()
	clinic := l.org("clinic").Keys["referrer"]
	receipt, id := l.send(clinic, prenatal(l.w.Now(), "Noa", 22, consentYes("not_asked")))
	l.hubReaches(id)
	agency, nfp := l.program("nfp")
	l.yesTo(id, nfp)
	l.claims(agency, id)
	key := agency.Keys["agency_coordinator"]
	contact := l.phone(id)
	l.post(key, "/cases/"+id+"/attempts", body{"channel": "call", "outcome": "no_answer", "contact_method_id": contact})
	read := l.get(key, "/cases/"+id).text("version")
	l.post(key, "/cases/"+id+"/due-date", json.RawMessage(fmt.Sprintf(`{"version":%s,"due_on":%q,"method":"ultrasound"}`, read, l.day(17*7))))
	late := l.refused(412, "POST", l.desk(), "/cases/"+id+"/corrections", json.RawMessage(fmt.Sprintf(
		`{"version":%s,"changes":[{"subject":"client","field":"given_name","to":"Noah"}]}`, read)))
	l.want(len(late.list("errors")) == 1, "who was second hears nothing of who was first")
	l.say("an ultrasound moves her due date; a correction that was filled in from the older record is told so, and loses nothing")
	l.wait(4 * time.Hour)
	l.post(key, "/cases/"+id+"/loss", body{"told_by": "family", "on": l.today()})
	l.is(id, "claimed")
	l.refused(409, "POST", key, "/cases/"+id+"/attempts", body{"channel": "call", "outcome": "no_answer", "contact_method_id": contact})
	l.task(agency.Keys["agency_manager"], "family.loss", id)
	l.task(l.supervisor(), "family.loss", id)
	l.wait(3 * 24 * time.Hour)
	l.want(len(l.tasks(key, "claim.next_attempt_due", id)) == 0, "somebody was told to call her")
	l.say("her loss is recorded: no call goes out, no clock asks for one; her agency and the hub have a person's task")
	l.hears(receipt, "received", "reached")
	l.want(l.get(clinic, "/referrals/"+receipt.text("id")).text("status") == "reached", "the clinic sees that something happened")
	l.say("the clinic hears nothing of it")
	sent := l.post(l.desk(), "/cases/"+id+"/connect", body{"kind": "bereavement", "destination": "Example HOPE", "consent_how": "in_person", "language": "en", "wording_version": "2026-01"})
	hidden := fmt.Sprint(l.get(key, "/cases/"+id))
	l.want(!strings.Contains(hidden, "Example HOPE"), "the agency sees where the hub sent her")
	connection := sent.text("created_id")
	l.refused(404, "POST", key, "/connections/"+connection+"/record", body{"outcome": "received"})
	l.wait(30 * 24 * time.Hour)
	l.task(l.desk(), "connection.ask_how_it_ended", id)
	l.post(l.desk(), "/connections/"+connection+"/record", body{"outcome": "received"})
	l.say("with her consent she is sent to bereavement support; sent is not received, so after 14 business days somebody asks, and it was")
	l.post(l.desk(), "/cases/"+id+"/close", body{"disposition": "pregnancy_ended"})
	l.ended(id, "pregnancy_ended")
	l.hears(receipt, "received", "reached", "closed")
	l.say("a person closes the case; the clinic reads \"closed\"")
}

// movesAway: sent is not arrived. She stays with her agency until the other county has her.
func movesAway(l *life) {
	l.morning()
	clinic := l.org("clinic").Keys["referrer"]
	receipt, id := l.send(clinic, prenatal(l.w.Now(), "Oakley", 18, consentYes("not_asked")))
	l.hubReaches(id)
	agency, nfp := l.program("nfp")
	l.yesTo(id, nfp)
	l.claims(agency, id)
	l.firstVisit(agency, id, 72*time.Hour)
	l.post(l.desk(), "/cases/"+id+"/hand-over", body{"jurisdiction": "Example County", "office": "Example County home visiting", "how": "phone", "consent_how": "phone"})
	l.is(id, "enrolled")
	l.say("she moves to another county: its office is called with her consent, and her agency goes on serving her")
	l.wait(8 * 24 * time.Hour)
	l.task(l.supervisor(), "handover.unanswered", id)
	l.is(id, "enrolled")
	l.say("five business days without an answer are an urgent task, and nothing closed by itself")
	l.post(l.desk(), "/cases/"+id+"/hand-over/answer", body{"answer": "acknowledged"})
	l.ended(id, "other_jurisdiction")
	l.hears(receipt, "received", "reached", "being_served", "closed")
	l.say("the office has her: enrollment ended as moved, case closed as acknowledged by another jurisdiction")
}

// fosterCare: the child has another caregiver from now on. Two cases of one episode, and neither side learns of the other.
func fosterCare(l *life) {
	l.morning()
	hospital := l.org("Harbor").Keys["referrer"]
	receipt, id := l.send(hospital, postpartum(l.w.Now(), "Parker", body{"answer": "signed", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"}))
	l.wait(time.Hour)
	agency := l.offeredTo(id)
	l.claims(agency, id)
	l.firstVisit(agency, id, 72*time.Hour)
	infant := answer(l.get(l.desk(), "/cases/"+id)["family"].(map[string]any)).list("infants")[0].text("id")
	change := l.post(l.desk(), "/cases/"+id+"/caregiver", body{"infants": []string{infant}, "role": "foster",
		"client":          body{"given_name": "Quincy", "family_name": "Fosterexample", "date_of_birth": "1980-01-31", "spoken_language": "en", "interpreter": "no", "insurance": "private"},
		"contact_methods": []body{{"channel": "phone", "value": "410-555-0188", "safe_call": "yes"}},
		"addresses":       []body{{"street": "9 Elsewhere Road", "city": "Exampletown", "zip": "21205", "safe_to_visit": "yes"}},
		"consent":         body{"answer": "yes_in_person", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"}})
	foster := change.text("created_id")
	l.want(foster != "" && foster != id, "the new caregiver has no case of her own")
	l.task(agency.Keys["agency_manager"], "family.child_not_with_her", id)
	l.unseen(agency, foster)
	mothers := fmt.Sprint(l.get(agency.Keys["agency_coordinator"], "/cases/"+id))
	for _, hidden := range []string{"Quincy", "Fosterexample", "Elsewhere", "0188", foster, "Babytest"} {
		l.want(!strings.Contains(mothers, hidden), "the mother's agency sees %q", hidden)
	}
	l.say("the hub opens a case for the foster parent; the mother's agency has a task, and sees neither name nor address nor case")
	other, hs := l.program("healthy_start")
	l.hubReaches(foster)
	l.post(l.desk(), "/cases/"+foster+"/offer", body{"programs": []string{hs.ID}, "kind": "direct", "reason": "other"})
	l.claims(other, foster)
	theirs := fmt.Sprint(l.get(other.Keys["agency_coordinator"], "/cases/"+foster))
	for _, hidden := range []string{"Parker", "Testfamily", "1 Example Street", "0142", id} {
		l.want(!strings.Contains(theirs, hidden), "the foster family's agency sees %q", hidden)
	}
	l.say("another agency claims the foster family and learns nothing of the mother")
	l.leaves(agency, id, "child_not_with_her", false)
	l.ended(id, "served")
	l.hears(receipt, "received", "reached", "being_served", "closed")
	l.firstVisit(other, foster, 48*time.Hour)
	l.leaves(other, foster, "moved", false)
	l.ended(foster, "served")
	l.say("the mother's enrollment ends as \"child not with her\"; the foster family is visited, and later moves")
}

// herAgencyCloses: the program shuts, nobody is moved by a rule, and she is asked first.
func herAgencyCloses(l *life) {
	l.morning()
	clinic := l.org("clinic").Keys["referrer"]
	agency, ehs := l.program("early_head_start")
	receipt, id := l.send(clinic, prenatal(l.w.Now(), "Reese", 16, consentYes("not_asked")))
	l.hubReaches(id)
	l.yesTo(id, ehs)
	l.claims(agency, id)
	l.firstVisit(agency, id, 72*time.Hour)
	_, waiting := l.send(clinic, prenatal(l.w.Now(), "Sasha", 16, consentYes("not_asked")))
	l.hubReaches(waiting)
	l.yesTo(waiting, ehs)
	l.is(waiting, "offered")
	l.post(agency.Keys["agency_manager"], "/programs/"+ehs.ID+"/close", body{"reason": "funding_ended"})
	l.wait(time.Minute)
	l.is(id, "enrolled")
	l.task(agency.Keys["agency_manager"], "program.closing_ask_her", id)
	l.task(l.desk(), "program.closing_ask_her", id)
	l.want(l.openOffers(waiting)[ehs.ID] == "", "a closed program still has an offer")
	l.say("%s closes: intake is shut, offers are withdrawn, and every family it serves is somebody's task", ehs.Name)
	to, hfa := l.program("hfa_traditional")
	l.post(agency.Keys["agency_coordinator"], "/cases/"+id+"/transfer", body{"program_id": hfa.ID, "reason": "program_closes", "how": "in_person", "language": "en", "wording_version": "2026-01"})
	l.is(id, "enrolled")
	l.want(l.get(agency.Keys["agency_coordinator"], "/cases/"+id)["family"] != nil, "her agency lost sight of her before another had her")
	l.claims(to, id)
	l.unseen(agency, id)
	l.say("asked, she chooses %s; she stays where she is until it has claimed her: no gap", hfa.Name)
	l.firstVisit(to, id, 72*time.Hour)
	l.leaves(to, id, "her_choice", true)
	l.ended(id, "served")
	l.hears(receipt, "received", "reached", "being_served", "closed")
	l.no(waiting, true)
	l.say("served on by the new agency until she leaves; the other family was sent on and says no for now")
}
