package tour

import (
	"fmt"
	"strings"
	"time"
)

// The steps that many families take. Each checks what it did.

func (l *life) desk() string       { return l.org("hub").Keys["triage_coordinator"] }
func (l *life) supervisor() string { return l.org("hub").Keys["triage_supervisor"] }

func (l *life) status(id string) string { return l.get(l.desk(), "/cases/"+id).text("status") }

// is demands where a case stands.
func (l *life) is(id, status string) {
	if have := l.status(id); have != status {
		l.fail("the case is %q, not %q", have, status)
	}
}

// waitsFor demands that a case is in review for exactly this reason.
func (l *life) waitsFor(id, reason string) {
	l.is(id, "review")
	if have := fmt.Sprint(l.get(l.desk(), "/cases/"+id)["review_reasons"]); have != "["+reason+"]" {
		l.fail("the case waits for %s, not %s", have, reason)
	}
}

// phone is her first number as the hub sees it.
func (l *life) phone(id string) string {
	family, _ := l.get(l.desk(), "/cases/"+id)["family"].(map[string]any)
	contacts := answer(family).list("contact_methods")
	if len(contacts) == 0 {
		l.fail("case %s has no number", id)
	}
	return contacts[0].text("id")
}

// hubReaches: the hub's call is answered. What the referrers hear has left before and after it.
func (l *life) hubReaches(id string) {
	l.wait(30 * time.Minute)
	l.post(l.desk(), "/cases/"+id+"/outreach", body{"channel": "call", "outcome": "reached", "contact_method_id": l.phone(id)})
	l.wait(30 * time.Minute)
}

// yesTo is her yes to one program.
func (l *life) yesTo(id string, p Program) answer {
	return l.post(l.desk(), "/cases/"+id+"/choice", body{"answer": "yes", "programs": []string{p.ID}, "how": "phone", "language": "en"})
}

func (l *life) no(id string, again bool) answer {
	return l.post(l.desk(), "/cases/"+id+"/choice", body{"answer": "no", "not_again": !again, "how": "phone"})
}

// claims: the agency takes her, and from then on knows who she is.
func (l *life) claims(agency Org, id string) {
	key := agency.Keys["agency_coordinator"]
	l.want(l.get(key, "/cases/"+id)["family"] == nil, "before the claim %s sees the family", agency.Name)
	l.post(key, "/cases/"+id+"/claim", body{})
	l.want(l.get(key, "/cases/"+id)["family"] != nil, "after the claim %s does not see the family", agency.Name)
}

// unseen demands that an agency sees nothing of a case.
func (l *life) unseen(agency Org, id string) {
	l.refused(404, "GET", agency.Keys["agency_coordinator"], "/cases/"+id, nil)
}

// othersSeeNothing demands it of every agency but one.
func (l *life) othersSeeNothing(id string, but Org) {
	for _, o := range l.w.Orgs {
		if o.Kind == "agency" && o.ID != but.ID {
			l.unseen(o, id)
		}
	}
}

// firstVisit plans the first visit elsewhere than at her home, holds it and enrolls her.
func (l *life) firstVisit(agency Org, id string, after time.Duration) {
	key := agency.Keys["agency_coordinator"]
	planned := l.w.Now().Add(after)
	l.post(key, "/cases/"+id+"/visitor", body{"visitor_id": agency.Visitors[0]})
	l.post(key, "/cases/"+id+"/first-visit/plan", body{"planned_for": planned.UTC(), "place": "other_place"})
	l.until(planned.Add(time.Hour))
	l.post(key, "/cases/"+id+"/enroll", body{"held_at": planned.UTC(), "consent_how": "signed", "language": "en", "wording_version": "2026-01"})
	l.is(id, "enrolled")
}

// leaves ends an enrollment before the program's end.
func (l *life) leaves(agency Org, id, end string, changeable bool) {
	l.wait(30 * time.Minute)
	l.post(agency.Keys["agency_coordinator"], "/cases/"+id+"/close", body{"enrollment_end": end, "changeable": changeable})
	l.is(id, "closed")
}

// ended demands how a case ended.
func (l *life) ended(id, disposition string) {
	c := l.get(l.desk(), "/cases/"+id)
	l.want(c.text("status") == "closed" && c.text("disposition") == disposition, "the case is %q as %q, not closed as %q", c.text("status"), c.text("disposition"), disposition)
}

// hears demands which mails a referrer has got, by their milestones in order, and that none names more.
func (l *life) hears(receipt answer, milestones ...string) {
	l.wait(time.Hour)
	mails := l.mails(receipt.text("reference"))
	l.want(len(mails) == len(milestones), "the referrer got %d mails, not %d", len(mails), len(milestones))
	for i, m := range mails {
		heading := map[string]string{"not_reached": "not reached yet", "being_served": "being served"}[milestones[i]]
		if heading == "" {
			heading = milestones[i]
		}
		l.want(strings.HasSuffix(m.Subject, ": "+heading), "mail %d says %q, not %q", i+1, m.Subject, heading)
	}
}

// task demands exactly one open task of a kind on a case.
func (l *life) task(key, kind, id string) answer {
	found := l.tasks(key, kind, id)
	l.want(len(found) == 1, "%d tasks %s, not one", len(found), kind)
	return found[0]
}

// programCapacity states how many families a program takes from today on.
func (l *life) programCapacity(agency Org, p Program, funded int) {
	l.post(agency.Keys["agency_manager"], "/programs/"+p.ID+"/capacity", body{"effective_from": l.today(), "funded": funded, "intake": "open"})
}

func (l *life) today() string { return l.w.Now().In(l.zone()).Format(time.DateOnly) }

// day is a date so many days from today.
func (l *life) day(from int) string {
	return l.w.Now().In(l.zone()).AddDate(0, 0, from).Format(time.DateOnly)
}

// morning goes on to ten o'clock of the next working day.
func (l *life) morning() {
	t := l.w.Now().In(l.zone())
	for {
		t = time.Date(t.Year(), t.Month(), t.Day()+1, 10, 0, 0, 0, l.zone())
		if t.Weekday() != time.Saturday && t.Weekday() != time.Sunday {
			l.until(t)
			return
		}
	}
}
