package referral_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/messages"
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

// approveWords lets a supervisor approve what came with the service.
func (w *world) approveWords() {
	w.Helper()
	lead, words := w.User(w.hub, auth.TriageSupervisor), messages.NewService(w.db)
	all, err := words.List(w.Context(), lead)
	w.must(err)
	for _, t := range all.Items {
		for _, in := range t.Languages {
			if in.Draft != nil {
				_, err := words.Approve(w.Context(), lead, in.Draft.ID)
				w.must(err)
			}
		}
	}
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
	w.approveWords()
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

// A machine says only what is approved in her language, at the moment at which it leaves: without it the person whose task stands beside speaks.
func TestAMachineSaysOnlyWhatIsApproved(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET intake = 'waitlist'`)
	say := func(id uuid.UUID) (text, reason string) {
		w.must(w.db.InTx(t.Context(), auth.System("test"), func(tx *pg.Tx) (err error) {
			var blocked *jobs.Blocked
			_, text, err = w.cases.WordsToHer(tx, jobs.Message{CaseID: id, Audience: "client", Channel: "email", Template: jobs.StillWaiting}, messages.Safe{Sender: "Doorstep"})
			if errors.As(err, &blocked) {
				reason, err = blocked.Reason, nil
			}
			return err
		}))
		return text, reason
	}
	early := w.waitingByMail()
	w.clock.forward(32 * 24 * time.Hour)
	w.work()
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.waitlist_touch'`, early)
	w.want("0", `SELECT count(*) FROM messages WHERE case_id = $1 AND audience = 'client'`, early)
	if text, reason := say(early); text != "" || reason != "no_template" {
		t.Errorf("before anybody approved: %q, %q", text, reason)
	}
	w.approveWords()
	for language, begins := range map[string]string{"en": "Hello,", "es": "Hola:", "es-MX": "Hola:", "ht": "", "": ""} {
		w.exec(`UPDATE clients SET read_language = NULL, spoken_language = nullif($2, '') WHERE id = (SELECT caregiver_id FROM cases WHERE id = $1)`, early, language)
		if text, reason := say(early); begins == "" && reason != "no_template" || begins != "" && !strings.HasPrefix(text, begins) {
			w.want("", `SELECT string_agg(t.code || t.channel || v.language || v.status, ' ') FROM message_versions v JOIN message_templates t ON t.id = v.template_id`)
			t.Errorf("who speaks %q hears %.20q, %q", language, text, reason)
		}
	}
	w.exec(`UPDATE clients SET read_language = 'es', spoken_language = 'en' WHERE id = (SELECT caregiver_id FROM cases WHERE id = $1)`, early)
	if text, _ := say(early); !strings.HasPrefix(text, "Hola:") {
		t.Errorf("what she reads counts before what she speaks: %.20q", text)
	}
}
