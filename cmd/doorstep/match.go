package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"text/tabwriter"

	"doorstep/referral/match"
	"doorstep/referral/match/synthetic"
)

type matchCommand struct {
	Eval       matchEval       `cmd:"" help:"Print precision and recall at both thresholds on labelled pairs in a CSV file, and estimate weights from them."`
	Synthesize matchSynthesize `cmd:"" help:"Write labelled pairs of people who do not exist, as CSV."`
}

type matchEval struct {
	File    string            `arg:"" type:"existingfile" help:"CSV in UTF-8 with a first line of column names, one pair a line."`
	Truth   string            `default:"truth" help:"Column that says 1, true, yes or match where the two are one person, 0, false, no or non-match where they are two, and nothing where nobody knows."`
	Group   string            `help:"Column with a group of people; figures are printed for each."`
	Notes   string            `help:"Column that says what makes the pair hard; several things are parted by a comma and a blank."`
	Columns map[string]string `placeholder:"FIELD=A,B" help:"The two columns of a field: given, family, born (YYYY-MM-DD), phone, street, zip, child (a birth date), sex, order (of a multiple birth), namesakes, phone-holders, home-holders (how many on record share it). May be repeated; a_FIELD,b_FIELD where not said."`
	Weights string            `type:"existingfile" help:"Weights to try in place of the shipped ones, in their format."`
	Fit     bool              `help:"Estimate the weights by expectation and maximization, and print them as a file of weights in place of the figures. Pairs without a label count too; of relatives give labels."`
	Wrong   int               `default:"20" help:"How many pairs to show that were linked though two people, or new though one: by line and level, never by name."`
}

// Run reads the pairs and prints figures or weights.
func (m matchEval) Run(p *process) error {
	weights, err := m.weights()
	if err != nil {
		return err
	}
	file, err := os.Open(m.File)
	if err != nil {
		return err
	}
	defer func() { _ = file.Close() }()
	pairs, err := m.read(file)
	if err != nil {
		return err
	}
	if !m.Fit {
		return m.print(p.stdout, weights, match.NewScorer(weights).Evaluate(pairs), pairs)
	}
	fitted, err := match.Fit(weights, pairs)
	if err != nil {
		return err
	}
	_, _ = fmt.Fprintf(p.stderr, "%d pairs, %.3f of them one person by the model, %d rounds\n", len(pairs), fitted.Share, fitted.Rounds)
	out := json.NewEncoder(p.stdout)
	out.SetIndent("", "  ")
	return out.Encode(fitted.Weights)
}

func (m matchEval) weights() (match.Weights, error) {
	if m.Weights == "" {
		return match.Shipped()
	}
	text, err := os.ReadFile(m.Weights)
	if err != nil {
		return match.Weights{}, err
	}
	return match.ReadWeights(text)
}

// print shows a report. Of a pair it shows the line in the file: names are on the screen of whoever may open the file.
func (m matchEval) print(w io.Writer, weights match.Weights, r match.Report, pairs []match.Labelled) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintf(t, "%d pairs: %d of one person, %d of two\n\n", r.All.Same+r.All.Others, r.All.Same, r.All.Others)
	_, _ = fmt.Fprintf(t, "\tprecision\trecall\tright\twrong\n")
	precision, recall := r.All.Link()
	_, _ = fmt.Fprintf(t, "linked by itself, from %g bits\t%.4f\t%.4f\t%d\t%d\n", weights.Link, precision, recall, r.All.LinkedRight, r.All.LinkedBad)
	precision, recall = r.All.Ask()
	_, _ = fmt.Fprintf(t, "linked or asked, from %g bits\t%.4f\t%.4f\t%d\t%d\n", weights.Ask, precision, recall,
		r.All.LinkedRight+r.All.AskedRight, r.All.LinkedBad+r.All.AskedBad)
	if m.Group != "" {
		table(t, "group", r.ByGroup)
	}
	if m.Notes != "" {
		table(t, "what is hard", r.ByNote)
	}
	if len(r.Wrong) > 0 {
		_, _ = fmt.Fprintf(t, "\nwrong without a person being asked: %d\n", len(r.Wrong))
	}
	for _, x := range r.Wrong[:min(m.Wrong, len(r.Wrong))] {
		verdict := "one person, new"
		if !pairs[x.Index].Same {
			verdict = "two people, linked"
		}
		_, _ = fmt.Fprintf(t, "line %d\t%s\t%g bits", x.Index+2, verdict, x.Score.Bits)
		for _, part := range x.Score.Parts {
			_, _ = fmt.Fprintf(t, "  %s %s %g", part.Field, part.Level, part.Bits)
		}
		_, _ = fmt.Fprintln(t)
	}
	return t.Flush()
}

// table has one line a group: how many true pairs were linked, asked about and missed, and how many false ones were linked.
func table(t io.Writer, head string, rows map[string]*match.Tally) {
	_, _ = fmt.Fprintf(t, "\n%s\tone person\tlinked\tasked\tmissed\trecall\ttwo people\tlinked\tasked\tprecision of links\n", head)
	for _, key := range match.Keys(rows) {
		x := rows[key]
		precision, _ := x.Link()
		_, recall := x.Ask()
		_, _ = fmt.Fprintf(t, "%s\t%d\t%d\t%d\t%d\t%.4f\t%d\t%d\t%d\t%.4f\n", key, x.Same, x.LinkedRight, x.AskedRight,
			x.Same-x.LinkedRight-x.AskedRight, recall, x.Others, x.LinkedBad, x.AskedBad, precision)
	}
}

type matchSynthesize struct {
	People int    `default:"20000" help:"How many people live in the made-up city."`
	Pairs  int    `default:"40000" help:"How many pairs to write: half of one person, half of two, most of these easily taken for one."`
	Seed   uint64 `default:"1" help:"The same seed makes the same file."`
}

// Run writes the pairs in the columns that eval reads by default.
func (m matchSynthesize) Run(p *process) error {
	if m.People < 2 || m.Pairs < 1 {
		return errors.New("a pair takes two people: --people from 2, --pairs from 1")
	}
	return writePairs(p.stdout, synthetic.New(m.People, m.Seed).Pairs(m.Pairs))
}
