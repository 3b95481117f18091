package referral_test

import (
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/jobs"
	"doorstep/referral"
)

const safetyTasks = `SELECT coalesce(string_agg(coalesce(closed_as, 'open'), ',' ORDER BY created_at, id), '') FROM tasks
	WHERE case_id = $1 AND kind = 'case.safety_not_asked'`

// asked are both questions of safety, answered.
func asked(in referral.Submission) referral.Submission {
	in.Needs = map[string]string{"danger_now": "no"}
	in.Screenings = []referral.SubmittedScreening{{Instrument: "phq9", Items: values(0, 0, 0, 0, 0, 0, 0, 0, 0)}}
	return in
}

func values(all ...int) []*int {
	out := make([]*int, len(all))
	for i := range all {
		out[i] = &all[i]
	}
	return out
}

func TestAQuestionOfSafetyThatNobodyPutIsATask(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	w.want("triage_coordinator false true", `SELECT role || ' ' || urgent || ' ' || (due_at = (SELECT next_due_at FROM cases WHERE id = $1))
		FROM tasks WHERE case_id = $1 AND kind = 'case.safety_not_asked' AND org_id = $2`, id, w.hub.ID)
	half := asked(in)
	half.Needs = nil
	w.receive(w.hospital, half) // danger is still open
	w.ok(w.cases.Triage(ctx, w.desk, id))
	w.want("open", safetyTasks, id)
	_, hub := w.Key(w.hub, auth.Integration)
	w.receive(hub, asked(in)) // the desk has put it, and writes what she said
	w.want("no_longer_needed", safetyTasks, id)
	w.want("hub", `SELECT facts #>> '{origins,danger_now}' FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	w.ok(w.cases.Triage(ctx, w.desk, id))
	w.want("no_longer_needed", safetyTasks, id)

	_, known := w.receive(w.hospital, asked(prenatal()))
	w.want("", safetyTasks, known)
}

// A pass of the rules keeps decisions too: the first after this release asks for families that came before it.
func TestAPassOfTheRulesAsksForThoseWhoCameBefore(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.hospital, prenatal())
	_, known := w.receive(w.hospital, asked(prenatal()))
	w.exec(`ALTER TABLE decisions DISABLE TRIGGER decisions_append_only`)
	for _, want := range []string{"open", "open"} {
		w.exec(`DELETE FROM tasks WHERE closed_at IS NOT NULL OR $1 = 'open'`, want)
		w.exec(`UPDATE decisions SET digest = NULL`)
		w.exec(`DELETE FROM renewals`)
		w.must(w.cases.Renew(t.Context()))
		w.want(want, safetyTasks, id)
		w.want("", safetyTasks, known)
	}
}

func TestWhoHasPutTheQuestionIsNotAskedForItAgain(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	end := func(id uuid.UUID, as string) {
		_, err := w.cases.CloseTask(ctx, w.desk, w.id(`SELECT id FROM tasks WHERE case_id = $1 AND closed_at IS NULL`, id), referral.TaskEnd{As: as})
		w.must(err)
	}
	id := w.outreach()
	end(id, "could_not")
	w.ok(w.cases.Triage(ctx, w.desk, id))
	w.want("could_not,open", safetyTasks, id)
	end(id, "done")
	w.ok(w.cases.Triage(ctx, w.desk, id))
	w.want("could_not,done", safetyTasks, id)
}

func TestTheQuestionOfSafetyGoesWithTheFamily(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.offered()
	w.want("open", safetyTasks, id)
	w.ok(w.cases.Claim(ctx, w.first.desk, id, referral.ClaimForm{}))
	w.want("no_longer_needed", safetyTasks, id)
	w.ok(w.cases.Undo(ctx, w.first.desk, id))
	w.want("open", safetyTasks, id)
	w.ok(w.cases.Claim(ctx, w.first.desk, id, referral.ClaimForm{}))
	w.ok(w.cases.Release(ctx, w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	w.want("no_longer_needed,open", safetyTasks, id)
	w.ok(w.cases.Undo(ctx, w.first.desk, id))
	w.want("no_longer_needed,no_longer_needed", safetyTasks, id)

	closed := w.outreach()
	w.ok(w.cases.Close(ctx, w.desk, closed, referral.CloseForm{Disposition: "information_given"}))
	w.want("no_longer_needed", safetyTasks, closed)
	w.ok(w.cases.Undo(ctx, w.desk, closed))
	w.want("open", safetyTasks, closed)
}

func TestNoQuestionIsPutAfterALoss(t *testing.T) {
	w := newWorld(t)
	ctx := t.Context()
	id := w.outreach()
	w.ok(w.cases.RecordLoss(ctx, w.desk, id, lost()))
	w.want("no_longer_needed", safetyTasks, id)
	w.ok(w.cases.Triage(ctx, w.desk, id))
	w.want("no_longer_needed", safetyTasks, id)

	told := prenatal()
	told.History = map[string]string{"pregnancy_loss_or_infant_death": "yes"}
	_, mourning := w.receive(w.hospital, told)
	w.want("", safetyTasks, mourning)

	in := prenatal()
	_, first := w.receive(w.hospital, in)
	in.Pregnancy = &referral.SubmittedPregnancy{DueOn: "2027-08-01"}
	_, second := w.receive(w.hospital, in) // another pregnancy of the same client
	w.ok(w.cases.RecordDeath(ctx, w.desk, first, referral.DeathForm{Who: "caregiver"}))
	w.want("no_longer_needed", safetyTasks, first)
	w.want("no_longer_needed", safetyTasks, second)
	w.ok(w.cases.Triage(ctx, w.desk, second))
	w.want("no_longer_needed", safetyTasks, second)
	w.want("0", `SELECT count(*) FROM tasks WHERE kind = $1`, jobs.TaskJobDead)
}
