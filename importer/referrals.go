package importer

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/internal/fault"
	"doorstep/referral"
)

// Limits are how much one file may hold.
type Limits struct {
	Bytes int64
	Rows  int
}

// ForPage is what a person or a program may send; ForCommand what an operator may.
func ForPage() Limits { return Limits{5 << 20, 2000} }

// ForCommand is ForPage for the command line.
func ForCommand() Limits { return Limits{64 << 20, 20000} }

// Referrals takes a file of referrals on behalf of an organization: it is read row by row and kept sealed, never held whole. The same bytes
// once more give the import that they made before. Nothing is sent. Faults: Invalid at /file when it is no such table, with every column that
// is wrong at once; TooLarge.
func Referrals(ctx context.Context, cases *referral.Service, actor auth.Actor, file io.Reader, limits Limits) (referral.ImportView, error) {
	if err := actor.Require(auth.ReferralCreate); err != nil {
		return referral.ImportView{}, err
	}
	hash := sha256.New()
	counted := &meter{from: io.TeeReader(file, hash), left: limits.Bytes}
	s, err := openSheet(counted)
	if err != nil {
		return referral.ImportView{}, err
	}
	columns, err := referralColumns(s.header)
	if err != nil {
		return referral.ImportView{}, err
	}
	id, err := cases.BeginImport(ctx, actor, columns)
	if err != nil {
		return referral.ImportView{}, err
	}
	rows, err := addLines(ctx, cases, actor, id, s, columns, limits.Rows)
	if err == nil && rows == 0 {
		err = refuseFile("no_rows", "The file has a first row with the names of its columns, and nothing below it.")
	}
	if err == nil {
		return cases.EndImport(ctx, actor, id, hash.Sum(nil), rows)
	}
	quick, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if undo := cases.CancelImport(quick, actor, id); undo != nil { // else the next upload clears it away
		err = errors.Join(err, undo)
	}
	return referral.ImportView{}, err
}

// addLines reads the rows and hands them on some at a time.
func addLines(ctx context.Context, cases *referral.Service, actor auth.Actor, id uuid.UUID, s *sheet, columns []string, most int) (rows int, err error) {
	lines := make([]referral.ImportLine, 0, referral.MaxImportLines)
	flush := func() error {
		if len(lines) == 0 {
			return nil
		}
		err := cases.AddImportLines(ctx, actor, id, lines)
		lines = lines[:0]
		return err
	}
	for {
		record, row, err := s.next()
		if errors.Is(err, io.EOF) {
			return rows, flush()
		}
		line := referral.ImportLine{Number: row}
		switch {
		case errors.Is(err, errBroken):
			line.Problems = []referral.ImportProblem{{Code: "quotes"}}
		case err != nil:
			return rows, err
		case len(record) != len(columns):
			line.Record, line.Problems = slices.Clone(record), []referral.ImportProblem{{Code: "fields"}}
		default:
			line.Record = slices.Clone(record)
			line.Form, line.Problems = submission(columns, record)
		}
		if rows++; rows > most {
			return rows, fault.New(fault.TooLarge, "This file has more than %d rows. Cut it into several files.", most)
		}
		if lines = append(lines, line); len(lines) == referral.MaxImportLines {
			if err := flush(); err != nil {
				return rows, err
			}
		}
	}
}

// referralColumns are the names in the first row, or everything that is wrong with it. What stands there is not repeated: a file without a
// first row has a family in its place.
func referralColumns(header []string) ([]string, error) {
	known := referral.ImportColumns()
	var out, unknown, twice, missing []string
	for i, cell := range header {
		name := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(cell)), " ", "_")
		switch {
		case name == problemColumn && i == 0: // our own download, corrected
		case !slices.ContainsFunc(known, func(c referral.ImportColumn) bool { return c.Name == name }):
			unknown = append(unknown, letter(i))
		case slices.Contains(out, name):
			twice = append(twice, name)
		}
		out = append(out, name)
	}
	for _, c := range known {
		if c.Required && !slices.Contains(out, c.Name) {
			missing = append(missing, c.Name)
		}
	}
	var problems []fault.Field
	add := func(code, text string, names []string) {
		if len(names) > 0 {
			problems = append(problems, fault.Field{Pointer: "/file", Code: code, Detail: fmt.Sprintf(text, strings.Join(names, ", "))})
		}
	}
	add("missing_columns", "Columns are missing from the first row: %s. Start from the template.", missing)
	add("double_columns", "Columns stand in the first row more than once: %s. Keep one of each.", twice)
	add("unknown_columns", "The first row has names that we do not know, in column %s. Use the names of the template, and delete columns that it does not have.", unknown)
	return out, fault.Problems(problems)
}

// problemColumn stands first in what is downloaded to be corrected, and says nothing when it comes back.
const problemColumn = "problem"

// letter is how a spreadsheet names its columns.
func letter(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letter(i/26-1) + string(rune('A'+i%26))
}

// meter ends a file that is too large.
type meter struct {
	from io.Reader
	left int64
	size int64
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.from.Read(p)
	if m.size += int64(n); m.size > m.left {
		return n, fault.New(fault.TooLarge, "This file is larger than %d MB. Cut it into several files.", m.left>>20)
	}
	return n, err
}
