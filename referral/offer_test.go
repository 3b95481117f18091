package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

func offerTo(kind, reason string, programs ...uuid.UUID) referral.OfferForm {
	return referral.OfferForm{Programs: programs, Kind: kind, Reason: reason}
}

func TestAnOfferAgainstTheOrderOfTheRulesNeedsAReason(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	_, err := w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "", w.second.Program))
	w.invalid(err, "/reason")
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "distance", w.second.Program)))
	w.want("distance", `SELECT detail ->> 'override' FROM audit_events WHERE case_id = $1 AND action = 'offer'`, id)
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "", w.first.Program))) // the order of the rules
	w.want("withdrawn,withdrawn", `SELECT string_agg(ended_as, ',') FROM offers WHERE case_id = $1 AND ended_at IS NOT NULL`, id)
}

func TestAPoolIsSeenByEachOfItsAgencies(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	r := w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", w.first.Program, w.second.Program)))
	for _, a := range []agency{w.first, w.second} {
		page, err := w.cases.Pool(t.Context(), a.desk, "")
		w.must(err)
		if len(page.Items) != 1 || page.Items[0].CaseID != id || page.Items[0].Kind != "pool" || page.Items[0].Area != "21201" {
			t.Errorf("got %+v", page)
		}
	}
	w.want("2", `SELECT count(*) FROM follow_ups WHERE case_id = $1 AND kind = 'offer.expire' AND status = 'open' AND due_at = $2`, id, r.NextBy)
}

func TestOfferIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	_, err := w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.first.Program))
	w.refused(fault.Conflict, err) // she has not said yes
	_, err = w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.first.Program, w.second.Program))
	w.invalid(err, "/programs")
	_, err = w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", w.first.Program, w.first.Program))
	w.invalid(err, "/programs")
	id = w.offered()
	_, err = w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", uuid.New()))
	w.invalid(err, "/programs")
	w.exec(`UPDATE organizations SET agreement_until = '2026-10-05' WHERE id = $1`, w.second.ID)
	_, err = w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.second.Program))
	w.refused(fault.Conflict, err)
	id = w.claimed()
	_, err = w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.second.Program))
	w.refused(fault.Conflict, err)
}

func TestAnAlarmIsAnsweredBeforeAnOffer(t *testing.T) {
	w := newWorld(t)
	_, id := w.receive(w.hospital, selfHarm(postpartum()))
	_, err := w.cases.Offer(t.Context(), w.desk, id, offerTo("direct", "other", w.first.Program))
	w.refused(fault.Conflict, err)
	_, err = w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "fits_after_all"})
	w.refused(fault.Conflict, err)
}

// A program's own answer time comes before the pack's, in its agency's business hours.
func TestClaimByFollowsTheProgram(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE programs SET response_hours = 9 WHERE id = $1`, w.first.Program)
	id := w.offered()
	w.want("true", `SELECT claim_by = $2 FROM offers WHERE case_id = $1`, id, time.Date(2026, 10, 7, 14, 0, 0, 0, time.UTC))
}

func TestReviewSendsOn(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Consent.Answer = "she_said_no"
	_, id := w.receive(w.hospital, in)
	_, err := w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "other"})
	w.refused(fault.Conflict, err)
	w.clock.forward(time.Minute)
	r := w.ok(w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "permission_given"}))
	if r.Status != referral.Outreach {
		t.Errorf("got %+v", r)
	}
	w.want("{}", `SELECT review_reasons FROM cases WHERE id = $1`, id)
	w.want("phone", `SELECT how FROM consents WHERE case_id = $1 AND gate = 2 AND answer = 'yes'`, id)
	w.want("case.outreach_due", `SELECT kind FROM follow_ups WHERE case_id = $1 AND status = 'open'`, id)
	w.exec(`UPDATE clients SET do_not_contact = true, stopped_at = created_at`)
	w.exec(`UPDATE cases SET status = 'review', review_reasons = '{no_place}' WHERE id = $1`, id)
	_, err = w.cases.Review(t.Context(), w.desk, id, referral.ReviewForm{Reason: "permission_given"})
	w.refused(fault.Conflict, err)
}

func TestOverdueReviewIsTheSupervisors(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Addresses = nil // area unknown: a person looks
	_, id := w.receive(w.hospital, in)
	w.status(referral.Review, id)
	w.clock.forward(72 * time.Hour)
	w.work()
	w.want("case.review_overdue triage_supervisor", `SELECT kind || ' ' || role FROM tasks WHERE case_id = $1 AND urgent`, id)
}
