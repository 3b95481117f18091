package referral_test

import (
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/referral"
	"doorstep/referral/match"
)

// ximena is on record with one number and one home.
func ximena() referral.Submission {
	in := prenatal()
	in.Client.GivenName, in.Client.FamilyName, in.Client.DateOfBirth = "Ximena Lucía", "Zúñiga de la Peña", "1998-04-12"
	in.ContactMethods[0].Value = "(443) 555-0117"
	in.Addresses = []referral.SubmittedAddress{{Street: "2210 N. Calvert St, Apt 3", Zip: "21201"}}
	return in
}

func described() match.Person {
	return match.Person{Given: "Ximena Lucía", Family: "Zúñiga de la Peña", Born: match.Date{Year: 1998, Month: 4, Day: 12},
		Phones: []match.Phone{{Number: "+14435550117"}}, Addresses: []match.Address{{Street: "2210 North Calvert Street", Zip: "21201"}}}
}

func TestTheSamePersonIsFoundHoweverSheIsWritten(t *testing.T) {
	w := newWorld(t)
	_, caseID := w.receive(w.hospital, ximena())
	client := w.id(`SELECT caregiver_id FROM cases WHERE id = $1`, caseID)
	for range 3 {
		w.receive(w.hospital, prenatal())
	}
	w.exec(`INSERT INTO clients (id, given_name, family_name, interpreter, insurance, do_not_contact, stop_version, created_at)
		VALUES (gen_random_uuid(), 'Wilhelmina', 'Oyelaran', 'unknown', 'unknown', false, 0, now())`)
	for _, c := range []struct {
		name   string
		change func(*match.Person)
		want   match.Verdict
	}{
		{"as she is", func(*match.Person) {}, match.Link},
		{"without accents, with one surname", func(p *match.Person) { p.Given, p.Family = "XIMENA", "Zuniga" }, match.Link},
		{"month and day swapped, all else new", func(p *match.Person) {
			p.Born, p.Phones, p.Addresses = match.Date{Year: 1998, Month: 12, Day: 4}, nil, nil
		}, match.Ask},
		{"names in each other's place", func(p *match.Person) { p.Given, p.Family = p.Family, p.Given }, match.Link},
		{"another surname, and a birth date one digit off", func(p *match.Person) { p.Family, p.Born.Day = "Baker", 13 }, match.Ask},
		{"by name and year, mistyped", func(p *match.Person) {
			p.Family, p.Born.Day, p.Phones, p.Addresses = "Suniga Pena", 13, nil, nil
		}, match.Ask},
		{"by the day, the year mistyped", func(p *match.Person) { p.Born.Year, p.Phones, p.Addresses = 1988, nil, nil }, match.Ask},
		{"by name alone", func(p *match.Person) { p.Born, p.Phones, p.Addresses = match.Date{}, nil, nil }, match.Ask},
		{"by number and given name", func(p *match.Person) { p.Family, p.Born, p.Addresses = "Z", match.Date{}, nil }, ""},
		{"by home and name", func(p *match.Person) { p.Born, p.Phones = match.Date{}, nil }, match.Ask},
		{"somebody else", func(p *match.Person) {
			*p = match.Person{Given: "Joy", Family: "Baker", Born: match.Date{Year: 1990, Month: 3, Day: 1}}
		}, ""},
	} {
		p := described()
		c.change(&p)
		found, err := w.cases.Candidates(t.Context(), w.desk, p, "birth_parent", uuid.Nil)
		w.must(err)
		switch {
		case c.want == "" && len(found) > 0:
			t.Errorf("%s: found %v", c.name, found)
		case c.want != "" && (len(found) != 1 || found[0].ClientID != client || found[0].Verdict != c.want):
			t.Errorf("%s: got %v, want her, to %s", c.name, found, c.want)
		}
	}
	found, err := w.cases.Candidates(t.Context(), w.desk, match.Person{Given: "Wilhelmine", Family: "Oyelaran", Born: match.Date{Year: 1990, Month: 3, Day: 1}}, "birth_parent", uuid.Nil)
	w.must(err)
	if len(found) != 1 || found[0].Verdict != match.Ask {
		t.Errorf("a like name on record without a birth date: got %v, want a question", found)
	}
}

// The mother and the grandmother of one child, under one name, number and home.
func TestTwoCaregiversOfOneChildAreNeverLinked(t *testing.T) {
	w := newWorld(t)
	in := ximena()
	in.Stage, in.Pregnancy = "postpartum", nil
	in.Birth = &referral.SubmittedBirth{Infants: []referral.SubmittedInfant{{BornOn: "2026-10-02"}}}
	_, caseID := w.receive(w.hospital, in)
	p := described()
	p.Children = []match.Date{{Year: 2026, Month: 10, Day: 2}}
	ask := func(role string, episode uuid.UUID) []referral.Candidate {
		found, err := w.cases.Candidates(t.Context(), w.desk, p, role, episode)
		w.must(err)
		return found
	}
	if found := ask("birth_parent", uuid.Nil); len(found) != 1 || found[0].Verdict != match.Link || found[0].OtherCaregiver {
		t.Errorf("the mother again: got %v, want a link", found)
	}
	if found := ask("kin", uuid.Nil); len(found) != 1 || found[0].Verdict != match.Ask || !found[0].OtherCaregiver {
		t.Errorf("kin with a child born that day: got %v, want a question", found)
	}
	if found := ask("kin", w.id(`SELECT episode_id FROM cases WHERE id = $1`, caseID)); len(found) > 0 {
		t.Errorf("who takes over the children of this very episode: got %v, want nobody", found)
	}
}

func TestOfTwoWhoMustBeHerAPersonChooses(t *testing.T) {
	w := newWorld(t)
	w.receive(w.hospital, ximena())
	second := ximena()
	second.Client.FamilyName = "Zúñiga" // exact identity does not find the first
	_, caseID := w.receive(w.clinic, second)
	if by, err := w.cases.WhoIs(t.Context(), w.desk, caseID); err != nil || len(by.Items) != 0 {
		t.Errorf("while they are linked: got %v, %v, want nobody else", by, err)
	}
	w.part(w.id(`SELECT id FROM client_links`)) // the machine had linked them
	found, err := w.cases.Candidates(t.Context(), w.desk, described(), "birth_parent", uuid.Nil)
	w.must(err)
	if len(found) != 2 || found[0].Verdict != match.Ask || found[1].Verdict != match.Ask {
		t.Errorf("got %v, want two questions", found)
	}
	by, err := w.cases.WhoIs(t.Context(), w.desk, caseID)
	w.must(err)
	if len(by.Items) != 1 || by.Items[0].Evidence.Verdict != match.Link || len(by.Items[0].Evidence.Parts) == 0 || len(by.Items[0].Record.Cases) != 1 {
		t.Errorf("for the second record: got %v, want the first to link", by)
	}
	w.want("2", `SELECT count(*) FROM audit_events WHERE action = 'look for the same person'`)
	// Row-level security shows an organization nobody whom it does not serve.
	found, err = w.cases.Candidates(t.Context(), w.hospital, described(), "birth_parent", uuid.Nil)
	w.must(err)
	if len(found) > 0 {
		t.Errorf("a hospital found %v", found)
	}
}

// Each way of looking, and each thing read of whom it finds, has an index: one that no longer fits a query is not seen in a small database.
func TestTheSearchReadsNoWholeTable(t *testing.T) {
	w := newWorld(t)
	plan, err := w.cases.PlanOfAlike(t.Context(), w.desk, described())
	w.must(err)
	if plan == "" || strings.Contains(plan, "Seq Scan") {
		t.Error(plan)
	}
}
