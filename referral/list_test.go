package referral_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// pages walks a list to its end and asserts that each row came once and that the pages were full.
func pages[R any](w *world, want int, id func(R) uuid.UUID, page func(after string) (referral.Page[R], error)) []R {
	w.Helper()
	var all []R
	seen := map[uuid.UUID]bool{}
	for after := ""; ; {
		p, err := page(after)
		w.must(err)
		for _, row := range p.Items {
			if seen[id(row)] {
				w.Errorf("%s came twice", id(row))
			}
			seen[id(row)] = true
		}
		all = append(all, p.Items...)
		if p.Next == "" {
			break
		}
		if len(p.Items) != 50 {
			w.Errorf("a page of %d rows with a next one", len(p.Items))
		}
		after = p.Next
	}
	if len(all) != want {
		w.Errorf("got %d rows, want %d", len(all), want)
	}
	return all
}

func TestListsLoseNoRowAndShowNoneTwice(t *testing.T) {
	w := newWorld(t)
	w.exec(`UPDATE capacity_statements SET funded = 1000`)
	const n = 120
	for i := range n {
		if i%3 == 0 { // many rows share one instant
			w.clock.forward(time.Second)
		}
		w.receive(w.hospital, postpartum())
	}
	ctx := t.Context()
	rows := pages(w, n, func(c referral.CaseRow) uuid.UUID { return c.ID }, func(after string) (referral.Page[referral.CaseRow], error) {
		return w.cases.Cases(ctx, w.desk, "", after)
	})
	w.want(rows[0].ID.String(), `SELECT id FROM cases ORDER BY rank_key LIMIT 1`)
	offers := pages(w, n, func(o referral.OfferView) uuid.UUID { return o.ID }, func(after string) (referral.Page[referral.OfferView], error) {
		return w.cases.Pool(ctx, w.first.desk, after)
	})
	sent := pages(w, n, func(r referral.ReferralView) uuid.UUID { return r.ID }, func(after string) (referral.Page[referral.ReferralView], error) {
		return w.cases.Referrals(ctx, w.hospital, after)
	})
	if sent[0].ReceivedAt.Before(sent[n-1].ReceivedAt) {
		t.Error("the newest referral is not first")
	}
	for _, o := range offers {
		w.ok(w.cases.Claim(ctx, w.first.desk, o.CaseID, referral.ClaimForm{}))
	}
	w.clock.forward(96 * time.Hour)
	w.work()
	pages(w, n, func(x referral.TaskView) uuid.UUID { return x.ID }, func(after string) (referral.Page[referral.TaskView], error) {
		return w.cases.Tasks(ctx, w.first.desk, after)
	})
	pages(w, n, func(c referral.CaseRow) uuid.UUID { return c.ID }, func(after string) (referral.Page[referral.CaseRow], error) {
		return w.cases.Cases(ctx, w.first.visitor, referral.Claimed, after)
	})
	pages(w, 0, func(c referral.CaseRow) uuid.UUID { return c.ID }, func(after string) (referral.Page[referral.CaseRow], error) {
		return w.cases.Cases(ctx, w.second.desk, "", after)
	})
	for _, after := range []string{"x", "eA", "eB8t"} {
		_, err := w.cases.Pool(ctx, w.first.desk, after)
		w.refused(fault.Invalid, err)
		_, err = w.cases.Referrals(ctx, w.hospital, after)
		w.refused(fault.Invalid, err)
		_, err = w.cases.Tasks(ctx, w.desk, after)
		w.refused(fault.Invalid, err)
	}
}

func TestATaskIsEndedByItsOwnOrganizationOnce(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	w.clock.forward(48 * time.Hour)
	w.work()
	task := w.id(`SELECT id FROM tasks WHERE case_id = $1 AND closed_at IS NULL`, id)
	_, err := w.cases.CloseTask(t.Context(), w.second.desk, task, referral.TaskEnd{As: "done"})
	w.refused(fault.NotFound, err)
	_, err = w.cases.CloseTask(t.Context(), w.first.desk, task, referral.TaskEnd{As: "ignored"})
	w.invalid(err, "/as")
	_, err = w.cases.CloseTask(t.Context(), w.first.desk, task, referral.TaskEnd{As: "could_not"})
	w.must(err)
	_, err = w.cases.CloseTask(t.Context(), w.first.desk, task, referral.TaskEnd{As: "done"})
	w.refused(fault.Conflict, err)
	w.want("could_not", `SELECT closed_as FROM tasks WHERE id = $1 AND closed_by = $2`, task, w.first.desk.ID)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'close task' AND case_id = $1`, id)
	_, alarm := w.alarmed()
	_, err = w.cases.CloseTask(t.Context(), w.desk, w.id(`SELECT id FROM tasks WHERE subject_id = $1`, alarm), referral.TaskEnd{As: "done"})
	w.says(err, "ends when its outcome is written")
}

func TestCasesOfAStatusThatDoesNotExist(t *testing.T) {
	w := newWorld(t)
	_, err := w.cases.Cases(t.Context(), w.desk, "enroled", "")
	w.invalid(err, "/status")
}
