package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/referral"
)

func declined(reason string) referral.DeclineForm { return referral.DeclineForm{Reason: reason} }

// openTo asserts which program has the open offer, and of which kind.
func (w *world) openTo(id, program uuid.UUID, kind string) {
	w.Helper()
	w.want(kind, `SELECT kind FROM offers WHERE case_id = $1 AND program_id = $2 AND ended_at IS NULL`, id, program)
}

func TestDeclineSendsHerOnAndKeepsHerPlace(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	place := w.text(`SELECT received_at FROM cases WHERE id = $1`, id)
	w.clock.forward(time.Hour)
	r, err := w.cases.Decline(t.Context(), w.first.desk, id, declined("no_capacity"))
	w.must(err)
	if r.NextStep != "nothing" || r.NextBy != nil {
		t.Errorf("the agency hears where she goes: %+v", r)
	}
	w.openTo(id, w.second.Program, "direct")
	w.want("agency_declined no_capacity", `SELECT ended_as || ' ' || decline_code FROM offers WHERE program_id = $1`, w.first.Program)
	w.want(place, `SELECT received_at FROM cases WHERE id = $1`, id)
	w.want("2", `SELECT count(*) FROM decisions WHERE case_id = $1`, id)
	_, err = w.cases.Case(t.Context(), w.first.desk, id)
	w.refused(fault.NotFound, err)
	_, err = w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
	w.says(err, "Your agency declined this family at 2026-10-06 15:00 UTC")
	_, err = w.cases.Decline(t.Context(), w.second.desk, id, declined("language"))
	w.must(err)
	w.want("{no_taker}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
}

// A program that declined is not asked again when the case comes back from review.
func TestDeclinedIsNeverAskedAgain(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	_, err := w.cases.Decline(t.Context(), w.first.desk, id, declined("language"))
	w.must(err)
	w.receive(w.hospital, selfHarm(in))
	w.status(referral.Review, id)
	w.ok(w.cases.RecordAlarmOutcome(t.Context(), w.desk, w.id(`SELECT id FROM alarms`), referral.AlarmOutcome{Outcome: "safe_now"}))
	w.openTo(id, w.second.Program, "direct")
}

func TestDeclineInAPoolLeavesTheOthers(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE programs SET response_hours = 4 WHERE id = $1`, w.first.Program)
	id := w.offered()
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", w.first.Program, w.second.Program)))
	_, err := w.cases.Decline(t.Context(), w.first.desk, id, declined("outside_area"))
	w.must(err)
	w.openTo(id, w.second.Program, "pool")
	w.want("true", `SELECT c.next_due_at = o.claim_by FROM cases c JOIN offers o ON o.case_id = c.id WHERE c.id = $1 AND o.ended_at IS NULL`, id)
	w.want("1", `SELECT count(*) FROM case_access WHERE level = 'limited' AND until IS NULL`)
}

func TestDeclineIsRefused(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	_, err := w.cases.Decline(t.Context(), w.first.desk, id, declined("did not feel like it"))
	w.invalid(err, "/reason")
	_, err = w.cases.Decline(t.Context(), w.second.desk, id, declined("language"))
	w.refused(fault.NotFound, err)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	_, err = w.cases.Decline(t.Context(), w.first.desk, id, declined("language"))
	w.refused(fault.Conflict, err)
}

// expiry hands the due offer of a case over and leases its job; mail is another package's.
func (w *world) expiry() jobs.Job {
	w.Helper()
	w.exec(`UPDATE messages SET status = 'not_needed' WHERE status = 'queued'`)
	w.clock.forward(168 * time.Hour)
	_, err := w.queue.Sweep(w.Context(), 100)
	w.must(err)
	job := w.lease()
	if job.Kind != jobs.OfferExpire {
		w.Fatalf("leased %+v", job)
	}
	return job
}

func TestExpiryRunTwiceHasOneEffect(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	job := w.expiry()
	w.must(w.cases.ExpireOffer(t.Context(), job))
	if err := w.cases.ExpireOffer(t.Context(), job); err == nil {
		t.Error("a finished job settled again")
	}
	w.openTo(id, w.second.Program, "direct")
	w.want("1", `SELECT count(*) FROM case_moves WHERE action = 'expire'`)
	w.want("2", `SELECT count(*) FROM offers`)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'expire' AND actor_kind = 'system' AND actor_name = 'offer.expire'`)
	_, err := w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
	w.says(err, "ran out")
}

// First each alone, then all that let their time run out as a pool, then a person.
func TestExpiryGoesDownTheLadder(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	w.clock.forward(168 * time.Hour)
	w.work()
	w.openTo(id, w.second.Program, "direct")
	w.clock.forward(168 * time.Hour)
	w.work()
	w.openTo(id, w.first.Program, "pool")
	w.openTo(id, w.second.Program, "pool")
	w.clock.forward(168 * time.Hour)
	w.work()
	w.want("{no_taker}", `SELECT review_reasons FROM cases WHERE id = $1 AND status = 'review'`, id)
	w.want("0", `SELECT count(*) FROM case_access WHERE level = 'limited' AND until IS NULL`)
}

func TestClaimAgainstExpiryHasOneWinner(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		id := w.offered()
		w.exec(`UPDATE follow_ups SET status = 'cancelled' WHERE kind = 'case.window_closing'`) // it may fall due with the offer
		job := w.expiry()
		errs := together(2, func(i int) error {
			if i == 0 {
				return w.cases.ExpireOffer(t.Context(), job)
			}
			_, err := w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
			return err
		})
		w.must(errs[0]) // whoever is first, the job is settled
		if claimed := w.text(`SELECT status FROM cases WHERE id = $1`, id) == "claimed"; claimed != (errs[1] == nil) {
			t.Errorf("claimed %v, and the claim said %v", claimed, errs[1])
		}
		if errs[1] != nil {
			w.refused(fault.Conflict, errs[1])
			w.want("expired", `SELECT ended_as FROM offers WHERE case_id = $1 AND program_id = $2`, id, w.first.Program)
		}
		w.want("1", `SELECT count(*) FROM case_moves WHERE case_id = $1 AND action IN ('claim', 'expire')`, id)
		w.ok(w.cases.Close(t.Context(), w.desk, id, referral.CloseForm{Disposition: "information_given"}))
		w.work() // the place that the close gave back
	}
}
