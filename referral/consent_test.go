package referral_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/providers"
	"doorstep/referral"
)

// said is an answer to these scopes, by phone with a qualified interpreter.
func said(answer string, scopes ...string) referral.ConsentForm {
	return referral.ConsentForm{Answer: answer, Scopes: scopes, How: "phone", Language: "es-mx", WordingVersion: "2026-01", Interpreter: "qualified"}
}

func takesBack(scopes ...string) referral.RevokeForm {
	return referral.RevokeForm{Scopes: scopes, How: "phone"}
}

func whole() referral.RevokeForm { return referral.RevokeForm{Whole: true, How: "phone"} }

// given records a consent that must succeed, taken back one that must succeed.
func (w *world) given(actor auth.Actor, id uuid.UUID, in referral.ConsentForm) referral.ConsentReceipt {
	w.Helper()
	r, err := w.cases.RecordConsent(w.Context(), actor, id, in)
	w.must(err)
	return r
}

func (w *world) takenBack(actor auth.Actor, id uuid.UUID, in referral.RevokeForm) referral.ConsentReceipt {
	w.Helper()
	r, err := w.cases.Revoke(w.Context(), actor, id, in)
	w.must(err)
	return r
}

func TestAConsentKeepsWordsLanguageAndWhoCarriedThemAcross(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	in := said("yes", "share", "texts")
	in.AgencyID = &w.first.ID
	w.given(w.desk, id, in)
	w.want("3:yes:phone:2026-01:es-MX:qualified,5:yes:phone:2026-01:es-MX:qualified", `SELECT string_agg(concat_ws(':', gate, answer, how, wording_version, language, interpreter), ',' ORDER BY gate)
		FROM consents WHERE case_id = $1 AND taken_by = $2`, id, w.desk.ID)
	w.want(w.first.Program.String(), `SELECT program_id FROM consents WHERE case_id = $1 AND gate = 3`, id)
	w.status(referral.Outreach, id)
	v, err := w.cases.Consents(t.Context(), w.desk, id)
	w.must(err)
	if !v.Now.Texts || v.Now.Email || v.Now.ShareAny || !v.Now.Contact || !v.Now.Feedback || v.Now.FeedbackReason {
		t.Errorf("stands now: %+v", v.Now)
	}
	w.want("1", `SELECT count(*) FROM audit_events WHERE kind = 'view' AND action = 'read consents' AND case_id = $1`, id)
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.first.Program)))
}

func TestAConsentThatIsNone(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	for _, c := range []struct {
		change func(*referral.ConsentForm)
		at     string
	}{
		{func(f *referral.ConsentForm) { f.WordingVersion = "as usual" }, "/wording_version"},
		{func(f *referral.ConsentForm) { f.Language = "not a language" }, "/language"},
		{func(f *referral.ConsentForm) { f.Interpreter = "her daughter" }, "/interpreter"},
		{func(f *referral.ConsentForm) { f.Scopes = []string{"everything"} }, "/scopes/0"},
		{func(f *referral.ConsentForm) { f.Scopes = []string{"share"} }, "/programs"},
		{func(f *referral.ConsentForm) { f.AnyProgram = true }, "/scopes"},
		{func(f *referral.ConsentForm) { f.GivenAt = new(w.clock.Now().Add(time.Hour)) }, "/given_at"},
		{func(f *referral.ConsentForm) { f.GivenAt = new(w.clock.Now().AddDate(0, 0, -91)) }, "/given_at"},
		{func(f *referral.ConsentForm) { f.Scopes, f.AgencyID = []string{"share"}, new(uuid.New()) }, "/agency_id"},
	} {
		in := said("yes", "texts")
		c.change(&in)
		_, err := w.cases.RecordConsent(t.Context(), w.desk, id, in)
		w.invalid(err, c.at)
	}
	in := prenatal()
	in.Consent.WordingVersion, in.Consent.Language, in.Consent.Basis, in.Consent.Interpreter = "x", "english please", "public_health", "aunt"
	_, err := w.cases.Receive(t.Context(), w.hospital, in)
	w.invalid(err, "/consent/wording_version", "/consent/language", "/consent/interpreter", "/consent/basis")
}

// Of a clinic or hospital the law stands in for an answer that was not asked; of a school it does not, and a person looks.
func TestALegalBasisIsTheClinicsAlone(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Consent = referral.SubmittedConsent{Answer: "required_form", Basis: "public_health"}
	_, id := w.receive(w.hospital, in)
	w.want("public_health,public_health", `SELECT string_agg(basis, ',') FROM consents WHERE case_id = $1 AND answer = 'yes'`, id)
	w.status(referral.Outreach, id)

	school := w.Organization(seed.Org{Kind: auth.OtherOrg, Class: providers.School})
	_, key := w.Key(school, auth.Integration)
	in = prenatal()
	in.Consent = referral.SubmittedConsent{Answer: "send_link"}
	_, id = w.receive(key, in)
	w.want("none,none", `SELECT string_agg(basis, ',') FROM consents WHERE case_id = $1 AND answer = 'no'`, id)
	w.want("no_permission_to_contact", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1 AND status = 'review'`, id)
}

// What she takes back stops at that instant, and the agency that had her keeps its own entries and no identity.
func TestARevokedShareEndsWhatRestedOnIt(t *testing.T) {
	w := newWorld(t)
	for stage, of := range map[string]func() uuid.UUID{"claimed": w.claimed, "accepted": w.accepted, "enrolled": w.enrolled} {
		id := of()
		if stage != "enrolled" {
			w.ok(w.cases.RecordAttempt(t.Context(), w.first.desk, id, referral.AttemptForm{Channel: "in_person", Outcome: "reached"}))
		}
		used := w.usage(w.first.Program)
		r := w.takenBack(w.desk, id, takesBack("share"))
		w.status(referral.Review, id)
		w.want("consent_revoked", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1`, id)
		w.want("consent", `SELECT kind FROM holds WHERE case_id = $1 AND lifted_at IS NULL`, id)
		_, err := w.cases.Case(t.Context(), w.first.desk, id)
		w.refused(fault.NotFound, err)
		if got := w.asApp(w.first.desk, "clients"); got != "clients " {
			t.Errorf("%s: the agency still reads %s", stage, got)
		}
		w.want("0", `SELECT count(*) FROM case_access WHERE case_id = $1 AND level <> 'source' AND until IS NULL`, id)
		if w.usage(w.first.Program) == used {
			t.Errorf("%s: her place was not given back", stage)
		}
		_, err = w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.second.Program))
		w.refused(fault.Conflict, err)
		if len(r.CannotTakeBack) == 0 || r.CannotTakeBack[len(r.CannotTakeBack)-1].Act != "claim" {
			t.Errorf("%s: cannot take back %+v", stage, r.CannotTakeBack)
		}
	}
	if got := strings.Count(w.asApp(w.first.desk, "attempts"), `"outcome"`); got != 2 {
		t.Errorf("the agency reads %d of its own two tries", got)
	}
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}

// The agency itself may write down that she leaves; it hears nothing of what follows.
func TestAnAgencyWritesDownThatSheLeaves(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	_, err := w.cases.Revoke(t.Context(), w.second.desk, id, whole())
	w.refused(fault.NotFound, err)
	r := w.takenBack(w.first.visitor, id, whole())
	if r.Receipt.Status != referral.Offered || r.Receipt.NextBy != nil || len(r.CannotTakeBack) != 1 {
		t.Errorf("the agency hears %+v", r)
	}
	w.want("consent_revoked,no_permission_to_contact", `SELECT array_to_string(review_reasons, ',') FROM cases WHERE id = $1 AND status = 'review'`, id)
}

// Of several programs that she may know, the others stand; with none left the hub asks her again.
func TestOnlyWhatSheTookBackEnds(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", w.first.Program, w.second.Program)))
	in := takesBack("share")
	in.AgencyID = &w.first.ID
	w.takenBack(w.desk, id, in)
	w.want(w.second.Program.String(), `SELECT string_agg(program_id::text, ',') FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	_, err := w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
	w.refused(fault.Conflict, err)
	in.AgencyID, in.Programs = nil, []uuid.UUID{w.second.Program}
	w.takenBack(w.desk, id, in)
	w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	w.want("0", `SELECT count(*) FROM holds WHERE case_id = $1`, id)
	if s := w.text(`SELECT status FROM cases WHERE id = $1`, id); !slices.Contains([]string{"outreach", "review", "waitlisted"}, s) {
		t.Errorf("the case is %s", s)
	}
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}

func TestARevocationOfAClosedCase(t *testing.T) {
	w := newWorld(t)
	id := w.enrolled()
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, id, referral.CompleteForm{}))
	_, err := w.cases.Case(t.Context(), w.first.desk, id)
	w.must(err)
	w.takenBack(w.desk, id, takesBack("share"))
	w.status(referral.Closed, id)
	_, err = w.cases.Case(t.Context(), w.first.desk, id)
	w.refused(fault.NotFound, err)
}

// News to the referrer stops, queued ones too, and the page says no more than that it was received. Why it ended is told with her yes.
func TestWhatAReferrerHearsIsHers(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Consent.Feedback, in.Consent.FeedbackReason = "yes", "yes"
	r, id := w.receive(w.hospital, in)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "reached")))
	w.ok(w.cases.Close(t.Context(), w.desk, id, referral.CloseForm{Disposition: "information_given"}))
	v, err := w.cases.Referral(t.Context(), w.hospital, r.ID)
	w.must(err)
	if v.Reason == nil || *v.Reason != "information_given" {
		t.Errorf("the hospital sees %+v", v)
	}
	version := w.text(`SELECT stop_version FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
	w.takenBack(w.desk, id, takesBack("feedback"))
	v, err = w.cases.Referral(t.Context(), w.hospital, r.ID)
	w.must(err)
	line, err := w.cases.ReferralTimeline(t.Context(), w.hospital, r.ID)
	w.must(err)
	page, err := w.cases.Referrals(t.Context(), w.hospital, "")
	w.must(err)
	if v.Status != "received" || v.Reason != nil || v.NextText != "" || len(line) != 1 || page.Items[0].Status != "received" {
		t.Errorf("after her no the hospital sees %+v, %+v, %+v", v, line, page.Items[0])
	}
	w.want("received:queued,reached:withdrawn,closed:withdrawn", `SELECT string_agg(template || ':' || status, ',' ORDER BY id) FROM messages WHERE case_id = $1`, id)
	if after := w.text(`SELECT stop_version FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id); after == version {
		t.Error("a send that was decided before the revocation may still begin")
	}
}

func TestHerNoStandsAgainstARequiredForm(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	w.takenBack(w.desk, id, takesBack("share"))
	in := sentAway()
	in.ConsentHow = "required_form"
	_, err := w.cases.HandOver(t.Context(), w.desk, id, in)
	w.refused(fault.Conflict, err)
	in.ConsentHow = "phone"
	w.ok(w.cases.HandOver(t.Context(), w.desk, id, in))
	w.takenBack(w.desk, id, takesBack("share"))
	w.want("taken_back", `SELECT ended_as FROM handovers WHERE case_id = $1`, id)
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}

// A form that says no while an agency has her ends nothing by itself: it is urgent that a person asks her.
func TestAFormThatSaysNoWhileSheIsServed(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	in.Consent.ShareWithAgencies = "no"
	w.receive(w.clinic, in)
	w.status(referral.Claimed, id)
	w.want("true", `SELECT urgent FROM tasks WHERE case_id = $1 AND kind = 'case.new_referral'`, id)
}
