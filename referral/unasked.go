package referral

import (
	"encoding/json"
	"errors"
	"slices"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/triage"
)

// keepSafety keeps one task open at the hub for as long as nobody has asked her whether she thinks of harming herself and whether
// she is safe: what was not asked is not "no". It ends with the decision that knows both, and when an agency takes the family, which
// asks her itself; it comes back with the family. A person who has asked her writes it done, and no later decision asks for it again.
// After a loss, or when the client died, no question is put. Undo brings tasks back by itself.
func (m *moving) keepSafety() error {
	switch {
	case m.action == ActUndo, !m.c.open():
		return nil
	case m.c.Status.served():
		if m.fresh {
			return nil
		}
		return m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskNotNeeded, taskSafety)
	case m.decided == nil && !m.was.Status.served():
		return nil
	}
	f := m.judged
	if f == nil {
		var err error
		if f, err = m.family(); err != nil {
			return err
		}
	}
	open, err := m.safetyOpen(f)
	if err != nil {
		return err
	}
	if !open {
		if m.fresh {
			return nil
		}
		return m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskNotNeeded, taskSafety)
	}
	hub, cal, err := m.desk()
	if err != nil {
		return err
	}
	return m.jobs.AddTaskOnce(jobs.Task{CaseID: &m.c.ID, OrgID: hub.ID, Role: auth.TriageCoordinator, Kind: taskSafety, SubjectID: m.c.ID,
		DueAt: m.firstAttemptDue(f, cal, 1), OpenedMove: &m.id})
}

// safetyOpen reads it off the decision of this move, or the newest before it.
func (m *moving) safetyOpen(f *family) (bool, error) {
	died := f.client.DeathRecordedAt != nil
	if m.decided != nil {
		return unasked(m.decided.decision, &m.decided.facts, died), nil
	}
	row, err := m.store.latestDecision(m.c.ID)
	if errors.Is(err, fault.NotFound) {
		return false, nil
	}
	var d triage.Decision
	var facts triage.Facts
	if err == nil {
		err = errors.Join(json.Unmarshal(row.Outcome, &d), json.Unmarshal(row.Facts, &facts))
	}
	return unasked(&d, &facts, died), wrap(err, "read the newest decision of case %s", m.c.ID)
}

// unasked reports whether there is a question of safety that somebody should put to her.
func unasked(d *triage.Decision, facts *triage.Facts, died bool) bool {
	return !died && facts.PregnancyLossOrInfantDeath != triage.Yes && slices.ContainsFunc(d.Flags, func(flag string) bool {
		return flag == triage.FlagSelfHarmNotScreened || flag == triage.FlagDangerNotAsked
	})
}
