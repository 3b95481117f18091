package match

import (
	"cmp"
	"slices"
)

// Judge leaves out the strangers and puts the likeliest first; of equal ones those that came first. A link by itself stands only
// while no other candidate is one too: of two that both must be her, a person says which, or that they are one.
func Judge[C any](all []C, score func(*C) *Score) []C {
	out := slices.DeleteFunc(slices.Clone(all), func(c C) bool { return score(&c).Verdict == New })
	slices.SortStableFunc(out, func(a, b C) int { return cmp.Compare(score(&b).Bits, score(&a).Bits) })
	var links []*Score
	for i := range out {
		if s := score(&out[i]); s.Verdict == Link {
			links = append(links, s)
		}
	}
	if len(links) > 1 {
		for _, s := range links {
			s.Verdict = Ask
		}
	}
	return out
}
