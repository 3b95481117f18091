package triage

import (
	"regexp"
	"slices"
	"strings"
)

// Area is a named part of the community to which a pack can restrict a program.
type Area struct {
	ID   string   `json:"id" yaml:"id"`
	Name string   `json:"name" yaml:"name"`
	Zips []string `json:"zips" yaml:"zips"` // five digits each
	// Justification says why a ZIP code, which can stand in for who somebody
	// is, may decide here.
	Justification string `json:"justification" yaml:"justification"`
	Citation      `yaml:",inline"`
}

// Areas returns the named areas of the pack, in the order of their ids.
func (rs *RuleSet) Areas() []Area { return cloneAreas(rs.areas) }

func cloneAreas(areas []Area) []Area {
	out := slices.Clone(areas)
	for i := range out {
		out[i].Zips = slices.Clone(out[i].Zips)
	}
	return out
}

// serves narrows what a place says of her address to the areas of the pack. A
// program without areas takes the place's word; one with areas needs both.
func (p *program) serves(said Answer, zip string) Answer {
	if len(p.info.Areas) == 0 || said == No {
		return said
	}
	if zip == "" {
		return Unknown
	}
	if !slices.Contains(p.zips, fiveDigits(zip)) {
		return No
	}
	return said
}

func (c *compiler) areas(rs *RuleSet) {
	rs.areas = c.zipSets(func(p *packFile) []Area { return p.Areas })
}

// zipSets checks the areas or the zones of all files.
func (c *compiler) zipSets(section func(*packFile) []Area) []Area {
	var out []Area
	for i := range c.files {
		f := &c.files[i]
		for _, a := range section(&f.content) {
			p := c.enter(f, a.ID)
			c.cited(p, "", a.Citation)
			c.worded(p, "name", a.Name, true)
			if w := forbidden(a.Name); w != "" {
				c.complain(p.at("name"), "name refers to %q: a set of ZIP codes stands for a place, not for who lives there", w)
			}
			if strings.TrimSpace(a.Justification) == "" {
				c.complain(p, "a ZIP code can stand in for who somebody is: add a justification")
			}
			c.checkZips(p.at("zips"), a.Zips)
			out = append(out, a)
		}
	}
	return out
}

var zipShape = regexp.MustCompile(`^\d{5}$`)

func (c *compiler) checkZips(p place, zips []string) {
	if len(zips) == 0 {
		c.complain(p, "has no ZIP code")
	}
	seen := map[string]bool{}
	for _, zip := range zips {
		if !zipShape.MatchString(zip) {
			c.complain(p, "zips: %q is not five digits", zip)
		}
		if seen[zip] {
			c.complain(p, "zips: %s stands twice", zip)
		}
		seen[zip] = true
	}
}

// zips are those of the areas a program names.
func (c *compiler) zips(rs *RuleSet, p place, areas []string) []string {
	var out []string
	for _, id := range areas {
		i := slices.IndexFunc(rs.areas, func(a Area) bool { return a.ID == id })
		if i < 0 {
			c.complain(p.at("areas"), "areas: there is no area %q", id)
			continue
		}
		out = append(out, rs.areas[i].Zips...)
	}
	return out
}
