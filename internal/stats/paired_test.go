package stats_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"doorstep/internal/stats"
)

// Newcombe's own table of examples (1998, table III), to four digits as printed: rows of method 10.
func TestDifferenceIsNewcombesMethodTen(t *testing.T) {
	for _, c := range []struct {
		pairs               stats.Pairs
		difference, low, up float64
	}{
		{stats.Pairs{Both: 36, After: 12, Before: 2}, 0.2, 0.0569, 0.3404},
	} {
		d, low, high, ok := c.pairs.Difference()
		if !ok || math.Abs(d-c.difference) > 1e-9 || math.Abs(low-c.low) > 5e-5 || math.Abs(high-c.up) > 5e-5 {
			t.Errorf("%+v: %.4f (%.4f to %.4f)", c.pairs, d, low, high)
		}
	}
	if _, _, _, ok := (stats.Pairs{}).Difference(); ok {
		t.Error("nobody differs")
	}
}

// Wilson's interval by hand: 8 of 10, z = 1.96.
func TestWilson(t *testing.T) {
	low, high := stats.Wilson(8, 10)
	if math.Abs(low-0.4902) > 5e-5 || math.Abs(high-0.9433) > 5e-5 {
		t.Errorf("%.4f to %.4f", low, high)
	}
}

func TestDifferenceHoldsItsPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200)
		p := stats.Pairs{Both: n.Draw(t, "a"), Before: n.Draw(t, "b"), After: n.Draw(t, "c"), Neither: n.Draw(t, "d")}
		d, low, high, ok := p.Difference()
		if ok != (p.Families() > 0) {
			t.Fatal(ok)
		}
		if ok && (low > d+1e-9 || high < d-1e-9 || low < -1-1e-9 || high > 1+1e-9 || math.IsNaN(low) || math.IsNaN(high)) {
			t.Fatalf("%+v: %v in %v to %v", p, d, low, high)
		}
		p.Before, p.After = p.After, p.Before
		if back, backLow, backHigh, _ := p.Difference(); ok && (math.Abs(back+d) > 1e-9 || math.Abs(backLow+high) > 1e-9 || math.Abs(backHigh+low) > 1e-9) {
			t.Fatalf("the other way round it is not the same: %v %v %v, %v %v %v", d, low, high, back, backLow, backHigh)
		}
	})
}
