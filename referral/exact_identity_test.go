package referral_test

import (
	"testing"

	"github.com/google/uuid"

	"doorstep/internal/fault"
	"doorstep/referral"
)

// Exact identity has no link to undo. What stands for not knowing a name is no name, and 1 January is no day of birth.
func TestWhatStandsForNotKnowingIsNobodysIdentity(t *testing.T) {
	w := newWorld(t)
	twice := func(given, family, born string, change func(*referral.Submission)) (first, second uuid.UUID) {
		in := prenatal()
		in.Client.GivenName, in.Client.FamilyName, in.Client.DateOfBirth = given, family, born
		_, first = w.receive(w.hospital, in)
		other := prenatal()
		other.Client.GivenName, other.Client.FamilyName, other.Client.DateOfBirth = given, family, born
		change(&other)
		_, second = w.receive(w.clinic, other)
		return first, second
	}
	for _, c := range []struct {
		given, family, born string
		same                bool
	}{
		{"Unknown", "Unknown", "1994-05-06", false},
		{"FNU", "Okonkwo", "1994-05-06", false},
		{"Baby Girl", "Smith", "1994-05-06", false},
		{"Amina", "Warsame", "1994-01-01", false},
		{"Amina", "Warsame", "1994-05-06", true},
		{"Baby Jane", "Smith", "1994-05-07", true},
	} {
		first, second := twice(c.given, c.family, c.born, func(in *referral.Submission) {
			in.ContactMethods[0].Value, in.Addresses[0].Street = "(443) 555-0171", "41 Elsewhere Lane"
		})
		if (first == second) != c.same {
			t.Errorf("%s %s, %s: one case %v", c.given, c.family, c.born, first == second)
		}
		w.want("true", `SELECT (SELECT caregiver_id FROM cases WHERE id = $1) <> (SELECT caregiver_id FROM cases WHERE id = $2) OR $3`, first, second, c.same)
	}
	w.want("true", `SELECT EXISTS (SELECT 1 FROM match_questions q JOIN clients a ON a.id = q.client_a JOIN clients b ON b.id = q.client_b
		WHERE a.date_of_birth = '1994-01-01' AND b.date_of_birth = a.date_of_birth)`)
	in := prenatal()
	in.Client.GivenName, in.Client.FamilyName, in.Client.DateOfBirth = "Hodan", "Jama", "1994-01-01"
	_, first := w.receive(w.hospital, in)
	if _, second := w.receive(w.clinic, in); second != first {
		t.Error("with one number it is one person")
	}
}

// Two caregivers of one child are never one person, whichever came first: the link or the child.
func TestALinkedPersonBecomesNoSecondCaregiver(t *testing.T) {
	w := newWorld(t)
	_, born := w.receive(w.hospital, postpartum())
	in := foster(w.child(born))
	hers := prenatal()
	hers.Client.GivenName, hers.Client.FamilyName, hers.Client.DateOfBirth = in.Client.GivenName, in.Client.FamilyName, in.Client.DateOfBirth
	_, own := w.receive(w.clinic, hers)
	link, err := w.cases.LinkCases(t.Context(), w.desk, own, referral.LinkForm{CaseID: born})
	w.must(err)
	_, err = w.cases.ChangeCaregiver(t.Context(), w.desk, born, in)
	w.refused(fault.Conflict, err)
	w.part(*link.LinkID)
	w.ok(w.cases.ChangeCaregiver(t.Context(), w.desk, born, in))
}
