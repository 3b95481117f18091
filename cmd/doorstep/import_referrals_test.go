package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/internal/dbtest/seed"
)

func TestImportReferrals(t *testing.T) {
	db, environ := surroundings(t)
	s := seed.New(t, db.Open(t, nil))
	s.Hub(seed.Org{})
	org := s.Hospital(seed.Org{}).ID.String()
	path := filepath.Join(t.TempDir(), "referrals.csv")
	file := "stage,given_name,family_name,date_of_birth,consent\nprenatal,Example,Person,1999-05-04,signed\nprenatal,Example,Other,1999-05-04,\n"
	if err := os.WriteFile(path, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := command(t, environ, "import", "referrals", path, "--org", org)
	if err == nil || !strings.Contains(err.Error(), "1 rows were refused") || !strings.Contains(out, "refused: consent: required: 1 rows: [3]") ||
		!strings.Contains(out, "ready   1\n") {
		t.Errorf("%q, %v", out, err)
	}
	if out, _ = command(t, environ, "import", "referrals", path, "--org", org, "--send"); !strings.Contains(out, ", sending\n") || !strings.Contains(out, "The worker sends them") {
		t.Errorf("sending: %q", out)
	}
	if _, err = command(t, environ, "import", "referrals", path, "--org", "x"); err == nil {
		t.Error("an organization that is no id was taken")
	}
}
