package stats

// smallest is the smallest count above zero that is shown: no cell of 1 to 10, as CMS asks of its data users. Zero is shown.
const smallest = 11

// Small reports whether a count of people must be hidden.
func Small(n int) bool { return n > 0 && n < smallest }

// Part is one group of a table: how many are in it, and for each measure how many of them have it.
type Part struct {
	N   int
	Yes []int
}

// Hidden says of each group which of its numbers must not be shown: its size, and each measure with its share.
type Hidden struct {
	N   bool
	Yes []bool
}

// Suppress decides what of a table of groups may be shown beside its totals, which stand on the page. A number of 1 to 10 is
// hidden, and so is a measure whose rest (those who do not have it) is 1 to 10, since the group's size is shown. Whatever could
// be derived from the totals is hidden with it: never one group alone, and never groups that have 1 to 10 together. Where
// others must be hidden too, the smallest go first. Pages, files and the API show what this function left, and nothing else.
//
// Groups must not overlap, every person must be in one of them (the unknown are a group), and all measures are of the same
// table: what two filters of one table let through can be set against each other.
func Suppress(groups []Part) []Hidden {
	out := make([]Hidden, len(groups))
	if len(groups) == 0 {
		return out
	}
	sizes := hide(groups, make([]bool, len(groups)), func(p Part) []int { return []int{p.N} })
	measures := len(groups[0].Yes)
	for i := range out {
		out[i] = Hidden{N: sizes[i], Yes: make([]bool, measures)}
	}
	for m := range measures {
		for i, hidden := range hide(groups, sizes, func(p Part) []int { return []int{p.Yes[m], p.N - p.Yes[m]} }) {
			out[i].Yes[m] = hidden
		}
	}
	return out
}

// hide begins with what is hidden already and what is small, and goes on until the totals give nothing away.
func hide(groups []Part, from []bool, cells func(Part) []int) []bool {
	hidden := make([]bool, len(groups))
	for i, g := range groups {
		hidden[i] = from[i]
		for _, n := range cells(g) {
			hidden[i] = hidden[i] || Small(n)
		}
	}
	for exposed(groups, hidden, cells) {
		next := -1
		for i, g := range groups {
			if !hidden[i] && g.N > 0 && (next < 0 || g.N < groups[next].N) {
				next = i
			}
		}
		if next < 0 {
			break // everything is hidden but the totals
		}
		hidden[next] = true
	}
	return hidden
}

// exposed: the total less what is shown is one group's number, or a small one.
func exposed(groups []Part, hidden []bool, cells func(Part) []int) bool {
	var sums []int
	count := 0
	for i, g := range groups {
		if !hidden[i] || g.N == 0 {
			continue
		}
		count++
		for c, n := range cells(g) {
			if len(sums) <= c {
				sums = append(sums, 0)
			}
			sums[c] += n
		}
	}
	if count == 1 {
		return true
	}
	for _, sum := range sums {
		if Small(sum) {
			return true
		}
	}
	return false
}
