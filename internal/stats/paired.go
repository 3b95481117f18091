package stats

import "math"

// Pairs counts what two judgements of the same families said of each: the 2 x 2 table of a before and an after.
type Pairs struct {
	Both    int `json:"both"`   // yes and yes
	Before  int `json:"before"` // yes before, no after
	After   int `json:"after"`  // no before, yes after
	Neither int `json:"neither"`
}

// Add counts one family.
func (p *Pairs) Add(before, after bool) {
	switch {
	case before && after:
		p.Both++
	case before:
		p.Before++
	case after:
		p.After++
	default:
		p.Neither++
	}
}

// Families is how many were judged, YesBefore and YesAfter how many of them with a yes.
func (p Pairs) Families() int { return p.Both + p.Before + p.After + p.Neither }

// YesBefore is how many had a yes before.
func (p Pairs) YesBefore() int { return p.Both + p.Before }

// YesAfter is how many have a yes after.
func (p Pairs) YesAfter() int { return p.Both + p.After }

// Difference is the share with a yes after less the share before, with its 95 % interval. Both judgements are of the same
// families, so it is the interval for paired proportions: method 10 of R. G. Newcombe, "Improved confidence intervals for the
// difference between binomial proportions based on paired data", Statistics in Medicine 17 (1998), 2635-2650, which joins two
// Wilson intervals by their correlation and stays within -1 and 1 where few or all say yes. False when nobody was judged.
func (p Pairs) Difference() (difference, low, high float64, ok bool) {
	n := float64(p.Families())
	if n == 0 {
		return 0, 0, 0, false
	}
	after, before := float64(p.YesAfter())/n, float64(p.YesBefore())/n
	lowAfter, highAfter := Wilson(p.YesAfter(), p.Families())
	lowBefore, highBefore := Wilson(p.YesBefore(), p.Families())
	difference, r := after-before, p.correlation()
	join := func(a, b float64) float64 { return math.Sqrt(max(0, a*a-2*r*a*b+b*b)) }
	return difference, difference - join(after-lowAfter, highBefore-before), difference + join(highAfter-after, before-lowBefore), true
}

// correlation is phi of the table with the correction for continuity that method 10 makes where it is positive.
func (p Pairs) correlation() float64 {
	a, b, c, d := float64(p.Both), float64(p.After), float64(p.Before), float64(p.Neither)
	margins := (a + b) * (c + d) * (a + c) * (b + d)
	if margins == 0 {
		return 0
	}
	product := a*d - b*c
	if product > 0 {
		product = max(0, product-(a+b+c+d)/2)
	}
	return product / math.Sqrt(margins)
}

// Wilson is the 95 % score interval of the share yes of n, without correction for continuity (E. B. Wilson, JASA 22 (1927),
// 209-212). Of nobody it is 0 to 1: nothing is known.
func Wilson(yes, n int) (low, high float64) {
	if n == 0 {
		return 0, 1
	}
	const z = 1.959963984540054 // 97.5 % of the normal distribution
	size, share := float64(n), float64(yes)/float64(n)
	middle := share + z*z/(2*size)
	spread := z * math.Sqrt(share*(1-share)/size+z*z/(4*size*size))
	return max(0, (middle-spread)/(1+z*z/size)), min(1, (middle+spread)/(1+z*z/size))
}
