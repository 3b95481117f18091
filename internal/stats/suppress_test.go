package stats_test

import (
	"testing"

	"pgregory.net/rapid"

	"doorstep/internal/stats"
)

func TestSuppress(t *testing.T) {
	type groups = []stats.Part
	part := func(n, yes int) stats.Part { return stats.Part{N: n, Yes: []int{yes}} }
	for name, c := range map[string]struct {
		groups     groups
		sizes, yes string // h = hidden, . = shown
	}{
		"nothing small":             {groups{part(50, 20), part(40, 20), part(30, 15)}, "...", "..."},
		"zero is shown":             {groups{part(50, 0), part(40, 20), part(0, 0)}, "...", "..."},
		"a small group takes one":   {groups{part(50, 25), part(40, 20), part(9, 0)}, ".hh", ".hh"},
		"a small yes takes one":     {groups{part(50, 25), part(40, 20), part(30, 3)}, "...", ".hh"},
		"so does a small no":        {groups{part(50, 25), part(40, 20), part(30, 28)}, "...", ".hh"},
		"two small ones, 14 in all": {groups{part(50, 25), part(7, 1), part(7, 1)}, ".hh", "hhh"},
		"two small ones, 8 in all":  {groups{part(50, 25), part(4, 0), part(4, 0)}, "hhh", "hhh"},
		"one group and none else":   {groups{part(5, 5)}, "h", "h"},
	} {
		var sizes, yes string
		mark := map[bool]string{true: "h", false: "."}
		for _, h := range stats.Suppress(c.groups) {
			sizes += mark[h.N]
			yes += mark[h.Yes[0]]
		}
		if sizes != c.sizes || yes != c.yes {
			t.Errorf("%s: sizes %s, yes %s; want %s, %s", name, sizes, yes, c.sizes, c.yes)
		}
	}
}

// Whoever knows the totals and everything that is shown can find no hidden number of 1 to 10: another table, with another
// number there, shows the same. The other table is made by moving one person between two hidden groups.
func TestWhatIsHiddenCannotBeDerived(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var groups []stats.Part
		for range rapid.IntRange(2, 6).Draw(t, "groups") {
			n := rapid.IntRange(0, 40).Draw(t, "n")
			groups = append(groups, stats.Part{N: n, Yes: []int{rapid.IntRange(0, n).Draw(t, "yes")}})
		}
		hidden := stats.Suppress(groups)
		others := func(i int, same func(stats.Hidden) bool) bool {
			for j, h := range hidden {
				if j != i && same(h) && groups[j].N > 0 {
					return true
				}
			}
			return false
		}
		alone := func(i int) bool { // the total is this group
			for j, g := range groups {
				if j != i && g.N > 0 {
					return false
				}
			}
			return true
		}
		for i, g := range groups {
			if stats.Small(g.N) && !hidden[i].N || (stats.Small(g.Yes[0]) || stats.Small(g.N-g.Yes[0])) && !hidden[i].Yes[0] || hidden[i].N && !hidden[i].Yes[0] {
				t.Fatalf("group %d of %v is shown: %+v", i, groups, hidden)
			}
			if hidden[i].N && g.N > 0 && !alone(i) && !others(i, func(h stats.Hidden) bool { return h.N }) {
				t.Fatalf("the size of group %d of %v is the total less the others: %+v", i, groups, hidden)
			}
			if hidden[i].Yes[0] && g.N > 0 && !alone(i) && !others(i, func(h stats.Hidden) bool { return h.Yes[0] }) {
				t.Fatalf("the measure of group %d of %v is the total less the others: %+v", i, groups, hidden)
			}
		}
	})
}
