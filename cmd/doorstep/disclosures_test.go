package main

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/internal/dbtest/seed"
)

// The list is one command, by the id of the client or of her case; a family that an agency brought in by itself stands on it.
func TestDisclosuresOfAClient(t *testing.T) {
	db, environ := surroundings(t)
	s := seed.New(t, db.Open(t, nil))
	s.Hub(seed.Org{})
	funded := 5
	agency := s.Agency(seed.Org{})
	program := s.Program(seed.Program{OrgID: agency.ID, Funded: &funded}).ID.String()
	path := filepath.Join(t.TempDir(), "caseload.csv")
	if err := os.WriteFile(path, []byte("given_name,family_name,date_of_birth,child_born_on,enrolled_on,consent\nExample,Person,1999-05-04,2026-01-02,2026-01-20,yes\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := command(t, environ, "import", "caseload", path, "--program", program); err != nil {
		t.Fatal(out, err)
	}
	owner, err := sql.Open("pgx", db.OwnerURL)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = owner.Close() }()
	var client, caseID string
	if err := owner.QueryRow(`SELECT caregiver_id, id FROM cases`).Scan(&client, &caseID); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{client}, {caseID, "--years", "6"}} {
		out, err := command(t, environ, append([]string{"disclosures"}, args...)...)
		if err != nil || !strings.Contains(out, "walk_in") || !strings.Contains(out, caseID) || strings.Contains(out, "Person") {
			t.Errorf("%v: %q %v", args, out, err)
		}
	}
	for _, args := range [][]string{{"x"}, {program}, {client, "--years", "5"}} {
		if out, err := command(t, environ, append([]string{"disclosures"}, args...)...); err == nil {
			t.Errorf("%v printed %q", args, out)
		}
	}
}
