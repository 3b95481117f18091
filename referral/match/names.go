package match

import (
	_ "embed"
	"slices"
	"strconv"
	"strings"
)

//go:embed names.txt
var namesFile string

// names holds for each known given name the groups of names that it may stand for.
type names map[string][]int

func readNames() names {
	n := names{}
	for group, line := range strings.Split(namesFile, "\n") {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, name := range strings.Fields(line) {
			n[name] = append(n[name], group)
		}
	}
	return n
}

// one reports whether both are known as one name.
func (n names) one(a, b string) bool {
	return slices.ContainsFunc(n[a], func(group int) bool { return slices.Contains(n[b], group) })
}

// two reports whether both are known, as different names: then a likeness of letters is no slip of the hand.
func (n names) two(a, b string) bool { return n[a] != nil && n[b] != nil && !n.one(a, b) }

// placeholder takes out of the words of a given name what stands there when a child has none yet ("Baby Girl", "BabyBoy B"), and
// what stands for not knowing. What such words tell, sex and birth order, comes back.
func placeholder(in []string) (name []string, sex string, order int) {
	found := false
	for _, w := range in {
		switch w {
		case "girl", "babygirl", "female":
			sex, found = "female", true
		case "boy", "babyboy", "male":
			sex, found = "male", true
		case "baby", "infant", "newborn", "twin", "triplet", "unknown", "unk", "unnamed", "noname", "fnu", "lnu":
			found = true
		default:
			name = append(name, w)
		}
	}
	if !found {
		return in, "", 0
	}
	if len(name) == 1 && len(name[0]) == 1 {
		if order = strings.Index("abcdefghi", name[0]) + 1; order == 0 {
			order, _ = strconv.Atoi(name[0]) // any other letter is an initial, and tells nothing
		}
		name = nil
	}
	return name, sex, order
}

// Nameless reports whether a given or family name only stands for not knowing it, or for a child that has none yet. Two such are
// not one person, though they are written alike.
func Nameless(given, family string) bool {
	g, f := words(given), words(family)
	name, _, _ := placeholder(g)
	return len(g) > 0 && len(name) == 0 || len(f) > 0 && len(surname(f)) == 0
}

// surname takes out of the words of a family name what only joins its parts, and generations.
func surname(in []string) []string {
	out := slices.DeleteFunc(slices.Clone(in), func(w string) bool {
		switch w {
		case "de", "del", "la", "las", "los", "y", "e", "da", "do", "dos", "das", "van", "von", "der", "den", "al", "el", "bin", "ibn", "bint", "ben",
			"jr", "sr", "ii", "iii", "unknown", "unk", "lnu":
			return true
		}
		return false
	})
	if len(out) == 0 && !slices.ContainsFunc(in, func(w string) bool { return w == "unknown" || w == "unk" || w == "lnu" }) {
		return in
	}
	return out
}
