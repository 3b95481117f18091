package referral_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// says asserts a Conflict in these words.
func (w *world) says(err error, words string) {
	w.Helper()
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Conflict || !strings.Contains(f.Message, words) {
		w.Errorf("got %v, want a conflict that says %q", err, words)
	}
}

func TestClaimTakesTheCaseAndASlot(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	r := w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	// discharged on Monday 5 October, so the clock of the first attempt runs from then
	if r.Status != referral.Claimed || r.NextStep != "agency_reaches_out" || !r.NextBy.Equal(time.Date(2026, 10, 7, 21, 0, 0, 0, time.UTC)) {
		t.Errorf("got %+v", r)
	}
	w.want("true", `SELECT claimed_at = $2 AND org_id = $3 AND program_id = $4 AND ended_at IS NULL FROM claims WHERE id = $1`,
		r.CreatedID, w.clock.Now(), w.first.ID, w.first.Program)
	w.want("claimed", `SELECT ended_as FROM offers WHERE case_id = $1`, id)
	w.want("full,source", `SELECT string_agg(level, ',' ORDER BY level) FROM case_access WHERE case_id = $1 AND until IS NULL`, id)
	w.want("cancelled,open,open", `SELECT string_agg(status, ',' ORDER BY status) FROM follow_ups WHERE case_id = $1`, id)
}

func TestLosersHearWhatHappened(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	_, err := w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{})
	w.refused(fault.NotFound, err) // it was never offered to them
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", w.first.Program, w.second.Program)))
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	_, err = w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{})
	w.says(err, "Another agency has this family")
	_, err = w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
	w.says(err, "Your agency claimed this family at 2026-10-06 14:00 UTC")
}

func TestOfTwoProgramsTheClaimNamesOne(t *testing.T) {
	w := newWorld(t)
	other := w.Program(seedProgram(w.first))
	id := w.offered()
	w.ok(w.cases.Offer(t.Context(), w.desk, id, offerTo("pool", "other", w.first.Program, other.ID)))
	_, err := w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
	w.invalid(err, "/program_id")
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{ProgramID: &other.ID}))
	w.want(other.ID.String(), `SELECT program_id FROM claims WHERE case_id = $1`, id)
}

func TestClaimGates(t *testing.T) {
	for name, c := range map[string]struct {
		between string // what happens between offer and claim; $1 is the case, $2 the agency
		says    string
	}{
		"no slot left": {`UPDATE capacity_statements SET funded = 0
			WHERE program_id IN (SELECT p.id FROM programs p JOIN offers o ON o.program_id = p.id WHERE o.case_id = $1 AND p.org_id = $2)`, "no free place"},
		"the agreement ended": {`UPDATE organizations SET agreement_until = '2026-10-05' WHERE id = $2 AND $1::uuid IS NOT NULL`, "agreement has ended"},
		"she took it back":    {`UPDATE consents SET revoked_at = given_at WHERE case_id = $1 AND gate = 3 AND $2::uuid IS NOT NULL`, "took it back"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			id := w.offered()
			w.exec(c.between, id, w.first.ID)
			_, err := w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
			w.says(err, c.says)
			w.status(referral.Offered, id)
			w.want("0", `SELECT count(*) FROM claims`)
			w.want("1", `SELECT count(*) FROM offers WHERE ended_at IS NULL`)
		})
	}
}

// Promised and in use count both, and never twice for one family.
func TestTheLastSlot(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET funded = 2 WHERE program_id = $1`, w.first.Program)
	w.exec(`UPDATE capacity_statements SET funded = 0 WHERE program_id = $1`, w.second.Program)
	served := w.enrolled()
	id := w.claimed()
	_, other := w.receive(w.hospital, postpartum())
	w.status(referral.Waitlisted, other)
	w.ok(w.cases.Offer(t.Context(), w.desk, other, offerTo("direct", "her_wish", w.first.Program)))
	_, err := w.cases.Claim(t.Context(), w.first.desk, other, referral.ClaimForm{})
	w.says(err, "2 of 2 are promised or in use")
	w.ok(w.cases.Complete(t.Context(), w.first.visitor, served, referral.CompleteForm{}))
	w.ok(w.cases.Claim(t.Context(), w.first.desk, other, referral.ClaimForm{}))
	w.ok(w.cases.Undo(t.Context(), w.first.desk, other))
	w.ok(w.cases.Claim(t.Context(), w.first.desk, other, referral.ClaimForm{}))
	w.status(referral.Claimed, id)
}

func TestOnlyTheDeskClaims(t *testing.T) {
	w := newWorld(t)
	id := w.offered()
	for _, actor := range []auth.Actor{w.first.visitor, w.desk, w.hospital} {
		_, err := w.cases.Claim(t.Context(), actor, id, referral.ClaimForm{})
		w.refused(fault.Forbidden, err)
	}
}

// seedProgram is a further program of an agency, like its first.
func seedProgram(a agency) seed.Program {
	return seed.Program{OrgID: a.ID, PackCode: "hfa_traditional"}
}
