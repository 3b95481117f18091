package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// alarmed is a case in review with one open alarm.
func (w *world) alarmed() (caseID, alarm uuid.UUID) {
	w.Helper()
	_, caseID = w.receive(w.hospital, selfHarm(prenatal()))
	return caseID, w.id(`SELECT id FROM alarms WHERE case_id = $1`, caseID)
}

func safe() referral.AlarmOutcome {
	return referral.AlarmOutcome{Outcome: "safe_now", Remarks: "Spoke with her sister beside her."}
}

func TestAnUnansweredAlarmClimbsToAPersonWhoCallsTheReferrer(t *testing.T) {
	w := newWorld(t)
	_, alarm := w.alarmed()
	open := `SELECT kind || ' ' || role FROM tasks WHERE subject_id = $1 AND closed_at IS NULL`
	w.want("alarm.answer triage_coordinator", open, alarm)
	for _, rung := range []struct {
		after time.Duration
		task  string
	}{{15 * time.Minute, "alarm.answer triage_supervisor"}, {15 * time.Minute, "alarm.answer program_manager"}, {30 * time.Minute, "alarm.call_referrer triage_supervisor"}} {
		w.clock.forward(rung.after - time.Second)
		w.work()
		before := w.text(open, alarm)
		w.clock.forward(time.Second)
		w.work()
		if w.text(open, alarm) == before {
			t.Errorf("after %s nobody else was told", rung.after)
		}
		w.want(rung.task, open, alarm)
	}
	w.want("3", `SELECT ladder_step FROM alarms WHERE id = $1`, alarm)
	w.clock.forward(240 * time.Hour)
	w.work()
	w.want("alarm.call_referrer triage_supervisor", open, alarm)
	w.want("3", `SELECT count(*) FROM audit_events WHERE action = 'alarm climbs'`)
}

// Outside hours the ladder waits, and is not climbed all at once in the morning.
func TestTheLadderWaitsForUrgentHours(t *testing.T) {
	w := newWorld(t)
	w.clock.set(time.Date(2026, 10, 9, 20, 50, 0, 0, time.UTC)) // Friday 16:50; Saturday opens at 9
	_, alarm := w.alarmed()
	w.clock.set(time.Date(2026, 10, 10, 13, 4, 0, 0, time.UTC))
	w.work()
	w.want("0", `SELECT ladder_step FROM alarms WHERE id = $1`, alarm)
	w.clock.set(time.Date(2026, 10, 10, 13, 5, 0, 0, time.UTC))
	w.work()
	w.want("1", `SELECT ladder_step FROM alarms WHERE id = $1`, alarm)
}

func TestAcknowledgedStopsTheLadderAndTheCaseStaysInReview(t *testing.T) {
	w := newWorld(t)
	id, alarm := w.alarmed()
	w.ok(w.cases.AcknowledgeAlarm(t.Context(), w.desk, alarm))
	_, err := w.cases.AcknowledgeAlarm(t.Context(), w.lead, alarm)
	w.says(err, "acknowledged at 2026-10-06 14:00 UTC")
	w.clock.forward(2 * time.Hour)
	w.work()
	w.want("0", `SELECT ladder_step FROM alarms WHERE id = $1 AND acknowledged_by = $2`, alarm, w.desk.ID)
	w.status(referral.Review, id)
	w.want("0", `SELECT count(*) FROM tasks WHERE subject_id = $1 AND closed_at IS NULL`, alarm)
	page, err := w.cases.Alarms(t.Context(), w.desk)
	w.must(err)
	if len(page.Items) != 1 {
		t.Errorf("an alarm without an outcome left the list: %+v", page)
	}
}

func TestTheOutcomeLetsTheCaseGoOn(t *testing.T) {
	w := newWorld(t)
	id, alarm := w.alarmed()
	_, err := w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.first.Program))
	w.says(err, "An alarm of this case has no outcome yet")
	r := w.ok(w.cases.RecordAlarmOutcome(t.Context(), w.desk, alarm, safe()))
	if r.Status != referral.Outreach {
		t.Errorf("got %+v", r)
	}
	w.want("safe_now", `SELECT outcome FROM alarms WHERE id = $1 AND acknowledged_at IS NOT NULL AND remarks_sealed IS NOT NULL`, alarm)
	_, err = w.cases.RecordAlarmOutcome(t.Context(), w.desk, alarm, safe())
	w.says(err, "written already")
	_, err = w.cases.RecordAlarmOutcome(t.Context(), w.desk, alarm, referral.AlarmOutcome{Outcome: "shrug"})
	w.invalid(err, "/outcome")
	_, err = w.cases.RecordAlarmOutcome(t.Context(), w.desk, uuid.New(), safe())
	w.refused(fault.NotFound, err)
	_, err = w.cases.RecordAlarmOutcome(t.Context(), w.first.desk, alarm, safe())
	w.refused(fault.Forbidden, err)
}

// An agency may end its case while the hub still answers an alarm: the alarm lives on until it has its outcome.
func TestAClosedCaseSilencesNoAlarm(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.receive(w.hospital, selfHarm(in))
	alarm := w.id(`SELECT id FROM alarms`)
	w.ok(w.cases.Close(t.Context(), w.first.desk, id, ends("said_no_for_now")))
	w.clock.forward(15 * time.Minute)
	w.work()
	w.want("1", `SELECT ladder_step FROM alarms WHERE id = $1`, alarm)
	w.ok(w.cases.RecordAlarmOutcome(t.Context(), w.desk, alarm, safe()))
	w.status(referral.Closed, id)
	w.want("0", `SELECT count(*) FROM tasks WHERE subject_id = $1 AND closed_at IS NULL`, alarm)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'record alarm outcome' AND case_id = $1`, id)
}
