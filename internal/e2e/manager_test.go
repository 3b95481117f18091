package e2e_test

import (
	"testing"

	"doorstep/auth"
)

// What a manager looks at first, empty and full.
func TestOverview(t *testing.T) {
	l := newLab(t)
	b := l.browser().as(l.seed.User(l.net.Hub, auth.ProgramManager))
	b.visit("/")
	if b.path() != "/overview" {
		t.Errorf("a manager begins at %s", b.path())
	}
	b.sees("No referral came in", "Nothing is overdue now", "funded places are taken")
	b.check("overview-empty")
	for range 12 {
		l.refer(nil)
	}
	first := l.refer(nil)
	l.offer(first)
	l.claim(first)
	b.visit("/overview?days=30")
	b.sees("0 of 13 families had a first visit", "13 · 100 %", "Taken by an agency", "too few to show", "1 of 10")
	b.press("Last 365 days")
	b.check("overview-full")
	b.visit("/overview?days=31")
	b.sees("This page shows 30, 90 or 365 days")
}
