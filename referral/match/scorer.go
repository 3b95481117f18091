package match

import "math"

// Verdict is what to do with a pair.
type Verdict string

// The verdicts.
const (
	Link Verdict = "link" // one person: link by itself
	Ask  Verdict = "ask"  // a coordinator decides
	New  Verdict = "new"  // two people
)

// Evidence is what one field adds to a score. Missing fields add nothing and are left out.
type Evidence struct {
	Field Field   `json:"field"`
	Level Level   `json:"level"`
	Bits  float64 `json:"bits"`
}

// Score is a pair's evidence. Bits is the sum of the parts.
type Score struct {
	Bits    float64    `json:"bits"`
	Parts   []Evidence `json:"parts"`
	Verdict Verdict    `json:"verdict"`
}

// Scorer scores pairs. It is immutable and safe for concurrent use.
type Scorer struct {
	names     names
	bits      map[Field]map[Level]float64
	version   int
	link, ask float64
}

// Default scores with the weights that come with Doorstep. It panics when they cannot be read, which a test excludes.
func Default() *Scorer {
	w, err := Shipped()
	if err != nil {
		panic(err)
	}
	return NewScorer(w)
}

// NewScorer returns a scorer with these weights.
func NewScorer(w Weights) *Scorer {
	s := &Scorer{names: readNames(), bits: map[Field]map[Level]float64{}, version: w.Version, link: w.Link, ask: w.Ask}
	for _, f := range w.Fields {
		s.bits[f.Field] = map[Level]float64{}
		for _, l := range f.Levels {
			s.bits[f.Field][l.Level] = l.Bits()
		}
	}
	return s
}

// Basis is what scores are judged by, to be kept beside one.
type Basis struct {
	Weights int     `json:"weights"` // version of the file
	Link    float64 `json:"link"`    // thresholds, in bits
	Ask     float64 `json:"ask"`
}

// Basis is that of this scorer.
func (s *Scorer) Basis() Basis { return Basis{s.version, s.link, s.ask} }

// Against prepares one person for many comparisons.
func (s *Scorer) Against(p Person) func(Person) Score {
	mine := prepare(p)
	return func(other Person) Score { return s.score(s.names.compare(mine, prepare(other))) }
}

// Score compares two people.
func (s *Scorer) Score(a, b Person) Score { return s.Against(a)(b) }

// Compare puts each field of two people into its level, without weighing it: what Fit learns from.
func (s *Scorer) Compare(a, b Person) []Comparison { return s.names.compare(prepare(a), prepare(b)) }

func (s *Scorer) score(fields []Comparison) Score {
	out := Score{Parts: []Evidence{}}
	levels := map[Field]Level{}
	for _, c := range fields {
		levels[c.Field] = c.Level
		if c.Level == Missing || c.Level == Straight {
			continue
		}
		bits := s.bits[c.Field][c.Level] - crowd(c)
		if c.Level == Exact && c.Field != Namesakes {
			bits = max(bits, 0) // a shelter's number is no evidence, and none against
		}
		if c.Level == Counted && bits == 0 {
			continue
		}
		out.Parts = append(out.Parts, Evidence{c.Field, c.Level, hundredth(bits)})
		out.Bits = hundredth(out.Bits + hundredth(bits))
	}
	switch {
	case out.Bits >= s.link && certain(levels):
		out.Verdict = Link
	case out.Bits >= s.ask:
		out.Verdict = Ask
	default:
		out.Verdict = New
	}
	return out
}

// fewNamesakes is how many people of one name the weights of the name fields allow for: the chance of 1 in 20,000 that they give
// two people of agreeing names, among the people of a large hub.
const fewNamesakes = 4

// crowd is what sharing takes away: a bit each time the holders double.
func crowd(c Comparison) float64 {
	holders := float64(c.Holders)
	if c.Field == Namesakes {
		holders /= fewNamesakes
	}
	return math.Log2(max(holders, 1))
}

// certain are the rules above the sum.
func certain(l map[Field]Level) bool {
	switch l[GivenName] {
	case Exact, Variant, Part, Close:
	default:
		return false
	}
	switch l[DateOfBirth] {
	case Exact, Swapped, Digit:
	default:
		return false
	}
	return l[SexField] != Different && l[Order] != Different && l[ChildBorn] != Clash
}
