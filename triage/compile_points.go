package triage

import (
	"slices"
	"strings"
)

// mostPoints of one trigger: far above any scale, and far below where a sum
// would turn around and move back whom it should bring forward.
const mostPoints = 1000

// weights takes the points of all files. They name triggers, so they are read
// after those.
func (c *compiler) weights(rs *RuleSet) {
	seen := map[string]bool{}
	for i := range c.files {
		f := &c.files[i]
		for _, t := range f.content.Points {
			p := f.entry("points."+t.Trigger, 0)
			if seen[t.Trigger] {
				p = f.entry("points."+t.Trigger, 1)
				c.complain(p, "the trigger has points twice")
			}
			seen[t.Trigger] = true
			c.cited(p, "", t.Citation)
			if !slices.ContainsFunc(rs.triggers, func(r rule) bool { return r.id == t.Trigger }) {
				c.complain(p.at("trigger"), "there is no trigger %q", t.Trigger)
			}
			if t.Points < 0 {
				c.complain(p.at("points"), "points: %d is below zero: naming a need would move a family back", t.Points)
			}
			if t.Impactability < 0 {
				c.complain(p.at("impactability"), "impactability: %d is below zero: naming a need would move a family back", t.Impactability)
			}
			if t.Points > mostPoints || t.Impactability > mostPoints {
				c.complain(p, "points and impactability are at most %d", mostPoints)
			}
			if t.Points == 0 && t.Impactability == 0 {
				c.complain(p, "gives no points and no impactability: leave it out")
			}
			rs.weights = append(rs.weights, weight{t.Trigger, t.Points, t.Impactability, t.Source})
		}
	}
	slices.SortFunc(rs.weights, func(a, b weight) int { return strings.Compare(a.trigger, b.trigger) })
}

// checkThresholds refuses a number of points that nobody can reach, or that an
// earlier tier reaches with no more.
func (c *compiler) checkThresholds(rs *RuleSet, p place, t tierText) {
	points, impact := 0, 0
	for _, w := range rs.weights {
		points, impact = points+w.points, impact+w.impact
	}
	for _, s := range []struct {
		key     string
		needs   int
		all     int
		earlier func(*Tier) int
	}{
		{"points_at_least", t.PointsAtLeast, points, func(t *Tier) int { return t.PointsAtLeast }},
		{"impactability_at_least", t.ImpactabilityAtLeast, impact, func(t *Tier) int { return t.ImpactabilityAtLeast }},
	} {
		at := p.at(s.key)
		if s.needs < 0 {
			c.complain(at, "%s: %d is below zero", s.key, s.needs)
		}
		if s.needs > s.all {
			c.complain(at, "%s: all triggers together come to %d: unreachable", s.key, s.all)
		}
		for i := range rs.tiers {
			if sooner := s.earlier(&rs.tiers[i]); s.needs > 0 && sooner > 0 && sooner <= s.needs {
				c.complain(at, "%s: tier %s takes her with %d: unreachable", s.key, rs.tiers[i].Name, sooner)
			}
		}
	}
}

// counts reports whether the points of a trigger can lead to a tier.
func (rs *RuleSet) counts(trigger string) bool {
	w := rs.weightOf(trigger)
	return w != nil && slices.ContainsFunc(rs.tiers, func(t Tier) bool {
		return w.points != 0 && t.PointsAtLeast != 0 || w.impact != 0 && t.ImpactabilityAtLeast != 0
	})
}
