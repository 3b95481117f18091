package referral_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/internal/pg"
	"doorstep/jobs"
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

// On a leap day three years reach back to the last of February, and the first day is whole by the hub's clock.
func TestTheFirstDayOfTheListIsWhole(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	w.clock.set(time.Date(2028, 2, 29, 20, 0, 0, 0, time.UTC))
	for _, at := range []string{"2025-02-28 05:30+00", "2025-02-28 04:30+00"} { // midnight in Maryland is 05:00
		w.exec(`INSERT INTO disclosures (id, client_id, case_id, act, what, purpose, basis, org_id, given_by, to_name, subject_id, at)
			SELECT gen_random_uuid(), caregiver_id, id, 'connection', 'identity', 'other_service', 'her_answer', $2, $2, 'Example', gen_random_uuid(), $3
			FROM cases WHERE id = $1`, id, w.hub.ID, at)
	}
	list, err := w.cases.Disclosures(t.Context(), w.lead, id, 3, "")
	w.must(err)
	if len(list.Items) != 1 || list.Since.Format(time.RFC3339) != "2025-02-28T05:00:00Z" {
		t.Errorf("since %s: %d", list.Since, len(list.Items))
	}
}

// A mail to a referrer is told in the transaction that writes down that it leaves; the list follows the mail's own ledger.
func TestNewsToAReferrerIsADisclosureOnceItLeaves(t *testing.T) {
	w := newWorld(t)
	id := w.outreach()
	site := uuid.New()
	w.exec(`INSERT INTO sites (id, org_id, name, feedback_email) VALUES ($1, $2, 'Unit', 'unit@hospital.example')`, site, w.hospital.OrgID)
	w.exec(`UPDATE referrals SET site_id = $1 WHERE case_id = $2`, site, id)
	w.ok(w.cases.RecordOutreach(t.Context(), w.desk, id, w.call(id, "reached")))
	told := func() (n int, inDoubt bool) {
		list, err := w.cases.Disclosures(t.Context(), w.lead, id, 3, "")
		w.must(err)
		return len(list.Items), len(list.Items) > 0 && list.Items[0].InDoubt
	}
	leave := func() error {
		return w.db.InTx(t.Context(), auth.System("notifier"), func(tx *pg.Tx) error {
			for _, template := range []string{"received", "reached"} {
				m, err := jobs.NewStore(tx).LockMessage(w.id(`SELECT id FROM messages WHERE case_id = $1 AND template = $2`, id, template))
				if err != nil {
					return err
				}
				if _, err := w.cases.FeedbackAddress(tx, m); err != nil {
					return err
				}
			}
			return nil
		})
	}
	w.must(leave())
	w.must(leave()) // a second try of the same mail
	if n, _ := told(); n != 0 {
		t.Errorf("%d disclosures before the mail left", n)
	}
	w.exec(`UPDATE messages SET status = 'in_doubt' WHERE case_id = $1`, id)
	if n, doubt := told(); n != 1 || !doubt {
		t.Errorf("%d disclosures of a mail in doubt", n)
	}
	w.exec(`UPDATE messages SET status = 'sent' WHERE case_id = $1`, id)
	if n, doubt := told(); n != 1 || doubt {
		t.Errorf("%d disclosures of the mail that left", n)
	}
	w.exec(`UPDATE messages SET status = 'queued' WHERE case_id = $1`, id)
	w.takenBack(w.desk, id, takesBack("feedback"))
	if err := leave(); !errors.Is(err, jobs.ErrNothingToDo) {
		t.Errorf("after her no the mail is told %v", err)
	}
}

// A claim and a revocation at one instant: whichever was second saw the first.
func TestAClaimAndARevocationAtOnce(t *testing.T) {
	w := newWorld(t)
	for range 10 {
		id := w.offered()
		together(2, func(i int) (err error) {
			if i == 0 {
				_, err = w.cases.Claim(t.Context(), w.first.desk, id, referral.ClaimForm{})
			} else {
				_, err = w.cases.Revoke(t.Context(), w.desk, id, takesBack("share"))
			}
			return err
		})
		w.want("0", `SELECT count(*) FROM case_access WHERE case_id = $1 AND level <> 'source' AND until IS NULL`, id)
		w.want("0", `SELECT count(*) FROM claims WHERE case_id = $1 AND ended_at IS NULL`, id)
	}
	w.want("", `SELECT string_agg(DISTINCT what, '; ') FROM (`+broken+`) AS b(what)`)
}
