package stats

import (
	"math"
	"slices"
)

// Percentile is the value below which the share p (0 to 1) of the values lies. Between two values it interpolates in a
// straight line (Hyndman and Fan's type 7, which is also PostgreSQL's percentile_cont), so the median of 1 and 2 is 1.5.
// The values may come in any order and are not changed. It is false when there are none.
func Percentile(values []float64, p float64) (float64, bool) {
	if len(values) == 0 {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(values))
	at := p * float64(len(sorted)-1)
	low := int(math.Floor(at))
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low]), true
}
