package stats_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"doorstep/internal/stats"
)

func TestPercentile(t *testing.T) {
	for _, c := range []struct {
		values []float64
		p      float64
		want   float64
	}{
		{[]float64{7}, 0.9, 7},
		{[]float64{2, 1}, 0.5, 1.5},
		{[]float64{3, 1, 2}, 0.5, 2},
		{[]float64{10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110}, 0.9, 100},
		{[]float64{1, 2, 3, 4}, 0.9, 3.7},
		{[]float64{1, 2, 3, 4}, 0, 1},
		{[]float64{1, 2, 3, 4}, 1, 4},
	} {
		if got, ok := stats.Percentile(c.values, c.p); !ok || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%v of %v: %v, want %v", c.p, c.values, got, c.want)
		}
	}
	if got, ok := stats.Percentile(nil, 0.5); ok || got != 0 {
		t.Errorf("of nothing: %v, %v", got, ok)
	}
}

func TestPercentileLiesAmongItsValuesAndGrows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 1, 50).Draw(t, "values")
		before := slices.Clone(values)
		median, _ := stats.Percentile(values, 0.5)
		p90, _ := stats.Percentile(values, 0.9)
		if !slices.Equal(values, before) {
			t.Fatal("the values were changed")
		}
		if median < slices.Min(values)-1e-6 || p90 > slices.Max(values)+1e-6 || median > p90+1e-6 {
			t.Fatalf("min %v, median %v, p90 %v, max %v", slices.Min(values), median, p90, slices.Max(values))
		}
	})
}
