package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

func connected(kind, destination string) referral.ConnectForm {
	return referral.ConnectForm{Kind: kind, Destination: destination, ConsentHow: "phone", Language: "en", WordingVersion: "2026-01"}
}

func outcome(outcome, reason string) referral.ConnectionForm {
	return referral.ConnectionForm{Outcome: outcome, Reason: reason}
}

func (w *world) connect(actor auth.Actor, id uuid.UUID, kind string) uuid.UUID {
	w.Helper()
	return *w.ok(w.cases.Connect(w.Context(), actor, id, connected(kind, "somewhere"))).CreatedID
}

func TestAConnectionFromSentToReceived(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	wic := w.connect(w.desk, id, "wic")
	w.want("sent phone 2026-01 en", `SELECT concat_ws(' ', status, consent_how, wording_version, language) FROM connections WHERE id = $1 AND org_id = $2 AND sent_by = $3`, wic, w.hub.ID, w.desk.ID)
	_, err := w.cases.Connect(t.Context(), w.lead, id, connected("wic", "somewhere"))
	w.says(err, "She was sent there for this already")
	w.ok(w.cases.Connect(t.Context(), w.desk, id, connected("wic", "elsewhere")))

	w.ok(w.cases.RecordConnection(t.Context(), w.desk, wic, outcome("acknowledged", "")))
	_, err = w.cases.RecordConnection(t.Context(), w.desk, wic, outcome("acknowledged", ""))
	w.says(err, "was acknowledged at 2026-10-06")
	due := time.Date(2026, 10, 26, 21, 0, 0, 0, time.UTC) // 14 business days
	w.want("true", dueOf, id, "connection.check", due)
	w.clock.set(due)
	w.work()
	task := `SELECT kind || ' ' || role FROM tasks WHERE subject_id = $1 AND org_id = $2 AND closed_at IS NULL`
	w.want("connection.ask_how_it_ended triage_coordinator", task, wic, w.hub.ID)
	w.ok(w.cases.RecordConnection(t.Context(), w.lead, wic, outcome("received", "")))
	w.want("", task, wic, w.hub.ID)
	w.want("received", `SELECT status FROM connections WHERE id = $1 AND settled_at = $2 AND acknowledged_at < settled_at`, wic, due)
	_, err = w.cases.RecordConnection(t.Context(), w.desk, wic, outcome("not_received", "moved"))
	w.says(err, "How this connection ended was written at")
	again := w.connect(w.desk, id, "wic") // the first has ended
	w.ok(w.cases.RecordConnection(t.Context(), w.desk, again, outcome("not_received", "no_capacity")))
	w.want("done", `SELECT status FROM follow_ups WHERE subject_id = $1`, again)
	w.want("no_capacity", `SELECT reason FROM connections WHERE id = $1`, again)
}

func TestWhatAConnectionMustSay(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	_, err := w.cases.Connect(t.Context(), w.desk, id, referral.ConnectForm{})
	w.invalid(err, "/kind", "/destination", "/consent_how")
	for _, name := range []string{" WIC", "WIC\nWIC", "\u202eCIW"} {
		_, err = w.cases.Connect(t.Context(), w.desk, id, connected("wic", name))
		w.invalid(err, "/destination")
	}
	in := connected("contraception", "Clínica São Example")
	_, err = w.cases.Connect(t.Context(), w.desk, id, in)
	w.invalid(err, "/she_asked")
	in.SheAsked = true
	made := *w.ok(w.cases.Connect(t.Context(), w.desk, id, in)).CreatedID
	_, err = w.cases.RecordConnection(t.Context(), w.desk, made, outcome("not_received", ""))
	w.invalid(err, "/reason")
	_, err = w.cases.RecordConnection(t.Context(), w.desk, made, outcome("received", "moved"))
	w.invalid(err, "/reason")
}

// A hold stops what goes to her; a connection goes to the service.
func TestAnAgencyConnectsAFamilyThatItHas(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	_, err := w.cases.Connect(t.Context(), w.first.desk, id, connected("crib", "somewhere"))
	w.refused(fault.NotFound, err)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.hold(w.first.desk, id, "client_asked")
	crib, food := w.connect(w.first.visitor, id, "crib"), w.connect(w.desk, id, "food")
	_, err = w.cases.RecordConnection(t.Context(), w.first.desk, food, outcome("received", ""))
	w.refused(fault.NotFound, err)
	for who, want := range map[*auth.Actor]int{&w.first.desk: 1, &w.desk: 2} {
		v, err := w.cases.Case(t.Context(), *who, id)
		w.must(err)
		if len(v.Connections) != want {
			t.Errorf("%s sees %s", who.Role, w.marshal(v.Connections))
		}
	}
	w.ok(w.cases.RecordConnection(t.Context(), w.desk, crib, outcome("acknowledged", ""))) // the hub may, for everyone

	w.ok(w.cases.Release(t.Context(), w.first.desk, id, referral.ReleaseForm{Reason: "other"}))
	w.clock.forward(40 * 24 * time.Hour) // the agency no longer has her, so the hub asks
	w.work()
	w.want("2", `SELECT count(*) FROM tasks WHERE kind = 'connection.ask_how_it_ended' AND org_id = $1 AND role = 'triage_coordinator'`, w.hub.ID)
}

func TestHelpThatWasPromisedGoesOnWhenTheCaseEnds(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	crib := w.connect(w.first.visitor, id, "crib")
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	w.clock.forward(40 * 24 * time.Hour)
	w.work()
	w.want("agency_coordinator", `SELECT role FROM tasks WHERE subject_id = $1 AND org_id = $2 AND closed_at IS NULL`, crib, w.first.ID)
	version := w.text(`SELECT version FROM cases WHERE id = $1`, id)
	w.ok(w.cases.RecordConnection(t.Context(), w.first.desk, crib, outcome("received", "")))
	w.status(referral.Closed, id)
	w.want(version, `SELECT version FROM cases WHERE id = $1`, id)
	w.want("0", `SELECT count(*) FROM tasks WHERE closed_at IS NULL`)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'record connection' AND case_id = $1 AND subject_id = $2`, id, crib)
	_, err := w.cases.Connect(t.Context(), w.first.desk, id, connected("food", "somewhere"))
	w.refused(fault.Conflict, err)
}

func TestUndoTakesAConnectionBack(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	wic := w.connect(w.desk, id, "wic")
	w.ok(w.cases.Undo(t.Context(), w.desk, id))
	w.want("undone", `SELECT status FROM connections WHERE id = $1 AND settled_at IS NOT NULL`, wic)
	w.want("cancelled", `SELECT status FROM follow_ups WHERE subject_id = $1`, wic)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if len(v.Connections) != 0 {
		t.Errorf("got %s", w.marshal(v.Connections))
	}
	w.connect(w.desk, id, "wic")
}
