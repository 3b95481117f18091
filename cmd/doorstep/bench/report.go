package bench

import (
	"fmt"
	"time"

	"doorstep/internal/stats"
)

// aimOfReplay: half of what the same statements cost without permission, checks, rules and HTTP around them.
const aimOfReplay = 0.5

// line prints one figure and, where there is an aim, whether it was met.
func (b *bench) line(what, figure, aim string, met bool) {
	verdict := ""
	if aim != "" {
		verdict = "aim " + aim + ": met"
		if !met {
			verdict = "aim " + aim + ": NOT MET"
		}
	}
	b.say("%-62s %-38s %s", what, figure, verdict)
}

func (b *bench) say(format string, args ...any) { _, _ = fmt.Fprintf(b.w.Out, format+"\n", args...) }

// ratios prints the first way's rate over another's, the median of the rounds, at each number of connections. aim 0: none.
func (b *bench) ratios(what string, c *contest, other int, aim float64) {
	for _, n := range levels() {
		ratio := median(c.over(n, func(s []sample) float64 { return s[0].perSecond / s[other].perSecond }))
		first := median(c.over(n, func(s []sample) float64 { return s[0].perSecond }))
		second := median(c.over(n, func(s []sample) float64 { return s[other].perSecond }))
		wanted := ""
		if aim > 0 {
			wanted = fmt.Sprintf(">= %.1f", aim)
		}
		b.line(fmt.Sprintf("%s, %2d connections", what, n), fmt.Sprintf("%.2f  (%.0f/s over %.0f/s)", ratio, first, second), wanted, ratio >= aim)
	}
}

func median(values []float64) float64 {
	m, _ := stats.Percentile(values, .5)
	return m
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// String says how much a script is.
func (s *script) String() string {
	statements := 0
	for _, t := range s.trips {
		statements += len(t)
	}
	return fmt.Sprintf("%d statements in %d round trips", statements, len(s.trips))
}
