package importer

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// table reads rows by the names of the first line.
type table struct {
	csv    *csv.Reader
	header []string
	line   int // the last one read
}

func open(file io.Reader) (*table, error) {
	t := &table{csv: csv.NewReader(file)}
	header, err := t.csv.Read()
	if err != nil {
		return nil, errors.New("the file has no first line with the names of its columns")
	}
	t.line = 1
	for i, name := range header {
		name = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))) // spreadsheets put a mark before the first
		if !slices.Contains(Columns(), name) || slices.Contains(header[:i], name) {
			return nil, fmt.Errorf("column %d is none that a caseload has, or is there twice; the columns are %s", i+1, strings.Join(Columns(), ", "))
		}
		header[i] = name
	}
	if !slices.Contains(header, "consent") {
		return nil, errors.New("the file has no column consent: say yes or no for each family")
	}
	t.header = header
	return t, nil
}

// next is the next row, with what is wrong with its form; io.EOF at the end.
func (t *table) next() (row, error) {
	fields, err := t.csv.Read()
	var broken *csv.ParseError
	if errors.As(err, &broken) {
		t.line = broken.Line
		r := row{line: broken.StartLine}
		reason := "quotes are not closed or stand inside a field"
		if errors.Is(err, csv.ErrFieldCount) {
			reason = "not as many fields as the first line"
		}
		r.problems = []Problem{r.wrong("", reason)}
		return r, nil
	}
	if err != nil {
		return row{}, err
	}
	t.line, _ = t.csv.FieldPos(0)
	r := row{line: t.line, values: map[string]string{}}
	for i, name := range t.header {
		r.values[name] = strings.TrimSpace(fields[i])
	}
	r.values["consent"] = strings.ToLower(r.values["consent"])
	if c := r.values["consent"]; c != "yes" && c != "no" {
		r.problems = []Problem{r.wrong("consent", "yes or no")}
	}
	return r, nil
}
