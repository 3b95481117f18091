package manager

import (
	"fmt"
	"html"
	"strings"

	"github.com/a-h/templ"
)

// bar is one row of a chart: its words stand above it, so that it can be read at the width of a phone.
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
const (
	dark, light, track = "#005ea2", "#73b3e7", "#dfe1e2"
	rowHeight          = 56
)

// chart draws bars. Its widths are shares, so it fits any page without a script or a style of its own; whoever cannot see it is told what it
// says, and where the same numbers stand as a table.
func chart(title, says string, bars []bar) templ.Component {
	var b strings.Builder
	fmt.Fprintf(&b, `<svg role="img" width="100%%" height="%d" font-family="inherit" font-size="16"><title>%s</title><desc>%s</desc><g aria-hidden="true">`,
		len(bars)*rowHeight, html.EscapeString(title), html.EscapeString(says))
	for i, row := range bars {
		y := i * rowHeight
		fmt.Fprintf(&b, `<text x="0" y="%d" fill="#1b1b1b">%s</text><text x="100%%" y="%d" text-anchor="end" font-weight="700" fill="#1b1b1b">%s</text>`,
			y+18, html.EscapeString(short(row.Label)), y+18, html.EscapeString(row.Value))
		fmt.Fprintf(&b, `<rect x="0" y="%d" width="100%%" height="18" fill="%s"/>`, y+26, track)
		at := 0.0
		for _, p := range row.Parts {
			fmt.Fprintf(&b, `<rect x="%.2f%%" y="%d" width="%.2f%%" height="18" fill="%s"/>`, at*100, y+26, p.Share*100, p.Colour)
			at += p.Share
		}
		if row.Mark > 0 {
			fmt.Fprintf(&b, `<line x1="%.2f%%" x2="%.2f%%" y1="%d" y2="%d" stroke="#1b1b1b" stroke-width="3"/>`, row.Mark*100, row.Mark*100, y+22, y+48)
		}
	}
	b.WriteString("</g></svg>")
	return templ.Raw(b.String())
}

// short keeps a label clear of its value on a phone. The table has it whole.
func short(label string) string {
	const most = 22
	if runes := []rune(label); len(runes) > most {
		return string(runes[:most-1]) + "…"
	}
	return label
}
