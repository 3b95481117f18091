package synthetic

import (
	_ "embed"
	"math/rand/v2"
	"slices"
	"strings"
)

//go:embed names.txt
var namesFile string

// culture is the names of one group; each name stands first in the spellings that people use for it.
type culture struct{ given, family [][]string }

// Groups are the groups of people, hyphenated among them: double surnames of marriage, of names of the first group.
func Groups() []string {
	return []string{"anglo", "spanish", "vietnamese", "chinese", "arabic", "hyphenated"}
}

func readNames() map[string]culture {
	out := map[string]culture{}
	group := ""
	for _, line := range strings.Split(namesFile, "\n") {
		kind, rest, _ := strings.Cut(line, " ")
		c := out[group]
		switch {
		case strings.HasPrefix(line, "["):
			group = strings.Trim(line, "[]")
			continue
		case kind == "given":
			c.given = spellings(rest)
		case kind == "family":
			c.family = spellings(rest)
		default:
			continue
		}
		out[group] = c
	}
	out["hyphenated"] = out["anglo"]
	return out
}

func spellings(line string) [][]string {
	var out [][]string
	for _, name := range strings.Fields(line) {
		out = append(out, strings.Split(name, "/"))
	}
	return out
}

// common picks a name; the first of n is some six times as likely as the last.
func common(r *rand.Rand, from [][]string) string {
	x := r.Float64()
	return from[int(x*(0.3+0.7*x)*float64(len(from)))][0]
}

// spelling is another spelling or a short form of a name, of the same name if it has none.
func spelling(r *rand.Rand, from [][]string, name string) string {
	at := slices.IndexFunc(from, func(s []string) bool { return s[0] == name })
	if at < 0 || len(from[at]) == 1 {
		return name
	}
	return from[at][1+r.IntN(len(from[at])-1)]
}
