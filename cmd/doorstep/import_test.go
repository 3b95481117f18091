package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"doorstep/internal/dbtest/seed"
)

func TestImportCaseloadSaysWhatItRefused(t *testing.T) {
	db, environ := surroundings(t)
	s := seed.New(t, db.Open(t, nil))
	s.Hub(seed.Org{})
	funded := 5
	program := s.Program(seed.Program{OrgID: s.Agency(seed.Org{}).ID, Funded: &funded}).ID.String()
	path := filepath.Join(t.TempDir(), "caseload.csv")
	write := func(rows string) {
		if err := os.WriteFile(path, []byte("given_name,family_name,date_of_birth,child_born_on,enrolled_on,consent\n"+rows), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	good := "Example,Person,1999-05-04,2026-01-02,2026-01-20,yes\nExample,Other,1999-05-04,,,no\n"
	write(good + "Example,Third,1999-05-04,2026-01-02,,yes\n")
	out, err := command(t, environ, "import", "caseload", path, "--program", program)
	if err == nil || !strings.Contains(err.Error(), "1 rows were refused") || !strings.Contains(out, "line 4: enrolled_on: required") ||
		!strings.Contains(out, "enrolled 1\nlisted   1\n") {
		t.Errorf("%q, %v", out, err)
	}
	write(good)
	if out, err = command(t, environ, "import", "caseload", path, "--program", program); err != nil || !strings.Contains(out, "already  2\n") {
		t.Errorf("the second time: %q, %v", out, err)
	}
	if _, err = command(t, environ, "import", "caseload", path, "--program", "x"); err == nil {
		t.Error("a program that is no id was taken")
	}
}
