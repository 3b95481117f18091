package referral_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
)

// everything is each use case on one case, its referral and its alarm, with a form that would be right.
func (w *world) everything(caseID, referralID, alarmID uuid.UUID) map[string]func(context.Context, auth.Actor) error {
	form := referral.AttemptForm{Channel: "in_person", Outcome: "reached"}
	only := func(_ any, err error) error { return err }
	return map[string]func(context.Context, auth.Actor) error{
		"case":   func(ctx context.Context, a auth.Actor) error { return only(w.cases.Case(ctx, a, caseID)) },
		"who is": func(ctx context.Context, a auth.Actor) error { return only(w.cases.WhoIs(ctx, a, caseID)) },
		"snooze": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Snooze(ctx, a, referral.SnoozeForm{Cases: []uuid.UUID{caseID}, Days: 1}))
		},
		"decision": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Decision(ctx, a, caseID)) },
		"referral": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Referral(ctx, a, referralID)) },
		"timeline": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.ReferralTimeline(ctx, a, referralID))
		},
		"triage": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Triage(ctx, a, caseID)) },
		"review": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Review(ctx, a, caseID, referral.ReviewForm{Reason: "other"}))
		},
		"outreach": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordOutreach(ctx, a, caseID, form))
		},
		"choose": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordChoice(ctx, a, caseID, referral.ChoiceForm{Answer: "later", How: "phone"}))
		},
		"offer": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Offer(ctx, a, caseID, offerTo("direct", "other", w.first.Program)))
		},
		"claim": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Claim(ctx, a, caseID, referral.ClaimForm{}))
		},
		"decline": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Decline(ctx, a, caseID, declined("other")))
		},
		"visitor": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.AssignVisitor(ctx, a, caseID, referral.VisitorForm{VisitorID: a.ID}))
		},
		"attempt": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordAttempt(ctx, a, caseID, form))
		},
		"plan": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.PlanFirstVisit(ctx, a, caseID, w.plan(time.Hour)))
		},
		"move": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.MoveFirstVisit(ctx, a, caseID, w.plan(time.Hour)))
		},
		"miss": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.MissFirstVisit(ctx, a, caseID, referral.Missed{Reason: "other"}))
		},
		"enroll": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Enroll(ctx, a, caseID, w.held(0))) },
		"visit": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordVisit(ctx, a, caseID, referral.VisitForm{HeldAt: w.clock.Now(), Place: "home"}))
		},
		"complete": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Complete(ctx, a, caseID, referral.CompleteForm{}))
		},
		"close": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Close(ctx, a, caseID, referral.CloseForm{Disposition: "information_given", EnrollmentEnd: "moved", Changeable: new(true)}))
		},
		"release": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Release(ctx, a, caseID, referral.ReleaseForm{Reason: "other"}))
		},
		"wait": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Wait(ctx, a, caseID, referral.WaitForm{Programs: []uuid.UUID{w.first.Program}, How: "phone"}))
		},
		"wait on": func(ctx context.Context, a auth.Actor) error { return only(w.cases.WaitOn(ctx, a, caseID)) },
		"leave": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.LeaveWaitlist(ctx, a, caseID, referral.LeaveForm{}))
		},
		"connect": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Connect(ctx, a, caseID, connected("wic", "somewhere")))
		},
		"connection": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordConnection(ctx, a, w.oneOf("connections", caseID), outcome("received", "")))
		},
		"consents": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Consents(ctx, a, caseID)) },
		"consent": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordConsent(ctx, a, caseID, said("yes", "texts")))
		},
		"revoke": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Revoke(ctx, a, caseID, takesBack("feedback")))
		},
		"disclosures": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Disclosures(ctx, a, caseID, 3, ""))
		},
		"part 2": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Part2(ctx, a, caseID)) },
		"keep part 2": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.KeepPart2(ctx, a, caseID, referral.Part2Form{Consent: signedBy(), Text: "x"}))
		},
		"hold": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.PlaceHold(ctx, a, caseID, holdOf("safety")))
		},
		"lift": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.LiftHold(ctx, a, w.oneOf("holds", caseID), lifted("reviewed")))
		},
		"add way": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.AddWay(ctx, a, caseID, referral.WayForm{Address: &referral.SubmittedAddress{Zip: "21202"}, ToldBy: "her"}))
		},
		"change way": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.ChangeWay(ctx, a, caseID, referral.WayChange{WayID: w.oneOf("contact_methods", caseID), ToldBy: "her"}))
		},
		"end way": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.EndWay(ctx, a, caseID, referral.WayEnd{WayID: w.oneOf("contact_methods", caseID), As: "moved"}))
		},
		"check way": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.CheckWay(ctx, a, caseID, referral.WayCheck{WayID: w.oneOf("contact_methods", caseID), With: "her"}))
		},
		"safe way": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordSafeWay(ctx, a, caseID, referral.SafeWayForm{WayID: w.oneOf("contact_methods", caseID), FoundWith: "her"}))
		},
		"search way": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.LookForWay(ctx, a, caseID, referral.SearchForm{Place: "school"}))
		},
		"stop": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.StopContact(ctx, a, caseID, stop()))
		},
		"resume": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.ResumeContact(ctx, a, caseID, w.resume(a)))
		},
		"stop heard": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.StopContactHeard(ctx, a, referralID, stop()))
		},
		"correct": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Correct(ctx, a, caseID, referral.CorrectForm{Reopen: true, Reason: "wrong_case"}))
		},
		"withdraw": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Withdraw(ctx, a, referralID, referral.WithdrawForm{Reason: "duplicate"}))
		},
		"birth": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordBirth(ctx, a, caseID, w.born()))
		},
		"loss": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordLoss(ctx, a, caseID, lost()))
		},
		"death": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordDeath(ctx, a, caseID, referral.DeathForm{Who: "caregiver"}))
		},
		"caregiver": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.ChangeCaregiver(ctx, a, caseID, foster(uuid.New())))
		},
		"return": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.ReturnChild(ctx, a, caseID, referral.ReturnForm{Infants: []uuid.UUID{uuid.New()}}))
		},
		"due date": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordDueDate(ctx, a, caseID, referral.DueDateForm{Version: 1, DueOn: "2027-02-01", Method: "lmp"}))
		},
		"amend": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Amend(ctx, a, caseID, referral.AmendForm{Version: 1, Changes: []referral.Change{change("client", "given_name", "Eva")}}))
		},
		"corrections": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Corrections(ctx, a, caseID)) },
		"asked":       func(ctx context.Context, a auth.Actor) error { return only(w.cases.Asked(ctx, a, caseID)) },
		"take back": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Correct(ctx, a, caseID, takenBack("loss")))
		},
		"hand over": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.HandOver(ctx, a, caseID, sentAway()))
		},
		"answer hand-over": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.AnswerHandOver(ctx, a, caseID, referral.HandOverAnswer{Answer: "taken_back"}))
		},
		"transfer": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Transfer(ctx, a, caseID, moveTo(w.second.Program)))
		},
		"links": func(ctx context.Context, a auth.Actor) error { return only(w.cases.Links(ctx, a, caseID)) },
		"link": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.LinkCases(ctx, a, caseID, referral.LinkForm{CaseID: caseID}))
		},
		"decide pair": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.DecideMatch(ctx, a, caseID, referral.MatchAnswer{Answer: "not_same"}))
		},
		"part": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.Part(ctx, a, caseID, referral.PartForm{Reason: "other"}))
		},
		"page of hers": func(ctx context.Context, a auth.Actor) error { return only(w.cases.FamilyPageOf(ctx, a, caseID)) },
		"open page": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.OpenFamilyPage(ctx, a, caseID, referral.FamilyPageForm{Word: "watermelon", Said: "voice", SheAsked: true}))
		},
		"shut page": func(ctx context.Context, a auth.Actor) error { return only(w.cases.ShutFamilyPage(ctx, a, caseID)) },
		"letter":    func(ctx context.Context, a auth.Actor) error { return only(w.cases.NoFitLetter(ctx, a, caseID)) },
		"arrivals":  func(ctx context.Context, a auth.Actor) error { return only(w.cases.Arrivals(ctx, a, caseID)) },
		"keep scan": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.KeepScan(ctx, a, referralID, strings.NewReader("%PDF-1.7")))
		},
		"undo":        func(ctx context.Context, a auth.Actor) error { return only(w.cases.Undo(ctx, a, caseID)) },
		"acknowledge": func(ctx context.Context, a auth.Actor) error { return only(w.cases.AcknowledgeAlarm(ctx, a, alarmID)) },
		"outcome": func(ctx context.Context, a auth.Actor) error {
			return only(w.cases.RecordAlarmOutcome(ctx, a, alarmID, safe()))
		},
	}
}

// oneOf is the id of the first open row of a case in this table, else one that does not exist.
func (w *world) oneOf(table string, caseID uuid.UUID) uuid.UUID {
	w.Helper()
	ended := map[string]string{"holds": "lifted_at", "connections": "settled_at"}[table]
	if table == "contact_methods" {
		if id, err := uuid.Parse(w.text(`SELECT m.id FROM contact_methods m JOIN cases c ON c.caregiver_id = m.client_id
			WHERE c.id = $1 ORDER BY m.ended_at IS NOT NULL, m.id LIMIT 1`, caseID)); err == nil {
			return id
		}
		return uuid.New()
	}
	id, err := uuid.Parse(w.text(`SELECT id FROM `+table+` WHERE case_id = $1 ORDER BY `+ended+` IS NOT NULL, id LIMIT 1`, caseID))
	if err != nil {
		return uuid.New()
	}
	return id
}

// strangers have nothing to do with any case.
func (w *world) strangers() map[string]auth.Actor {
	w.Helper()
	other := w.newAgency(1, "es")
	clinic := w.Clinic(seed.Org{})
	_, key := w.Key(clinic, auth.Integration)
	return map[string]auth.Actor{"coordinator": other.desk, "visitor": other.visitor, "manager": w.User(other.Org, auth.AgencyManager),
		"key": key, "referrer": w.User(clinic, auth.Referrer)}
}

// To a stranger every case is missing, whatever its status; what its role may not do at all is forbidden first.
func TestToAStrangerThereIsNoSuchCase(t *testing.T) {
	w := newWorld(t)
	strangers := w.strangers()
	stages := map[string]func() uuid.UUID{"outreach": w.outreach, "offered": w.offered, "claimed": w.claimed, "enrolled": w.enrolled}
	for _, stage := range slices.Sorted(maps.Keys(stages)) {
		id := stages[stage]()
		sent := w.id(`SELECT id FROM referrals WHERE case_id = $1`, id)
		w.hold(w.desk, id, "client_asked")
		w.connect(w.desk, id, "wic")
		before := w.standing(id)
		missing := w.everything(uuid.New(), uuid.New(), uuid.New())
		for what, do := range w.everything(id, sent, uuid.New()) {
			for who, actor := range strangers {
				err, asMissing := do(t.Context(), actor), missing[what](t.Context(), actor)
				if !errors.Is(err, fault.NotFound) && !errors.Is(err, fault.Forbidden) {
					t.Errorf("%s of a case in %s by a strange %s: got %v", what, stage, who, err)
				}
				if fmt.Sprint(err) != fmt.Sprint(asMissing) {
					t.Errorf("%s by a strange %s tells a case from none: %v, %v", what, who, err, asMissing)
				}
			}
		}
		if after := w.standing(id); after != before {
			t.Errorf("%s: a stranger moved something:\n%s\nbefore\n%s", stage, after, before)
		}
	}
	for who, actor := range strangers {
		if got := w.seenBy(actor); got != "" {
			t.Errorf("a strange %s lists %s", who, got)
		}
	}
}

// seenBy is every id that an actor's lists show.
func (w *world) seenBy(actor auth.Actor) string {
	w.Helper()
	var seen []string
	if page, err := w.cases.Cases(w.Context(), actor, "", ""); err == nil {
		for _, c := range page.Items {
			seen = append(seen, "case "+c.ID.String())
		}
	}
	if page, err := w.cases.Pool(w.Context(), actor, ""); err == nil {
		for _, o := range page.Items {
			seen = append(seen, "offer "+o.CaseID.String())
		}
	}
	if page, err := w.cases.Referrals(w.Context(), actor, ""); err == nil {
		for _, r := range page.Items {
			seen = append(seen, "referral "+r.ID.String())
		}
	}
	if page, err := w.cases.Tasks(w.Context(), actor, ""); err == nil {
		for _, x := range page.Items {
			seen = append(seen, "task "+x.ID.String())
		}
	}
	return strings.Join(seen, ", ")
}

// Before a claim an agency sees its offer and nobody's name; after it, the family; after a decline, nothing.
func TestWhatAnAgencySees(t *testing.T) {
	w := newWorld(t)
	in := selfHarm(postpartum())
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.RecordAlarmOutcome(t.Context(), w.desk, w.id(`SELECT id FROM alarms`), safe()))
	v, err := w.cases.Case(t.Context(), w.first.desk, id)
	w.must(err)
	shown := w.marshal(v)
	for _, hidden := range []string{"Ana", "Morales", "1998", "Luz", "+1410", "alarm", "mental_health"} {
		if strings.Contains(strings.ReplaceAll(shown, `"alarms":[]`, ""), hidden) {
			t.Errorf("an offer shows %q: %s", hidden, shown)
		}
	}
	if v.Family != nil || v.Milestones != nil || len(v.Offers) != 1 || v.ReachFirst || len(v.ReviewReasons) != 0 {
		t.Errorf("got %s", shown)
	}
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	v, err = w.cases.Case(t.Context(), w.first.visitor, id)
	w.must(err)
	if v.Family == nil || v.Family.GivenName != "Ana" || len(v.Family.Contacts) != 1 || len(v.Alarms) != 0 || v.ReachFirst {
		t.Errorf("got %s", w.marshal(v))
	}
	_, err = w.cases.Case(t.Context(), w.hospital, id)
	w.refused(fault.Forbidden, err)
	hub, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if len(hub.Alarms) != 1 || hub.Family == nil {
		t.Errorf("got %s", w.marshal(hub))
	}
}

func TestAReferrerSeesItsOwnReferralByItsClass(t *testing.T) {
	w := newWorld(t)
	school := w.Organization(seed.Org{Kind: auth.OtherOrg, Class: providers.School})
	_, key := w.Key(school, auth.Integration)
	in := postpartum()
	sent, id := w.receive(w.hospital, in)
	fromSchool, _ := w.receive(key, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.desk, id, w.call(id, "reached")))
	v, err := w.cases.Referral(t.Context(), w.hospital, sent.ID)
	w.must(err)
	if v.Status != "reached" || v.NextText == "" {
		t.Errorf("the hospital sees %+v", v)
	}
	line, err := w.cases.ReferralTimeline(t.Context(), w.hospital, sent.ID)
	w.must(err)
	if len(line) != 2 {
		t.Errorf("the hospital's timeline: %+v", line)
	}
	v, err = w.cases.Referral(t.Context(), key, fromSchool.ID)
	w.must(err)
	if v.Status != "received" || v.NextText != "" || v.NextBy != nil {
		t.Errorf("the school sees %+v", v)
	}
	_, err = w.cases.Referral(t.Context(), key, sent.ID)
	w.refused(fault.NotFound, err)
	w.want("1", `SELECT count(*) FROM messages WHERE referral_id = $1`, fromSchool.ID)
}

// Every move has its audit row, every read its view row, a list one row with the ids shown.
func TestTheAuditKnowsEveryMoveAndEveryRead(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	w.want("0", `SELECT count(*) FROM case_moves m WHERE NOT EXISTS (SELECT 1 FROM audit_events a WHERE a.kind = 'change' AND a.case_id = m.case_id
		AND a.action = m.action AND a.to_status = m.to_status AND a.actor_id = m.actor_id AND a.at = m.moved_at)`)
	sent := w.id(`SELECT id FROM referrals WHERE case_id = $1`, id)
	for _, read := range []struct {
		action string
		by     auth.Actor
		do     func(auth.Actor) error
	}{
		{"read case", w.desk, func(a auth.Actor) error { _, err := w.cases.Case(t.Context(), a, id); return err }},
		{"read case", w.first.visitor, func(a auth.Actor) error { _, err := w.cases.Case(t.Context(), a, id); return err }},
		{"read decision", w.desk, func(a auth.Actor) error { _, err := w.cases.Decision(t.Context(), a, id); return err }},
		{"read referral", w.hospital, func(a auth.Actor) error { _, err := w.cases.Referral(t.Context(), a, sent); return err }},
		{"read referral timeline", w.hospital, func(a auth.Actor) error { _, err := w.cases.ReferralTimeline(t.Context(), a, sent); return err }},
		{"list cases", w.desk, func(a auth.Actor) error { _, err := w.cases.Cases(t.Context(), a, referral.Closed, ""); return err }},
		{"list referrals", w.hospital, func(a auth.Actor) error { _, err := w.cases.Referrals(t.Context(), a, ""); return err }},
	} {
		n := `SELECT count(*) FROM audit_events WHERE kind = 'view' AND action = $1 AND actor_id = $2 AND (case_id = $3 OR detail -> 'shown' ? $3::text)`
		w.want("0", n, read.action, read.by.ID, id)
		w.must(read.do(read.by))
		w.want("1", n, read.action, read.by.ID, id)
	}
}
