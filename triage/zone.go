package triage

import (
	"slices"
	"strings"
)

// zonePrefix begins the name of the yes/no fact that a zone gives to rules.
const zonePrefix = "zone_"

// Zones returns the named sets of ZIP codes that rules may read, in the order of
// their ids. A zone says where a place-based initiative works; an Area says
// where a program goes. They share a shape and nothing else.
func (rs *RuleSet) Zones() []Area { return cloneAreas(rs.zones) }

// zoneFacts are what the zones add to the vocabulary. Nobody is asked whether
// she lives in a zone: the answer missing is her ZIP code.
func zoneFacts(zones []Area) []Fact {
	var out []Fact
	for _, z := range zones {
		out = append(out, Fact{
			Name: zonePrefix + z.ID, Type: YesNo, Label: "her ZIP code", Proxy: true, AskedAs: "zip",
		})
	}
	return out
}

// inZone is unknown while her ZIP code is missing.
func inZone(z *Area, zip string) Answer {
	if zip == "" {
		return Unknown
	}
	return answerOf(slices.Contains(z.Zips, fiveDigits(zip)))
}

// fiveDigits cuts a ZIP+4.
func fiveDigits(zip string) string {
	five, _, _ := strings.Cut(zip, "-")
	return five
}

func (c *compiler) zones(rs *RuleSet) {
	rs.zones = c.zipSets(func(p *packFile) []Area { return p.Zones })
	slices.SortFunc(rs.zones, func(a, b Area) int { return strings.Compare(a.ID, b.ID) })
}
