package referral

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
)

// joinCases lets one person have one live case of one episode: of two, the one that nobody serves, else the one without an open alarm or
// hold, else the one that knows no birth yet, else the later one, stands on the other from now on. must says that two which cannot be
// joined are a fault; else they stay as they are.
func (w *work) joinCases(records []uuid.UUID, must bool) error {
	if err := w.tx.Flush(); err != nil { // what this transaction wrote is read below
		return err
	}
	cases, err := w.store.casesOfAll(records)
	if err != nil {
		return err
	}
	for i, earlier := range cases {
		for j := i + 1; j < len(cases); j++ {
			later := cases[j]
			if !earlier.open() || !later.open() || earlier.CaregiverID == later.CaregiverID || earlier.CaregiverRole != later.CaregiverRole {
				continue
			}
			same, err := w.oneEpisode(earlier, later)
			if err != nil {
				return err
			}
			if !same {
				continue
			}
			stands, err := w.joinTwo(earlier, later, must)
			if err != nil {
				return err
			}
			if stands == earlier.ID {
				break
			}
			if stands == later.ID {
				cases[j].Status = Closed
			}
		}
	}
	return nil
}

// oneEpisode compares when the child of either case was or will be born, as a referral is compared with a case.
func (w *work) oneEpisode(a, b Case) (bool, error) {
	pregnancy, infants, err := w.store.pregnancy(b.EpisodeID)
	if err != nil {
		return false, err
	}
	r := received{infants: infants}
	if pregnancy != nil {
		r.pregnancy = *pregnancy
	}
	return w.sameEpisode(a, r)
}

// joinTwo locks both, in the order of their ids, and returns the one that stands on the other from now on; the nil id when neither may.
func (w *work) joinTwo(earlier, later Case, must bool) (uuid.UUID, error) {
	if err := w.tx.Flush(); err != nil { // what was joined before is read under the lock
		return uuid.Nil, err
	}
	low, high := inOrder(earlier.ID, later.ID)
	first, err := w.lock(low, ActJoin)
	if err != nil {
		return uuid.Nil, err
	}
	second, err := w.lock(high, ActJoin)
	if err != nil {
		return uuid.Nil, err
	}
	host, stands := first, second
	if host.c.ID != earlier.ID {
		host, stands = stands, host
	}
	if !host.c.open() || !stands.c.open() { // closed between the look and the lock
		return uuid.Nil, nil
	}
	if stands.c.Status.served() || !host.c.Status.served() && host.c.Stage == "prenatal" && stands.c.Stage == "postpartum" { // the child is born
		host, stands = stands, host
	}
	why, err := stands.cannotStand()
	if err == nil && why != "" && !host.c.Status.served() { // an alarm or a hold is answered on the case where it is: the other one stands
		if other, otherErr := host.cannotStand(); otherErr != nil || other == "" {
			host, stands, why, err = stands, host, other, otherErr
		}
	}
	switch {
	case err != nil:
		return uuid.Nil, err
	case why != "" && must:
		return uuid.Nil, fault.New(fault.Conflict, "%s", why)
	case why != "":
		return uuid.Nil, nil
	}
	if err := stands.standOn(host); err != nil {
		return uuid.Nil, err
	}
	return stands.c.ID, nil
}

// cannotStand: what is open on a case of its own, and nobody would look at while it stands on another.
func (m *moving) cannotStand() (string, error) {
	if m.c.Status.served() {
		return "Two agencies serve her, one by each record. Settle with her where she stays; then link.", nil
	}
	if open, err := m.alarmOpen(); err != nil || open {
		return "Both cases have an open alarm or hold, or an agency serves her by one and an alarm is open on the other. Write its outcome first; then link.", err
	}
	if m.c.HeldSince != nil {
		return "Both cases have an open alarm or hold, or an agency serves her by one and the other is on hold. Lift the hold; then link.", nil
	}
	if slices.Contains(m.c.ReviewReasons, reviewHandedOver) {
		return "Another jurisdiction was asked to take one of the cases. Take her back; then link.", nil
	}
	others, err := m.store.standing(m.c.ID)
	if err != nil || len(others) > 0 {
		return "Other records' cases stand on either case. Part those first; then link.", err
	}
	return "", nil
}

// standOn parks a case: all that runs on it ends under this move, which keeps the row as it was. Its own rows stay its own, and are read
// through the case on which it stands; its referrers hear of that one.
func (m *moving) standOn(host *moving) error {
	if err := m.leaveOffers("withdrawn"); err != nil {
		return err
	}
	m.store.leave(m.c.ID, nil, waitCaseClosed, m.id)
	if err := m.jobs.CancelCase(&m.id, m.c.ID, casePromises()...); err != nil {
		return err
	}
	m.store.closeCaseTasks(m.c.ID, m.id)
	joined := Joined
	m.c.Status, m.c.ReviewReasons, m.c.ClosedAt, m.c.Disposition, m.c.StandsOn = Closed, nil, &m.tx.Now, &joined, &host.c.ID
	m.c.NextStep, m.c.NextDueAt = stepNothing, nil
	m.detail["stands_on"] = host.c.ID
	m.store.seeAsSources(m.c.ID, host.c.ID, m.id)
	if err := m.save(); err != nil {
		return err
	}
	return m.tellHost(host)
}

// tellHost lets the rules read both, where the hub has her; where an agency has her a person at the hub looks at what is new.
func (m *moving) tellHost(host *moving) error {
	if err := m.tx.Flush(); err != nil {
		return err
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	f, err := host.family()
	if err != nil {
		return err
	}
	own, err := m.family()
	if err != nil {
		return err
	}
	if f.client.DoNotContact { // the hub hears of it where she goes on: the task of the parked case ended with it
		err := m.jobs.AddTask(jobs.Task{CaseID: &host.c.ID, OrgID: hub.ID, Role: auth.TriageCoordinator, Kind: taskReferredStopped, SubjectID: m.c.ID,
			DueAt: m.tx.Now, OpenedMove: &m.id})
		if err != nil {
			return err
		}
	}
	// no rule reads what a treatment program sent, nor a child whom only that record knows
	apart := len(own.infants)+len(own.died) > len(f.infants)+len(f.died) ||
		slices.ContainsFunc(own.referrals, func(r Referral) bool { return r.Sensitivity == sensitivityPart2 })
	if host.c.Status.served() || apart {
		urgent := host.c.Status.served() && (refusedAll(f.consents) || !mayContact(f.consents)) // she told another source; a person asks her
		err = m.jobs.AddTask(jobs.Task{CaseID: &host.c.ID, OrgID: hub.ID, Role: auth.TriageCoordinator, Kind: taskNewInformation, SubjectID: m.c.ID,
			Urgent: urgent, DueAt: m.tx.Now, OpenedMove: &m.id})
		if err != nil {
			return err
		}
	}
	if host.c.Status.served() {
		return nil
	}
	host.action = ActLink
	return host.lookAgain()
}

// standAlone puts a case back as it was before it stood on another, with all that ran on it then.
func (m *moving) standAlone(host *moving) error {
	joining, err := m.store.newestJoin(m.c.ID)
	if err != nil {
		return err
	}
	version := m.c.Version
	m.c.StandsOn = nil
	if err := json.Unmarshal(joining.Before, &m.c); err != nil {
		return wrap(err, "read case %s as it was", m.c.ID)
	}
	m.c.Version = version // history only grows
	m.store.undoLine(m.c.ID, joining.ID)
	if err := m.jobs.Undo(m.c.ID, joining.ID); err != nil {
		return err
	}
	m.store.seeNoMore(m.c.ID, host.c.ID, joining.ID)
	if err := m.jobs.Undo(host.c.ID, joining.ID); err != nil { // the task that said something is new
		return err
	}
	m.detail["stood_on"] = host.c.ID
	if err := m.whoSaidIt(host, joining.MovedAt); err != nil {
		return err
	}
	if err := m.save(); err != nil {
		return err
	}
	if err := m.takenBackMeanwhile(); err != nil {
		return err
	}
	if err := m.tx.Flush(); err != nil {
		return err
	}
	if !host.c.open() || host.c.Status.served() {
		return nil
	}
	host.action = ActTriage
	return host.lookAgain()
}

// whoSaidIt has a person ask whose word it was when, while both were one person, a no, a loss or a death was written on the other case: it
// stays there, and this one goes on as if nobody had said it.
func (m *moving) whoSaidIt(host *moving, joined time.Time) error {
	grave := []string{AskedNotToBeContacted, PregnancyEnded, ChildDied, ClientDied}
	said := host.c.Disposition != nil && !host.c.ClosedAt.Before(joined) && slices.Contains(grave, *host.c.Disposition)
	if !said {
		var err error
		if said, err = m.store.movedBy(host.c.ID, joined, ActRevoke, ActStopContact, ActLoss, ActDeath); err != nil {
			return err
		}
	}
	if !said {
		return nil
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	return m.ask(hub.ID, auth.TriageSupervisor, taskWhoSaidIt, m.c.ID, true)
}

// takenBackMeanwhile: its own referrals were all withdrawn while it stood on another case. A person looks whether it ends, here and not there.
func (m *moving) takenBackMeanwhile() error {
	referrals, err := m.store.referralsOf(m.c.ID)
	if err != nil || len(referrals) == 0 || slices.ContainsFunc(referrals, func(r Referral) bool { return r.WithdrawnAt == nil }) {
		return err
	}
	for _, r := range referrals {
		if err := m.jobs.CloseTasks(nil, r.ID, jobs.TaskNotNeeded, taskWithdrawn); err != nil {
			return err
		}
	}
	return m.tellWithdrawn(referrals[len(referrals)-1], "")
}

// lookAgain lets the rules look at a case whose facts are others now. Where they say what they said before, nothing is written.
func (m *moving) lookAgain() error {
	f, err := m.family()
	if err != nil {
		return err
	}
	v, err := m.weigh(f)
	if err != nil || v.decision == nil {
		return err
	}
	stopped := f.stopped() && m.c.Status != Review
	newest, err := m.store.latestDecision(m.c.ID)
	switch {
	case err == nil && newest.Digest == v.decision.Digest() && !stopped:
		return nil
	case err != nil && fault.KindOf(err) != fault.NotFound:
		return err
	}
	if err := m.keepDecision(f, v, string(m.action)); err != nil {
		return err
	}
	if m.c.Status != Offered || stopped { // offers that were made stand
		if err := m.settle(f, v); err != nil {
			return err
		}
	}
	return m.save()
}
