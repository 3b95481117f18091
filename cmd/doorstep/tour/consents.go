package tour

import (
	"encoding/hex"
	"strings"
	"time"
)

// Trace is something that the installation left behind, as text.
type Trace struct{ Place, Text string }

// takesItBack: she said yes to every agency, and one week later she wants none of it. What she was told then cannot be called back.
func takesItBack(l *life) {
	l.morning()
	hospital := l.org("Harbor").Keys["referrer"]
	receipt, id := l.send(hospital, postpartum(l.w.Now(), "Robin", body{"answer": "signed", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"}))
	agency := l.offeredTo(id)
	l.claims(agency, id)
	l.wait(7 * 24 * time.Hour)
	l.morning()
	told := l.post(l.desk(), "/cases/"+id+"/consents/revoke", body{"whole": true, "how": "phone"})
	l.waitsFor(id, "consent_revoked no_permission_to_contact")
	l.unseen(agency, id)
	l.want(len(told.list("cannot_take_back")) == 1, "the answer names %d disclosures", len(told.list("cannot_take_back")))
	l.want(l.get(hospital, "/referrals/"+receipt.text("id")).text("status") == "received", "the hospital still hears news")
	l.say("she takes everything back: at that instant %s sees nothing of her, and the answer says that it was told her record", agency.Name)
	list := l.get(l.supervisor(), "/cases/"+id+"/disclosures?years=3").list("items")
	l.want(len(list) == 1 && list[0].text("act") == "claim" && list[0].text("to") == agency.Name, "the list of disclosures says %v", list)
	l.post(l.desk(), "/cases/"+id+"/close", body{"disposition": "said_no_for_now"})
	l.say("a person closes the case; the list of what was told of her stays")
}

// treatmentMark stands in every part of what the treatment program sends.
const treatmentMark = "ZZTREATMENTMARK"

// treatmentProgram: what a substance use treatment program sent is read in one place, and stands nowhere else in the house.
func treatmentProgram(l *life) {
	l.morning()
	program := l.org("clinic").Keys["referrer"]
	r := postpartum(l.w.Now(), "Sidney", body{"answer": "signed", "share_with_agencies": "yes", "wording_version": "2026-01", "language": "en"})
	r["sensitivity"], r["note"] = "part2", "Note "+treatmentMark
	r["needs"].(body)["substance_use"] = "yes"
	elements := body{"discloser": "Center " + treatmentMark, "recipients": []string{"Example Hub", "Program " + treatmentMark}, "what": []string{"referral"},
		"purpose": "home_visiting", "signed_on": l.today(), "signature": "paper", "expires_on": l.day(300), "told_revocable": true}
	l.refused(422, "POST", program, "/referrals", r)
	r["part2"] = elements
	receipt, id := l.send(program, r)
	l.waitsFor(id, "needs_person")
	l.say("without her written consent it is refused; with it the case waits for a person, and no list says why")
	seen := l.get(l.desk(), "/cases/"+id+"/part2")
	records := seen.list("records")
	l.want(len(records) == 1 && strings.Contains(seen.text("notice"), "42 CFR part 2") && records[0].text("content.payload.note") == r["note"], "the compartment shows %v", seen)
	consent := records[0].text("consent_id")
	l.post(l.desk(), "/cases/"+id+"/part2/disclose", body{"consent_id": consent, "recipient": "Program " + treatmentMark, "purpose": "home_visiting"})
	l.post(l.desk(), "/cases/"+id+"/review", body{"reason": "other"})
	l.hubReaches(id)
	agency, hfa := l.program("hfa_traditional")
	l.yesTo(id, hfa)
	l.post(l.desk(), "/cases/"+id+"/offer", body{"programs": []string{hfa.ID}, "kind": "direct", "reason": "her_wish"}) // no rule read her needs
	l.claims(agency, id)
	l.refused(403, "GET", agency.Keys["agency_manager"], "/cases/"+id+"/part2", nil)
	l.refused(403, "GET", l.org("hub").Keys["program_manager"], "/cases/"+id+"/part2", nil)
	l.say("the hub's desk reads it with the notice; the agency that claims her gets her name and not the record")
	l.post(l.desk(), "/cases/"+id+"/part2/revoke", body{"consent_id": consent, "how": "written"})
	withheld := l.get(l.desk(), "/cases/"+id+"/part2").list("records")[0]
	l.want(withheld.text("withheld") == "consent_revoked" && withheld["content"] == nil, "after the revocation it shows %v", withheld)
	list := l.get(l.supervisor(), "/cases/"+id+"/disclosures?years=3")
	l.want(len(list.list("items")) >= 2 && list.text("notice") != "", "the list says %v", list)
	l.post(agency.Keys["agency_coordinator"], "/cases/"+id+"/close", body{"disposition": "said_no_for_now"})
	l.hears(receipt, "received", "reached", "closed")
	l.nowhere(treatmentMark)
	l.say("her consent revoked, the record stays shut; logs, mail, Redis, metrics and every row of the database know nothing of it")
}

// nowhere demands that no trace holds a word, as text or as the bytes of a column, and that the traces were read at all.
func (l *life) nowhere(word string) {
	traces, err := l.w.Traces(l.ctx)
	if err != nil {
		l.fail("read the traces: %w", err)
	}
	read := map[string]bool{}
	for _, t := range traces {
		if strings.Contains(t.Text, word) || strings.Contains(t.Text, hex.EncodeToString([]byte(word))) {
			l.fail("%s holds what the treatment program sent", t.Place)
		}
		for _, sign := range []string{`"msg":`, "Testfamily", "doorstep_http_request_seconds", "Reference: "} {
			read[sign] = read[sign] || strings.Contains(t.Text, sign)
		}
	}
	for sign, found := range read {
		l.want(found, "no trace holds %s: they were not read", sign)
	}
}
