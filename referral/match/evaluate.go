package match

import (
	"maps"
	"slices"
)

// Labelled is a pair of which is known whether it is one person, unless it is Open.
type Labelled struct {
	A, B  Person
	Same  bool
	Open  bool
	Group string   // of people, or empty
	Notes []string // what makes it hard
}

// Tally counts verdicts on labelled pairs.
type Tally struct {
	Same, Others           int // pairs
	LinkedRight, LinkedBad int // by itself
	AskedRight, AskedBad   int
}

// Add counts one verdict.
func (t *Tally) Add(same bool, v Verdict) {
	all, linked, asked := &t.Others, &t.LinkedBad, &t.AskedBad
	if same {
		all, linked, asked = &t.Same, &t.LinkedRight, &t.AskedRight
	}
	*all++
	switch v {
	case Link:
		*linked++
	case Ask:
		*asked++
	case New:
	}
}

// Link is precision and recall of what is linked by itself, both between 0 and 1. Precision is 1 where nothing was linked.
func (t *Tally) Link() (precision, recall float64) {
	return ratio(t.LinkedRight, t.LinkedRight+t.LinkedBad), ratio(t.LinkedRight, t.Same)
}

// Ask is likewise for what is linked or asked about: both thresholds together.
func (t *Tally) Ask() (precision, recall float64) {
	right := t.LinkedRight + t.AskedRight
	return ratio(right, right+t.LinkedBad+t.AskedBad), ratio(right, t.Same)
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 1
	}
	return float64(part) / float64(whole)
}

// Report is how a scorer does on labelled pairs: in all, by group, by note (a pair with several counts for each), and where it was wrong.
type Report struct {
	All     Tally
	ByGroup map[string]*Tally
	ByNote  map[string]*Tally
	Wrong   []Mistake // linked though two people, or new though one
}

// Mistake is a pair, by its place among those given, that got the wrong verdict without a person being asked.
type Mistake struct {
	Index int
	Score Score
}

// Evaluate gives each pair its verdict and counts. Open pairs are passed over.
func (s *Scorer) Evaluate(pairs []Labelled) Report {
	r := Report{ByGroup: map[string]*Tally{}, ByNote: map[string]*Tally{}}
	for i, p := range pairs {
		if p.Open {
			continue
		}
		score := s.Score(p.A, p.B)
		r.All.Add(p.Same, score.Verdict)
		tally(r.ByGroup, p.Group).Add(p.Same, score.Verdict)
		for _, n := range p.Notes {
			tally(r.ByNote, n).Add(p.Same, score.Verdict)
		}
		if p.Same && score.Verdict == New || !p.Same && score.Verdict == Link {
			r.Wrong = append(r.Wrong, Mistake{i, score})
		}
	}
	return r
}

func tally(in map[string]*Tally, key string) *Tally {
	if in[key] == nil {
		in[key] = &Tally{}
	}
	return in[key]
}

// Keys are the groups or notes of a report in order.
func Keys(in map[string]*Tally) []string { return slices.Sorted(maps.Keys(in)) }
