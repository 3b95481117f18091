package referral

import (
	"slices"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
)

// sameEpisode is how far apart, in days, two datings may be and still speak of one pregnancy: less than the shortest time
// between two births of one mother.
const sameEpisode = 150

// sameEnded is likewise for a pregnancy that ended before its time: she may soon be pregnant again, with a due date that lies
// less than a birth away. A late form about the first one still tells nearly the same date.
const sameEnded = 35

// openOrLink finds the open case of this person and episode and locks it, or begins a new one. Exact identity only: the
// same name and birth date, and where that is 1 January a number or home that both have. A person without a birth date is always new.
func (w *work) openOrLink(r received) (*moving, *family, error) {
	key := matchKey(r.client.GivenName, r.client.FamilyName, r.client.DateOfBirth)
	if key == nil {
		return w.newCase(r, nil, nil)
	}
	known, listed, err := w.store.lockSameClient(key, *r.client.DateOfBirth)
	if err != nil {
		return nil, nil, err
	}
	if known == nil {
		r.client.MatchKey = key
		m, f, err := w.newCase(r, nil, nil)
		if f != nil {
			f.servedBy = listed
		}
		return m, f, err
	}
	if matchDate(r.client.DateOfBirth).NewYear() { // of many of whom only the year is known: one name is not enough, and a person is asked
		shared, err := w.sharesWay(known, r)
		if err != nil {
			return nil, nil, err
		}
		if !shared {
			r.client.MatchKey = key
			return w.newCase(r, nil, nil)
		}
	}
	cases, err := w.store.casesOf(known.ID)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range cases {
		same, err := w.sameEpisode(c, r)
		if err != nil {
			return nil, nil, err
		}
		switch {
		case same && c.StandsOn != nil: // her other record's case goes on; this one gets a record of its own, so that either can be parted
			r.client.MatchKey = key
			return w.newCase(r, nil, nil)
		case same && c.open():
			m, err := w.lock(c.ID, ActLink)
			if err != nil {
				return nil, nil, err
			}
			if m.c.open() {
				f, err := m.family()
				return m, f, err
			}
			return w.newCase(r, known, &c) // it closed between the look and the lock
		case same:
			return w.newCase(r, known, &c)
		}
	}
	return w.newCase(r, known, nil)
}

// sharesWay: a number, mail or home of hers is on this referral too.
func (w *work) sharesWay(known *Client, r received) (bool, error) {
	contacts, addresses, err := w.store.reach(known.ID)
	if err != nil {
		return false, err
	}
	return slices.ContainsFunc(contacts, func(have ContactMethod) bool {
		return slices.ContainsFunc(r.contacts, func(c ContactMethod) bool { return c.Value == have.Value })
	}) || slices.ContainsFunc(addresses, func(have Address) bool {
		return slices.ContainsFunc(r.addresses, func(a Address) bool { return sameHome(a, have) })
	}), nil
}

// sameEpisode compares when the child was or will be born.
func (w *work) sameEpisode(c Case, r received) (bool, error) {
	pregnancy, infants, err := w.store.pregnancy(c.EpisodeID)
	if err != nil {
		return false, err
	}
	have := birthDay(pregnancy, infants)
	sent := birthDay(&r.pregnancy, r.infants)
	if have == nil || sent == nil {
		return c.open(), nil // undated: an open case is the likelier
	}
	apart, limit := have.DaysSince(*sent), sameEpisode
	if pregnancy.ended() || c.Disposition != nil && *c.Disposition == PregnancyEnded {
		limit = sameEnded
	}
	return apart < limit && apart > -limit, nil
}

// birthDay is the birth if there was one, else the due date.
func birthDay(p *Pregnancy, infants []Infant) *civil.Date {
	for _, child := range infants {
		if child.BornOn != nil {
			return child.BornOn
		}
	}
	if p != nil {
		return p.DueOn
	}
	return nil
}

// newCase begins a case: for a new person, or for one that is known, with or without an earlier case of this episode. What
// comes back is the move that follows the receipt: triage.
func (w *work) newCase(r received, known *Client, previous *Case) (*moving, *family, error) {
	now := w.tx.Now
	f := family{client: r.client, answers: map[string]string{}}
	if known != nil {
		f.client = *known
		var err error // what an earlier source said of a number holds in the new case too
		if f.contacts, f.addresses, err = w.store.reach(known.ID); err != nil {
			return nil, nil, err
		}
		if err := w.tx.ReadAll(w.store.servedElsewhere(Case{CaregiverID: known.ID}, &f.servedBy)); err != nil {
			return nil, nil, err
		}
	} else {
		f.client.ID, f.client.CreatedAt = pg.NewID(), now
		if err := w.tx.Insert(&f.client); err != nil {
			return nil, nil, err
		}
	}
	c := Case{ID: pg.NewID(), CaregiverID: f.client.ID, CaregiverRole: r.role, EpisodeID: r.episode, Status: Received,
		Stage: r.stage, FirstContact: "hub", Band: lastBand, ReceivedAt: r.cameAt(now), NextStep: stepHubReviews}
	switch {
	case previous != nil:
		c.PreviousCaseID, c.EpisodeID = &previous.ID, previous.EpisodeID
		if err := w.store.earlier(*previous, &f); err != nil {
			return nil, nil, err
		}
	case r.episode == uuid.Nil:
		c.EpisodeID = pg.NewID()
		if err := w.tx.Insert(&Episode{ID: c.EpisodeID, CreatedAt: now}); err != nil {
			return nil, nil, err
		}
	}
	receive := &moving{work: w, id: pg.NewID(), action: ActReceive, c: c, detail: map[string]any{}}
	if err := receive.save(); err != nil {
		return nil, nil, err
	}
	for _, child := range slices.Concat(f.infants, f.died) {
		if err := w.tx.Insert(&caseInfant{c.ID, child.ID}); err != nil {
			return nil, nil, err
		}
	}
	return &moving{work: w, id: pg.NewID(), action: ActTriage, was: receive.c, c: receive.c, detail: map[string]any{}, fresh: true,
		newcomer: known == nil}, &f, nil
}

// lastBand orders a case that no rule has read behind those that one has.
const lastBand = 9

// sendOn lets triage send the case on. A family that an agency already has is not moved by a rule: the hub's desk is told
// that something new came in; urgently when she told somebody else that no agency may know who she is, so that a person asks her.
func (m *moving) sendOn(f *family) error {
	if f.client.DoNotContact { // she asked it of everybody; only the hub hears that she was referred again
		hub, err := m.hub()
		if err != nil {
			return err
		}
		if err := m.ask(hub.ID, auth.TriageCoordinator, taskReferredStopped, f.referrals[len(f.referrals)-1].ID, false); err != nil {
			return err
		}
	}
	if m.was.Status.served() {
		if m.redated {
			if err := m.factsChanged(f, string(m.action)); err != nil {
				return err
			}
		}
		hub, err := m.hub()
		if err != nil {
			return err
		}
		return m.ask(hub.ID, auth.TriageCoordinator, taskNewInformation, f.referrals[len(f.referrals)-1].ID, m.raised > 0 || refusedAll(f.consents))
	}
	v, err := m.decide(f, string(m.action))
	if err != nil {
		return err
	}
	if m.was.Status == Offered && m.raised == 0 && mayContact(f.consents) {
		if m.compartment { // a person looks all the same
			hub, err := m.hub()
			if err != nil {
				return err
			}
			if err := m.ask(hub.ID, auth.TriageCoordinator, taskNewInformation, f.referrals[len(f.referrals)-1].ID, false); err != nil {
				return err
			}
		}
		if m.redated {
			return m.lookAtOffers(f, v)
		}
		return nil // the new decision is kept; the offers that were made stand
	}
	return m.settle(f, v)
}
