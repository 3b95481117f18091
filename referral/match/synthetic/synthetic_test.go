package synthetic_test

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"doorstep/referral/match"
	"doorstep/referral/match/synthetic"
)

func pairs(people, n int, seed uint64) []match.Labelled {
	var out []match.Labelled
	for _, p := range synthetic.New(people, seed).Pairs(n) {
		out = append(out, p.Labelled())
	}
	return out
}

// The floor under the shipped weights: whoever changes weights, names or rules sees here what it costs. The aims are tried on more pairs
// by doorstep match eval.
func TestShippedWeightsHoldTheirFloorInEveryGroup(t *testing.T) {
	report := match.Default().Evaluate(pairs(3000, 6000, 1))
	precision, _ := report.All.Link()
	_, recall := report.All.Ask()
	if precision < 0.999 || recall < 0.97 {
		t.Errorf("all: precision of links %.4f, want 0.999; recall of links and questions %.4f, want 0.97", precision, recall)
	}
	for _, group := range synthetic.Groups() {
		one := report.ByGroup[group]
		precision, byItself := one.Link()
		_, recall := one.Ask()
		if precision < 0.995 || recall < 0.97 || byItself < 0.8 {
			t.Errorf("%s: precision of links %.4f, recall by itself %.4f and with questions %.4f", group, precision, byItself, recall)
		}
	}
	for _, kind := range []string{"sisters", "mother and daughter", "one shelter", "twin infants", "strangers"} {
		if bad := report.ByNote[kind].LinkedBad; bad > 0 {
			t.Errorf("%s: %d linked", kind, bad)
		}
	}
}

func TestOneSeedMakesOneFile(t *testing.T) {
	if !reflect.DeepEqual(synthetic.New(200, 3).Pairs(400), synthetic.New(200, 3).Pairs(400)) {
		t.Error("the same seed made other pairs")
	}
	if reflect.DeepEqual(synthetic.New(200, 3).Pairs(400), synthetic.New(200, 4).Pairs(400)) {
		t.Error("another seed made the same pairs")
	}
}

// A third of the labels is hidden from Fit: what it estimates must come near what all of them say.
func TestFitFindsTheChances(t *testing.T) {
	from, err := match.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	in := pairs(3000, 6000, 2)
	hidden := slices.Clone(in)
	for i := range hidden {
		hidden[i].Open = i%3 == 0
	}
	fitted := fit(t, from, hidden)
	if math.Abs(fitted.Share-0.5) > 0.02 {
		t.Errorf("%.3f of the pairs are one person by the model, half of them are", fitted.Share)
	}
	told := fit(t, from, in)
	for i, field := range fitted.Weights.Fields {
		if !slices.Contains([]match.Field{match.GivenName, match.FamilyName, match.DateOfBirth, match.PhoneNumber, match.Home}, field.Field) {
			continue // few of these pairs speak of the others
		}
		for j, l := range field.Levels {
			if want := told.Weights.Fields[i].Levels[j]; math.Abs(l.M-want.M) > 0.03 || math.Abs(l.U-want.U) > 0.03 {
				t.Errorf("%s %s: m and u are %.3f and %.3f, by all labels %.3f and %.3f", field.Field, l.Level, l.M, l.U, want.M, want.U)
			}
		}
	}
}

// Without any label it works where few pairs are relatives'.
func TestFitWithoutLabels(t *testing.T) {
	from, err := match.Shipped()
	if err != nil {
		t.Fatal(err)
	}
	var in []match.Labelled
	same := 0.0
	for _, p := range pairs(3000, 6000, 3) {
		if !p.Same && !slices.Contains([]string{"namesakes", "birthday and group shared", "strangers"}, p.Notes[0]) {
			continue
		}
		if p.Same {
			same++
		}
		p.Open = true
		in = append(in, p)
	}
	if fitted := fit(t, from, in); math.Abs(fitted.Share-same/float64(len(in))) > 0.05 {
		t.Errorf("%.3f of the pairs are one person by the model, %.3f are", fitted.Share, same/float64(len(in)))
	}
}

func fit(t *testing.T, from match.Weights, pairs []match.Labelled) match.Fitted {
	t.Helper()
	fitted, err := match.Fit(from, pairs)
	if err != nil {
		t.Fatal(err)
	}
	return fitted
}
