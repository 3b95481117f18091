package triage

import "slices"

// formMeaning checks what a form says of itself beside its range and cut-off.
func (c *compiler) formMeaning(p place, form Instrument) {
	if form.Topic != "" && !slices.Contains(Topics(), form.Topic) {
		c.complain(p, "topic: %q is not one of %v", form.Topic, Topics())
	}
	for i, n := range form.Reversed {
		if n < 1 || n > form.Items || slices.Contains(form.Reversed[:i], n) {
			c.complain(p, "reversed: there is no item %d, or it is named twice", n)
		}
	}
}

// talkOnly refuses every rule but a trigger that reads a form which only opens a
// talk: an answer about a parent or a partner must not open or close a door as
// if it were about her.
func (c *compiler) talkOnly(rs *RuleSet) {
	refuse := func(rules ...rule) {
		for _, r := range rules {
			for _, v := range r.vars {
				for _, form := range rs.forms {
					if form.TalkOnly && c.words.facts[v].Name == form.ID+"_positive" {
						c.complain(c.find(r.id), "reads %s_positive: that form only opens a talk, so only a trigger may read it", form.ID)
					}
				}
			}
		}
	}
	refuse(rs.alarms...)
	for i := range rs.programs {
		p := &rs.programs[i]
		refuse(slices.Concat(p.eligibility, p.fit, p.notes)...)
		for j := range p.asides {
			refuse(p.asides[j].rule)
		}
	}
	for i := range rs.connections {
		refuse(rs.connections[i].rule)
	}
	for i := range rs.stops {
		refuse(rs.stops[i].rule)
	}
}
