package triage

import (
	"slices"
	"strings"
)

func (c *compiler) programs(rs *RuleSet) {
	for i := range c.files {
		f := &c.files[i]
		for _, t := range f.content.Programs {
			rs.programs = append(rs.programs, c.program(f, t))
		}
	}
	slices.SortFunc(rs.programs, func(a, b program) int { return strings.Compare(a.info.Code, b.info.Code) })
}

func (c *compiler) program(f *parsedFile, t programText) program {
	p := c.enter(f, t.Code)
	c.worded(p, "name", t.Name, true)
	c.cited(p, "model_end: ", t.ModelEnd.Citation)
	c.worded(p, "model_end text", t.ModelEnd.Text, true)
	c.cited(p, "lead: ", t.Lead.Citation)
	if t.Lead.Days < 0 || t.Lead.Days > 120 {
		c.complain(p, "lead: %d days is not between 0 and 120", t.Lead.Days)
	}
	prog := program{info: Program{
		Code: t.Code, Name: t.Name, ModelEnd: t.ModelEnd, LeadDays: t.Lead.Days, ByPerson: t.Refer == string(ByPerson),
	}}
	switch t.Refer {
	case "", "by_rule":
		if len(t.Eligibility) == 0 {
			c.complain(p, "has no eligibility rule: without a sourced one it is refer: by_person")
		}
	case string(ByPerson):
	default:
		c.complain(p, "refer: %q is not by_rule or by_person", t.Refer)
	}
	for _, r := range t.Eligibility {
		prog.eligibility = append(prog.eligibility, c.hard(c.enter(f, r.ID), r))
	}
	for _, r := range t.Fit {
		prog.fit = append(prog.fit, c.soft(c.enter(f, r.ID), r))
	}
	for _, r := range t.Notes {
		prog.notes = append(prog.notes, c.note(c.enter(f, r.ID), r))
	}
	for _, w := range t.Windows {
		prog.windows = append(prog.windows, c.window(c.enter(f, w.ID), w))
	}
	return prog
}

func (c *compiler) window(p place, t windowText) window {
	c.cited(p, "", t.Citation)
	c.worded(p, "text", t.Text, true)
	c.worded(p, "why_not", t.WhyNot, true)
	w := window{id: t.ID, text: t.Text, whyNot: t.WhyNot, source: t.Source, quota: t.Kind == "quota"}
	if t.Kind != "bar" && t.Kind != "quota" {
		c.complain(p, "kind: %q is not bar or quota", t.Kind)
	}
	set := 0
	for _, n := range []int{t.LastGestationalDay, t.ByAgeMonths, t.UnderAgeMonths} {
		if n < 0 || n > 400 {
			c.complain(p, "%d is no last day", n)
		}
		if n != 0 {
			set++
		}
	}
	if set != 1 {
		c.complain(p, "set exactly one of last_gestational_day, by_age_months, under_age_months")
	}
	w.gestational, w.months, w.under = t.LastGestationalDay, t.ByAgeMonths+t.UnderAgeMonths, t.UnderAgeMonths > 0
	needs := "baby_age_days"
	if w.gestational > 0 {
		needs = "gestational_days"
	}
	w.needs = c.words.index[needs]
	return w
}

// clocks takes the one clocks section and demands every clock in it: a clock
// that is missing would silently never be due.
func (c *compiler) clocks(rs *RuleSet) {
	found := false
	for i := range c.files {
		f := &c.files[i]
		for _, r := range f.content.FirstContact {
			p := place{file: f, line: 1, id: "first_contact"}
			c.cited(p, "", r.Citation)
			if r.By != ContactByHub && r.By != ContactByAgency {
				c.complain(p, "by: %q is not hub or agency", r.By)
			}
			rs.contacts = append(rs.contacts, r)
		}
		if f.content.Clocks == nil {
			continue
		}
		p := place{file: f, line: 1, id: "clocks"}
		if found {
			c.complain(p, "a second clocks section")
		}
		found = true
		rs.clocks = *f.content.Clocks
		c.checkClocks(p, &rs.clocks)
	}
	if !found {
		c.complain(place{file: &c.files[0], line: 1}, "the pack has no clocks")
	}
}

func (c *compiler) checkClocks(p place, k *Clocks) {
	for _, one := range k.named() {
		p.id = "clocks." + one.name
		c.cited(p, "", one.clock.Citation)
		if one.clock.Amount < 1 || one.clock.After == "" {
			c.complain(p, "amount and after are needed")
		}
		switch one.clock.Unit {
		case Minutes, Hours, BusinessHours, BusinessDays, Days, Months:
		default:
			c.complain(p, "unit: %q is no unit", one.clock.Unit)
		}
	}
	p.id = "clocks.attempts"
	c.cited(p, "", k.Attempts.Citation)
	if k.Attempts.AtLeast < 1 || k.Attempts.WithinBusinessDays < 1 {
		c.complain(p, "at_least and within_business_days are needed")
	}
	p.id = "clocks.alarm_ladder"
	if len(k.AlarmLadder) == 0 {
		c.complain(p, "has no step")
	}
	for i, step := range k.AlarmLadder {
		c.cited(p, "", step.Citation)
		if step.Who == "" || i > 0 && step.AfterMinutes <= k.AlarmLadder[i-1].AfterMinutes {
			c.complain(p, "step %d needs who, and more minutes than the one before", i+1)
		}
	}
}
