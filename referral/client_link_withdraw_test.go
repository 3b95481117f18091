package referral_test

import (
	"testing"

	"doorstep/referral"
)

func TestTheReferrerOfAParkedReferralTakesItBack(t *testing.T) {
	w := newWorld(t)
	host, _, _, first, second := w.linkedTwice()
	_, err := w.cases.Withdraw(t.Context(), w.clinic, second.ID, withdrawn("family_asked"))
	w.must(err)
	w.status(referral.Outreach, host)
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.referral_withdrawn_family_asked' AND urgent AND closed_at IS NULL`, host)
	_, err = w.cases.Withdraw(t.Context(), w.hospital, first.ID, withdrawn("sent_in_error"))
	w.must(err)
	w.want("withdrawn_by_referrer", `SELECT disposition FROM cases WHERE id = $1`, host)
}

func TestTheLastReferralIsAParkedOne(t *testing.T) {
	w := newWorld(t)
	host, _, _, first, second := w.linkedTwice()
	_, err := w.cases.Withdraw(t.Context(), w.hospital, first.ID, withdrawn("sent_in_error"))
	w.must(err)
	w.status(referral.Outreach, host)
	_, err = w.cases.Withdraw(t.Context(), w.clinic, second.ID, withdrawn("sent_in_error"))
	w.must(err)
	w.want("withdrawn_by_referrer", `SELECT disposition FROM cases WHERE id = $1`, host)
}

func TestAReferralTakenBackWhileLinkedIsLookedAt(t *testing.T) {
	w := newWorld(t)
	_, parked, link, _, second := w.linkedTwice()
	_, err := w.cases.Withdraw(t.Context(), w.clinic, second.ID, withdrawn("sent_in_error"))
	w.must(err)
	w.part(link)
	w.status(referral.Outreach, parked)
	w.want("1", `SELECT count(*) FROM tasks WHERE case_id = $1 AND kind = 'case.referral_withdrawn' AND closed_at IS NULL`, parked)
}
