package main

import (
	"strings"
	"testing"
)

func TestBeginMakesOneHubAndInvites(t *testing.T) {
	db, environ := surroundings(t)
	begin := func(email, opens string) (string, error) {
		return command(t, environ, "begin", "--hub", "Example hub", "--status", "public_health", "--zone", "America/Chicago", "--opens", opens,
			"--closes", "17:00", "--email", email, "--name", "Example Administrator")
	}
	if _, err := begin("first@example.org", "half past eight"); err == nil || !strings.Contains(err.Error(), "--opens: write a time as 08:30") {
		t.Errorf("no hours: %v", err)
	}
	first, err := begin("first@example.org", "08:30")
	if err != nil {
		t.Fatal(err)
	}
	again, err := begin("second@example.org", "08:30")
	if err != nil {
		t.Fatal(err)
	}
	hub, _, _ := strings.Cut(first, "\n")
	if !strings.HasPrefix(hub, "hub ") || !strings.HasPrefix(again, hub+"\n") {
		t.Errorf("two hubs: %q and %q", first, again)
	}
	var hubs, calendars, administrators, letters int
	err = db.Owner(t).QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM organizations WHERE kind = 'hub'), (SELECT count(*) FROM calendars),
		(SELECT count(*) FROM memberships WHERE role = 'administrator'), (SELECT count(*) FROM account_letters)`).Scan(&hubs, &calendars, &administrators, &letters)
	if err != nil || hubs != 1 || calendars != 1 || administrators != 2 || letters != 2 {
		t.Errorf("%d hubs, %d calendars, %d administrators, %d letters: %v", hubs, calendars, administrators, letters, err)
	}
}
