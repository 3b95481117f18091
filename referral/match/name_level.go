package match

import (
	"slices"
	"strings"
)

// given compares two given names, word by word.
func (n names) given(a, b []string) Level {
	if len(a) == 0 || len(b) == 0 {
		return Missing
	}
	if strings.Join(a, "") == strings.Join(b, "") {
		return Exact
	}
	short, long := a, b
	if len(short) > len(long) {
		short, long = b, a
	}
	level, ok := n.pair(short, long)
	switch {
	case !ok && n.typo(strings.Join(a, ""), strings.Join(b, "")) && len(a) != len(b):
		return Close // Mary Ann, Maryanne
	case !ok:
		return Different
	case level == Exact && len(short) < len(long):
		return Part
	}
	return level
}

// pair finds for each word of the shorter name one of the longer, and says how far the worst pair agrees. Of two names of as many
// words each word must find its own, in any order.
func (n names) pair(short, long []string) (Level, bool) {
	worst := Exact
	taken := make([]bool, len(long))
	for _, w := range short {
		best, at := Different, -1
		for i, v := range long {
			if l := n.word(w, v); !taken[i] && rank(l) < rank(best) {
				best, at = l, i
			}
		}
		if at < 0 {
			return Different, false
		}
		taken[at] = true
		if rank(best) > rank(worst) {
			worst = best
		}
	}
	return worst, true
}

// word compares one word of two given names.
func (n names) word(a, b string) Level {
	switch {
	case a == b:
		return Exact
	case n.one(a, b):
		return Variant
	case (len(a) == 1 || len(b) == 1) && a[0] == b[0]:
		return Part
	case n.typo(a, b):
		return Close
	}
	return Different
}

func rank(l Level) int { return slices.Index([]Level{Exact, Variant, Part, Close, Different}, l) }

// typo: two known names are two people however like they look.
func (n names) typo(a, b string) bool { return !n.two(a, b) && alike(a, b) }

// alike: by letters, or by sound where the letters are not far apart either. A sound of two consonants is no evidence, and the
// first letter is the one that people seldom mistype (Pollock and Zamora, 1984): Jing and Ying are two names.
func alike(a, b string) bool {
	s, t := sound(a), sound(b)
	if s[:1] != t[:1] {
		return false
	}
	similarity := jaroWinkler(a, b)
	return similarity > closeEnough || similarity > 0.8 && len(s) > 2 && s == t
}

// family compares two family names of one or more parts each.
func family(a, b []string) Level {
	if len(a) == 0 || len(b) == 0 {
		return Missing
	}
	x, y := strings.Join(a, ""), strings.Join(b, "")
	if x == y {
		return Exact
	}
	same := 0
	for _, part := range a {
		if slices.Contains(b, part) {
			same++
		}
	}
	switch {
	case same > 0 && same >= min(len(a), len(b)):
		return Part
	case alike(x, y) || same == 0 && slices.ContainsFunc(a, func(part string) bool {
		return slices.ContainsFunc(b, func(other string) bool { return len(part) > 3 && alike(part, other) })
	}):
		return Close
	case same > 0:
		return Overlap
	}
	return Different
}
