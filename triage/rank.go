package triage

import "cmp"

// rankKey is one thing by which places are ordered, the weightiest first, and
// what it says for the one that stands ahead.
type rankKey struct {
	compare func(a, b *candidate) int
	because string // completes "comes first, because ..."; of the one ahead
}

// rankKeys orders places: those that can take her now, then by verdict, her wish,
// the window that closes sooner, fit, language, area, whether it takes families at
// all, how fresh the word on its places is, the share of places free, and the line. What they leave equal is
// drawn.
func rankKeys() []rankKey {
	return []rankKey{
		{func(a, b *candidate) int { return yesFirst(a.routable(), b.routable()) }, "it can take her now"},
		{func(a, b *candidate) int {
			return cmp.Compare(standing(a.verdict.Verdict), standing(b.verdict.Verdict))
		}, "its rules fit her"},
		{func(a, b *candidate) int { return cmp.Compare(a.wish, b.wish) }, "she named it"},
		{func(a, b *candidate) int { return yesFirst(a.verdict.InsideLastSafeDay, b.verdict.InsideLastSafeDay) }, "time for it is running out"},
		{func(a, b *candidate) int { return compareDates(a.closes, b.closes) }, "time for it ends sooner"},
		{func(a, b *candidate) int { return cmp.Compare(b.verdict.Fit, a.verdict.Fit) }, "it can do more for what she needs"},
		{func(a, b *candidate) int {
			return cmp.Compare(favour(a.verdict.LanguageMatch), favour(b.verdict.LanguageMatch))
		}, "its visitors speak her language"},
		{func(a, b *candidate) int { return cmp.Compare(favour(a.verdict.InArea), favour(b.verdict.InArea)) }, "it serves her address"},
		{func(a, b *candidate) int {
			return yesFirst(a.place.Intake != IntakeClosed, b.place.Intake != IntakeClosed)
		}, "it takes new families"},
		{func(a, b *candidate) int { return yesFirst(!a.verdict.CapacityStale, !b.verdict.CapacityStale) }, "its free places were confirmed lately"},
		{func(a, b *candidate) int {
			return cmp.Compare(b.place.free()*a.place.funded(), a.place.free()*b.place.funded())
		}, "a larger share of its places is free"},
		{func(a, b *candidate) int {
			return cmp.Compare(a.place.line()*b.place.pace(), b.place.line()*a.place.pace())
		}, "fewer families wait for each place that comes free there"},
	}
}

func compare(keys []rankKey, a, b *candidate) int {
	for i := range keys {
		if c := keys[i].compare(a, b); c != 0 {
			return c
		}
	}
	return 0
}

// free and funded, line and pace compare as shares without fractions.
func (p *Place) free() int   { return max(0, p.Free) }
func (p *Place) funded() int { return max(1, p.Funded, p.Free) }
func (p *Place) line() int   { return max(0, p.Waiting) }
func (p *Place) pace() int   { return max(1, p.FreedIn90Days) }

func yesFirst(a, b bool) int {
	if a == b {
		return 0
	}
	if a {
		return -1
	}
	return 1
}

func standing(v Verdict) int {
	switch v {
	case Eligible:
		return 0
	case ByPerson:
		return 1
	case NeedsAnswer:
		return 2
	default:
		return 3
	}
}

// favour sorts yes before unknown before no.
func favour(a Answer) int {
	switch a {
	case Yes:
		return 0
	case No:
		return 2
	default:
		return 1
	}
}
