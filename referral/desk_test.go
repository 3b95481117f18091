package referral_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// A case put off leaves its tab, comes back by itself when its days are over or anything happens to it, and at once by hand.
func TestSnoozedCasesComeBack(t *testing.T) {
	w := newWorld(t)
	ctx, id := t.Context(), w.outreach()
	in := func(tab referral.Tab, want int) {
		t.Helper()
		v, err := w.cases.Queue(ctx, w.desk, tab, "")
		w.must(err)
		if len(v.Items) != want || v.Counts[tab] != want {
			t.Errorf("%s lists %d and counts %d, want %d", tab, len(v.Items), v.Counts[tab], want)
		}
	}
	snooze := func(days int) {
		t.Helper()
		_, err := w.cases.Snooze(ctx, w.desk, referral.SnoozeForm{Cases: []uuid.UUID{id}, Days: days})
		w.must(err)
	}
	w.exec(`UPDATE cases SET next_due_at = $1`, w.clock.Now().Add(time.Hour))
	in(referral.TabOutreach, 1)
	snooze(2)
	in(referral.TabOutreach, 0)
	in(referral.TabSnoozed, 1)
	snooze(0)
	in(referral.TabOutreach, 1)
	snooze(2)
	w.ok(w.cases.RecordOutreach(ctx, w.desk, id, w.call(id, "no_answer")))
	in(referral.TabSnoozed, 0)
	snooze(1)
	w.clock.forward(5 * 24 * time.Hour)
	in(referral.TabSnoozed, 0)
	in(referral.TabOutreach, 1)
	_, err := w.cases.Snooze(ctx, w.desk, referral.SnoozeForm{Cases: []uuid.UUID{id, uuid.New()}, Days: 1})
	w.refused(fault.NotFound, err)
	in(referral.TabOutreach, 1)
}

func TestSearch(t *testing.T) {
	w := newWorld(t)
	ctx, id := t.Context(), w.outreach()
	name := w.text(`SELECT given_name || ' ' || family_name FROM clients`)
	number := w.text(`SELECT value FROM contact_methods WHERE channel = 'phone' LIMIT 1`)
	born := w.text(`SELECT date_of_birth::text FROM clients`)
	given := w.text(`SELECT reference FROM referrals WHERE case_id = $1`, id)
	find := func(in referral.FindForm) referral.FindView {
		t.Helper()
		r, err := w.cases.Find(ctx, w.desk, in)
		w.must(err)
		v, err := w.cases.Found(ctx, w.desk, r.ID)
		w.must(err)
		return v
	}
	for what, in := range map[string]referral.FindForm{"name": {Name: name}, "a part": {Name: name[:len(name)-1]}, "phone": {Phone: number},
		"birth date": {DateOfBirth: born}, "reference": {Reference: id.String()[28:32] + "-" + id.String()[32:]}, "what she was given": {Reference: strings.ToLower(given)}, "all": {Name: name, Phone: number, DateOfBirth: born}} {
		if v := find(in); len(v.Items) != 1 || v.Items[0].ID != id {
			t.Errorf("by %s: %+v", what, v.Items)
		}
	}
	if v := find(referral.FindForm{Name: name, DateOfBirth: "1950-01-01"}); len(v.Items) != 0 {
		t.Errorf("what is not true of her found her: %+v", v.Items)
	}
	r, err := w.cases.Find(ctx, w.desk, referral.FindForm{Name: name})
	w.must(err)
	w.want("0", `SELECT position(convert_to($2, 'UTF8') IN query_sealed) FROM searches WHERE id = $1`, r.ID, name)
	other := w.desk
	other.ID = uuid.New()
	_, err = w.cases.Found(ctx, other, r.ID)
	w.refused(fault.NotFound, err)
	w.want("true", `SELECT count(*) > 0 FROM audit_events WHERE kind = 'view' AND action = 'search' AND detail -> 'shown' ? $1::text`, id)
	w.clock.forward(61 * time.Minute)
	_, err = w.cases.Found(ctx, w.desk, r.ID)
	w.refused(fault.NotFound, err)
	_, err = w.cases.Find(ctx, w.desk, referral.FindForm{})
	w.invalid(err, "/name")
	_, err = w.cases.Find(ctx, w.desk, referral.FindForm{Name: "ab", Phone: "12", Reference: "x", DateOfBirth: "1"})
	w.invalid(err, "/name", "/reference", "/date_of_birth")
	w.want("0", `SELECT count(*) FROM searches WHERE id = $1 AND expires_at > $2`, r.ID, w.clock.Now())
}

// The board is the hub's: what it shows is what the line and the offers are.
func TestBoard(t *testing.T) {
	w := newWorld(t)
	w.offered()
	b, err := w.cases.Board(t.Context(), w.desk)
	w.must(err)
	offered := 0
	for _, p := range b.Items {
		offered += p.Offered
	}
	if len(b.Items) == 0 || offered != 1 {
		t.Errorf("the board shows %d programs with %d offers", len(b.Items), offered)
	}
	_, err = w.cases.Board(t.Context(), w.first.desk)
	w.refused(fault.Forbidden, err)
}
