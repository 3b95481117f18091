package referral_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
	"doorstep/referral"
)

func (w *world) take(how string, source *uuid.UUID, ago time.Duration, in referral.Submission) referral.TakenReceipt {
	w.Helper()
	out, err := w.cases.TakeReferral(w.Context(), w.desk, referral.TakenForm{How: how, SourceID: source, ReceivedAt: w.clock.Now().Add(-ago), Referral: in})
	w.must(err)
	return out
}

func TestWhatCameByHandWaitsSinceItCame(t *testing.T) {
	w := newWorld(t)
	_, typed := w.receive(w.hospital, prenatal())
	in := prenatal()
	weeks := 20
	in.Pregnancy = &referral.SubmittedPregnancy{Weeks: &weeks}
	got := w.take(referral.TakenByFax, &w.firstOrg.ID, 20*time.Hour, in)
	id := got.CaseID
	w.want("fax hospital", `SELECT channel || ' ' || source_kind FROM referrals WHERE id = $1 AND org_id = $2`, got.ID, w.firstOrg.ID)
	w.want("20:00:00", `SELECT entered_at - received_at FROM referrals WHERE id = $1`, got.ID)
	w.want("20:00:00", `SELECT $2::timestamptz - received_at FROM cases WHERE id = $1`, id, w.clock.Now())
	w.want("true", `SELECT bool_and(given_at = $2) FROM consents WHERE case_id = $1`, id, w.clock.Now().Add(-20*time.Hour))
	w.want("true", `SELECT (SELECT next_due_at FROM cases WHERE id = $1) < (SELECT next_due_at FROM cases WHERE id = $2)`, id, typed)
	w.want("2027-02-22", `SELECT due_on::text FROM due_dates d JOIN cases c ON c.episode_id = d.episode_id WHERE c.id = $1`, id) // 20 weeks on the day before
	w.want("1", `SELECT count(*) FROM case_access WHERE case_id = $1 AND org_id = $2 AND level = 'source'`, id, w.firstOrg.ID)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'take referral' AND case_id = $1 AND actor_id = $2`, id, w.desk.ID)
	page, err := w.cases.Referrals(t.Context(), w.hospital, "")
	w.must(err)
	if len(page.Items) != 2 {
		t.Errorf("the hospital lists %d of its two referrals", len(page.Items))
	}
}

func TestHerCallIsHers(t *testing.T) {
	w := newWorld(t)
	got := w.take(referral.TakenByPhone, nil, time.Hour, prenatal())
	w.want("self phone", `SELECT source_kind || ' ' || channel FROM referrals WHERE id = $1 AND org_id = $2 AND site_id IS NULL`, got.ID, w.hub.ID)
	w.want("phone", `SELECT string_agg(DISTINCT how, ',') FROM consents WHERE case_id = $1`, got.CaseID)
	w.want("0", `SELECT count(*) FROM messages WHERE referral_id = $1 AND template = 'received'`, got.ID)
	passed := w.take(referral.TakenByPhone, &w.second.ID, time.Hour, prenatal())
	w.want("0", `SELECT count(*) FROM case_access WHERE case_id = $1 AND org_id = $2`, passed.CaseID, w.second.ID)
}

// A page that lay since last week does not undo what she said on Monday.
func TestAnOldPageDoesNotUndoHerLaterNo(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Consent.ShareWithAgencies = "yes"
	first := w.take(referral.TakenByPhone, nil, 72*time.Hour, in)
	w.takenBack(w.desk, first.CaseID, takesBack("share"))
	again := w.take(referral.TakenOnPaper, &w.firstOrg.ID, 24*time.Hour, in)
	if again.CaseID != first.CaseID {
		t.Fatal("the same family has two cases")
	}
	if w.family(w.desk, first.CaseID).Sharing["any"] {
		t.Error("an older page undid her no")
	}
}

func TestAnAlarmOnPaperIsCountedFromNow(t *testing.T) {
	w := newWorld(t)
	got := w.take(referral.TakenByFax, &w.firstOrg.ID, 20*time.Hour, selfHarm(prenatal()))
	if got.Alarm == nil || got.Alarm.SeenBy.Before(w.clock.Now()) {
		t.Fatalf("alarm: %+v", got.Alarm)
	}
	w.status(referral.Review, got.CaseID)
}

func TestWhatIsTakenIsCheckedAtOnce(t *testing.T) {
	w := newWorld(t)
	bad := prenatal()
	bad.Client.GivenName = ""
	form := referral.TakenForm{How: "pigeon", SourceID: &w.hub.ID, ReceivedAt: w.clock.Now().Add(time.Minute), Referral: bad}
	_, err := w.cases.TakeReferral(t.Context(), w.desk, form)
	w.invalid(err, "/how", "/referral/client/given_name", "/received_at", "/source_id")
	form = referral.TakenForm{How: "phone", ReceivedAt: w.clock.Now().Add(-31 * 24 * time.Hour), Referral: prenatal()}
	_, err = w.cases.TakeReferral(t.Context(), w.desk, form)
	w.invalid(err, "/received_at")
	_, err = w.cases.TakeWithin(40).TakeReferral(t.Context(), w.desk, form)
	w.must(err)
	form.ReceivedAt, form.Referral.Sensitivity = time.Time{}, "part2"
	_, err = w.cases.TakeReferral(t.Context(), w.desk, form)
	if err == nil || fault.KindOf(err) != fault.Invalid {
		t.Errorf("got %v", err)
	}
	for who, actor := range map[string]auth.Actor{"a referrer": w.hospital, "an agency": w.first.desk} {
		if _, err := w.cases.TakeReferral(t.Context(), actor, form); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s takes one: %v", who, err)
		}
	}
}

func TestADraftAtTheHubIsTakenOnce(t *testing.T) {
	w := newWorld(t)
	id := uuid.New()
	_, err := w.cases.SaveDraft(t.Context(), w.desk, id, referral.DraftAnswers{"client.family_name": {"Example"}})
	w.must(err)
	form := referral.TakenForm{How: "phone", ReceivedAt: w.clock.Now(), Referral: prenatal()}
	got, err := w.cases.TakeDraft(t.Context(), w.desk, id, form)
	w.must(err)
	w.want(got.ID.String(), `SELECT sent_as FROM drafts WHERE id = $1 AND payload_sealed IS NULL`, id)
	_, err = w.cases.TakeDraft(t.Context(), w.desk, id, form)
	w.refused(fault.Conflict, err)
	_, err = w.cases.Draft(t.Context(), w.lead, id)
	w.refused(fault.NotFound, err)
}

func TestAScanIsSealedAndForTheHubAlone(t *testing.T) {
	w := newWorld(t)
	got := w.take(referral.TakenByFax, &w.firstOrg.ID, time.Hour, prenatal())
	keep := func(actor auth.Actor, id uuid.UUID, content string) (referral.ScanView, error) {
		return w.cases.KeepScan(t.Context(), actor, id, strings.NewReader(content))
	}
	const page = "%PDF-1.7 a page about a synthetic family"
	kept, err := keep(w.desk, got.ID, page)
	w.must(err)
	if kept.Kind != "pdf" || kept.Bytes != len(page) {
		t.Errorf("kept %+v", kept)
	}
	w.want("false", `SELECT encode(content_sealed, 'escape') LIKE '%synthetic%' FROM scans WHERE id = $1`, kept.ID)
	file, err := w.cases.OpenScan(t.Context(), w.lead, kept.ID)
	w.must(err)
	if string(file.Content) != page {
		t.Errorf("the scan is %q", file.Content)
	}
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'open scan' AND subject_id = $1 AND actor_id = $2 AND case_id = $3`, kept.ID, w.lead.ID, got.CaseID)
	arrivals, err := w.cases.Arrivals(t.Context(), w.desk, got.CaseID)
	w.must(err)
	if len(arrivals.Items) != 1 || arrivals.Items[0].How != "fax" || len(arrivals.Items[0].Scans) != 1 || !arrivals.Items[0].ByHand() {
		t.Errorf("arrivals: %+v", arrivals.Items)
	}
	for name, content := range map[string]string{"a script": "<script>", "nothing": "", "a PDF that begins late": " %PDF-1.7"} {
		if _, err := keep(w.desk, got.ID, content); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.cases.KeepScan(t.Context(), w.desk, got.ID, bytes.NewReader(append([]byte("%PDF-"), make([]byte, referral.LargestScan)...)))
	w.refused(fault.TooLarge, err)
	sent, _ := w.receive(w.hospital, prenatal())
	_, err = keep(w.desk, sent.ID, page)
	w.refused(fault.Conflict, err)
	_, err = keep(w.desk, uuid.New(), page)
	w.refused(fault.NotFound, err)
	for who, actor := range map[string]auth.Actor{"the referrer": w.hospital, "an agency": w.first.desk} {
		if _, err := w.cases.OpenScan(t.Context(), actor, kept.ID); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("%s opens it: %v", who, err)
		}
		err := w.db.InTx(t.Context(), actor, func(tx *pg.Tx) error { return tx.Gorm().Exec(`SELECT 1 FROM scans`).Error })
		if err == nil || !strings.Contains(err.Error(), "permission denied") {
			t.Errorf("%s reads the table: %v", who, err)
		}
	}
	_, err = w.cases.EraseScan(t.Context(), w.desk, kept.ID)
	w.must(err)
	_, err = w.cases.OpenScan(t.Context(), w.desk, kept.ID)
	w.refused(fault.NotFound, err)
	w.want("true", `SELECT content_sealed IS NULL AND erased_by = $2 FROM scans WHERE id = $1`, kept.ID, w.desk.ID)
}

// What is overdue when it is typed is asked for at once, by the sweeper, once.
func TestAnOldFaxIsOverdueAtOnce(t *testing.T) {
	w := newWorld(t)
	got := w.take(referral.TakenByFax, &w.firstOrg.ID, 14*24*time.Hour, prenatal())
	w.want("true", `SELECT due_at < $2 FROM follow_ups WHERE case_id = $1 AND status = 'open' AND kind = $3`, got.CaseID, w.clock.Now(), string(jobs.OutreachDue))
}
