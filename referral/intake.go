package referral

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/providers"
	"doorstep/triage"
)

// ReferralReceipt answers a referrer: what was taken, what happens next and by when, and who sees an alarm by when.
type ReferralReceipt struct {
	ID        uuid.UUID     `json:"id"`
	Reference string        `json:"reference"`
	Status    string        `json:"status"`
	NextStep  string        `json:"next_step"`
	NextText  string        `json:"next_text"`
	NextBy    *time.Time    `json:"next_by"`
	Alarm     *AlarmPromise `json:"alarm,omitempty"`
	Resent    bool          `json:"resent"` // this organization's earlier referral of the same family is being worked on; this one was added to it
	Warnings  []fault.Field `json:"warnings"`

	caseID uuid.UUID // the referrer is not told
}

// AlarmPromise says honestly who will see an alarm by when.
type AlarmPromise struct {
	SeenBy time.Time `json:"seen_by"`
	Text   string    `json:"text"`
}

// Receive takes a referral: everything that it promises is on disk when it returns. Triage runs inside; a failure of the rules
// does not lose the referral, and an alarm waits for neither consent nor matching.
// Faults: Invalid with every problem at once; Conflict and Invalid of the idempotency key.
func (s *Service) Receive(ctx context.Context, actor auth.Actor, in Submission) (ReferralReceipt, error) {
	return s.take(ctx, actor, in, nil)
}

// take is Receive, of a draft when draft is not nil.
func (s *Service) take(ctx context.Context, actor auth.Actor, in Submission, draft *uuid.UUID) (ReferralReceipt, error) {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return ReferralReceipt{}, err
	}
	return pg.Once(ctx, s.db, actor, func(tx *pg.Tx) (ReferralReceipt, error) {
		w := s.work(tx)
		if draft != nil {
			if err := w.takeDraft(*draft); err != nil {
				return ReferralReceipt{}, err
			}
		}
		channel := "api"
		if actor.Kind == "user" {
			channel = "page"
		}
		receipt, err := w.takeIn(in, channel)
		if err == nil && draft != nil {
			w.store.draftSent(*draft, receipt.ID)
		}
		return receipt, err
	})
}

// takeIn is intake inside a transaction of the sender's own: of one referral, or of one row of an import.
func (w *work) takeIn(in Submission, channel string) (ReferralReceipt, error) {
	if err := w.tx.AsHub("intake: the key's organization was checked; matching reads every source's clients"); err != nil {
		return ReferralReceipt{}, err
	}
	_, cal, err := w.desk()
	if err != nil {
		return ReferralReceipt{}, err
	}
	r, err := in.check(w.svc.shape, w.tx.Now, cal.Day(w.tx.Now), w.svc.safety.Instruments())
	if err != nil {
		return ReferralReceipt{}, err
	}
	r.channel = channel
	source, err := w.providers.Organization(w.tx.Actor.OrgID)
	if err != nil {
		return ReferralReceipt{}, err
	}
	return w.receive(in, r, source, cal)
}

// receive opens or finds the case, writes the rows, raises alarms, and lets triage send the case on.
func (w *work) receive(in Submission, r received, source providers.Organization, cal providers.Calendar) (ReferralReceipt, error) {
	m, f, err := w.openOrLink(r)
	if err != nil {
		return ReferralReceipt{}, err
	}
	m.compartment = r.sensitivity == sensitivityPart2
	m.flagged = !m.newcomer && f.safetyFlag(m.rulesAnyway())
	maybe, err := w.maybeHer(m, f, r)
	if err != nil {
		return ReferralReceipt{}, err
	}
	m.since = r.receivedAt
	resent := slices.ContainsFunc(f.referrals, func(r Referral) bool { return r.OrgID == source.ID })
	row, err := m.keepReferral(in, r, source)
	if err != nil {
		return ReferralReceipt{}, err
	}
	ordinary, sent := in, r
	if m.compartment {
		if err := m.keepPayload(in, row.ID, cal.Day(m.tx.Now)); err != nil {
			return ReferralReceipt{}, err
		}
		ordinary, sent = in.outsideCompartment(), r.outsideCompartment()
	}
	if err := m.addFamily(ordinary, sent, f, row); err != nil {
		return ReferralReceipt{}, err
	}
	alarm, err := m.raiseAlarms(r, row.ID, cal) // by all that was sent: danger is read, and the alarm does not say what was answered
	if err != nil {
		return ReferralReceipt{}, err
	}
	if err := m.sendOn(f); err != nil {
		return ReferralReceipt{}, err
	}
	if !r.taken() || source.Kind != auth.Agency { // an agency that passed a family on has no list of what it sent
		m.store.grant(Access{CaseID: m.c.ID, OrgID: source.ID, Level: "source"})
	}
	if err := m.save(); err != nil {
		return ReferralReceipt{}, err
	}
	if err := m.feedbackTo(row, milestoneReceived); err != nil {
		return ReferralReceipt{}, err
	}
	receipt := ReferralReceipt{ID: row.ID, Reference: row.Reference, Status: milestoneReceived, NextStep: m.c.NextStep,
		NextText: stepText(m.c.NextStep), NextBy: m.c.NextDueAt, Alarm: alarm, Resent: resent, Warnings: append([]fault.Field{}, r.warnings...), caseID: m.c.ID}
	return receipt, m.meetHerself(maybe)
}

// keepReferral makes the referral's row; the payload is sealed as it came. That of a treatment program goes to the compartment instead.
func (m *moving) keepReferral(in Submission, r received, source providers.Organization) (Referral, error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return Referral{}, fmt.Errorf("keep the payload: %w", err)
	}
	row := Referral{ID: pg.NewID(), Reference: newReference(), CaseID: m.c.ID, ClientID: m.c.CaregiverID, OrgID: source.ID,
		SourceKind: string(source.Kind), ReferrerClass: string(source.ReferrerClass), Channel: r.channel, Stage: r.stage, Sensitivity: r.sensitivity,
		ReferredAt: r.referredAt, ReceivedAt: m.began(), EnteredAt: m.tx.Now, Consent: in.Consent.Answer,
		MotherDischargedOn: r.discharged, MotherDischargeExpectedOn: r.dischargeDue, Linked: !m.fresh}
	if site := m.tx.Actor.SiteID; site != uuid.Nil && !r.taken() { // a site is of the source
		row.SiteID = &site
	}
	if r.sensitivity == sensitivityPart2 {
		return row, m.tx.Insert(&row)
	}
	row.PayloadSealed = m.tx.Keys().Seal("referrals", "payload_sealed", row.ID, payload)
	row.NoteSealed = m.tx.Keys().Seal("referrals", "note_sealed", row.ID, []byte(in.Note))
	return row, m.tx.Insert(&row)
}

// raiseAlarms asks the live rules, or the shipped ones when none is live or they fail: a form that says she may die is read.
// Only what this referral says is asked: what an earlier one said had its own alarm.
func (m *moving) raiseAlarms(r received, referral uuid.UUID, cal providers.Calendar) (*AlarmPromise, error) {
	facts, err := r.family().facts(r.stage, cal.Day(m.tx.Now))
	if err != nil {
		return nil, err
	}
	rules := m.rulesAnyway()
	found, err := rules.Alarms(facts)
	if err != nil {
		found = append(found, triage.Alarm{Kind: "danger"}) // rules that cannot be read must not silence a form
	}
	var promise *AlarmPromise
	seen := map[string]bool{}
	for _, alarm := range found {
		if seen[alarm.Kind] {
			continue
		}
		seen[alarm.Kind] = true
		a, err := m.raise(alarm.Kind, referral, rules.Clocks().AlarmLadder)
		if err != nil {
			return nil, err
		}
		promise = &AlarmPromise{SeenBy: a.SeenByDue, Text: alarmText(a.SeenByDue, cal.IsOpen(providers.UrgentHours, m.tx.Now), cal)}
	}
	return promise, nil
}

// alarmText never lets a referrer believe that somebody watches when nobody does.
func alarmText(seenBy time.Time, open bool, cal providers.Calendar) string {
	at := seenBy.In(cal.Zone).Format("Monday, January 2, 2006, 3:04 pm MST")
	if open {
		return "A person at the hub will see this by " + at + ". Until then she is in your care: use your own pathway. Doorstep is not an emergency service."
	}
	return "No one at the hub will see this before " + at + ". She is in your care: use your own pathway. Doorstep is not an emergency service."
}
