package referral_test

import (
	"fmt"
	"os"
	"strconv"
	"testing"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// raceRounds is how often a race is run: RACE_ROUNDS=200 for the long one.
func raceRounds(t *testing.T) int {
	t.Helper()
	n, err := strconv.Atoi(os.Getenv("RACE_ROUNDS"))
	if err != nil {
		return 20
	}
	return n
}

// Two hospitals send her at one instant, in one spelling or in two: one live case, two referrals, two addresses for the news.
func TestTwoHospitalsSendHerAtOneInstant(t *testing.T) {
	w := newWorld(t)
	sources := []auth.Actor{w.hospital, w.clinic}
	for round := range raceRounds(t) {
		forms := [2]referral.Submission{prenatal(), {}}
		forms[1] = forms[0]
		if round%2 == 1 {
			forms[1].Client.FamilyName = forms[0].Client.FamilyName[len("Morales "):] // of a double surname the second only
		}
		var got [2]referral.ReferralReceipt
		for _, err := range together(2, func(i int) (err error) {
			got[i], err = w.cases.Receive(t.Context(), sources[i], forms[i])
			return err
		}) {
			w.must(err)
		}
		both := []any{got[0].ID, got[1].ID}
		w.want("1", `SELECT count(DISTINCT coalesce(c.stands_on, c.id)) FROM referrals r JOIN cases c ON c.id = r.case_id WHERE r.id IN ($1, $2)`, both...)
		w.want("1", `SELECT count(DISTINCT c.id) FROM referrals r JOIN cases c ON c.id = r.case_id WHERE r.id IN ($1, $2) AND c.status <> 'closed'`, both...)
		w.want("2", `SELECT count(DISTINCT org_id) FROM referrals r WHERE r.id IN ($1, $2)`, both...)
		if t.Failed() {
			t.Fatalf("round %d: %v; asked %s; linked %s", round, forms[1].Client, w.text(`SELECT string_agg(evidence::text, ' ') FROM match_questions`), w.text(`SELECT count(*) FROM client_links`))
		}
		live := w.id(`SELECT coalesce(c.stands_on, c.id) FROM referrals r JOIN cases c ON c.id = r.case_id WHERE r.id = $1`, got[0].ID)
		w.ok(w.cases.RecordOutreach(t.Context(), w.desk, live, referral.AttemptForm{Channel: "in_person", Outcome: "reached"}))
		w.want("2", `SELECT count(DISTINCT r.org_id) FROM messages m JOIN referrals r ON r.id = m.referral_id WHERE r.id IN ($1, $2) AND m.template = 'reached'`, both...)
	}
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}

// 64 forms of like names on four birthdays come at once: none is refused, and nothing is left half linked.
func TestManyOfLikeNamesAtOnce(t *testing.T) {
	w := newWorld(t)
	first := []string{"Ana", "Anna", "Ana Maria", "Ane"}
	last := []string{"Garcia Lopez", "Garcia", "García-López", "Lopez Garcia"}
	errs := together(64, func(i int) error {
		in := ximena()
		in.Client.GivenName, in.Client.FamilyName = first[i%4], last[i/4%4]
		in.Client.DateOfBirth = fmt.Sprintf("1998-04-%02d", 10+i/16)
		src := []auth.Actor{w.hospital, w.clinic}[i%2]
		_, err := w.cases.Receive(t.Context(), src, in)
		for range 5 { // on a busy machine the last in the line are asked to try again, as the API asks its callers
			if fault.KindOf(err) != fault.Unavailable {
				break
			}
			_, err = w.cases.Receive(t.Context(), src, in)
		}
		return err
	})
	for _, err := range errs {
		w.must(err)
	}
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}
