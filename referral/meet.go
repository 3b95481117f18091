package referral

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/referral/match"
)

// questionsAtOnce is how many pairs one referral may put before a coordinator: the likeliest. More would be a name that many bear.
const questionsAtOnce = 3

// maybeHer looks for the person of a new record among the others, before anything of hers is written. A person who is not to be
// contacted is not contacted under another spelling either.
func (w *work) maybeHer(m *moving, f *family, r received) ([]Candidate, error) {
	if !m.newcomer { // she is known by her exact identity
		return nil, nil
	}
	found, err := w.candidates(asked{personOf(r.client, r.contacts, r.addresses, r.infants), r.role, m.c.EpisodeID, m.c.CaregiverID})
	if err != nil {
		return nil, err
	}
	for _, c := range found {
		if c.Verdict != match.Link {
			continue
		}
		never, err := w.store.neverToBeContacted(c.ClientID)
		if err != nil {
			return nil, err
		}
		f.client.DoNotContact = f.client.DoNotContact || never
	}
	return found, nil
}

// meetHerself links the record of a referral that just came in, or asks. Its own case was received and triaged like any other, so
// its referrer's answer tells nothing of others, and a link that was wrong leaves a whole case behind.
func (m *moving) meetHerself(found []Candidate) error {
	if len(found) == 0 {
		return nil
	}
	if err := m.store.lockLinks(); err != nil {
		return err
	}
	for i, c := range found {
		e := Evidence{c.Score, m.svc.people.Basis()}
		never, err := m.store.saidNot(m.c.CaregiverID, c.ClientID)
		if err == nil && c.Verdict == match.Link && m.raised > 0 { // answered on the case in which it rang: the other must be able to stand on it
			busy, lookup := m.store.cannotGiveWay(c.ClientID)
			never, err = never || busy, lookup
		}
		if err != nil {
			return err
		}
		if c.Verdict == match.Link && !never {
			if err := m.tx.Flush(); err != nil {
				return err
			}
			_, err := m.oneIsTheOther(m.c.CaregiverID, c.ClientID, byMachine, e)
			return err
		}
		if i < questionsAtOnce {
			if err := m.askIfSame(c.ClientID, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// askIfSame puts a pair on the list of the identity review. The case goes on meanwhile as its own.
func (m *moving) askIfSame(other uuid.UUID, e Evidence) error {
	evidence, err := json.Marshal(e)
	if err != nil {
		return wrap(err, "keep the evidence")
	}
	q := matchQuestion{ID: pg.NewID(), CaseID: m.c.ID, Evidence: evidence, AskedAt: m.tx.Now}
	q.ClientA, q.ClientB = inOrder(m.c.CaregiverID, other)
	if err := m.tx.Insert(&q); err != nil {
		return err
	}
	hub, err := m.hub()
	if err != nil {
		return err
	}
	if err := m.ask(hub.ID, auth.TriageCoordinator, taskSamePerson, q.ID, false); err != nil {
		return err
	}
	return m.audit.Record(audit.Event{Action: "ask if same person", CaseID: &m.c.ID, Subject: "match", SubjectID: &q.ID,
		Detail: map[string]any{"bits": e.Bits}})
}

// scoreOf compares two records as they stand now.
func (w *work) scoreOf(a, b uuid.UUID) (Evidence, error) {
	var both [2]match.Person
	for i, id := range []uuid.UUID{a, b} {
		r, err := w.store.record(id)
		if err != nil {
			return Evidence{}, err
		}
		both[i] = personOf(r.client, r.contacts, r.addresses, r.children)
	}
	score := w.svc.people.Score(both[0], both[1])
	score.Parts = slices.Clone(score.Parts)
	return Evidence{score, w.svc.people.Basis()}, nil
}
