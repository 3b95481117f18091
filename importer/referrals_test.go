package importer_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/importer"
	"doorstep/internal/dbtest/seed"
	"doorstep/internal/fault"
	"doorstep/jobs"
	"doorstep/referral"
)

// ward is somebody of a hospital, in the world of the other tests.
func (w *world) ward() auth.Actor {
	w.Helper()
	return w.seed.User(w.seed.Hospital(seed.Org{}), auth.Referrer)
}

const first = "stage,given_name,family_name,date_of_birth,consent,due_on,phone,safe_call,zip\n"

// family is a row that is good as it is.
func family(n int) string {
	born := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n%4000)
	return fmt.Sprintf("prenatal,Example,Person %s,%s,yes_in_person,2027-02-01,410-555-0142,yes,21201\n", letters(n), born.Format(time.DateOnly))
}

func letters(n int) string {
	out := ""
	for range 5 {
		out += string(rune('a' + n%26))
		n /= 26
	}
	return out
}

func (w *world) upload(actor auth.Actor, file string) referral.ImportView {
	w.Helper()
	v, err := importer.Referrals(w.Context(), w.cases, actor, strings.NewReader(file), importer.ForPage())
	w.must(err)
	return v
}

func (w *world) checked(actor auth.Actor, file string) referral.ImportView {
	w.Helper()
	v := w.upload(actor, file)
	for left := true; left; {
		var err error
		left, err = w.cases.CheckImport(w.Context(), actor, v.ID)
		w.must(err)
	}
	v, err := w.cases.Import(w.Context(), actor, v.ID)
	w.must(err)
	return v
}

// lease is the job of the next row that nobody has done, as a worker leases it.
func (w *world) lease() (jobs.Job, bool) {
	w.Helper()
	j := jobs.Job{Kind: jobs.ImportRow}
	err := w.owner.QueryRowContext(w.Context(), `UPDATE outbox SET attempt = attempt + 1, lease_until = clock_timestamp() + interval '1 minute'
		WHERE id = (SELECT id FROM outbox WHERE kind = 'import.row' AND done_at IS NULL AND dead_at IS NULL ORDER BY next_at LIMIT 1)
		RETURNING id, subject_id, attempt`).Scan(&j.ID, &j.SubjectID, &j.Attempt)
	return j, err == nil
}

func (w *world) work(most int) (done int) {
	w.Helper()
	for done < most {
		j, ok := w.lease()
		if !ok {
			return done
		}
		w.must(w.cases.SendImportRow(w.Context(), j))
		done++
	}
	return done
}

func told(v referral.ImportView) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s rows %d ready %d already %d maybe %d refused %d sent %d\n", v.Status, v.Rows, v.Ready, v.Already, v.Maybe, v.Refused, v.Sent)
	for _, p := range v.Problems {
		fmt.Fprintf(&b, "%s %s %s %v\n", p.Outcome, p.Column, p.Code, p.Rows)
	}
	return b.String()
}

func (w *world) tells(v referral.ImportView, want string) {
	w.Helper()
	if got := told(v); got != want {
		w.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestAFileIsSentOnce(t *testing.T) {
	w := newWorld(t, 3)
	ward := w.ward()
	file := "\ufeff" + strings.ReplaceAll(first+family(1)+family(2)+family(3), "\n", "\r\n")
	v := w.checked(ward, file)
	w.tells(v, "ready rows 3 ready 3 already 0 maybe 0 refused 0 sent 0\n")
	w.want("0", `SELECT count(*) FROM referrals`)
	v, err := w.cases.SendImport(t.Context(), ward, v.ID)
	w.must(err)
	w.work(9)
	v, err = w.cases.Import(t.Context(), ward, v.ID)
	w.must(err)
	w.tells(v, "done rows 3 ready 0 already 0 maybe 0 refused 0 sent 3\n")
	w.want("3 import", `SELECT count(*) || ' ' || min(channel) FROM referrals`)
	w.want("0", `SELECT count(*) FROM import_rows WHERE content_sealed IS NOT NULL`)

	again := w.upload(ward, file)
	if !again.Earlier || again.ID != v.ID || again.Sent != 3 {
		t.Errorf("the same file once more: %+v", again)
	}
	w.want("1", `SELECT count(*) FROM imports`)
	if _, err := w.cases.SendImport(t.Context(), ward, v.ID); err != nil {
		t.Errorf("sending twice: %v", err)
	}
	other := w.checked(ward, first+family(2)+family(4)+family(4)+strings.Replace(family(3), "yes_in_person", "signed", 1))
	w.tells(other, "ready rows 4 ready 1 already 2 maybe 1 refused 0 sent 0\nmaybe  maybe_known [5]\nalready  row_twice [4]\nalready  sent_before [2]\n")
	if err := w.cases.CancelImport(t.Context(), ward, v.ID); !errors.Is(err, fault.Conflict) {
		t.Errorf("a file that was sent was deleted: %v", err)
	}
	w.must(w.cases.CancelImport(t.Context(), ward, other.ID))
	w.want("1 3", `SELECT (SELECT count(*) FROM imports) || ' ' || (SELECT count(*) FROM import_rows)`)

	var list bytes.Buffer
	w.must(importer.References(t.Context(), w.cases, ward, v.ID, &list))
	if lines := strings.Split(strings.TrimSpace(list.String()), "\r\n"); len(lines) != 4 || !strings.HasPrefix(lines[1], "2,sent,") || len(lines[1]) < 12 {
		t.Errorf("references: %q", list.String())
	}
}

// Two files with one row, both checked before either is sent: the index lets it through once.
func TestOneRowInTwoFiles(t *testing.T) {
	w := newWorld(t, 3)
	ward := w.ward()
	one, two := w.checked(ward, first+family(1)), w.checked(ward, first+family(1)+family(2))
	for _, v := range []referral.ImportView{one, two} {
		_, err := w.cases.SendImport(t.Context(), ward, v.ID)
		w.must(err)
	}
	w.work(9)
	w.want("2", `SELECT count(*) FROM referrals`)
	v, err := w.cases.Import(t.Context(), ward, two.ID)
	w.must(err)
	w.tells(v, "done rows 2 ready 0 already 1 maybe 0 refused 0 sent 1\nalready  sent_before [2]\n")
}

// A worker is killed while it sends: after the work, before anybody heard of it, or in the middle. What was sent is sent; the rest follows.
func TestAKilledImportGoesOn(t *testing.T) {
	w := newWorld(t, 3)
	ward := w.ward()
	file := first
	for n := range 12 {
		file += family(n)
	}
	v := w.checked(ward, file)
	_, err := w.cases.SendImport(t.Context(), ward, v.ID)
	w.must(err)
	w.work(4)
	killed, _ := w.lease() // leased, and its worker died before it began
	dying, cancel := context.WithCancel(t.Context())
	cancel()
	if err := w.cases.SendImportRow(dying, killed); err == nil {
		t.Error("a dead worker sent a row")
	}
	next, _ := w.lease() // the same row: its lease ran out
	if next.ID != killed.ID {
		t.Fatalf("another row came: %v", next)
	}
	w.must(w.cases.SendImportRow(t.Context(), next))
	late := w.cases.SendImportRow(t.Context(), killed) // the dead one was only slow
	if late != nil && !errors.Is(late, jobs.ErrSuperseded) {
		t.Errorf("the slow worker: %v", late)
	}
	half, err := w.cases.Import(t.Context(), ward, v.ID)
	w.must(err)
	w.tells(half, "sending rows 12 ready 7 already 0 maybe 0 refused 0 sent 5\n")
	w.work(99)
	w.want("12 12", `SELECT count(*) || ' ' || count(DISTINCT client_id) FROM referrals`)
	w.want("0", `SELECT count(*) FROM outbox WHERE kind = 'import.row' AND done_at IS NULL`)
}

func TestEverythingThatIsWrongIsToldAtOnce(t *testing.T) {
	w := newWorld(t, 3)
	ward := w.ward()
	file := "stage;given_name;family_name;date_of_birth;consent;due_on;phone;zip;note\r\n" +
		"prenatal;Mar\xeda;Nu\xf1ez;4/2/1998;Yes, in person;2/1/2027;;21201;\"two\r\nlines\"\r\n" + // as Excel saves it
		"\r\n" +
		"prenatal;Secret;Person;1998-13-02;;2027-02-01;12;2120;\r\n" +
		"prenatal;Secret;Person;1898-01-02;perhaps;1999-02-01;;;\r\n" +
		"postpartum;Secret;Person;1998-01-02;signed;;;;\r\n" +
		"prenatal;Secret\r\n" +
		"prenatal;Sec\"ret;Person;1998-01-02;signed;;;;\r\n" +
		"prenatal;=2+5;Person;1998-01-02;;;+1;;\r\n"
	v := w.checked(ward, file)
	w.tells(v, `ready rows 7 ready 1 already 0 maybe 0 refused 6 sent 0
refused consent required [4 9]
refused phone phone [4 9]
refused  fields [7]
refused  quotes [8]
refused child_born_on required [6]
refused consent oneof [5]
refused date_of_birth datetime [4]
refused date_of_birth year [5]
refused due_on long_past [5]
refused zip len [4]
`)
	for _, value := range []string{"Secret", "1898", "2120", "perhaps"} {
		if strings.Contains(told(v), value) {
			t.Errorf("the problems quote %q", value)
		}
	}
	var got bytes.Buffer
	say := func(p referral.ImportProblem) string { return p.Column + " " + p.Code + "." }
	w.must(importer.WithProblems(t.Context(), w.cases, ward, v.ID, &got, say))
	lines := strings.Split(got.String(), "\r\n")
	if lines[0] != "\ufeffproblem,stage,given_name,family_name,date_of_birth,consent,due_on,phone,zip,note" || !strings.Contains(got.String(), "María,Nuñez") ||
		!strings.Contains(got.String(), "'=2+5") || !strings.Contains(got.String(), ",'+1,") {
		t.Errorf("the download is %q", got.String())
	}
	back := w.checked(ward, strings.ReplaceAll(got.String(), ",'=2+5,Person,1998-01-02,,", ",Ida,Person,1998-01-02,signed,"))
	if back.Rows != 7 || back.Ready != 1 || back.Refused != 6 { // its phone is still wrong
		t.Errorf("the download came back as %s", told(back))
	}
}

func TestAFileThatIsNoTable(t *testing.T) {
	w := newWorld(t, 3)
	ward := w.ward()
	for file, code := range map[string]string{
		"": "empty", strings.Repeat(" \r\n", 2): "empty", "\ufeff": "empty", first: "no_rows", "PK\x03\x04xx": "workbook", "\xff\xfes\x00": "utf16", "%PDF-1.7": "not_csv",
		"a\x00b": "not_csv", "\"stage\nx": "header", "stage,given_name,family_name\nx,y,z\n": "missing_columns",
		strings.Replace(first, "zip", "stage", 1) + family(1): "double_columns", strings.Replace(first, "zip", "mrn", 1) + family(1): "unknown_columns",
	} {
		_, err := importer.Referrals(t.Context(), w.cases, ward, strings.NewReader(file), importer.ForPage())
		var f *fault.Error
		if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) != 1 || f.Fields[0].Code != code || f.Fields[0].Pointer != "/file" {
			t.Errorf("%q: %v, want %s", file, err, code)
		}
	}
	for name, file := range map[string]string{"rows": first + strings.Repeat(family(1), 2001), "bytes": first + strings.Repeat("x", 6<<20)} {
		_, err := importer.Referrals(t.Context(), w.cases, ward, strings.NewReader(file), importer.ForPage())
		if !errors.Is(err, fault.TooLarge) {
			t.Errorf("too many %s: %v", name, err)
		}
	}
	w.want("0", `SELECT count(*) FROM imports`)
}

// Another organization learns nothing: neither of the import, nor that a family is known to a neighbour.
func TestAnImportIsItsOwnOrganizations(t *testing.T) {
	w := newWorld(t, 3)
	ward, other := w.ward(), w.ward()
	v := w.checked(ward, first+family(1))
	_, err := w.cases.SendImport(t.Context(), ward, v.ID)
	w.must(err)
	w.work(1)
	nothing := func(name string, err error) {
		t.Helper()
		if !errors.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = w.cases.Import(t.Context(), other, v.ID)
	nothing("look", err)
	_, err = w.cases.ImportRecords(t.Context(), other, v.ID, 0)
	nothing("download", err)
	_, err = w.cases.SendImport(t.Context(), other, v.ID)
	nothing("send", err)
	_, err = w.cases.CheckImport(t.Context(), other, v.ID)
	nothing("check", err)
	nothing("delete", w.cases.CancelImport(t.Context(), other, v.ID))
	nothing("add", w.cases.AddImportLines(t.Context(), other, v.ID, nil))
	list, err := w.cases.Imports(t.Context(), other)
	w.must(err)
	if len(list.Items) != 0 {
		t.Errorf("the list shows %+v", list)
	}
	w.tells(w.checked(other, first+family(1)), "ready rows 1 ready 1 already 0 maybe 0 refused 0 sent 0\n")
	visitor := auth.Actor{Kind: "user", ID: uuid.New(), OrgID: other.OrgID, OrgKind: auth.Agency, Role: auth.HomeVisitor}
	if _, err := importer.Referrals(t.Context(), w.cases, visitor, strings.NewReader(first+family(1)), importer.ForPage()); !errors.Is(err, fault.Forbidden) {
		t.Errorf("a visitor: %v", err)
	}
}

// What nobody sent does not stay.
func TestOldUploadsAreForgotten(t *testing.T) {
	w := newWorld(t, 3)
	ward := w.ward()
	sent, old := w.checked(ward, first+family(1)+"prenatal,,,,,,,,\n"), w.checked(ward, first+family(2))
	_, err := w.cases.SendImport(t.Context(), ward, sent.ID)
	w.must(err)
	w.work(9)
	w.must(w.cases.ForgetImports(t.Context()))
	w.want("2 2", `SELECT (SELECT count(*) FROM imports) || ' ' || (SELECT count(*) FROM import_rows WHERE content_sealed IS NOT NULL)`)
	if _, err := w.owner.ExecContext(t.Context(), `UPDATE imports SET uploaded_at = uploaded_at - interval '31 days'`); err != nil {
		t.Fatal(err)
	}
	w.must(w.cases.ForgetImports(t.Context()))
	w.want("1 0", `SELECT (SELECT count(*) FROM imports) || ' ' || (SELECT count(*) FROM import_rows WHERE content_sealed IS NOT NULL)`)
	_, err = w.cases.Import(t.Context(), ward, old.ID)
	if !errors.Is(err, fault.NotFound) {
		t.Errorf("the old upload: %v", err)
	}
}

// endless is a file of n families that nobody ever holds.
type endless struct {
	n, at int
	rest  string
}

func (e *endless) Read(p []byte) (int, error) {
	if e.rest == "" {
		if e.at == e.n {
			return 0, io.EOF
		}
		e.at++
		e.rest = family(e.at)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

// How fast and in how much memory: go test ./importer -run none -bench Import -benchtime 1x. The heap is looked at while rows are read and
// checked; twenty thousand rows may take no more than two thousand.
func BenchmarkImport(b *testing.B) {
	for _, rows := range []int{500, 2000, 20000} {
		b.Run(fmt.Sprint(rows), func(b *testing.B) {
			for b.Loop() {
				w := newWorld(b, 3)
				ward := w.ward()
				begun := time.Now()
				top, stop := watchHeap()
				v, err := importer.Referrals(b.Context(), w.cases, ward, io.MultiReader(strings.NewReader(first), &endless{n: rows}), importer.ForCommand())
				w.must(err)
				read := time.Since(begun)
				for left := true; left; {
					left, err = w.cases.CheckImport(b.Context(), ward, v.ID)
					w.must(err)
				}
				took := time.Since(begun)
				stop()
				b.ReportMetric(float64(rows)/read.Seconds(), "read-rows/s")
				b.ReportMetric(float64(rows)/took.Seconds(), "checked-rows/s")
				b.ReportMetric(took.Seconds(), "s-until-checked")
				b.ReportMetric(float64(top.Load())/(1<<20), "MB-heap")
				w.must(func() error { _, err := w.cases.SendImport(b.Context(), ward, v.ID); return err }())
				begun = time.Now()
				sent := w.work(500)
				b.ReportMetric(float64(sent)/time.Since(begun).Seconds(), "sent-rows/s")
			}
		})
	}
}

// watchHeap is the most that was in use at once.
func watchHeap() (*atomic.Uint64, func()) {
	var top atomic.Uint64
	end, ended := make(chan bool), make(chan bool)
	go func() {
		defer close(ended)
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			top.Store(max(top.Load(), m.HeapInuse))
			select {
			case <-end:
				return
			case <-tick.C:
			}
		}
	}()
	return &top, func() { close(end); <-ended }
}
