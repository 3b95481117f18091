package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"doorstep/referral/match"
	"doorstep/referral/match/synthetic"
)

// pairField is one thing that a file of pairs says of both people.
type pairField struct {
	name string
	get  func(*match.Person) string
	set  func(*match.Person, string) error
}

func pairFields() []pairField {
	text := func(name string, at func(*match.Person) *string) pairField {
		return pairField{name, func(p *match.Person) string { return *at(p) }, func(p *match.Person, s string) error { *at(p) = s; return nil }}
	}
	count := func(name string, at func(*match.Person) *int) pairField {
		return pairField{name, func(p *match.Person) string { return number(*at(p)) }, func(p *match.Person, s string) (err error) {
			if *at(p), err = strconv.Atoi(s); err != nil || *at(p) < 0 {
				err = errors.New("not a number of people, or of a child") // the cause quotes it
			}
			return err
		}}
	}
	return []pairField{
		text("given", func(p *match.Person) *string { return &p.Given }),
		text("family", func(p *match.Person) *string { return &p.Family }),
		{"born", func(p *match.Person) string { return p.Born.String() }, func(p *match.Person, s string) (err error) {
			p.Born, err = match.ParseDate(s)
			return err
		}},
		text("phone", func(p *match.Person) *string { return &phoneOf(p).Number }),
		text("street", func(p *match.Person) *string { return &homeOf(p).Street }),
		text("zip", func(p *match.Person) *string { return &homeOf(p).Zip }),
		{"child", func(p *match.Person) string {
			if len(p.Children) == 0 {
				return ""
			}
			return p.Children[0].String()
		}, func(p *match.Person, s string) error {
			d, err := match.ParseDate(s)
			p.Children = []match.Date{d}
			return err
		}},
		{"sex", func(p *match.Person) string { return p.Sex }, func(p *match.Person, s string) (err error) {
			p.Sex, err = sexOf(s)
			return err
		}},
		count("order", func(p *match.Person) *int { return &p.BirthOrder }),
		count("namesakes", func(p *match.Person) *int { return &p.Namesakes }),
		count("phone-holders", func(p *match.Person) *int { return &phoneOf(p).Holders }),
		count("home-holders", func(p *match.Person) *int { return &homeOf(p).Holders }),
	}
}

// phoneOf and homeOf are the first of each, made where there is none: a file has one column for them.
func phoneOf(p *match.Person) *match.Phone {
	if len(p.Phones) == 0 {
		p.Phones = make([]match.Phone, 1)
	}
	return &p.Phones[0]
}

func homeOf(p *match.Person) *match.Address {
	if len(p.Addresses) == 0 {
		p.Addresses = make([]match.Address, 1)
	}
	return &p.Addresses[0]
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func writePairs(w io.Writer, pairs []synthetic.Pair) error {
	out := csv.NewWriter(w)
	head := []string{"truth", "group", "kind"}
	for _, f := range pairFields() {
		head = append(head, "a_"+f.name, "b_"+f.name)
	}
	_ = out.Write(head) // csv keeps the first error for the end
	for _, p := range pairs {
		row := []string{strconv.FormatBool(p.Same), p.Group, strings.Join(p.Kinds, ", ")}
		for _, f := range pairFields() {
			row = append(row, f.get(&p.A.Person), f.get(&p.B.Person))
		}
		_ = out.Write(row)
	}
	out.Flush()
	return out.Error()
}

// side is one column and where its values go.
type side struct {
	at    int
	field pairField
	b     bool
}

// sides finds the columns of both people. A column that a flag names must be there.
func (m matchEval) sides(head []string) ([]side, error) {
	var out []side
	fields := pairFields()
	for name := range m.Columns {
		if !slices.ContainsFunc(fields, func(f pairField) bool { return f.name == name }) {
			return nil, fmt.Errorf("--columns: there is no field %q", name)
		}
	}
	for _, f := range fields {
		columns, said := strings.Split(m.Columns[f.name], ","), m.Columns[f.name] != ""
		if !said {
			columns = []string{"a_" + f.name, "b_" + f.name}
		}
		if len(columns) != 2 || columns[0] == columns[1] { // one column compared with itself always agrees
			return nil, fmt.Errorf("--columns %s: name two columns, parted by a comma", f.name)
		}
		for i, c := range columns {
			at := slices.Index(head, c)
			if at < 0 && said {
				return nil, fmt.Errorf("the file has no column %q", c)
			}
			if at >= 0 {
				out = append(out, side{at, f, i == 1})
			}
		}
	}
	if len(out) == 0 {
		return nil, errors.New("no column of the file is known; say which are by --columns")
	}
	return out, nil
}

func (m matchEval) read(r io.Reader) ([]match.Labelled, error) {
	in := csv.NewReader(r)
	head, err := in.Read()
	if errors.Is(err, io.EOF) {
		err = errors.New("the file is empty")
	}
	if err != nil {
		return nil, fmt.Errorf("read the first line: %w", err)
	}
	head[0] = strings.TrimPrefix(head[0], "\ufeff")
	sides, err := m.sides(head)
	if err != nil {
		return nil, err
	}
	truth, group, notes := slices.Index(head, m.Truth), slices.Index(head, m.Group), slices.Index(head, m.Notes)
	if truth < 0 && !m.Fit || group < 0 && m.Group != "" || notes < 0 && m.Notes != "" {
		return nil, fmt.Errorf("the file lacks the column of the truth, the group or the notes: it has %s", strings.Join(head, ", "))
	}
	var pairs []match.Labelled
	for {
		row, err := in.Read()
		if errors.Is(err, io.EOF) {
			if len(pairs) == 0 {
				err = errors.New("the file has a first line and no pairs")
			} else {
				err = nil
			}
			return pairs, err
		}
		if err != nil {
			return nil, fmt.Errorf("read the file: %w", err)
		}
		p, err := pairOf(row, sides)
		if err != nil {
			line, _ := in.FieldPos(0)
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		p.Open = truth < 0
		if truth >= 0 {
			if p.Same, p.Open, err = truthOf(row[truth]); err != nil {
				line, _ := in.FieldPos(truth)
				return nil, fmt.Errorf("line %d: %s: %w", line, m.Truth, err)
			}
		}
		if group >= 0 {
			p.Group = row[group]
		}
		if notes >= 0 && row[notes] != "" {
			p.Notes = strings.Split(row[notes], ", ")
		}
		pairs = append(pairs, p)
	}
}

// truthOf reads a label. A word that is none must not count as "two people" in silence.
func truthOf(word string) (same, open bool, err error) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "":
		return false, true, nil
	case "1", "true", "t", "yes", "y", "match", "same":
		return true, false, nil
	case "0", "false", "f", "no", "n", "non-match", "nonmatch", "different":
		return false, false, nil
	}
	return false, false, errors.New("write 1, true, yes or match for one person, 0, false, no or non-match for two, nothing where nobody knows")
}

// sexOf reads what files write; what says neither tells nothing.
func sexOf(word string) (string, error) {
	switch strings.ToLower(word) {
	case "f", "female", "w", "woman", "girl":
		return "female", nil
	case "m", "male", "man", "boy":
		return "male", nil
	case "u", "unk", "unknown", "x", "other":
		return "", nil
	}
	return "", errors.New("write female, male or unknown")
}

func pairOf(row []string, sides []side) (match.Labelled, error) {
	var p match.Labelled
	for _, s := range sides {
		who := &p.A
		if s.b {
			who = &p.B
		}
		if !utf8.ValidString(row[s.at]) {
			return p, fmt.Errorf("%s: not in UTF-8; save the file in it", s.field.name)
		}
		if value := strings.TrimSpace(row[s.at]); value != "" {
			if err := s.field.set(who, value); err != nil {
				return p, fmt.Errorf("%s: %w", s.field.name, err)
			}
		}
	}
	return p, nil
}
