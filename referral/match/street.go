package match

import (
	"slices"
	"strings"
)

// street is the number and the first word of a street's name: "12 N. Main St, Apt 3" and "12 North Main Street" are "12 main".
// Without a number it is all that was written. A unit is left out: it is what people leave out.
func street(s string) string {
	all := words(s)
	at := slices.IndexFunc(all, func(w string) bool { return w[0] >= '0' && w[0] <= '9' })
	if at < 0 {
		return strings.Join(all, " ")
	}
	for _, w := range all[at+1:] {
		switch w {
		case "n", "s", "e", "w", "ne", "nw", "se", "sw", "north", "south", "east", "west":
		default:
			return all[at] + " " + w
		}
	}
	return strings.Join(all, " ")
}

// SameHome reports whether two addresses are one house as far as is known; without a street none is.
func SameHome(a, b Address) bool {
	return street(a.Street) != "" && street(a.Street) == street(b.Street) && a.Zip == b.Zip
}

// homes takes the best pair of addresses, and of equal ones the home with the fewest holders.
func homes(a, b prepared) Comparison {
	out := Comparison{Field: Home, Level: Missing}
	for i, x := range a.Addresses {
		for j, y := range b.Addresses {
			holders := max(x.Holders, y.Holders)
			known := a.compact[i] != "" && b.compact[j] != ""
			switch {
			case x.Zip == "" || y.Zip == "":
			case known && x.Zip == y.Zip && a.compact[i] == b.compact[j]:
				if out.Level != Exact || holders < out.Holders {
					out.Level, out.Holders = Exact, holders
				}
			case out.Level == Exact:
			case x.Zip == y.Zip:
				out.Level = Zip
			case out.Level == Missing:
				out.Level = Different
			}
		}
	}
	return out
}
