package manager

import "strconv"

// bar is one row of a chart: its words stand above it, so that they can be read whole at the width of a phone.
type bar struct {
	Label, Value string
	Parts        []part  // from the left, in shares of the whole width
	Mark         float64 // a line across the bar at this share; 0: none
}

type part struct {
	Share  float64
	Colour string
}

// Three to one against the paper and each other; each bar says its numbers in words beside.
const dark, light, track = "#005ea2", "#73b3e7", "#dfe1e2"

// share is a length of the drawing. It is relative, so a bar fits any page without a script or a style of its own.
func share(of float64) string { return strconv.FormatFloat(100*of, 'f', 2, 64) + "%" }

// before is where the n-th part begins.
func (b bar) before(n int) (at float64) {
	for _, p := range b.Parts[:n] {
		at += p.Share
	}
	return at
}
