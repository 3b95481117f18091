package match

import (
	"cmp"
	"slices"
)

// Scored is one candidate with its score. ID is whatever the caller knows it by.
type Scored struct {
	ID string
	Score
}

// Judge puts those of whom somebody must think first, best first, and leaves out the strangers. A link by itself stands only while no other candidate
// is one too: of two that both must be her a person says which, or that they are one.
func Judge(all []Scored) []Scored {
	out := slices.DeleteFunc(slices.Clone(all), func(s Scored) bool { return s.Verdict == New })
	slices.SortFunc(out, func(a, b Scored) int { return cmp.Or(cmp.Compare(b.Bits, a.Bits), cmp.Compare(a.ID, b.ID)) })
	var links []int
	for i, s := range out {
		if s.Verdict == Link {
			links = append(links, i)
		}
	}
	if len(links) > 1 {
		for _, i := range links {
			out[i].Verdict = Ask
		}
	}
	return out
}
