package referral

import (
	"encoding/json"
	"slices"

	"github.com/google/uuid"

	"doorstep/audit"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
)

// oneIsTheOther links two records, and lets live cases of one episode become one: see ADR 19. Nothing is merged and nothing moves from
// record to record. The links are locked.
// Faults: Conflict for two caregivers of one child, for records that are linked already, and where cases cannot be joined now.
func (w *work) oneIsTheOther(a, b uuid.UUID, how string, e Evidence) (ClientLink, error) {
	mine, yours, err := w.twoPeople(a, b)
	if err != nil {
		return ClientLink{}, err
	}
	evidence, err := json.Marshal(e)
	if err != nil {
		return ClientLink{}, wrap(err, "keep the evidence")
	}
	l := ClientLink{ID: pg.NewID(), How: how, Evidence: evidence, LinkedAt: w.tx.Now, LinkedBy: w.tx.Actor.ID}
	l.ClientA, l.ClientB = inOrder(a, b)
	if err := w.tx.Insert(&l); err != nil {
		return l, err
	}
	records, err := w.store.recordsOf(slices.Concat(mine, yours)...)
	if err != nil {
		return l, err
	}
	all := idsOf(records)
	w.store.isOnePerson(all)
	err = w.audit.Record(audit.Event{Action: "link records", Subject: "link", SubjectID: &l.ID,
		Detail: map[string]any{"client_a": l.ClientA, "client_b": l.ClientB, "how": how, "bits": e.Bits}})
	if err != nil {
		return l, err
	}
	if err := w.joinCases(all, how != byMachine); err != nil { // a referral is never refused for it
		return l, err
	}
	return l, w.stopWhatMust(all)
}

// stopWhatMust puts those of her open cases before a person that go on with what another of her records forbids: she is not to be
// contacted, she died, or an agency serves her.
func (w *work) stopWhatMust(records []uuid.UUID) error {
	cases, err := w.store.casesOfAll(records)
	if err != nil {
		return err
	}
	for _, c := range cases {
		if !c.open() || c.Status.served() || c.Status == Review {
			continue
		}
		if err := w.tx.Flush(); err != nil {
			return err
		}
		m, err := w.lock(c.ID, ActLink)
		if err != nil {
			return err
		}
		f, err := m.family()
		if err != nil {
			return err
		}
		if f.stopped() {
			if err := m.lookAgain(); err != nil {
				return err
			}
		}
	}
	return nil
}

// stopped: a record of hers says that no case may go on by itself.
func (f *family) stopped() bool {
	return f.client.DoNotContact || f.client.DeathRecordedAt != nil || len(f.servedBy) > 0
}

// twoPeople are the records of either side.
func (w *work) twoPeople(a, b uuid.UUID) (mine, yours []uuid.UUID, err error) {
	first, err := w.store.recordsOf(a)
	if err != nil {
		return nil, nil, err
	}
	second, err := w.store.recordsOf(b)
	if err != nil {
		return nil, nil, err
	}
	mine, yours = idsOf(first), idsOf(second)
	if slices.Contains(mine, b) {
		return nil, nil, fault.New(fault.Conflict, "These two records are linked already.")
	}
	both, err := w.store.shareEpisode(mine, yours)
	if err == nil && both {
		err = fault.New(fault.Conflict, "These are two caregivers of one child. They are never linked.")
	}
	return mine, yours, err
}

func idsOf(records []Client) []uuid.UUID {
	out := make([]uuid.UUID, 0, len(records))
	for _, c := range records {
		out = append(out, c.ID)
	}
	return out
}
