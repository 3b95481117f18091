package referral_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/referral"
)

const marked = "ZZPART2marked"

// treated is a referral from a treatment program, with a mark in every part that is the program's record.
func treated() referral.Submission {
	in := postpartum()
	in.Sensitivity, in.Consent.Answer = "part2", "signed"
	in.Part2 = new(signedBy())
	in.Note, in.Referrer.Name = "note "+marked, "nurse "+marked
	in.ContactMethods[0].Remarks, in.Addresses[0].Remarks = marked, marked
	delete(in.Needs, "mental_health")
	in.Needs["substance_use"] = "yes"
	return in
}

func signedBy() referral.Part2Elements {
	return referral.Part2Elements{Discloser: "Center " + marked, Recipients: []string{"Example Hub", "Program " + marked}, What: []string{"referral"},
		Purpose: "home_visiting", SignedOn: "2026-10-05", Signature: "paper", ExpiresOn: "2026-12-31", ToldRevocable: true}
}

func TestWhatATreatmentProgramSentLivesApart(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.clinic, treated())
	w.status(referral.Review, id) // she said yes to any agency; what was sent is not for the rules, so a person looks first
	w.want("needs_person", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1`, id)
	w.want("0", `SELECT count(*) FROM answers WHERE case_id = $1`, id)
	w.want("1", `SELECT count(*) FROM referrals WHERE case_id = $1 AND payload_sealed IS NULL AND note_sealed IS NULL`, id)
	w.want("0", `SELECT count(*) FROM contact_methods m JOIN cases c ON c.caregiver_id = m.client_id WHERE c.id = $1 AND remarks_sealed IS NOT NULL`, id)
	v, err := w.cases.Part2(t.Context(), w.desk, id)
	w.must(err)
	if v.Notice == "" || len(v.Records) != 1 || !strings.Contains(string(v.Records[0].Content), `"substance_use":"yes"`) || !strings.Contains(string(v.Records[0].Content), marked) {
		t.Errorf("the compartment shows %s", w.marshal(v))
	}
	w.want("1", `SELECT count(*) FROM audit_events WHERE kind = 'view' AND action = 'read part 2 record' AND case_id = $1`, id)
	for _, table := range []string{"part2_records", "part2_consents"} {
		for _, actor := range []auth.Actor{w.desk, w.hospital} {
			err := w.db.InTx(t.Context(), actor, func(tx *pg.Tx) error { return tx.Gorm().Exec(`SELECT count(*) FROM ` + table).Error })
			if err == nil {
				t.Errorf("the role of %s reads %s", actor.Role, table)
			}
		}
	}
}

// Consent is asked at each look and each telling, not when the record came in.
func TestAPart2ConsentThatNoLongerStands(t *testing.T) {
	w := newWorld(t)
	for name, end := range map[string]func(uuid.UUID, uuid.UUID){
		"consent_revoked": func(id, consent uuid.UUID) {
			_, err := w.cases.RevokePart2(t.Context(), w.lead, id, referral.Part2Revoke{ConsentID: consent, How: "spoken"})
			w.must(err)
		},
		"consent_revoked by taking back everything": func(id, _ uuid.UUID) { w.takenBack(w.desk, id, whole()) },
		"consent_expired": func(uuid.UUID, uuid.UUID) { w.clock.set(time.Date(2027, 1, 2, 15, 0, 0, 0, time.UTC)) },
	} {
		w.clock.set(tuesday())
		id := w.outreach()
		kept, err := w.cases.KeepPart2(t.Context(), w.desk, id, referral.Part2Form{Consent: signedBy(), Text: marked})
		w.must(err)
		tell := referral.Part2Disclosure{ConsentID: kept.ConsentID, Recipient: "Program " + marked, Purpose: "home_visiting"}
		told, err := w.cases.DisclosePart2(t.Context(), w.desk, id, tell)
		w.must(err)
		if told.Notice == "" {
			t.Errorf("what goes with a disclosure: %+v", told)
		}
		for _, wrong := range []referral.Part2Disclosure{{ConsentID: kept.ConsentID, Recipient: "Somebody Else", Purpose: "home_visiting"},
			{ConsentID: kept.ConsentID, OrgID: &w.first.ID, Purpose: "home_visiting"}, {ConsentID: kept.ConsentID, Recipient: tell.Recipient, Purpose: "treatment"}} {
			_, err = w.cases.DisclosePart2(t.Context(), w.desk, id, wrong)
			w.refused(fault.Conflict, err)
		}
		end(id, kept.ConsentID)
		_, err = w.cases.DisclosePart2(t.Context(), w.desk, id, tell)
		w.refused(fault.Conflict, err)
		v, err := w.cases.Part2(t.Context(), w.desk, id)
		w.must(err)
		if r := v.Records[0]; len(r.Content) != 0 || !strings.HasPrefix(name, r.Withheld) || r.Withheld == "" {
			t.Errorf("%s: the record shows %s", name, w.marshal(r))
		}
		list, err := w.cases.Disclosures(t.Context(), w.lead, id, 3, "")
		w.must(err)
		if len(list.Items) != 1 || list.Items[0].What != "treatment_record" || list.Notice == "" {
			t.Errorf("%s: the list says %+v", name, list)
		}
	}
}

func TestARecordWithoutItsConsentIsRefused(t *testing.T) {
	w := newWorld(t)
	for _, c := range []struct {
		change func(*referral.Submission)
		at     []string
	}{
		{func(s *referral.Submission) { s.Part2 = nil }, []string{"/part2"}},
		{func(s *referral.Submission) { s.Sensitivity = "" }, []string{"/part2"}},
		{func(s *referral.Submission) { s.Consent.Answer = "yes_in_person" }, []string{"/consent/answer"}},
		{func(s *referral.Submission) { s.Part2.ExpiresOn, s.Part2.SignedOn = "2026-10-01", "2026-10-09" }, []string{"/part2/signed_on", "/part2/expires_on"}},
		{func(s *referral.Submission) { s.Part2.ToldRevocable = false }, []string{"/part2/told_revocable"}},
		{func(s *referral.Submission) { s.Part2.Recipients = nil }, []string{"/part2/recipients"}},
	} {
		in := treated()
		c.change(&in)
		_, err := w.cases.Receive(t.Context(), w.clinic, in)
		w.invalid(err, c.at...)
	}
}

// Danger is read wherever it was written: a form of the treatment program raises its alarm, which does not say what was answered.
func TestAnAlarmIsReadInTheCompartmentToo(t *testing.T) {
	w := newWorld(t)
	r, id := w.receive(w.clinic, selfHarm(treated()))
	if r.Alarm == nil {
		t.Fatal("no alarm")
	}
	w.want("alarm,needs_person", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1`, id)
	w.want("0", `SELECT count(*) FROM screenings WHERE case_id = $1`, id)
}

// A program manager, an agency that has her and a key with a forged role find nothing.
func TestNobodyElseOpensTheCompartment(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.clinic, treated())
	forged := w.first.desk
	forged.Role = auth.TriageSupervisor
	for _, look := range []func(context.Context, auth.Actor) error{
		func(ctx context.Context, a auth.Actor) error { _, err := w.cases.Part2(ctx, a, id); return err },
		func(ctx context.Context, a auth.Actor) error {
			_, err := w.cases.KeepPart2(ctx, a, id, referral.Part2Form{Consent: signedBy(), Text: "x"})
			return err
		},
	} {
		for _, a := range []auth.Actor{w.first.desk, w.hospital, w.User(w.hub, auth.ProgramManager), w.User(w.hub, auth.PrivacyOfficer)} {
			w.refused(fault.Forbidden, look(t.Context(), a))
		}
		w.refused(fault.NotFound, look(t.Context(), forged))
	}
}
