package referral_test

import (
	"slices"
	"strings"
	"testing"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// Each telling is a row of its act's own transaction; undoing the act does not untell it.
func TestEveryDisclosureIsARow(t *testing.T) {
	w := newWorld(t)
	officer := w.User(w.hub, auth.PrivacyOfficer)
	id := w.claimed()
	w.ok(w.cases.Undo(t.Context(), w.first.desk, id))
	w.ok(w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{}))
	w.connect(w.first.desk, id, "wic")
	w.ok(w.cases.Transfer(t.Context(), w.desk, id, moveTo(w.second.Program)))
	w.ok(w.cases.Claim(t.Context(), w.second.desk, id, referral.ClaimForm{}))
	w.ok(w.cases.HandOver(t.Context(), w.desk, id, sentAway()))
	list, err := w.cases.Disclosures(t.Context(), officer, id, 3, "")
	w.must(err)
	var acts []string
	for _, d := range list.Items {
		acts = append(acts, d.Act)
		if d.To == "" || d.By == "" || d.Basis != "her_answer" || d.CaseID != id {
			t.Errorf("a disclosure says %+v", d)
		}
	}
	slices.Sort(acts)
	if got := strings.Join(acts, ","); got != "claim,claim,connection,hand_over,transfer" || list.Notice != "" {
		t.Errorf("got %s, notice %q", got, list.Notice)
	}
	w.want("1", `SELECT count(*) FROM audit_events WHERE kind = 'view' AND action = 'read disclosures' AND actor_id = $1 AND case_id = $2`, officer.ID, id)
	_, err = w.cases.Disclosures(t.Context(), w.desk, id, 3, "")
	w.refused(fault.Forbidden, err)
	_, err = w.cases.Disclosures(t.Context(), officer, id, 5, "")
	w.invalid(err, "/years")
}

func TestDisclosuresOfThreeAndOfSixYearsByPage(t *testing.T) {
	w := newWorld(t)
	officer := w.User(w.hub, auth.PrivacyOfficer)
	id := w.claimed()
	w.exec(`INSERT INTO disclosures (id, client_id, case_id, act, what, purpose, basis, org_id, given_by, to_name, subject_id, at)
		SELECT gen_random_uuid(), client_id, case_id, 'connection', 'identity', 'other_service', 'her_answer', org_id, given_by, 'Example', gen_random_uuid(),
			at - n * interval '30 days' FROM disclosures, generate_series(1, 70) AS n WHERE act = 'claim'`)
	for years, want := range map[int]int{3: 37, 6: 71} {
		seen, after := 0, ""
		for {
			list, err := w.cases.Disclosures(t.Context(), officer, id, years, after)
			w.must(err)
			seen += len(list.Items)
			if after = list.Next; after == "" {
				break
			}
		}
		if seen != want {
			t.Errorf("of %d years: %d, want %d", years, seen, want)
		}
	}
}
