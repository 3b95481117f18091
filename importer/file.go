package importer

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"doorstep/internal/fault"
)

// sniffed is how much of a file is looked at before it is read: enough for a first line with every column.
const sniffed = 16 << 10

// sheet reads a table as spreadsheets save it: UTF-8 with or without its mark or Windows-1252, separated by commas, semicolons or tabs, any
// end of line. It holds one row at a time.
type sheet struct {
	csv    *csv.Reader
	header []string
	row    int  // the last one, as a spreadsheet numbers it: the header is row 1, and a line break inside a cell begins none
	line   int  // where the last one ended
	utf8   bool // it says so itself
}

func refuseFile(code, format string, args ...any) error {
	return fault.Problems([]fault.Field{{Pointer: "/file", Code: code, Detail: fmt.Sprintf(format, args...)}})
}

// openSheet reads up to the end of the header. What is no table is an Invalid fault at /file.
func openSheet(file io.Reader) (*sheet, error) {
	buffered := bufio.NewReaderSize(file, sniffed)
	begin, err := buffered.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	s := &sheet{line: 1, row: 1}
	switch {
	case len(bytes.TrimSpace(bytes.TrimPrefix(begin, []byte("\ufeff")))) == 0:
		return nil, refuseFile("empty", "The file is empty.")
	case bytes.HasPrefix(begin, []byte("PK\x03\x04")), bytes.HasPrefix(begin, []byte("\xd0\xcf\x11\xe0")):
		return nil, refuseFile("workbook", "This is an Excel workbook, or a file that is locked with a password. In Excel choose Save As and the type CSV UTF-8.")
	case bytes.HasPrefix(begin, []byte("\xff\xfe")), bytes.HasPrefix(begin, []byte("\xfe\xff")):
		return nil, refuseFile("utf16", "This is Unicode text (UTF-16). In Excel choose Save As and the type CSV UTF-8.")
	case bytes.HasPrefix(begin, []byte("%PDF")), bytes.ContainsRune(begin, 0):
		return nil, refuseFile("not_csv", "This is not a CSV file. In Excel choose Save As and the type CSV UTF-8.")
	}
	if s.utf8 = bytes.HasPrefix(begin, []byte("\ufeff")); s.utf8 {
		_, _ = buffered.Discard(3)
		begin = begin[3:]
	}
	s.csv = csv.NewReader(buffered)
	s.csv.Comma = separator(begin)
	s.csv.FieldsPerRecord = -1
	s.csv.ReuseRecord = true
	header, err := s.csv.Read()
	var broken *csv.ParseError
	switch {
	case errors.As(err, &broken):
		return nil, refuseFile("header", "The first row cannot be read: a quotation mark in it is not closed.")
	case err != nil:
		return nil, err
	}
	s.header = slices.Clone(header)
	s.end(header)
	return s, nil
}

// separator is what stands most often in the first line.
func separator(begin []byte) rune {
	first, _, _ := bytes.Cut(begin, []byte("\n"))
	best, most := ',', bytes.Count(first, []byte(","))
	for _, other := range []rune{';', '\t'} {
		if n := bytes.Count(first, []byte(string(other))); n > most {
			best, most = other, n
		}
	}
	return best
}

// end notes on which line a row ended: a cell may hold several.
func (s *sheet) end(record []string) {
	last := len(record) - 1
	s.line, _ = s.csv.FieldPos(last)
	s.line += strings.Count(record[last], "\n")
}

// errBroken is a row that is no row; the next may be one.
var errBroken = errors.New("this row cannot be read")

// next is the next row that is not empty, and its number; io.EOF at the end. The record is valid until the next call.
func (s *sheet) next() (record []string, row int, err error) {
	for {
		record, err = s.csv.Read()
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			s.row += broken.StartLine - s.line
			s.line = broken.Line
			return nil, s.row, errBroken
		case err != nil:
			return nil, 0, err
		}
		begin, _ := s.csv.FieldPos(0)
		s.row += begin - s.line // empty lines are rows of the spreadsheet, too
		s.end(record)
		if !empty(record) {
			return s.text(record), s.row, nil
		}
	}
}

func empty(record []string) bool {
	return !slices.ContainsFunc(record, func(cell string) bool { return strings.TrimSpace(cell) != "" })
}

// text makes every cell UTF-8. A file says nowhere what it is: a cell that is no UTF-8 was written by a program that still uses Windows-1252.
func (s *sheet) text(record []string) []string {
	for i, cell := range record {
		if !s.utf8 && !utf8.ValidString(cell) {
			record[i] = windows1252(cell)
		}
	}
	return record
}

// windows1252 differs from Latin-1 in these.
func windows1252(cell string) string {
	special := []rune("€\uFFFD‚ƒ„…†‡ˆ‰Š‹Œ\uFFFDŽ\uFFFD\uFFFD‘’“”•–—˜™š›œ\uFFFDžŸ")
	var b strings.Builder
	for i := range len(cell) {
		switch c := cell[i]; {
		case c >= 0x80 && c < 0xa0:
			b.WriteRune(special[c-0x80])
		default:
			b.WriteRune(rune(c))
		}
	}
	return b.String()
}
