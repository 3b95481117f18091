package importer_test

import (
	"database/sql"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	_ "github.com/jackc/pgx/v5/stdlib"

	"doorstep/importer"
	"doorstep/internal/dbtest"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/pg"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/rulebook"
	"doorstep/triage"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

type stopped struct{}

func (stopped) Now() time.Time { return time.Date(2026, 10, 6, 14, 0, 0, 0, time.UTC) }

// world is one agency with one program.
type world struct {
	testing.TB
	cases   *referral.Service
	network *providers.Service
	owner   *sql.DB
	program uuid.UUID
	seed    *seed.Seed
}

func newWorld(t testing.TB, funded int) *world {
	t.Helper()
	urls := dbtest.New(t)
	w := &world{TB: t}
	var err error
	w.owner, err = sql.Open("pgx", urls.OwnerURL)
	w.must(err)
	t.Cleanup(func() { _ = w.owner.Close() })
	keys, err := pg.ParseKeys(pg.NewKey(1))
	w.must(err)
	db, err := pg.Open(t.Context(), pg.Options{URL: urls.AppURL, Clock: stopped{}, Keys: keys})
	w.must(err)
	t.Cleanup(func() { _ = db.Close() })
	source, err := triage.Embedded("baltimore")
	w.must(err)
	safety, err := triage.Compile(source)
	w.must(err)
	w.cases, w.network = referral.New(db, rulebook.NewService(db), safety), providers.NewService(db)
	s := seed.New(t, db)
	w.seed = s
	s.Hub(seed.Org{})
	w.program = s.Program(seed.Program{OrgID: s.Agency(seed.Org{}).ID, Funded: &funded}).ID
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) bring(file string) importer.Outcome {
	w.Helper()
	got, err := importer.Caseload(w.Context(), w.cases, w.network, w.program, strings.NewReader(file))
	w.must(err)
	return got
}

func (w *world) want(want, query string) {
	w.Helper()
	var got string
	w.must(w.owner.QueryRowContext(w.Context(), query).Scan(&got))
	if got != want {
		w.Errorf("%s: got %q, want %q", query, got, want)
	}
}

const header = "given_name,family_name,date_of_birth,due_on,child_born_on,enrolled_on,zip,phone,consent,name_hash\n"

func TestACaseloadComesInOnce(t *testing.T) {
	w := newWorld(t, 10)
	sum := referral.NameHash("Ines", "Vega")
	file := "\ufeff" + header + `Ana,Morales,1998-04-02,2027-03-01,,2026-09-01,21201,(410) 555-0142,yes,
Rosa,Diaz,1999-05-03,,2026-01-15,2025-11-20,21202,,YES,
Mara,Lopez,2000-01-02,,,,,,no,
` + fmt.Sprintf(",,2001-02-03,,,,,,no,%x\n", sum)
	want := importer.Outcome{Enrolled: 2, Listed: 2}
	if got := w.bring(file); fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %+v", got)
	}
	if got := w.bring(file); fmt.Sprint(got) != fmt.Sprint(importer.Outcome{Already: 4}) {
		t.Errorf("the second time: %+v", got)
	}
	w.want("2 2 2", `SELECT (SELECT count(*) FROM enrollments WHERE came_by = 'import') || ' ' || (SELECT count(*) FROM served_families) || ' ' || (SELECT count(*) FROM clients)`)
	w.want("0", `SELECT count(*) FROM clients WHERE family_name IN ('Lopez', 'Vega')`)
	w.want("postpartum,prenatal", `SELECT string_agg(stage, ',' ORDER BY stage) FROM cases`)
	w.want("unknown", `SELECT string_agg(DISTINCT safe_call, ',') FROM contact_methods`)
	w.want("0", `SELECT count(*) FROM audit_events WHERE org_id <> (SELECT org_id FROM programs) AND (action LIKE '%walk-in%' OR action LIKE 'list served%')`)
}

func TestABadRowLosesNoGoodOne(t *testing.T) {
	w := newWorld(t, 3)
	file := header + `,Morales,1898-04-02,2027-03-01,,2026-13-01,2120,12,yes,
Ana,Morales,1998-04-02,2027-03-01,,2026-09-01,,,yes,
Ana,Secret,1998-04-02,1999-03-01,,2026-09-01,,,yes,
Ana,Secret,1998-04-02,,,2026-09-01,,,yes,
too,few
Ana,"Sec"ret,1998-04-02,,,2026-09-01,,,yes,
,,1998-04-02,,,,,,no,abc
,Secret,,,,,,,no,
Ana,Secret,1998-04-02,,2026-01-01,2026-09-01,,,perhaps,
Eva,Secret,1898-04-02,,2026-01-01,2026-09-01,2120,12,yes,
Eva,Reyes,1998-04-02,,2026-01-01,2026-09-01,,,yes,
Ida,Reyes,1998-04-02,,,,,,no,
Uma,Reyes,1998-04-02,,2026-01-01,2026-09-01,,,yes,
`
	got := w.bring(file)
	if got.Enrolled != 2 || got.Listed != 1 || got.Refused != 10 {
		t.Errorf("got %+v", got)
	}
	var said []string
	for _, p := range got.Problems {
		said = append(said, fmt.Sprintf("%d %s: %s", p.Line, p.Column, p.Reason))
	}
	all := strings.Join(said, "\n")
	all = regexp.MustCompile(`(: )\S+ \S+( has no)`).ReplaceAllString(all, "${1}Program 1$2") // a name that seed made
	want := `2 given_name: required
2 enrolled_on: not a date as YYYY-MM-DD
4 due_on: long_past
5 child_born_on: required, or due_on
6 : not as many fields as the first line
7 : quotes are not closed or stand inside a field
8 name_hash: not a SHA-256 in hexadecimal
9 date_of_birth: required
9 name_hash: required, or both names
10 consent: yes or no
11 zip: len
11 date_of_birth: year
11 phone: phone
14 : Program 1 has no free place: 3 of 3 are promised or in use.`
	if all != want {
		t.Errorf("got\n%s\nwant\n%s", all, want)
	}
	for _, value := range []string{"Secret", "1898", "2120", "perhaps"} {
		if strings.Contains(all, value) {
			t.Errorf("the problems quote %q", value)
		}
	}
}

func TestAFileThatIsNoCaseload(t *testing.T) {
	w := newWorld(t, 3)
	for _, file := range []string{"", "given_name,family_name\n", "given_name,consent,ssn\n", "consent,consent\n"} {
		if _, err := importer.Caseload(t.Context(), w.cases, w.network, w.program, strings.NewReader(file)); err == nil {
			t.Errorf("%q was taken", file)
		}
	}
	if _, err := importer.Caseload(t.Context(), w.cases, w.network, uuid.New(), strings.NewReader(header)); err == nil {
		t.Error("a program that does not exist was taken")
	}
}
