package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func withdrawn(reason string) referral.WithdrawForm { return referral.WithdrawForm{Reason: reason} }

func TestACaseEndsWithItsLastReferral(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	sent, id := w.receive(w.hospital, in)
	again, _ := w.receive(w.clinic, in)
	r, err := w.cases.Withdraw(t.Context(), w.hospital, sent.ID, withdrawn("duplicate"))
	w.must(err)
	if r.ID != sent.ID || r.Reference != sent.Reference || !r.WithdrawnAt.Equal(w.clock.Now()) || r.Text == "" {
		t.Errorf("got %+v", r)
	}
	w.status(referral.Outreach, id)
	w.want("case.referral_withdrawn triage_coordinator f", `SELECT concat_ws(' ', kind, role, urgent) FROM tasks WHERE subject_id = $1`, sent.ID)
	_, err = w.cases.Withdraw(t.Context(), w.hospital, sent.ID, withdrawn("duplicate"))
	w.says(err, "This referral was withdrawn at")
	last, err := w.cases.Withdraw(t.Context(), w.clinic, again.ID, withdrawn("sent_in_error"))
	w.must(err)
	if last.Text != r.Text { // the answer tells nobody what became of the case
		t.Errorf("got %q and %q", r.Text, last.Text)
	}
	w.want("withdrawn_by_referrer", `SELECT disposition FROM cases WHERE id = $1 AND status = 'closed'`, id)
	w.want("0", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.want("0", `SELECT count(*) FROM messages WHERE case_id = $1 AND status = 'queued'`, id)
	w.want("0", `SELECT count(*) FROM tasks WHERE case_id = $1 AND closed_at IS NULL`, id)
}

// The family is the referrer's word for it: no refusal is written, and no message goes out.
func TestAFamilyWithoutAPlaceIsWithdrawn(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET funded = 0`)
	sent, id := w.receive(w.hospital, prenatal())
	w.status(referral.Waitlisted, id)
	_, err := w.cases.Withdraw(t.Context(), w.hospital, sent.ID, withdrawn("family_asked"))
	w.must(err)
	w.status(referral.Closed, id)
	w.want("false", `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
	_, err = w.cases.Case(t.Context(), w.desk, id)
	w.must(err)
}

// What she agreed to, and what a form said of danger, is not the referrer's to take back.
func TestTheCaseGoesOnWithoutItsReferral(t *testing.T) {
	for name, begin := range map[string]func(*world) uuid.UUID{
		"reached": func(w *world) uuid.UUID {
			id := w.outreach()
			w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "reached")))
			return id
		},
		"said yes": (*world).offered,
		"claimed":  (*world).claimed,
		"enrolled": (*world).enrolled,
		"alarm":    func(w *world) uuid.UUID { id, _ := w.alarmed(); return id },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := begin(w)
			status := referral.Status(w.text(`SELECT status FROM cases WHERE id = $1`, id))
			sent := w.id(`SELECT id FROM referrals WHERE case_id = $1`, id)
			_, err := w.cases.Withdraw(t.Context(), w.hospital, sent, withdrawn("family_asked"))
			w.must(err)
			w.status(status, id)
			w.want("triage_coordinator t", `SELECT concat_ws(' ', role, urgent) FROM tasks WHERE kind = 'case.referral_withdrawn_family_asked' AND subject_id = $1 AND org_id = $2`, sent, w.hub.ID)
			w.want("false", `SELECT do_not_contact FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
			w.want("0", `SELECT count(*) FROM messages WHERE case_id = $1 AND status = 'queued'`, id)
			w.ok(w.cases.Close(t.Context(), w.desk, w.closable(id), referral.CloseForm{Disposition: "information_given", EnrollmentEnd: "moved", Changeable: new(false)}))
			w.want("0", `SELECT count(*) FROM messages WHERE case_id = $1 AND template = 'closed'`, id)
		})
	}
}

// closable answers the case's alarm.
func (w *world) closable(id uuid.UUID) uuid.UUID {
	w.Helper()
	if alarm := w.text(`SELECT id FROM alarms WHERE case_id = $1`, id); alarm != "" {
		w.ok(w.cases.RecordAlarmOutcome(w.Context(), w.desk, uuid.MustParse(alarm), safe()))
	}
	return id
}

func TestAWithdrawnReferralShowsNoNews(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	sent := w.id(`SELECT id FROM referrals WHERE case_id = $1`, id)
	_, err := w.cases.Withdraw(t.Context(), w.clinic, sent, withdrawn("sent_in_error")) // another's
	w.refused(fault.NotFound, err)
	_, err = w.cases.Withdraw(t.Context(), w.hospital, sent, withdrawn("changed_our_mind"))
	w.invalid(err, "/reason")
	_, err = w.cases.Withdraw(t.Context(), w.hospital, sent, withdrawn("sent_in_error"))
	w.must(err)
	w.clock.forward(time.Hour)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.desk, id, w.call(id, "reached")))
	v, err := w.cases.Referral(t.Context(), w.hospital, sent)
	w.must(err)
	if v.Status != "received" || v.NextText != "" || v.NextBy != nil || v.WithdrawnAt == nil {
		t.Errorf("got %+v", v)
	}
	line, err := w.cases.ReferralTimeline(t.Context(), w.hospital, sent)
	w.must(err)
	if len(line) != 1 {
		t.Errorf("got %+v", line)
	}
}

func TestAReferralOfAClosedCaseIsWithdrawnAndNothingMoves(t *testing.T) {
	w := newWorld(t)
	sent, id := w.receive(w.hospital, prenatal())
	w.ok(w.cases.Close(t.Context(), w.desk, id, ends("information_given")))
	_, err := w.cases.Withdraw(t.Context(), w.hospital, sent.ID, withdrawn("sent_in_error"))
	w.must(err)
	w.want("information_given", `SELECT disposition FROM cases WHERE id = $1`, id)
	w.want("0", `SELECT count(*) FROM messages WHERE case_id = $1 AND status = 'queued'`, id)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'withdraw' AND subject_id = $1`, sent.ID)
}
