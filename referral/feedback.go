package referral

import (
	"time"

	"github.com/google/uuid"

	"doorstep/internal/pg"
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
	case c.Status == Enrolled, c.Status.served() && c.EnrolledAt != nil: // after a transfer she is served on
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
	own := r.SourceKind == sourceHerself || r.SourceKind == sourceFriend // nobody stands behind it to whom news could go
	if own || r.WithdrawnAt != nil || !mayHear(r.ReferrerClass, milestone) {
		return nil
	}
	return m.jobs.Queue(jobs.Message{CaseID: m.c.ID, ReferralID: &r.ID, ClientID: m.c.CaregiverID, Audience: "referrer", Channel: "email",
		Template: milestone, NotBefore: m.tx.Now.Add(feedbackDelay), OpenedMove: &m.id})
}

// FeedbackAddress is where the news of one referral goes.
type FeedbackAddress struct {
	Email      string // empty when the site takes no feedback by mail
	ReferralID uuid.UUID
	Reference  string
}

// FeedbackAddress looks it up when the mail leaves, as the hub, in the transaction that writes down that it leaves; so does the
// disclosure that it is. jobs.ErrNothingToDo: this referrer may not, or need not, know, or she does not want it to.
func (s *Service) FeedbackAddress(tx *pg.Tx, m jobs.Message) (FeedbackAddress, error) {
	if m.ReferralID == nil || m.Audience != "referrer" {
		return FeedbackAddress{}, jobs.ErrNothingToDo
	}
	r, err := (&store{tx}).referral(*m.ReferralID)
	if err != nil {
		return FeedbackAddress{}, err
	}
	out := FeedbackAddress{ReferralID: r.ID, Reference: r.Reference}
	if r.WithdrawnAt != nil || !mayHear(r.ReferrerClass, m.Template) {
		return out, jobs.ErrNothingToDo
	}
	live, err := s.work(tx).liveCase(m.CaseID)
	if err != nil {
		return out, err
	}
	said, err := (&store{tx}).feedbackAnswers([]uuid.UUID{live.ID})
	if err != nil {
		return out, err
	}
	if m.Template != milestoneReceived && feedbackRefused(said[live.ID]) {
		return out, jobs.ErrNothingToDo
	}
	if r.SiteID == nil {
		return out, nil
	}
	site, err := providers.NewStore(tx).Site(*r.SiteID)
	if err != nil || site.FeedbackEmail == nil {
		return out, err
	}
	out.Email = *site.FeedbackEmail
	return out, s.discloseNews(tx, r, m, said[live.ID])
}
