package e2e_test

import (
	"net/http"
	"testing"

	"doorstep/auth"
)

// The list and a case, as the hub and an agency see them, empty and full.
func TestCases(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	hub := l.browser().as(l.seed.User(l.net.Hub, auth.TriageCoordinator))
	hub.visit("/cases")
	hub.sees("No case yet")
	hub.check("cases-empty")

	first, second := l.refer(nil), l.refer(nil)
	l.refer(func(d map[string]any) {
		d["screenings"] = []any{map[string]any{"instrument": "phq9", "items": []int{0, 0, 0, 0, 0, 0, 0, 0, 2}, "given_on": "2026-03-02"}}
	})
	l.offer(first)
	l.offer(second)
	l.claim(first)
	hub.visit("/cases")
	hub.sees("Being reviewed", "Offered to an agency", "With an agency")
	hub.check("cases-full")
	hub.visit("/cases?status=enrolled")
	hub.sees("No case is in this view.")
	hub.state("cases-filtered")
	hub.visit("/cases/" + first)
	hub.sees("Maria from school", "NO VOICEMAIL", "Claimed by an agency")
	hub.check("case-hub")

	agency := l.browser().as(l.seed.User(l.net.Agencies[0], auth.AgencyCoordinator))
	agency.visit("/cases/" + first)
	agency.sees("(410) 555-0142", "NO VOICEMAIL", "Address: not shown")
	agency.check("case-agency")
	agency.visit("/cases/" + second)
	agency.sees("after you claim")
	agency.state("case-limited")

	stranger := l.browser().as(l.seed.User(l.net.Agencies[1], auth.AgencyCoordinator))
	stranger.visit("/cases/" + first)
	stranger.sees("There is nothing here")
	stranger.state("case-not-found")
	referrer := l.browser().as(l.seed.User(l.net.Hospital, auth.Referrer))
	referrer.visit("/cases")
	referrer.sees("Your role does not include this")
	referrer.state("forbidden")

	if answer, err := http.Get(l.url + "/cases/" + first); err != nil || answer.Request.URL.Path != "/sign-in" || answer.Request.URL.Query().Get("next") != "/cases/"+first {
		t.Errorf("nobody got %v, %v", answer, err)
	} else {
		_ = answer.Body.Close()
	}
}
