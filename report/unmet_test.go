package report_test

import (
	"errors"
	"testing"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/report"
)

// list puts the family received at this time on a program's list.
func (w world) list(t *testing.T, received string, p seed.Program, endedAs string) {
	t.Helper()
	_, err := w.owner.ExecContext(t.Context(), `INSERT INTO waitlist_entries (id, case_id, program_id, joined_at, confirmed_at, ended_at, ended_as)
		SELECT gen_random_uuid(), id, $2, received_at, received_at, CASE WHEN $3 <> '' THEN received_at END, nullif($3, '') FROM cases
		WHERE received_at = $1::timestamp AT TIME ZONE 'America/New_York'`, received, p.ID, endedAs)
	if err != nil {
		t.Fatal(err)
	}
}

func TestUnmetNeed(t *testing.T) {
	w := newWorld(t)
	nfp, healthy := w.Programs[0], w.Programs[1]
	for _, f := range []family{
		{received: "2026-10-01 09:00", from: w.Hospital},
		{received: "2026-10-02 09:00", from: w.Hospital, closed: "no_place_in_time"},
		{received: "2026-10-03 09:00", from: w.Clinic, claims: []seed.Program{healthy}},
		{received: "2026-10-04 09:00", from: w.Clinic, closed: "no_program_fits"},
		{received: "2026-10-05 09:00", from: w.Clinic, closed: "no_place_in_time"}, // told, and would not wait
		{received: "2026-10-08 09:00", from: w.Clinic},                             // of another week
	} {
		w.insert(t, f)
	}
	for _, e := range []struct {
		received string
		program  seed.Program
		ended    string
	}{
		{"2026-10-01 09:00", nfp, "claimed"}, // the claim came to nothing: she waits again
		{"2026-10-01 09:00", nfp, ""},
		{"2026-10-01 09:00", healthy, "undone"},
		{"2026-10-02 09:00", nfp, "her_choice"},
		{"2026-10-02 09:00", healthy, "case_closed"},
		{"2026-10-03 09:00", nfp, "claimed"},
		{"2026-10-08 09:00", nfp, ""},
	} {
		w.list(t, e.received, e.program, e.ended)
	}
	if _, err := w.owner.ExecContext(t.Context(), `UPDATE cases SET status = 'waitlisted', owner_id = (SELECT min(id::text)::uuid FROM users) WHERE id IN (SELECT case_id FROM waitlist_entries WHERE ended_at IS NULL)`); err != nil {
		t.Fatal(err)
	}
	if _, err := w.owner.ExecContext(t.Context(), `UPDATE programs SET closed_at = created_at WHERE id = $1`, healthy.ID); err != nil {
		t.Fatal(err)
	}

	got, err := w.service.UnmetNeed(t.Context(), w.manager, day(1), day(8))
	if err != nil {
		t.Fatal(err)
	}
	if got.Waiting != 1 || got.NoPlace != 2 || got.NoProgram != 1 || len(got.Programs) != 2 {
		t.Errorf("%+v", got)
	}
	lists := map[string]report.UnmetProgram{}
	for _, p := range got.Programs {
		lists[p.Key] = p
	}
	if p := lists[nfp.ID.String()]; p.Waiting != 1 || p.Found != 1 || p.NoPlace != 1 || p.Closed {
		t.Errorf("%+v", p)
	}
	if p := lists[healthy.ID.String()]; p.Waiting != 0 || p.Found != 0 || p.NoPlace != 1 || !p.Closed {
		t.Errorf("%+v", p)
	}

	if _, err := w.service.UnmetNeed(t.Context(), w.build.User(w.Agencies[0], auth.AgencyManager), day(1), day(8)); !errors.Is(err, fault.Forbidden) {
		t.Errorf("an agency: %v", err)
	}
	if _, err := w.service.UnmetNeed(t.Context(), w.manager, day(8), day(1)); !errors.Is(err, fault.Invalid) {
		t.Errorf("no period: %v", err)
	}
}
