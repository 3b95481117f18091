package referral_test

import (
	"fmt"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

func (w *world) listed(f referral.CaseFilter) map[uuid.UUID]bool {
	w.Helper()
	page, err := w.cases.AllCases(w.Context(), w.desk, f, "")
	w.must(err)
	out := map[uuid.UUID]bool{}
	for _, c := range page.Items {
		out[c.ID] = true
	}
	return out
}

func TestTheHubFiltersItsCases(t *testing.T) {
	w := newWorld(t)
	in := prenatal()
	in.Client.SpokenLanguage, in.Addresses[0].Zip = "es-MX", "21230"
	_, spanish := w.receive(w.hospital, in)
	offered, claimed := w.offered(), w.claimed()
	w.exec(`UPDATE cases SET next_due_at = $2 WHERE id = $1`, claimed, w.clock.Now().Add(-1))
	_, err := w.cases.GiveCases(t.Context(), w.desk, referral.GiveForm{Cases: []uuid.UUID{offered}, To: w.desk.ID})
	w.must(err)
	program := w.text(`SELECT program_id FROM claims WHERE case_id = $1`, claimed)
	for what, c := range map[string]struct {
		f    referral.CaseFilter
		want []uuid.UUID
	}{
		"nothing":  {referral.CaseFilter{}, []uuid.UUID{spanish, offered, claimed}},
		"status":   {referral.CaseFilter{Status: referral.Claimed}, []uuid.UUID{claimed}},
		"me":       {referral.CaseFilter{Owner: "me"}, []uuid.UUID{offered}},
		"an owner": {referral.CaseFilter{Owner: w.lead.ID.String()}, nil},
		"nobody":   {referral.CaseFilter{Owner: "nobody"}, []uuid.UUID{spanish, claimed}},
		"area":     {referral.CaseFilter{Area: "21230"}, []uuid.UUID{spanish}},
		"language": {referral.CaseFilter{Language: "es"}, []uuid.UUID{spanish}},
		"late":     {referral.CaseFilter{Due: "overdue"}, []uuid.UUID{claimed}},
		"two":      {referral.CaseFilter{Due: "overdue", Language: "es"}, nil},
	} {
		got := w.listed(c.f)
		if len(got) != len(c.want) {
			t.Errorf("%s lists %d cases, want %d", what, len(got), len(c.want))
		}
		for _, id := range c.want {
			if !got[id] {
				t.Errorf("%s does not list %s", what, id)
			}
		}
	}
	if !w.listed(referral.CaseFilter{Program: program})[claimed] || w.listed(referral.CaseFilter{Program: uuid.NewString()})[claimed] {
		t.Error("a program lists the wrong cases")
	}
	_, err = w.cases.AllCases(t.Context(), w.desk, referral.CaseFilter{Status: "lost", Owner: "x", Program: "y", Area: "2", Language: "Spanish", Due: "soon"}, "")
	w.invalid(err, "/status", "/owner", "/program", "/area", "/language", "/due")
	_, err = w.cases.AllCases(t.Context(), w.first.desk, referral.CaseFilter{}, "")
	w.refused(fault.Forbidden, err)
	choices, err := w.cases.FilterChoices(t.Context(), w.desk)
	w.must(err)
	if len(choices.People) != 2 || len(choices.Programs) != 2 || len(choices.Languages) != 2 {
		t.Errorf("choices: %+v", choices)
	}
}

// One that cannot be given stops no other; the same once more finds its work done; an undo of a move leaves it given.
func TestCasesAreGivenOneByOne(t *testing.T) {
	w := newWorld(t)
	closed, open, missing := w.outreach(), w.outreach(), uuid.New()
	_, err := w.cases.Close(t.Context(), w.desk, closed, referral.CloseForm{Disposition: "information_given"})
	w.must(err)
	form := referral.GiveForm{Cases: []uuid.UUID{closed, missing, open}, To: w.lead.ID}
	results := func() (out string) {
		got, err := w.cases.GiveCases(t.Context(), w.desk, form)
		w.must(err)
		for _, c := range got.Items {
			out += c.Result + " "
		}
		return out
	}
	if got := results(); got != "closed missing given " {
		t.Errorf("at first %s", got)
	}
	if got := results(); got != "closed missing already " {
		t.Errorf("then %s", got)
	}
	w.want(w.lead.ID.String(), `SELECT owner_id FROM cases WHERE id = $1`, open)
	w.want("1", `SELECT count(*) FROM audit_events WHERE action = 'give case' AND case_id = $1 AND subject_id = $2`, open, w.lead.ID)
	_, err = w.cases.Close(t.Context(), w.desk, open, referral.CloseForm{Disposition: "information_given"})
	w.must(err)
	_, err = w.cases.Undo(t.Context(), w.desk, open)
	w.must(err)
	w.want(w.lead.ID.String(), `SELECT owner_id FROM cases WHERE id = $1`, open)
	for _, to := range []uuid.UUID{w.first.desk.ID, uuid.New()} {
		_, err = w.cases.GiveCases(t.Context(), w.desk, referral.GiveForm{Cases: []uuid.UUID{open}, To: to})
		w.invalid(err, "/to")
	}
	_, err = w.cases.GiveCases(t.Context(), w.first.desk, form)
	w.refused(fault.Forbidden, err)
}

func TestAViewIsItsOwnersAlone(t *testing.T) {
	w := newWorld(t)
	mine, err := w.cases.SaveView(t.Context(), w.desk, referral.ViewForm{Name: " Mine and late ", Filter: "owner=me&due=overdue"})
	w.must(err)
	if mine.Name != "Mine and late" || mine.Filter != "due=overdue&owner=me" {
		t.Errorf("kept as %+v", mine)
	}
	again, err := w.cases.SaveView(t.Context(), w.desk, referral.ViewForm{Name: "Mine and late", Filter: "owner=me"})
	w.must(err)
	if again.ID != mine.ID {
		t.Error("the same name made a second view")
	}
	for who, actor := range map[string]auth.Actor{"a colleague": w.lead} {
		if page, err := w.cases.SavedViews(t.Context(), actor); err != nil || len(page.Items) != 0 {
			t.Errorf("%s lists %v, %v", who, page.Items, err)
		}
		if _, err := w.cases.DropView(t.Context(), actor, mine.ID); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s drops it: %v", who, err)
		}
	}
	_, err = w.cases.SaveView(t.Context(), w.desk, referral.ViewForm{Name: "x", Filter: "name=Example"})
	w.invalid(err, "/filter")
	for i := range 11 {
		_, err = w.cases.SaveView(t.Context(), w.desk, referral.ViewForm{Name: fmt.Sprint("view ", i)})
		w.must(err)
	}
	_, err = w.cases.SaveView(t.Context(), w.desk, referral.ViewForm{Name: "one more"})
	w.refused(fault.Conflict, err)
	_, err = w.cases.DropView(t.Context(), w.desk, mine.ID)
	w.must(err)
	page, err := w.cases.SavedViews(t.Context(), w.desk)
	w.must(err)
	if len(page.Items) != 11 {
		t.Errorf("%d views are left", len(page.Items))
	}
}
