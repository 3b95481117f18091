package triage

import (
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types/ref"
)

// rule compiles what every kind of rule has in common.
func (c *compiler) rule(p place, t ruleText, unset unknownPolicy) rule {
	c.cited(p, "", t.Citation)
	c.worded(p, "text", t.Text, true)
	c.worded(p, "why_not", t.WhyNot, false)
	r := rule{id: t.ID, kind: t.Kind, text: t.Text, whyNot: t.WhyNot, source: t.Source, unknown: unset}
	switch t.Unknown {
	case "":
	case "needs_answer":
		r.unknown = unknownAsks
	case "as_no":
		r.unknown = unknownIsNo
	case "as_yes":
		r.unknown = unknownIsYes
	default:
		c.complain(p.at("unknown"), "unknown: %q is not needs_answer, as_no or as_yes", t.Unknown)
	}
	if (t.Unknown == "as_no" || t.Unknown == "as_yes") && strings.TrimSpace(t.UnknownReason) == "" {
		c.complain(p.at("unknown"), "unknown: %s needs an unknown_reason", t.Unknown)
	}
	c.attach(p, &r, t)
	return r
}

// attach compiles the condition and checks what only a good one can be asked.
func (c *compiler) attach(p place, r *rule, t ruleText) {
	if strings.TrimSpace(t.When) == "" {
		c.complain(p, "no condition (when)")
		return
	}
	p = p.at("when").at("suggest_when")
	cond, faults := c.condition(t.When)
	for _, fault := range faults {
		c.complain(p, "%s", fault)
	}
	if cond == nil {
		c.unread = true
		return
	}
	never, always := c.constant(cond)
	switch {
	case never:
		c.complain(p, "can never hold, whatever the answers: unreachable")
	case always:
		c.complain(p, "holds whatever the answers: it decides nothing")
	}
	for _, v := range cond.vars {
		if f := c.words.facts[v]; f.Proxy && strings.TrimSpace(t.Justification) == "" {
			c.complain(p, "%s can stand in for who somebody is: add a justification", f.Name)
		}
		r.patterns = append(r.patterns, cel.AttributePattern(c.words.facts[v].Name))
	}
	r.vars, r.whole, r.partial, r.anyOf = cond.vars, cond.program, cond.partial, cond.anyOf
	if open, err := r.eval(&answers{index: c.words.index, asks: c.words.asks, vals: make([]ref.Val, len(c.words.facts))}); err == nil {
		r.allOpen = open.missing
	}
	c.conds[r.id] = cond
}

func (c *compiler) alarm(p place, t ruleText) rule {
	if !slices.Contains([]string{"self_harm", "danger"}, t.Kind) { // the database holds the same closed list
		c.complain(p.at("kind"), "kind: %q is not self_harm or danger", t.Kind)
	}
	c.unused(p, t)
	return c.rule(p, t, unknownAsks)
}

func (c *compiler) trigger(p place, t ruleText) rule {
	c.unused(p, t)
	return c.rule(p, t, unknownAsks)
}

// soft is a fit point: an unanswered question gives none.
func (c *compiler) soft(p place, t ruleText) rule {
	c.unused(p, t)
	return c.rule(p, t, unknownIsNo)
}

func (c *compiler) note(p place, t ruleText) rule {
	c.unused(p, t)
	if t.When == "" {
		c.cited(p, "", t.Citation)
		c.worded(p, "text", t.Text, true)
		return rule{id: t.ID, text: t.Text, source: t.Source}
	}
	return c.rule(p, t, unknownIsNo)
}

func (c *compiler) hard(p place, t ruleText) rule {
	if strings.TrimSpace(t.WhyNot) == "" {
		c.complain(p, "no why_not: say in plain words what is not met")
	}
	r := c.rule(p, t, unknownAsks)
	switch t.WhenNo {
	case "", string(NotEligible):
	case string(ByPerson):
		r.byPerson = true
	default:
		c.complain(p.at("when_no"), "when_no: %q is not not_eligible or by_person", t.WhenNo)
	}
	return r
}

// unused refuses keys that mean something only for an eligibility rule, so that
// nobody believes they work elsewhere.
func (c *compiler) unused(p place, t ruleText) {
	if t.WhyNot != "" || t.WhenNo != "" {
		c.complain(p.at("when_no").at("why_not"), "why_not and when_no belong to eligibility rules")
	}
}

// tiers puts each trigger in exactly one tier and finds those that come too
// late to matter.
func (c *compiler) tiers(rs *RuleSet) {
	byID := map[string]*rule{}
	for i := range rs.triggers {
		byID[rs.triggers[i].id] = &rs.triggers[i]
	}
	var last place
	closed := false
	for i := range c.files {
		f := &c.files[i]
		for _, t := range f.content.Tiers {
			p := f.entry(t.Name, 0)
			last = p
			c.cited(p, "", t.Citation)
			c.worded(p, "text", t.Text, true)
			leads := len(t.Triggers) > 0 || t.PointsAtLeast != 0 || t.ImpactabilityAtLeast != 0
			switch {
			case closed:
				c.complain(p, "comes after the tier that takes everyone: unreachable")
			case t.Otherwise && leads:
				c.complain(p.at("otherwise"), "a tier that takes everyone lists no triggers and no points")
			case !t.Otherwise && !leads:
				c.complain(p, "no trigger and no points lead to this tier: unreachable")
			}
			c.checkThresholds(rs, p, t)
			rs.tiers = append(rs.tiers, Tier{
				Number: len(rs.tiers) + 1, Name: t.Name, Text: t.Text,
				PointsAtLeast: t.PointsAtLeast, ImpactabilityAtLeast: t.ImpactabilityAtLeast,
			})
			closed = closed || t.Otherwise
			for _, id := range t.Triggers {
				c.placeTrigger(p, byID, id, len(rs.tiers))
			}
		}
	}
	if last.file == nil {
		c.complain(place{file: &c.files[0], line: 1}, "the pack has no tiers: nobody would have a place in the order")
		return
	}
	if !closed {
		c.complain(last, "the last tier must take everyone (otherwise: true)")
	}
	c.shadowed(rs)
}

func (c *compiler) placeTrigger(p place, byID map[string]*rule, id string, tier int) {
	r, ok := byID[id]
	switch {
	case !ok:
		c.complain(p.at("triggers"), "names trigger %q, which does not exist", id)
	case r.tier != 0:
		c.complain(p.at("triggers"), "trigger %s already stands in tier %d: shadowed", id, r.tier)
	default:
		r.tier = tier
	}
}

// shadowed finds triggers that lead nowhere: in no tier, or in a later tier
// than a trigger that holds whenever they do.
func (c *compiler) shadowed(rs *RuleSet) {
	for i := range rs.triggers {
		r := &rs.triggers[i]
		p := c.find(r.id)
		if r.tier == 0 {
			if !rs.counts(r.id) {
				c.complain(p, "stands in no tier, and no tier counts its points: it would change nothing")
			}
			continue
		}
		for j := range rs.triggers {
			other := &rs.triggers[j]
			a, b := c.conds[r.id], c.conds[other.id]
			if other.tier > 0 && other.tier < r.tier && a != nil && b != nil && c.implies(a, b) {
				c.complain(p.at("when"), "shadowed: whenever it holds, %s of tier %d holds too", other.id, other.tier)
			}
		}
	}
}

// find places an id that was entered before.
func (c *compiler) find(id string) place {
	for i := range c.files {
		if p := c.files[i].entry(id, 0); p.keys != nil {
			return p
		}
	}
	return place{file: &c.files[0], line: 1, id: id}
}
