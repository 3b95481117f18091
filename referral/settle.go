package referral

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/triage"
)

// settle sends the case where its decision, her answers and the open alarms say, with the promise that belongs to that place.
func (m *moving) settle(f *family, v verdict) error {
	alarmOpen, err := m.alarmOpen()
	if err != nil {
		return err
	}
	s := state{verdict: v, alarmOpen: alarmOpen, contact: mayContact(f.consents) && !f.client.DoNotContact,
		safeRoute: m.hasRoute(f), served: len(f.servedBy) > 0, person: m.forAPerson(f),
		handedOver: slices.Contains(m.was.ReviewReasons, reviewHandedOver)}
	var past []Offer
	if !m.fresh {
		if past, err = m.store.offers(m.c.ID); err != nil {
			return err
		}
	}
	s.sharedWith, _ = candidates(v.route(), f.consents, past)
	status, reasons := settle(s)
	if s.served && slices.Contains(reasons, reviewServed) {
		if err := m.tellHerAgency(f); err != nil {
			return err
		}
	}
	if slices.Contains(reasons, reviewNoSafeRoute) {
		if err := m.askForAWay(); err != nil {
			return err
		}
	}
	if m.was.Status == Waitlisted && m.action != ActPlaceFree && status != Review {
		return m.tellTheLine(v)
	}
	if m.was.Status == Waitlisted && m.action == ActTriage && saidOfTheWait(reasons) {
		waits, err := m.store.waiting(m.c.ID)
		if err != nil || len(waits) > 0 {
			return err // a person put her in line with her yes, and saw these reasons: the rules do not take her out of it
		}
	}
	if v.firstContact != "" {
		m.c.FirstContact = v.firstContact
	}
	switch status {
	case Review:
		return m.toReview(reasons, v.clocks)
	case Offered:
		return m.toOffered(f, v, v.atOnce(s.sharedWith), direct)
	case Waitlisted:
		return m.toWaitlisted(f, v.clocks)
	}
	if m.was.Status == Outreach {
		return nil // the hub is at it: its promise to her does not begin again
	}
	return m.toOutreach(f)
}

// saidOfTheWait: nothing but what was known already when she was put in line.
func saidOfTheWait(reasons []string) bool {
	for _, r := range reasons {
		if r != triage.ReviewNeedsAnswer && r != triage.ReviewByPersonOnly && r != reviewNoPlace {
			return false
		}
	}
	return len(reasons) > 0
}

// toReview puts the case before a person at the hub.
func (m *moving) toReview(reasons []string, clocks *triage.Clocks) error {
	hub, cal, err := m.desk()
	if err != nil {
		return err
	}
	if err := m.kept(); err != nil {
		return err
	}
	if m.was.Status == Offered {
		if err := m.leaveOffers("withdrawn"); err != nil {
			return err
		}
	}
	band := m.c.Band
	if slices.Contains(reasons, reviewAlarm) {
		band = 0
	}
	m.c.Status, m.c.ReviewReasons, m.c.Band = Review, reasons, band
	if slices.Contains(reasons, reviewNotTriaged) {
		if err := m.jobs.Enqueue(jobs.CaseTriage, m.c.ID); err != nil {
			return err
		}
	}
	by := reviewBy(clocks, cal, band, m.began())
	if m.was.Status == Review && m.was.NextDueAt.Before(by) {
		by = *m.was.NextDueAt // reading it again does not make her wait longer
	}
	return m.next(stepHubReviews, jobs.ReviewDue, m.c.ID, hub.ID, by)
}

// toOutreach asks the hub to reach her.
func (m *moving) toOutreach(f *family) error {
	hub, cal, err := m.desk()
	if err != nil {
		return err
	}
	if err := m.kept(); err != nil {
		return err
	}
	if m.was.Status == Offered {
		if err := m.leaveOffers("withdrawn"); err != nil {
			return err
		}
	}
	m.c.Status, m.c.ReviewReasons = Outreach, nil
	return m.next(stepHubReaches, jobs.OutreachDue, m.c.ID, hub.ID, m.firstAttemptDue(f, cal, 1))
}

// The kinds of offer. Direct in rule order is the rule, the pool the fallback; a transfer is of a family that is served.
const (
	direct   = "direct"
	pool     = "pool"
	transfer = "transfer"
)

// toOffered proposes the case to these programs. Each sees stage, area, "interpreter" and claim-by until it claims.
func (m *moving) toOffered(f *family, v verdict, programs []uuid.UUID, kind string) error {
	if err := m.kept(); err != nil {
		return err
	}
	offers := make([]Offer, len(programs))
	var soonest time.Time
	for i, id := range programs {
		offer, err := m.proposal(id, v.clocks)
		if err != nil {
			return err
		}
		if kind == direct && v.inside(programs[0]) {
			if offer.ClaimBy, err = m.expedited(offer, v.clocks); err != nil {
				return err
			}
		}
		offer.Kind = kind
		if soonest.IsZero() || offer.ClaimBy.Before(soonest) {
			soonest = offer.ClaimBy
		}
		offers[i] = offer
	}
	m.c.Status, m.c.ReviewReasons, m.c.NextStep, m.c.NextDueAt = Offered, nil, stepAgency, &soonest
	for i := range offers {
		if err := m.propose(f, &offers[i]); err != nil {
			return err
		}
	}
	return nil
}

// propose writes one offer: what its agency may see of her, and when its time is over.
func (m *moving) propose(f *family, o *Offer) error {
	o.Area, o.Interpreter, o.RankKey = f.zip(), f.client.Interpreter == yes, m.c.rankKey()
	if err := m.tx.Insert(o); err != nil {
		return err
	}
	m.store.grant(Access{CaseID: m.c.ID, OrgID: o.OrgID, Level: "limited", OpenedMove: &m.id})
	m.created = &o.ID
	return m.promise(jobs.OfferExpire, o.ID, o.OrgID, o.ClaimBy)
}

// atOnce is who is asked now: the first of the route, and with it the runner-up when the first program's window leaves no time
// to ask one after the other.
func (v verdict) atOnce(programs []uuid.UUID) []uuid.UUID {
	if len(programs) > 1 && v.inside(programs[0]) {
		return programs[:2]
	}
	return programs[:1]
}

// inside reports whether her last safe day for a program has come while its window is still open.
func (v verdict) inside(program uuid.UUID) bool {
	if v.decision == nil {
		return false
	}
	p, known := find(v.decision.Programs, func(p triage.ProgramVerdict) bool { return p.ProgramID == program.String() })
	return known && p.InsideLastSafeDay
}

// expedited is the claim-by of an offer that cannot wait: never later than the offer's own.
func (m *moving) expedited(o Offer, clocks *triage.Clocks) (time.Time, error) {
	cal, err := m.calendar(o.OrgID)
	if err != nil || clocks == nil {
		return o.ClaimBy, err
	}
	if by := deadline(clocks.AgencyClaimsExpedited, cal, m.tx.Now); by.Before(o.ClaimBy) {
		return by, nil
	}
	return o.ClaimBy, nil
}

// proposal is an offer to one program, to be answered by its own published time or the pack's, in its agency's business hours.
func (m *moving) proposal(id uuid.UUID, clocks *triage.Clocks) (Offer, error) {
	program, err := m.providers.PinProgram(id)
	if err != nil {
		return Offer{}, err
	}
	if program.ClosedAt != nil { // between the look at the places and now; the next try sees it
		return Offer{}, fault.New(fault.Unavailable, "%s was closed just now. Try again.", program.Name)
	}
	cal, err := m.calendar(program.OrgID)
	if err != nil {
		return Offer{}, err
	}
	claimBy := cal.AddBusinessDays(m.tx.Now, 1)
	switch {
	case program.ResponseHours != nil:
		claimBy = cal.AddBusinessHours(m.tx.Now, time.Duration(*program.ResponseHours)*time.Hour)
	case clocks != nil:
		claimBy = deadline(clocks.AgencyClaims, cal, m.tx.Now)
	}
	return Offer{ID: pg.NewID(), CaseID: m.c.ID, OrgID: program.OrgID, ProgramID: id, Stage: m.c.Stage, MadeAt: m.tx.Now,
		ClaimBy: claimBy, OpenedMove: &m.id}, nil
}

// leaveOffers ends all open offers with their access and clocks.
func (m *moving) leaveOffers(as string) error {
	m.store.withdrawOffers(m.c.ID, nil, as, m.id)
	m.store.revoke(m.c.ID, nil, "limited", m.id)
	return m.jobs.CancelCase(&m.id, m.c.ID, jobs.OfferExpire)
}
