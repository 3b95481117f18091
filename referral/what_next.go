package referral

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"doorstep/providers"
	"doorstep/triage"
)

// whatNext tells a referrer in two or three sentences what happens with its referral, and which plain facts that it left out
// would help. It is worked out from its own referrals alone: whether another source answered, what the rules found and where she
// may go is in none of it. The class must be one that may hear how it goes.
func (w *work) whatNext(r Referral, c Case) ([]string, error) {
	if r.WithdrawnAt != nil || !mayHear(r.ReferrerClass, milestoneReached) {
		return nil, nil
	}
	own, err := w.store.referralsOf(c.ID)
	if err != nil {
		return nil, err
	}
	own = slices.DeleteFunc(own, func(o Referral) bool { return o.OrgID != r.OrgID || o.WithdrawnAt != nil })
	if err := w.tx.AsHub("what next: the referral and its case were read in the referrer's own role; rules and calendar are the hub's"); err != nil {
		return nil, err
	}
	_, cal, err := w.desk()
	if err != nil {
		return nil, err
	}
	out := []string{stepText(c.NextStep)}
	if c.NextDueAt != nil && c.NextDueAt.After(w.tx.Now) {
		out[0] += " This is due by " + c.NextDueAt.In(cal.Zone).Format("Monday, January 2") + "."
	}
	if c.ReachedAt == nil && c.open() {
		out = append(out, "You hear from us when somebody spoke with her, or could not reach her.")
	}
	ask, err := w.wouldHelp(own, c, cal)
	if len(ask) > 0 {
		out = append(out, "It would help to know "+listed(ask)+". If you know, send that in a new referral of her, or call the hub.")
	}
	return out, err
}

// listed joins what is asked: "a", "a and b", "a, b and c".
func listed(items []string) string {
	last := len(items) - 1
	if last == 0 {
		return items[0]
	}
	return strings.Join(items[:last], ", ") + " and " + items[last]
}

// mostAsked of a referrer at once: more would not be looked up.
const mostAsked = 3

// wouldHelp names the dates and plain facts that none of these referrals holds and that would settle a program. Needs and
// history are never among them: to name one would tell what is looked at. Nothing is asked while a person has the case for a
// reason of her own, and nothing about a pregnancy or a baby that was lost.
func (w *work) wouldHelp(own []Referral, c Case, cal providers.Calendar) ([]string, error) {
	asks := c.Status == Outreach || c.Status == Review && slices.Contains(c.ReviewReasons, triage.ReviewNeedsAnswer)
	live := w.liveRules()
	if !asks || c.HeldSince != nil || live == nil {
		return nil, nil
	}
	f, err := w.store.family(c)
	if err != nil || f.bereft() {
		return nil, err
	}
	var open []string
	compared := false
	for _, r := range own {
		if r.Stage != c.Stage {
			continue // the baby has come since: what was open then is not asked now
		}
		sent, err := w.reopen(r, cal)
		if err != nil {
			return nil, nil //nolint:nilerr // where it stands can be told all the same; what it left out cannot
		}
		left := leftOut(live.rules, sent)
		if compared {
			left = slices.DeleteFunc(left, func(label string) bool { return !slices.Contains(open, label) })
		}
		open, compared = left, true
	}
	return open[:min(len(open), mostAsked)], nil
}

// reopen is a referral's own words as facts of today.
func (w *work) reopen(r Referral, cal providers.Calendar) (triage.Facts, error) {
	var in Submission
	payload, err := w.tx.Keys().Open("referrals", "payload_sealed", r.ID, r.PayloadSealed)
	if err == nil {
		err = json.Unmarshal(payload, &in)
	}
	if err != nil {
		return triage.Facts{}, fmt.Errorf("reopen referral %s: %w", r.ID, err)
	}
	today := cal.Day(w.tx.Now)
	sent, _ := in.check(w.svc.shape, w.tx.Now, today, w.svc.safety.Instruments()) // what was in order then may have aged: the rest counts
	facts, err := sent.family().facts(r.Stage, today)
	return facts, wrap(err, "reopen referral %s", r.ID)
}

// leftOut are the labels of dates, numbers and texts for which a program waits.
func leftOut(rules *triage.RuleSet, facts triage.Facts) []string {
	d, err := rules.Decide(facts, nil)
	if err != nil {
		return nil // rules that fail ask for nothing
	}
	plain := map[string]bool{}
	for _, fact := range triage.Vocabulary() {
		plain[fact.Name] = fact.Type != triage.YesNo
	}
	var out []string
	for _, m := range d.Missing {
		if m.For == triage.ForProgram && plain[m.Name] && !slices.Contains(out, m.Label) {
			out = append(out, m.Label)
		}
	}
	return out
}
