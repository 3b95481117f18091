package importer

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// No cell that leaves begins a formula, and what comes back is what went out.
func TestCellsAreHarmless(t *testing.T) {
	for _, cell := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\"=1", "'=1", ";=1", ",=1", "|x", "%0", "\x00=1", "\uff1d1", "\uff0b1", "\uff0d1", "\uff201", "\u3000=1", "\u00a0@x"} {
		safe := harmless(cell)
		if safe != "'"+cell {
			t.Errorf("%q leaves as %q", cell, safe)
		}
		if bare(safe) != cell {
			t.Errorf("%q comes back as %q", cell, bare(safe))
		}
	}
	for _, cell := range []string{"", "Example", "'Okelani", "410-555-0142", "2026-07-20", "O'Neil", "Ñandú"} {
		if harmless(cell) != cell || bare(cell) != cell {
			t.Errorf("%q leaves as %q and comes back as %q", cell, harmless(cell), bare(cell))
		}
	}
}

func TestRowsAreNumberedAsASpreadsheetDoes(t *testing.T) {
	s, err := openSheet(strings.NewReader("a,\"b\nb\"\r\n1,\"x\r\ny\r\nz\"\r\n\r\n,\r\n2,x\"y\r\n3,z"))
	if err != nil {
		t.Fatal(err)
	}
	var got []int
	for {
		_, row, err := s.next()
		if errors.Is(err, io.EOF) {
			break
		}
		got = append(got, row)
	}
	if len(got) != 3 || got[0] != 2 || got[1] != 5 || got[2] != 6 {
		t.Errorf("rows %v", got)
	}
}

// Whatever a file holds, reading it ends, its rows are counted upwards, and its cells are text.
func FuzzSheet(f *testing.F) {
	for _, seed := range []string{"", "a,b\n1,2\n", "\ufeffa;b\r\n\"x\ny\";2", "a\tb\nN\xf1\t\x81", "PK\x03\x04", "\"", "a\n\"", "a\n\n\n\"x\"y\nz"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, file string) {
		s, err := openSheet(strings.NewReader(file))
		if err != nil {
			return
		}
		columns, bad := referralColumns(s.header)
		for last := 1; ; {
			record, row, err := s.next()
			var broken *csv.ParseError
			if errors.Is(err, io.EOF) {
				return
			}
			if errors.As(err, &broken) {
				t.Fatalf("a broken row ended the file: %v", err)
			}
			if row <= last {
				t.Fatalf("row %d after row %d", row, last)
			}
			last = row
			for _, cell := range record {
				if !s.utf8 && !utf8.ValidString(cell) {
					t.Fatalf("%q is no text", cell)
				}
			}
			if bad == nil && len(record) == len(columns) {
				submission(columns, record)
			}
		}
	})
}
