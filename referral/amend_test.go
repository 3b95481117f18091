package referral_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

func (w *world) amended(id uuid.UUID, changes ...referral.Change) referral.AmendForm {
	w.Helper()
	return referral.AmendForm{Version: w.version(id), Changes: changes}
}

func change(subject, field, to string) referral.Change {
	return referral.Change{Subject: subject, Field: field, To: to}
}

func TestWhatWasTypedWrongIsCorrectedWithItsHistory(t *testing.T) {
	w := newWorld(t)
	in := postpartum()
	_, id := w.receive(w.hospital, in)
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	child := w.child(id)
	w.ok(w.cases.Amend(t.Context(), w.first.visitor, id, w.amended(id, change("client", "given_name", "Anaïs"), change("client", "date_of_birth", "1999-04-02"),
		change("client", "spoken_language", "es"), change("client", "insurance", "medicaid"), change("pregnancy", "earlier_live_births", "2"),
		referral.Change{Subject: "infant", ID: &child, Field: "birth_weight_grams", To: "2400"},
		referral.Change{Subject: "infant", ID: &child, Field: "custody", To: "adoption_planned"})))
	w.want("Anaïs 1999-04-02 es medicaid", `SELECT concat_ws(' ', given_name, date_of_birth, spoken_language, insurance) FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
	w.want("2400 adoption_planned", `SELECT birth_weight_grams || ' ' || custody FROM infants WHERE id = $1`, child)
	w.want("amend", `SELECT cause FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	w.want("2 2400", `SELECT (facts ->> 'earlier_live_births') || ' ' || (facts ->> 'lowest_birth_weight_grams') FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`, id)
	got, err := w.cases.Corrections(t.Context(), w.first.desk, id)
	w.must(err)
	said := map[string]string{}
	for _, x := range got.Items {
		said[x.Subject+"."+x.Field] = x.Before + ">" + x.After
		if x.CorrectedBy != w.first.visitor.ID || x.CorrectedAt.IsZero() {
			t.Errorf("%s by %s at %s", x.Field, x.CorrectedBy, x.CorrectedAt)
		}
	}
	if len(said) != 7 || said["client.given_name"] != "Ana>Anaïs" || said["client.date_of_birth"] != in.Client.DateOfBirth+">1999-04-02" ||
		said["infant.birth_weight_grams"] != ">2400" || said["pregnancy.earlier_live_births"] != ">2" {
		t.Errorf("got %v", said)
	}
	if dump := w.text(`SELECT string_agg(x::text, ' ') FROM corrections x`) + w.text(`SELECT string_agg(detail::text, ' ') FROM audit_events`); strings.Contains(dump, "Ana") || strings.Contains(dump, in.Client.DateOfBirth) {
		t.Error("an old value stands in the clear")
	}
	if _, err := w.owner.ExecContext(t.Context(), `UPDATE corrections SET field = 'x'`); err == nil {
		t.Error("a correction was changed")
	}
	_, err = w.cases.Corrections(t.Context(), w.second.desk, id)
	w.refused(fault.NotFound, err)
	// the same person, by the right name and day, is known again
	in.Client.GivenName, in.Client.DateOfBirth = "Anaïs", "1999-04-02"
	if _, same := w.receive(w.clinic, in); same != id {
		t.Error("by her corrected name she is somebody else")
	}
	w.want("1", `SELECT count(*) FROM referrals WHERE case_id = $1 AND received_at = entered_at AND NOT linked`, id) // as received
}

// Answers are shown at the hub alone, and corrected there. What a referral said stays with it; a later one may say more.
func TestAnAnswerIsCorrected(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	_, id := w.receive(w.hospital, in)
	_, err := w.cases.Amend(t.Context(), w.first.desk, id, w.amended(id, change("answer", "mental_health", "no")))
	w.refused(fault.NotFound, err)
	w.ok(w.cases.Amend(t.Context(), w.desk, id, w.amended(id, change("answer", "mental_health", ""), change("answer", "unstable_housing", "yes"))))
	w.want("yes", `SELECT answer FROM answers WHERE case_id = $1`, id)
	asked, err := w.cases.Asked(t.Context(), w.desk, id)
	w.must(err)
	if len(asked.Answers) != 1 || asked.Answers["unstable_housing"] != "yes" {
		t.Errorf("got %v", asked.Answers)
	}
	const fact = `SELECT facts ->> 'mental_health' FROM decisions WHERE case_id = $1 ORDER BY decided_at DESC, id DESC LIMIT 1`
	if got := w.text(fact, id); strings.Contains(got, "yes") {
		t.Errorf("the rules still read %q", got)
	}
	w.clock.forward(time.Minute)
	w.receive(w.clinic, in) // says it again, later
	if asked, err = w.cases.Asked(t.Context(), w.desk, id); err != nil || asked.Answers["mental_health"] != "yes" {
		t.Errorf("got %v %v", asked.Answers, err)
	}
	w.clock.forward(time.Minute)
	served := w.claimed()
	_, err = w.cases.Amend(t.Context(), w.first.desk, served, w.amended(served, change("answer", "unstable_housing", "yes")))
	w.invalid(err, "/changes/0/subject")
	w.refusesAmendments()
}

// An item typed wrong may be the one that says she wants to die.
func TestACorrectedScreeningRaisesItsAlarm(t *testing.T) {
	w := newWorld(t)
	in := selfHarm(prenatal())
	in.Screenings[0].Items[9] = new(0)
	_, id := w.receive(w.hospital, in)
	form := w.id(`SELECT id FROM screenings WHERE case_id = $1`, id)
	item := func(field, to string) referral.Change {
		return referral.Change{Subject: "screening", ID: &form, Field: field, To: to}
	}
	_, err := w.cases.Amend(t.Context(), w.desk, id, w.amended(id, item("item_10", "7"), item("item_11", "0")))
	w.invalid(err, "/changes/1/field", "/changes/0/to")
	r := w.ok(w.cases.Amend(t.Context(), w.desk, id, w.amended(id, item("item_10", "2"))))
	if r.Status != referral.Review {
		t.Errorf("got %+v", r)
	}
	w.want("self_harm", `SELECT kind FROM alarms WHERE case_id = $1 AND outcome IS NULL`, id)
	w.want("[0, 0, 0, 0, 0, 0, 0, 0, 0, 2]", `SELECT items::text FROM screenings WHERE id = $1`, form)
}

// refusesAmendments is what cannot be corrected, or not so.
func (w *world) refusesAmendments() {
	w.Helper()
	id := w.offered()
	child, stranger := w.child(id), uuid.New()
	of := func(id *uuid.UUID, field, to string) referral.Change {
		return referral.Change{Subject: "infant", ID: id, Field: field, To: to}
	}
	for _, c := range []struct {
		change referral.Change
		at     string
	}{
		{change("referral", "note", "x"), "/changes/0/subject"}, {change("client", "given_name", ""), "/changes/0/to"},
		{change("client", "date_of_birth", "2030-01-01"), "/changes/0/to"}, {change("client", "do_not_contact", "no"), "/changes/0/field"},
		{change("infant", "born_on", "2026-10-01"), "/changes/0/id"}, {of(&stranger, "born_on", "2026-10-01"), "/changes/0/id"},
		{of(&child, "born_on", "2026-10-06"), "/changes/0/to"}, // after its discharge
		{of(&child, "nicu", "perhaps"), "/changes/0/to"}, {of(&child, "birth_weight_grams", "heavy"), "/changes/0/to"},
		{change("answer", "favourite_colour", "yes"), "/changes/0/field"}, {change("pregnancy", "outcome_on", "2030-01-01"), "/changes/0/to"},
	} {
		_, err := w.cases.Amend(w.Context(), w.desk, id, w.amended(id, c.change))
		w.invalid(err, c.at)
	}
	_, err := w.cases.Amend(w.Context(), w.desk, id, w.amended(id, change("client", "given_name", "Ana")))
	w.says(err, "says all of this already")
	_, err = w.cases.Amend(w.Context(), w.desk, id, referral.AmendForm{Changes: []referral.Change{change("client", "given_name", "Eva")}})
	w.invalid(err, "/version")
	w.ok(w.cases.Close(w.Context(), w.desk, id, ends("information_given")))
	_, err = w.cases.Amend(w.Context(), w.desk, id, w.amended(id, change("client", "given_name", "Eva")))
	w.refused(fault.Forbidden, err)
	w.ok(w.cases.Amend(w.Context(), w.lead, id, w.amended(id, change("client", "given_name", "Eva"))))
	w.status(referral.Closed, id)
}

// Two people correct the same record at the same instant: one is written, the other is told what changed and by whom, and nothing is lost.
func TestTwoPeopleEditTheSameRecord(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		id := w.claimed()
		read := w.version(id)
		people := []auth.Actor{w.first.desk, w.first.visitor}
		names := []string{"Anna", "Hannah"}
		errs := together(2, func(i int) error {
			_, err := w.cases.Amend(context.Background(), people[i], id, referral.AmendForm{Version: read, Changes: []referral.Change{change("client", "given_name", names[i])}})
			return err
		})
		lost := 0
		if errs[0] == nil {
			lost = 1
		}
		var f *fault.Error
		if errs[1-lost] != nil || !errors.As(errs[lost], &f) || f.Kind != fault.Stale || len(f.Fields) != 1 {
			t.Fatalf("got %v and %v", errs[0], errs[1])
		}
		who := w.text(`SELECT name FROM users WHERE id = $1`, people[1-lost].ID)
		if said := f.Fields[0].Detail; !strings.HasPrefix(said, "amend record (client given_name), by "+who+" at ") || strings.Contains(said, names[1-lost]) {
			t.Errorf("the second hears %q", said)
		}
		w.want(names[1-lost], `SELECT given_name FROM clients c JOIN cases k ON k.caregiver_id = c.id WHERE k.id = $1`, id)
		w.want("1", `SELECT count(*) FROM corrections WHERE case_id = $1`, id)
	}
	id := w.outreach()
	read := w.version(id)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "no_answer")))
	for _, err := range []error{
		func() error {
			_, err := w.cases.RecordLoss(t.Context(), w.lead, id, referral.LossForm{Version: read, ToldBy: "family"})
			return err
		}(),
		func() error {
			_, err := w.cases.RecordDueDate(t.Context(), w.lead, id, referral.DueDateForm{Version: read, DueOn: "2027-02-02", Method: "lmp"})
			return err
		}(),
	} {
		w.refused(fault.Stale, err)
	}
}
