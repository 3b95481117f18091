package referral

import (
	"slices"

	"doorstep/auth"
	"doorstep/jobs"
	"doorstep/triage"
)

// askForSafety keeps one task open at the hub for as long as nobody has asked her whether she thinks of harming herself and
// whether she is safe: what was not asked is not "no". It ends with the decision that knows both. A person who has asked her
// writes it done, and no later decision asks for it again. After a loss, or when the client died, no question is put.
func (m *moving) askForSafety(f *family, v verdict) error {
	if !unasked(v.decision, &v.facts, f.client.DeathRecordedAt != nil) {
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

// unasked reports whether there is a question of safety that somebody should put to her.
func unasked(d *triage.Decision, facts *triage.Facts, died bool) bool {
	return !died && facts.PregnancyLossOrInfantDeath != triage.Yes && slices.ContainsFunc(d.Flags, func(flag string) bool {
		return flag == triage.FlagSelfHarmNotScreened || flag == triage.FlagDangerNotAsked
	})
}

// leaveSafety ends the hub's task when an agency takes the family: it asks her itself. A closed case has no task of any kind.
func (m *moving) leaveSafety() error {
	if m.fresh || m.was.Status.served() || !m.c.Status.served() {
		return nil
	}
	return m.jobs.CloseTasks(&m.id, m.c.ID, jobs.TaskNotNeeded, taskSafety)
}
