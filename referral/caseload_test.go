package referral_test

import (
	"testing"
	"time"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// An agency's families by due, with their tries; a visitor asks for their own, and another agency sees none of them.
func TestCaseload(t *testing.T) {
	w := newWorld(t)
	id := w.claimed()
	list := func(a agency, q referral.CaseloadQuery) referral.Caseload {
		t.Helper()
		out, err := w.cases.Caseload(t.Context(), a.desk, q)
		w.must(err)
		return out
	}
	later := list(w.first, referral.CaseloadQuery{View: referral.DueLater})
	if len(later.Items) != 1 || later.Items[0].Case.ID != id || later.Items[0].Case.Family == nil || len(later.Items[0].Case.Family.Contacts) == 0 ||
		later.Items[0].Tries != 0 || later.Items[0].OfTries == 0 || later.Counts[referral.DueToday] != 0 || later.NextBy == nil {
		t.Errorf("upcoming: %+v", later)
	}
	w.clock.set(later.NextBy.Add(-time.Hour))
	if today := list(w.first, referral.CaseloadQuery{View: referral.DueToday}); len(today.Items) != 1 || today.Counts[referral.DueLater] != 0 {
		t.Errorf("today: %+v", today.Counts)
	}
	w.ok(w.cases.RecordAttempt(t.Context(), w.first.desk, id, w.call(id, "no_answer")))
	if tried := list(w.first, referral.CaseloadQuery{View: referral.DueLater}); len(tried.Items) != 1 || tried.Items[0].Tries != 1 || len(tried.Items[0].Missing) == 0 {
		t.Errorf("after a try: %+v", tried)
	}
	if other := list(w.second, referral.CaseloadQuery{View: referral.DueLater}); len(other.Items) != 0 || other.Counts[referral.DueLater] != 0 {
		t.Errorf("another agency: %+v", other)
	}
	if mine := list(w.first, referral.CaseloadQuery{View: referral.DueLater, Mine: true}); len(mine.Items) != 0 {
		t.Error("nobody visits her yet")
	}
	w.ok(w.cases.AssignVisitor(t.Context(), w.first.desk, id, referral.VisitorForm{VisitorID: w.first.visitor.ID}))
	mine, err := w.cases.Caseload(t.Context(), w.first.visitor, referral.CaseloadQuery{View: referral.DueLater, Mine: true})
	if err != nil || len(mine.Items) != 1 {
		t.Errorf("the visitor: %+v %v", mine, err)
	}
	team, err := w.cases.Team(t.Context(), w.first.desk, "")
	if err != nil || len(team.Items) != 2 || team.Items[0].Families+team.Items[1].Families != 1 {
		t.Errorf("team: %+v %v", team, err)
	}
	_, err = w.cases.Caseload(t.Context(), w.desk, referral.CaseloadQuery{View: referral.DueToday})
	w.refused(fault.Forbidden, err)
	_, err = w.cases.Caseload(t.Context(), w.first.desk, referral.CaseloadQuery{View: "x"})
	w.invalid(err, "/view")
}

// More than a page: the cursor goes on where the page ended, and no family is shown twice.
func TestCaseloadPages(t *testing.T) {
	w := newWorld(t)
	for range 12 {
		w.claimed()
	}
	seen, after := map[string]bool{}, ""
	for range 3 {
		page, err := w.cases.Caseload(t.Context(), w.first.desk, referral.CaseloadQuery{View: referral.DueLater, After: after})
		w.must(err)
		for _, row := range page.Items {
			seen[row.Case.ID.String()] = true
		}
		if after = page.Next; after == "" {
			break
		}
	}
	if len(seen) != 12 || after != "" {
		t.Errorf("%d families, next %q", len(seen), after)
	}
}

// Whoever asks for the order to hold is asked why a family is passed; the reason stands in the history.
func TestClaimOutOfOrder(t *testing.T) {
	w := newWorld(t)
	w.offered()
	w.clock.set(w.clock.Now().Add(time.Hour))
	later := w.offered()
	_, err := w.cases.Claim(t.Context(), w.first.desk, later, referral.ClaimForm{InOrder: true})
	w.invalid(err, "/out_of_order")
	w.ok(w.cases.Claim(t.Context(), w.first.desk, later, referral.ClaimForm{InOrder: true, OutOfOrder: "language"}))
	w.want("1 language", `SELECT (detail ->> 'passed') || ' ' || (detail ->> 'out_of_order') FROM audit_events WHERE case_id = $1 AND action = 'claim'`, later)
}
