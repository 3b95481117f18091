package match

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Fitted is what Fit found.
type Fitted struct {
	Weights Weights
	Share   float64 // of the pairs that are one person, by the model
	Rounds  int     // until nothing moved any more
}

// pattern is all pairs that show the same levels and whose labels say the same.
type pattern struct {
	levels     map[Field]Level
	count      float64
	same, open bool
}

// Fit estimates m and u by expectation and maximization: two kinds of pairs, each field independent of the others within a kind
// (Winkler, 1988). Labels are believed; an open pair counts for both kinds, as likely as the weights so far make it. It begins at the
// weights from; fields, levels and thresholds stay, and a field that no pair speaks of stays as it is. A level that no pair
// shows keeps the chance of half a pair, so that none becomes impossible.
//
// Fields are not independent among relatives: twins and sisters share surname, number and home. Where many of the pairs are theirs
// and all are open, they are taken for one person. Label those, or leave them out.
func Fit(from Weights, pairs []Labelled) (Fitted, error) {
	s := NewScorer(from)
	found := map[string]*pattern{}
	for _, p := range pairs {
		levels := map[Field]Level{}
		var key strings.Builder
		fmt.Fprint(&key, p.Open, p.Same && !p.Open)
		for _, c := range s.Compare(p.A, p.B) {
			key.WriteString(string(c.Level) + " ")
			if c.Level != Missing && c.Level != Counted {
				levels[c.Field] = c.Level
			}
		}
		if found[key.String()] == nil {
			found[key.String()] = &pattern{levels: levels, same: p.Same, open: p.Open}
		}
		found[key.String()].count++
	}
	var patterns []*pattern
	for _, key := range slices.Sorted(maps.Keys(found)) { // sums of floats depend on their order
		patterns = append(patterns, found[key])
	}
	f := fitting{weights: clone(from), share: 0.5}
	for round := 1; ; round++ {
		moved := f.step(patterns)
		if !(f.share > 0.0001 && f.share < 0.9999) { // also of no pairs at all
			return Fitted{}, errors.New("fit the weights: the pairs show only one kind; it takes some of one person and some of two, best with labels")
		}
		if moved < 1e-6 || round == maxRounds {
			return Fitted{f.named(from, len(pairs)), f.share, round}, nil
		}
	}
}

// named says of the weights that they are others now: a link keeps the version by which it was judged.
func (f *fitting) named(from Weights, pairs int) Weights {
	w := f.weights
	w.Version, w.Read = from.Version+1, ""
	w.How = fmt.Sprintf("Fitted by expectation and maximization to %d pairs, beginning at version %d. The thresholds and what the fields say of their sources are those of that version.", pairs, from.Version)
	return w
}

// maxRounds ends an estimate that does not settle; a hundred are usual.
const maxRounds = 1000

type fitting struct {
	weights Weights
	share   float64
}

// step is one round; it says how far the farthest chance moved.
func (f *fitting) step(patterns []*pattern) float64 {
	same := make([]float64, len(patterns)) // how many of the pairs of each pattern are one person
	var all, ones float64
	for i, p := range patterns {
		switch {
		case p.open:
			same[i] = p.count * f.posterior(p.levels)
		case p.same:
			same[i] = p.count
		}
		all += p.count
		ones += same[i]
	}
	f.share = ones / all
	moved := 0.0
	for _, field := range f.weights.Fields {
		sums := map[Level][2]float64{}
		var total [2]float64
		for i, p := range patterns {
			level, ok := p.levels[field.Field]
			if !ok {
				continue
			}
			v := sums[level]
			sums[level] = [2]float64{v[0] + same[i], v[1] + p.count - same[i]}
			total[0], total[1] = total[0]+same[i], total[1]+p.count-same[i]
		}
		if total[0]+total[1] == 0 {
			continue
		}
		known := 0.5 * float64(len(field.Levels))
		for i := range field.Levels {
			l := &field.Levels[i]
			m, u := (sums[l.Level][0]+0.5)/(total[0]+known), (sums[l.Level][1]+0.5)/(total[1]+known)
			moved = max(moved, math.Abs(m-l.M), math.Abs(u-l.U))
			l.M, l.U = m, u
		}
	}
	return moved
}

// posterior is the chance that a pair with these levels is one person.
func (f *fitting) posterior(levels map[Field]Level) float64 {
	odds := math.Log(f.share) - math.Log(1-f.share)
	for _, field := range f.weights.Fields {
		level, ok := levels[field.Field]
		at := slices.IndexFunc(field.Levels, func(c Chance) bool { return c.Level == level })
		if ok && at >= 0 {
			odds += math.Log(field.Levels[at].M) - math.Log(field.Levels[at].U)
		}
	}
	return 1 / (1 + math.Exp(-odds))
}

func clone(w Weights) Weights {
	w.Fields = slices.Clone(w.Fields)
	for i := range w.Fields {
		w.Fields[i].Levels = slices.Clone(w.Fields[i].Levels)
	}
	return w
}
