package importer

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"doorstep/auth"
	"doorstep/referral"
)

// Template writes the file to begin with: the columns, and an example to write over.
func Template(to io.Writer) error {
	var names, example []string
	for _, c := range referral.ImportColumns() {
		names, example = append(names, c.Name), append(example, c.Example)
	}
	return write(to, [][]string{names, example})
}

// WithProblems writes the rows of an import that were not sent, as they were uploaded, with what is wrong in a first column: a row that is
// corrected here can be uploaded again, without that column. say puts a problem into words.
func WithProblems(ctx context.Context, cases *referral.Service, actor auth.Actor, id uuid.UUID, to io.Writer, say func(referral.ImportProblem) string) error {
	if err := beginUTF8(to); err != nil {
		return err
	}
	for after, first := 0, true; first || after > 0; first = false {
		page, err := cases.ImportRecords(ctx, actor, id, after)
		if err != nil {
			return err
		}
		columns := page.Columns
		own := len(columns) > 0 && columns[0] == problemColumn // it came from here: that column is written anew
		if own {
			columns = columns[1:]
		}
		var rows [][]string
		if first {
			rows = append(rows, append([]string{problemColumn}, columns...))
		}
		for _, r := range page.Items {
			if r.Outcome == referral.RowSent {
				continue
			}
			if own && len(r.Record) > 0 {
				r.Record = r.Record[1:]
			}
			var said []string
			for _, p := range r.Problems {
				said = append(said, say(p))
			}
			rows = append(rows, append([]string{strings.Join(said, " ")}, r.Record...))
		}
		if err := write(to, rows); err != nil {
			return err
		}
		after = page.Next
	}
	return nil
}

// References writes which row became which referral.
func References(ctx context.Context, cases *referral.Service, actor auth.Actor, id uuid.UUID, to io.Writer) error {
	for after, first := 0, true; first || after > 0; first = false {
		page, err := cases.ImportRows(ctx, actor, id, after)
		if err != nil {
			return err
		}
		var rows [][]string
		if first {
			rows = append(rows, []string{"row", "outcome", "reference"})
		}
		for _, r := range page.Items {
			reference := ""
			if r.Reference != nil {
				reference = *r.Reference
			}
			rows = append(rows, []string{strconv.Itoa(r.Row), r.Outcome, reference})
		}
		if err := write(to, rows); err != nil {
			return err
		}
		after = page.Next
	}
	return nil
}

// beginUTF8 writes the mark by which Excel knows that a file is UTF-8.
func beginUTF8(to io.Writer) error {
	_, err := io.WriteString(to, "\ufeff")
	return err
}

func write(to io.Writer, rows [][]string) error {
	w := csv.NewWriter(to)
	w.UseCRLF = true
	for _, row := range rows {
		safe := make([]string, len(row))
		for i, cell := range row {
			safe[i] = harmless(cell)
		}
		if err := w.Write(safe); err != nil {
			return err
		}
	}
	w.Flush()
	return w.Error()
}

// harmless keeps a spreadsheet from running what a stranger typed: a cell that begins like a formula begins with an apostrophe instead. Full-width
// signs, spaces and quotation marks before them count, since some programs look past those.
func harmless(cell string) string {
	bare := strings.TrimLeft(cell, " \"'\u00a0\u3000\ufeff")
	if bare != "" && strings.ContainsAny(bare[:1], "=+-@\t\r\n\x00|%;,") || strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") {
		return "'" + cell
	}
	for _, wide := range []string{"＝", "＋", "－", "＠"} {
		if strings.HasPrefix(bare, wide) {
			return "'" + cell
		}
	}
	return cell
}
