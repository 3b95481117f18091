package referral

import (
	"slices"

	"github.com/google/uuid"

	"doorstep/providers"
	"doorstep/triage"
)

// verdict is a decision with what the live rule set promises beside it. Without a live rule set, or when it failed, decision
// and clocks are nil: the case waits for a person and for the next try.
type verdict struct {
	decision     *triage.Decision
	facts        triage.Facts
	places       []triage.Place
	clocks       *triage.Clocks
	firstContact string
}

// decide runs the live rule set on the family as it stands, in this transaction, and keeps the decision with the facts and
// places it was made from. cause says why now: intake, link, retriage, decline, expire.
func (m *moving) decide(f *family, cause string) (verdict, error) {
	v, err := m.weigh(f)
	if err != nil || v.decision == nil {
		return v, err
	}
	return v, m.keepDecision(f, v, cause)
}

// weigh is decide without keeping the decision, for a look that may change nothing.
func (m *moving) weigh(f *family) (verdict, error) {
	live := m.liveRules()
	if live == nil {
		return verdict{}, nil
	}
	_, cal, err := m.desk()
	if err != nil {
		return verdict{}, err
	}
	day := cal.Day(m.tx.Now)
	facts, err := f.facts(m.c.Stage, day)
	if err != nil {
		return verdict{}, err
	}
	facts.DrawSeed = m.c.ID.String()
	open, err := m.providers.Places(f.zip(), day)
	if err != nil {
		return verdict{}, err
	}
	clocks := live.rules.Clocks()
	v := verdict{clocks: &clocks, firstContact: live.rules.FirstContact(f.sourceKind(), facts.Stage).By}
	for i := range open { // a program that takes families only from its list takes this one
		if open[i].ProgramID == m.fromList && open[i].Intake == providers.IntakeWaitlist {
			open[i].Intake = providers.IntakeOpen
		}
	}
	lines, err := m.lines()
	if err != nil {
		return verdict{}, err
	}
	seen := besideHer(places(open, f.zip() != "", cal), lines)
	decision, err := live.rules.Decide(facts, seen)
	if err != nil { // the rules failed, not the family: she is taken all the same
		m.detail["triage"] = "engine_failed"
		return v, nil
	}
	v.decision, v.facts, v.places = &decision, facts, seen
	return v, nil
}

// lines are the programs for which she waits, by id.
func (m *moving) lines() ([]string, error) {
	if m.fresh {
		return nil, nil
	}
	waits, err := m.store.waiting(m.c.ID)
	ids := make([]string, len(waits))
	for i, e := range waits {
		ids[i] = e.ProgramID.String()
	}
	return ids, err
}

// besideHer leaves her own place in these lines out: the rules ask how many others wait.
func besideHer(seen []triage.Place, lines []string) []triage.Place {
	if len(lines) == 0 {
		return seen
	}
	seen = slices.Clone(seen)
	for i := range seen {
		if slices.Contains(lines, seen[i].ProgramID) {
			seen[i].Waiting--
		}
	}
	return seen
}

// liveRules is the rule set that is live in this transaction.
type liveRules struct {
	rules *triage.RuleSet
	id    uuid.UUID
	hash  string
}

// liveRules reads it once a transaction; nil when none is live or it cannot be used. That is never a reason to refuse a
// family, and a database that is away fails the next statement by itself.
func (w *work) liveRules() *liveRules {
	if !w.askedRules {
		w.askedRules = true
		if rules, id, hash, err := w.svc.rules.Live(w.tx); err == nil {
			w.rules = &liveRules{rules, id, hash}
		}
	}
	return w.rules
}

// rules are the live ones, or the shipped ones when none is live: for what must be read all the same.
func (w *work) rulesAnyway() *triage.RuleSet {
	if live := w.liveRules(); live != nil {
		return live.rules
	}
	return w.svc.safety
}

// clocks are the live service levels, or nil.
func (w *work) clocks() *triage.Clocks {
	if live := w.liveRules(); live != nil {
		clocks := live.rules.Clocks()
		return &clocks
	}
	return nil
}

// places shows the open programs to the rules.
func places(open []providers.Place, areaKnown bool, cal providers.Calendar) []triage.Place {
	out := make([]triage.Place, 0, len(open))
	for _, p := range open {
		place := triage.Place{ProgramID: p.ProgramID.String(), OrgID: p.OrgID.String(), Code: p.PackCode, InArea: p.Serves,
			AreaKnown: areaKnown, Intake: string(p.Intake), Free: p.Free, Funded: p.Funded, Languages: p.Languages, AgreementValid: p.AgreementValid,
			SetAsideUsed: p.SetAsideUsed, Waiting: p.Waiting, FreedIn90Days: p.Freed}
		if p.ConfirmedAt != nil {
			day := triage.Date(cal.Day(*p.ConfirmedAt))
			place.CapacityConfirmedOn = &day
		}
		out = append(out, place)
	}
	return out
}

// route is the ranked programs of a decision as ids.
func (v verdict) route() []uuid.UUID {
	if v.decision == nil {
		return nil
	}
	out := make([]uuid.UUID, 0, len(v.decision.Route))
	for _, text := range v.decision.Route {
		if id, err := uuid.Parse(text); err == nil {
			out = append(out, id)
		}
	}
	return out
}

// The reasons of Doorstep's own for which a person must look, beside those of the rules.
const (
	reviewAlarm        = triage.ReviewAlarm
	reviewNoPlace      = triage.ReviewNoPlace
	reviewNotTriaged   = "not_triaged"
	reviewNoPermission = "no_permission_to_contact"
	reviewNoSafeRoute  = "no_safe_route"
	reviewNoTaker      = "no_taker" // every program she may go to declined, gave her back or let its offer expire
	reviewServed       = "already_served"
	reviewHandedOver   = "handed_over"         // another jurisdiction's office has been asked
	reviewNeedsPerson  = "needs_person"        // taken back from there; or what was sent is not for the rules
	reviewUnanswered   = "waitlist_unanswered" // she was asked whether she still waits
	reviewCorrected    = "corrected"           // it was closed wrongly
	reviewLoss         = "loss"                // a pregnancy or a child
	reviewNoChild      = "child_not_with_her"
	reviewChildBack    = "child_is_back"
	reviewClientDied   = "client_died"
	reviewRevoked      = "consent_revoked" // she took back what the agency that had her, or the hub, worked by
	reviewWindowClosed = "window_closed"   // with the birth, of what she waited for
)

// state is what the settlement weighs; it is pure so that its table can be tested.
type state struct {
	verdict    verdict
	alarmOpen  bool
	served     bool     // an agency serves her already
	person     []string // why no rule may send this family anywhere
	handedOver bool     // another jurisdiction's office was asked, and has not answered
	contact    bool     // gate 2
	safeRoute  bool
	sharedWith []uuid.UUID // of the route, those that gate 3 lets know who she is and that have not answered yet
}

// settle says where a case goes after triage: to a person, to the hub's outreach, at once to the first program, or to wait with
// somebody who answers for her.
func settle(s state) (Status, []string) {
	var reasons []string
	if s.alarmOpen {
		reasons = append(reasons, reviewAlarm)
	}
	switch {
	case len(s.person) > 0:
		reasons = append(reasons, s.person...)
	case s.verdict.decision == nil:
		reasons = append(reasons, reviewNotTriaged)
	case s.served:
		reasons = append(reasons, reviewServed)
	case s.verdict.decision.Next == triage.NextReview:
		for _, r := range s.verdict.decision.ReviewReasons {
			// an alarm counts while it is open: the rules see the answer, not what was done about it
			if r != reviewAlarm && !slices.Contains(reasons, r) {
				reasons = append(reasons, r)
			}
		}
	}
	if s.handedOver {
		reasons = append(reasons, reviewHandedOver)
	}
	switch {
	case !s.contact:
		reasons = append(reasons, reviewNoPermission)
	case !s.safeRoute:
		reasons = append(reasons, reviewNoSafeRoute)
	}
	switch {
	case slices.Equal(reasons, []string{reviewNoPlace}):
		return Waitlisted, nil
	case len(reasons) > 0:
		return Review, reasons
	}
	if s.verdict.firstContact == triage.ContactByAgency && len(s.sharedWith) > 0 {
		return Offered, nil
	}
	return Outreach, nil
}

// sourceKind is who sent the newest referral.
func (f *family) sourceKind() string {
	if n := len(f.referrals); n > 0 {
		return f.referrals[n-1].SourceKind
	}
	return ""
}
