package referral_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral"
)

// waitingByMail is a family that waits for a place and may be written to.
func (w *world) waitingByMail() uuid.UUID {
	w.Helper()
	in := prenatal()
	in.ContactMethods = append(in.ContactMethods, referral.SubmittedContact{Channel: "email", Value: "ana@example.org", SafeEmail: "yes"})
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Wait(w.Context(), w.desk, id, referral.WaitForm{Programs: []uuid.UUID{w.first.Program}, How: "phone"}))
	w.status(referral.Waitlisted, id)
	return id
}

// mailAddress is where a message to her would go now; empty when nothing may leave.
func (w *world) mailAddress(id uuid.UUID) (to string) {
	w.Helper()
	w.must(w.db.InTx(w.Context(), auth.System("test"), func(tx *pg.Tx) (err error) {
		to, err = w.cases.ClientAddress(tx, jobs.Message{CaseID: id, Audience: "client", Channel: "email"})
		var blocked *jobs.Blocked
		if errors.Is(err, jobs.ErrNothingToDo) || errors.As(err, &blocked) {
			return nil
		}
		return err
	}))
	return to
}

// While she waits a machine writes to her two minutes after her owner was asked to call, and only where she may be written to.
func TestAMachineWritesToWhoWaits(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET intake = 'waitlist'`)
	id := w.waitingByMail()
	_, phone := w.receive(w.hospital, prenatal())
	w.ok(w.cases.Wait(t.Context(), w.desk, phone, referral.WaitForm{Programs: []uuid.UUID{w.first.Program}, How: "phone"}))
	w.clock.forward(32 * 24 * time.Hour)
	w.work()
	w.want("still_waiting email 00:02:00", `SELECT m.template || ' ' || m.channel || ' ' || (m.not_before - t.created_at) FROM messages m JOIN tasks t USING (case_id)
		WHERE case_id = $1 AND audience = 'client' AND t.kind = 'case.waitlist_touch'`, id)
	w.want("0", `SELECT count(*) FROM messages WHERE case_id = $1 AND audience = 'client'`, phone)
	v, err := w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
	if len(v.Messages) != 1 || v.Messages[0].State != "waiting" {
		t.Errorf("got %s", w.marshal(v.Messages))
	}
	w.ok(w.cases.RecordLoss(t.Context(), w.desk, id, lost()))
	w.want("withdrawn", `SELECT status FROM messages WHERE case_id = $1 AND audience = 'client'`, id)
}

// Each of these leaves it to people, at the moment at which a message would leave.
func TestNothingLeavesToHerWhen(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET intake = 'waitlist'`)
	for what, do := range map[string]func(id uuid.UUID) error{
		"a hold stands": func(id uuid.UUID) error {
			_, err := w.cases.PlaceHold(t.Context(), w.desk, id, holdOf("client_asked"))
			return err
		},
		"she refused": func(id uuid.UUID) error {
			_, err := w.cases.RecordChoice(t.Context(), w.desk, id, referral.ChoiceForm{Answer: "no", NotAgain: true, How: "phone"})
			return err
		},
		"she died": func(id uuid.UUID) error {
			_, err := w.cases.RecordDeath(t.Context(), w.desk, id, referral.DeathForm{Who: "caregiver"})
			return err
		},
		"a loss that was held no longer": func(id uuid.UUID) error {
			if _, err := w.cases.RecordLoss(t.Context(), w.desk, id, lost()); err != nil {
				return err
			}
			_, err := w.cases.LiftHold(t.Context(), w.desk, w.oneOf("holds", id), lifted("reviewed"))
			return err
		},
		"somebody may hurt her": func(id uuid.UUID) error {
			_, err := w.cases.Amend(t.Context(), w.desk, id, w.amended(id, change("answer", "partner_violence", "yes")))
			return err
		},
		"the case is closed": func(id uuid.UUID) error {
			_, err := w.cases.Close(t.Context(), w.desk, id, ends("information_given"))
			return err
		},
		"mail is not safe": func(id uuid.UUID) error {
			w.exec(`UPDATE contact_methods SET safe_email = 'unknown' FROM cases WHERE client_id = caregiver_id AND cases.id = $1`, id)
			return nil
		},
	} {
		id := w.waitingByMail()
		if got := w.mailAddress(id); got != "ana@example.org" {
			t.Fatalf("before %s: %q", what, got)
		}
		w.must(do(id))
		if got := w.mailAddress(id); got != "" {
			t.Errorf("%s, and a machine writes to %s", what, got)
		}
	}
}
