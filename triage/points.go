package triage

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Points is a sum over triggers, by local policy. It is a range: Min counts what
// is known to hold, Max also what an answer still missing could add. Points are
// never below zero, so that naming a need never moves a family back.
type Points struct {
	Min int `json:"min"`
	Max int `json:"max"`
	// Answered of the Of triggers with a weight are settled; Completeness is
	// that share in percent, rounded down.
	Answered     int          `json:"answered"`
	Of           int          `json:"of"`
	Completeness int          `json:"completeness"`
	Orders       bool         `json:"orders"` // a tier of the pack counts it
	Parts        []PointsPart `json:"parts"`  // what Min consists of
}

// PointsPart is one trigger that holds, with what it weighs and who says so.
type PointsPart struct {
	RuleID string `json:"rule_id"`
	Points int    `json:"points"`
	Text   string `json:"text"`
	Source string `json:"source"`
}

// weight is what one trigger adds to both sums.
type weight struct {
	trigger        string
	points, impact int
	source         string
}

// addUp fills both sums from what became of the triggers.
func (rs *RuleSet) addUp(d *Decision, f *Facts, outcomes []outcome) {
	if len(rs.weights) == 0 {
		return
	}
	points, impact := Points{Parts: []PointsPart{}}, Points{Parts: []PointsPart{}}
	for i := range rs.triggers {
		w := rs.weightOf(rs.triggers[i].id)
		if w == nil {
			continue
		}
		r, held, open := &rs.triggers[i], outcomes[i].met == Yes && !outcomes[i].assumed, rs.canStillHold(f, &outcomes[i])
		points.add(r, w.points, w.source, held, open)
		impact.add(r, w.impact, w.source, held, open)
	}
	for i := range rs.tiers {
		points.Orders = points.Orders || rs.tiers[i].PointsAtLeast > 0
		impact.Orders = impact.Orders || rs.tiers[i].ImpactabilityAtLeast > 0
	}
	d.Points, d.Impact = points.done(), impact.done()
}

func (p *Points) add(r *rule, points int, source string, held, open bool) {
	if points == 0 {
		return
	}
	p.Of++
	if held || open {
		p.Max += points
	}
	if !open {
		p.Answered++
	}
	if held {
		p.Min += points
		p.Parts = append(p.Parts, PointsPart{RuleID: r.id, Points: points, Text: r.text, Source: source})
	}
}

func (p *Points) done() *Points {
	if p.Of == 0 {
		return nil
	}
	p.Completeness = 100 * p.Answered / p.Of
	return p
}

// canStillHold reports whether an answer that could be asked for today may make
// a trigger hold. What waits only for the birth, or for news that nobody asks
// about, does not hold now: counted as open, no sum would ever be complete.
func (rs *RuleSet) canStillHold(f *Facts, out *outcome) bool {
	return slices.ContainsFunc(out.missing, func(v int) bool {
		fact := &rs.words.facts[v]
		return !fact.Told && (f.Stage == "" || fact.Only == "" || fact.Only == f.Stage)
	})
}

// tierByPoints is the soonest tier that the points lead to, the last when none.
func (rs *RuleSet) tierByPoints(d *Decision) int {
	for i := range rs.tiers {
		if t := &rs.tiers[i]; d.Points.least() >= t.PointsAtLeast && t.PointsAtLeast > 0 ||
			d.Impact.least() >= t.ImpactabilityAtLeast && t.ImpactabilityAtLeast > 0 {
			return t.Number
		}
	}
	return len(rs.tiers)
}

// mayAdvance reports whether a trigger that is still open counts for a tier
// sooner than hers which the points may yet reach.
func (rs *RuleSet) mayAdvance(d *Decision, trigger string) bool {
	w := rs.weightOf(trigger)
	if w == nil {
		return false
	}
	for i := range rs.tiers[:d.Tier-1] {
		if t := &rs.tiers[i]; w.points > 0 && t.PointsAtLeast > 0 && d.Points.most() >= t.PointsAtLeast ||
			w.impact > 0 && t.ImpactabilityAtLeast > 0 && d.Impact.most() >= t.ImpactabilityAtLeast {
			return true
		}
	}
	return false
}

func (p *Points) least() int {
	if p == nil {
		return 0
	}
	return p.Min
}

func (p *Points) most() int {
	if p == nil {
		return 0
	}
	return p.Max
}

// explainPoints is for staff: it says each time that no publication stands
// behind the numbers.
func (d *Decision) explainPoints() []string {
	var out []string
	for _, s := range []struct {
		sum  *Points
		name string
	}{{d.Points, "Points"}, {d.Impact, "Points for what visits can change,"}} {
		if s.sum == nil {
			continue
		}
		span := strconv.Itoa(s.sum.Min)
		if s.sum.Max > s.sum.Min {
			span += " to " + strconv.Itoa(s.sum.Max)
		}
		text := fmt.Sprintf("%s by local policy, not validated: %s (%d of %d answers known).", s.name, span, s.sum.Answered, s.sum.Of)
		if !s.sum.Orders {
			text += " This does not change her place."
		}
		out = append(out, text)
	}
	return out
}

func (rs *RuleSet) weightOf(trigger string) *weight {
	i, found := slices.BinarySearchFunc(rs.weights, trigger, func(w weight, id string) int { return strings.Compare(w.trigger, id) })
	if !found {
		return nil
	}
	return &rs.weights[i]
}
