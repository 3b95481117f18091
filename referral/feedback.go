package referral

import (
	"time"

	"doorstep/jobs"
	"doorstep/providers"
)

// What a referrer may hear, in this order. Reasons, programs and conditions are never among it.
const (
	milestoneReceived    = "received"
	milestoneReached     = "reached"
	milestoneNotReached  = "not_reached"
	milestoneBeingServed = "being_served"
	milestoneClosed      = "closed"
)

// feedbackDelay leaves time to undo before a referrer hears of it.
const feedbackDelay = 10 * time.Minute

// mayHear: clinics and hospitals hear how it goes; every other class only that the referral came in.
func mayHear(class, milestone string) bool {
	return milestone == milestoneReceived || class == string(providers.Clinical)
}

// ReferrerStatus is where a case stands, in the words that a referrer of this class may hear.
func ReferrerStatus(c Case, class string) string {
	status := milestoneReceived
	switch {
	case c.Status == Closed && *c.Disposition == NotReached:
		status = milestoneNotReached
	case c.Status == Closed:
		status = milestoneClosed
	case c.Status == Enrolled:
		status = milestoneBeingServed
	case c.ReachedAt != nil:
		status = milestoneReached
	}
	if !mayHear(class, status) {
		return milestoneReceived
	}
	return status
}

// feedback promises every referrer of the case the news that its class may hear.
func (m *moving) feedback(milestone string) error {
	referrals, err := m.store.referralsOf(m.c.ID)
	if err != nil {
		return err
	}
	for _, r := range referrals {
		if err := m.feedbackTo(r, milestone); err != nil {
			return err
		}
	}
	return nil
}

func (m *moving) feedbackTo(r Referral, milestone string) error {
	if r.WithdrawnAt != nil || !mayHear(r.ReferrerClass, milestone) {
		return nil
	}
	return m.jobs.Queue(jobs.Message{CaseID: m.c.ID, ReferralID: &r.ID, ClientID: m.c.CaregiverID, Audience: "referrer", Channel: "email",
		Template: milestone, NotBefore: m.tx.Now.Add(feedbackDelay), OpenedMove: &m.id})
}
