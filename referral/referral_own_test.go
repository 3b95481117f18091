package referral_test

import (
	"testing"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func heard(number string) referral.HeardWayForm {
	return referral.HeardWayForm{ContactMethod: &referral.SubmittedContact{Channel: "phone", Value: number, SafeCall: "yes"}}
}

func TestAReferrersListIsCutByWhatItMayHear(t *testing.T) {
	w := newWorld(t)
	open, openCase := w.receive(w.hospital, prenatal())
	enrolledCase := w.enrolled() // the hospital's, too
	gone, _ := w.receive(w.hospital, prenatal())
	_, err := w.cases.Withdraw(t.Context(), w.hospital, gone.ID, withdrawn("duplicate"))
	w.must(err)
	quietForm := prenatal()
	quietForm.Consent.Feedback = "no"
	quiet, quietCase := w.receive(w.hospital, quietForm)
	w.ok(w.cases.Close(t.Context(), w.lead, quietCase, referral.CloseForm{Disposition: "information_given"}))
	in := func(part string) (ids []uuid.UUID) {
		page, err := w.cases.OwnReferrals(t.Context(), w.hospital, part, "")
		w.must(err)
		for _, row := range page.Items {
			if row.Name != "Ana M." {
				t.Errorf("%s shows %q", part, row.Name)
			}
			ids = append(ids, row.ID)
		}
		return ids
	}
	enrolled := w.id(`SELECT id FROM referrals WHERE case_id = $1`, enrolledCase)
	for part, want := range map[string][]uuid.UUID{referral.PartOpen: {quiet.ID, open.ID}, referral.PartEnrolled: {enrolled}, referral.PartClosed: {gone.ID}, referral.PartNeedsUs: nil} {
		if got := in(part); w.marshal(got) != w.marshal(want) {
			t.Errorf("%s holds %v, want %v", part, got, want)
		}
	}

	counts, err := w.cases.OwnCounts(t.Context(), w.hospital)
	w.must(err)
	if got := w.marshal(counts); got != `{"closed":1,"enrolled":1,"open":2}` {
		t.Errorf("the tabs count %s", got)
	}

	w.ok(w.cases.LookForWay(t.Context(), w.desk, openCase, referral.SearchForm{Place: "referrer_asks"}))
	if got := in(referral.PartNeedsUs); len(got) != 1 || got[0] != open.ID {
		t.Errorf("asked for a way: %v", got)
	}
	_, err = w.cases.AddWayHeard(t.Context(), w.hospital, open.ID, heard("(410) 555-0119"))
	w.must(err)
	if got := in(referral.PartNeedsUs); got != nil {
		t.Errorf("after it answered: %v", got)
	}
	w.want("referrer yes unknown", `SELECT concat_ws(' ', told_by, safe_call, safe_text) FROM contact_methods WHERE value = '+14105550119' AND ended_at IS NULL`)
	_, err = w.cases.OwnReferrals(t.Context(), w.hospital, "everything", "")
	w.refused(fault.Invalid, err)
	none, err := w.cases.OwnReferrals(t.Context(), w.clinic, referral.PartOpen, "")
	w.must(err)
	if len(none.Items) != 0 {
		t.Errorf("the clinic sees %v", none.Items)
	}
}

func TestAReferrerTellsTheHubAndLearnsNothing(t *testing.T) {
	w := newWorld(t)
	sent, id := w.receive(w.hospital, prenatal())
	for name, call := range map[string]func() error{
		"a way": func() error {
			_, err := w.cases.AddWayHeard(t.Context(), w.clinic, sent.ID, heard("(410) 555-0120"))
			return err
		},
		"a note": func() error {
			_, err := w.cases.TellTriage(t.Context(), w.clinic, sent.ID, referral.NoteForm{Text: "x"})
			return err
		},
		"its page": func() error { _, err := w.cases.OwnReferral(t.Context(), w.clinic, sent.ID); return err },
	} {
		if err := call(); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s of another source: %v", name, err)
		}
	}
	told, err := w.cases.TellTriage(t.Context(), w.hospital, sent.ID, referral.NoteForm{Text: "She goes home on Friday."})
	w.must(err)
	if told.Reference != sent.Reference {
		t.Errorf("got %+v", told)
	}
	notes, err := w.cases.ReferrerNotes(t.Context(), w.desk, id)
	w.must(err)
	if len(notes.Items) != 1 || notes.Items[0].Text != "She goes home on Friday." || notes.Items[0].Reference != sent.Reference {
		t.Errorf("the hub reads %+v", notes.Items)
	}
	_, err = w.cases.ReferrerNotes(t.Context(), w.first.desk, id)
	w.refused(fault.Forbidden, err)
	w.want("case.referrer_note triage_coordinator", `SELECT concat_ws(' ', kind, role) FROM tasks WHERE kind = 'case.referrer_note'`)

	open, err := w.cases.AddWayHeard(t.Context(), w.hospital, sent.ID, heard("(410) 555-0121"))
	w.must(err)
	w.ok(w.cases.Close(t.Context(), w.lead, id, referral.CloseForm{Disposition: "information_given"}))
	closed, err := w.cases.AddWayHeard(t.Context(), w.hospital, sent.ID, heard("(410) 555-0122"))
	w.must(err)
	if open != closed {
		t.Errorf("the answer tells whether it goes on: %+v and %+v", open, closed)
	}
	w.want("0", `SELECT count(*) FROM contact_methods WHERE value = '+14105550122'`)
	notes, err = w.cases.ReferrerNotes(t.Context(), w.desk, id)
	w.must(err)
	if len(notes.Items) != 2 {
		t.Errorf("the hub reads %+v", notes.Items)
	}
}

func TestAnAlarmIsShownToItsSourceUntilItIsSeen(t *testing.T) {
	w := newWorld(t)
	sent, _ := w.receive(w.hospital, selfHarm(prenatal()))
	own, err := w.cases.OwnReferral(t.Context(), w.hospital, sent.ID)
	w.must(err)
	if own.Alarm == nil || own.Alarm.Text != sent.Alarm.Text || !own.Alarm.SeenBy.Equal(sent.Alarm.SeenBy) {
		t.Errorf("got %+v, want %+v", own.Alarm, sent.Alarm)
	}
	_, err = w.cases.AcknowledgeAlarm(t.Context(), w.desk, w.id(`SELECT id FROM alarms`))
	w.must(err)
	own, err = w.cases.OwnReferral(t.Context(), w.hospital, sent.ID)
	w.must(err)
	if own.Alarm != nil {
		t.Errorf("a person has seen it, and it is shown: %+v", own.Alarm)
	}
}

// What a source can do for its families: the agency asks it for a number, no number works any more, nobody has her yes.
func TestASourceSeesWhatIsNeededOfIt(t *testing.T) {
	w := newWorld(t)
	asked, bounced := w.claimed(), w.claimed()
	w.ok(w.cases.AskReferrer(t.Context(), w.first.visitor, asked))
	_, err := w.cases.AskReferrer(t.Context(), w.second.desk, asked)
	w.refused(fault.NotFound, err)
	_, err = w.cases.AskReferrer(t.Context(), w.first.desk, asked)
	w.refused(fault.Conflict, err) // it is being asked already
	w.exec(`UPDATE addresses SET safe_to_visit = 'no', safe_mail = 'no' WHERE client_id = (SELECT caregiver_id FROM cases WHERE id = $1)`, bounced)
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.visitor, bounced, referral.AttemptForm{Channel: "call", Outcome: "wrong_number", ContactMethodID: new(w.phone(bounced))}))
	form := prenatal()
	form.Consent = referral.SubmittedConsent{Answer: "send_link"}
	_, silent := w.receive(w.hospital, form)
	want := map[uuid.UUID]string{asked: referral.NeedsWay, bounced: referral.NeedsBounced, silent: referral.NeedsConsent}
	page, err := w.cases.OwnReferrals(t.Context(), w.hospital, referral.PartNeedsUs, "")
	w.must(err)
	got := map[uuid.UUID]string{}
	for _, row := range page.Items {
		got[w.id(`SELECT case_id FROM referrals WHERE id = $1`, row.ID)] = row.Needs
	}
	if w.marshal(got) != w.marshal(want) {
		t.Errorf("needed: %s, want %s", w.marshal(got), w.marshal(want))
	}
	counts, err := w.cases.OwnCounts(t.Context(), w.hospital)
	w.must(err)
	if counts[referral.PartNeedsUs] != 3 {
		t.Errorf("the tab counts %v", counts)
	}
	w.ok(w.cases.Undo(t.Context(), w.first.visitor, bounced))
	if counts, err = w.cases.OwnCounts(t.Context(), w.hospital); err != nil || counts[referral.PartNeedsUs] != 2 {
		t.Errorf("after the wrong number was taken back: %v, %v", counts, err)
	}
}
