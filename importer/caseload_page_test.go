package importer_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/importer"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
)

// A page keeps a file, says what it would make, and makes exactly that; each agency its own.
func TestCaseloadByAPage(t *testing.T) {
	w := newWorld(t, 5)
	var org uuid.UUID
	w.must(w.owner.QueryRowContext(t.Context(), `SELECT org_id FROM programs WHERE id = $1`, w.program).Scan(&org))
	manager := w.seed.User(seed.Org{ID: org, Kind: auth.Agency}, auth.AgencyManager)
	var hub uuid.UUID
	w.must(w.owner.QueryRowContext(t.Context(), `SELECT id FROM organizations WHERE kind = 'hub'`).Scan(&hub))
	admin := w.seed.User(seed.Org{ID: hub, Kind: auth.Hub}, auth.Administrator)
	stranger := w.seed.User(w.seed.Agency(seed.Org{}), auth.AgencyManager)
	const file = "given_name,family_name,date_of_birth,child_born_on,enrolled_on,consent\n" +
		"Ana,Example,1995-04-01,2026-08-05,2026-09-01,yes\nBea,Example,1996-05-02,,,no\nCai,,1996-05-02,,,yes\n"
	count := func() (n int) {
		w.must(w.owner.QueryRowContext(t.Context(), `SELECT (SELECT count(*) FROM enrollments) + (SELECT count(*) FROM served_families) + (SELECT count(*) FROM cases)`).Scan(&n))
		return n
	}
	for who, actor := range map[string]auth.Actor{"the agency's manager": manager, "an administrator": admin} {
		before := count()
		id, err := importer.KeepCaseload(t.Context(), w.cases, actor, w.program, strings.NewReader(file))
		w.must(err)
		_, look, err := importer.TryCaseload(t.Context(), w.cases, actor, id)
		w.must(err)
		if count() != before {
			t.Errorf("%s only looked, and something was made", who)
		}
		if _, _, err := importer.TryCaseload(t.Context(), w.cases, stranger, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("another agency looks: %v", err)
		}
		_, made, err := importer.BringCaseload(t.Context(), w.cases, actor, id)
		w.must(err)
		if fmt.Sprint(look) != fmt.Sprint(made) || made.Refused != 1 || made.Enrolled+made.Listed+made.Already != 2 || made.Problems[0].Line != 4 && made.Problems[0].Line != 0 {
			t.Errorf("%s: a look said %+v, and this was made: %+v", who, look, made)
		}
		if _, _, err := importer.BringCaseload(t.Context(), w.cases, actor, id); !errors.Is(err, fault.NotFound) {
			t.Errorf("the file is still kept: %v", err)
		}
	}
	if n := count(); n != 3 {
		t.Errorf("twice the same file made %d rows", n)
	}
	if _, err := importer.KeepCaseload(t.Context(), w.cases, stranger, w.program, strings.NewReader(file)); !errors.Is(err, fault.NotFound) {
		t.Errorf("for another agency's program: %v", err)
	}
	for what, text := range map[string]string{"nothing": "", "a workbook": "PK\x03\x04", "other columns": "name\nx\n", "no row": "consent,date_of_birth\n",
		"semicolons": "consent;date_of_birth\nyes;1995-04-01\n", "too many rows": "consent,date_of_birth\n" + strings.Repeat("no,1995-04-01\n", 301)} {
		if _, err := importer.KeepCaseload(t.Context(), w.cases, manager, w.program, strings.NewReader(text)); !errors.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
