package referral_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/referral"
)

const claimants = 64

// oneWinner asserts that one claim went through and that everybody else was told.
func (w *world) oneWinner(errs []error) (winner int) {
	w.Helper()
	won := 0
	for i, err := range errs {
		switch {
		case err == nil:
			won++
			winner = i
		case !errors.Is(err, fault.Conflict):
			w.Errorf("a loser was told %v", err)
		}
	}
	if won != 1 {
		w.Errorf("%d claims went through, want 1", won)
	}
	return winner
}

// The lock of the case decides, and behind it the index of open claims.
func TestSixtyFourAgenciesClaimOneCase(t *testing.T) {
	w := newWorld(t)
	agencies := make([]agency, claimants)
	programs := make([]uuid.UUID, claimants)
	for i := range agencies {
		agencies[i] = w.newAgency(100, "es")
		programs[i] = agencies[i].Program
	}
	for range 20 {
		id := w.offered()
		w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", programs...)))
		winner := w.oneWinner(together(claimants, func(i int) error {
			_, err := w.cases.Claim(t.Context(), agencies[i].desk, id, referral.ClaimForm{})
			return err
		}))
		w.want(agencies[winner].ID.String(), `SELECT string_agg(org_id::text, ',') FROM claims WHERE case_id = $1`, id)
		w.want(agencies[winner].ID.String(), `SELECT string_agg(org_id::text, ',') FROM case_access WHERE case_id = $1 AND level <> 'source' AND until IS NULL`, id)
		w.want("0", `SELECT count(*) FROM offers WHERE case_id = $1 AND ended_at IS NULL`, id)
	}
}

// The lock of the program decides: 64 cases have 64 locks of their own.
func TestSixtyFourClaimsForTheLastSlot(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET funded = 1000`)
	cases := make([]uuid.UUID, claimants)
	for i := range cases {
		cases[i] = w.offered()
	}
	for slots := 1; slots <= 20; slots++ {
		w.exec(`UPDATE capacity_statements SET funded = $2 WHERE program_id = $1`, w.first.Program, slots)
		winner := w.oneWinner(together(len(cases), func(i int) error {
			_, err := w.cases.Claim(t.Context(), w.first.desk, cases[i], referral.ClaimForm{})
			return err
		}))
		w.status(referral.Claimed, cases[winner])
		cases = append(cases[:winner], cases[winner+1:]...)
	}
}

// A client that retries too eagerly gets its one receipt, or is asked to wait.
func TestAStormOfOneKeyIsOneReferral(t *testing.T) {
	w := newWorld(t)
	for round := range 5 {
		in, receipts := prenatal(), make([]referral.ReferralReceipt, claimants)
		errs := together(claimants, func(i int) (err error) {
			ctx := pg.WithRequest(t.Context(), &pg.Request{Route: "referrals", Key: string(rune('a' + round)), BodyHash: []byte("hash")})
			receipts[i], err = w.cases.Receive(ctx, w.hospital, in)
			return err
		})
		seen := map[uuid.UUID]bool{}
		for i, err := range errs {
			var f *fault.Error
			switch {
			case err == nil:
				seen[receipts[i].ID] = true
			case !errors.As(err, &f) || f.Kind != fault.Conflict || f.RetryAfter == 0:
				t.Errorf("a retry was told %v", err)
			}
		}
		if len(seen) != 1 {
			t.Errorf("%d referrals were acknowledged", len(seen))
		}
	}
	w.want("5", `SELECT count(*) FROM referrals`)
}
