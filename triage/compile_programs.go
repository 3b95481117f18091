package triage

import (
	"slices"
	"strings"
)

func (c *compiler) programs(rs *RuleSet) {
	for i := range c.files {
		f := &c.files[i]
		for _, t := range f.content.Programs {
			rs.programs = append(rs.programs, c.program(rs, f, t))
		}
	}
	slices.SortFunc(rs.programs, func(a, b program) int { return strings.Compare(a.info.Code, b.info.Code) })
}

func (c *compiler) program(rs *RuleSet, f *parsedFile, t programText) program {
	p := c.enter(f, t.Code)
	c.worded(p, "name", t.Name, true)
	c.cited(p.at("model_end"), "model_end: ", t.ModelEnd.Citation)
	c.worded(p.at("model_end"), "model_end text", t.ModelEnd.Text, true)
	c.cited(p.at("lead"), "lead: ", t.Lead.Citation)
	if t.Lead.Days < 0 || t.Lead.Days > 120 {
		c.complain(p.at("lead"), "lead: %d days is not between 0 and 120", t.Lead.Days)
	}
	prog := program{info: Program{
		Code: t.Code, Name: t.Name, ModelEnd: t.ModelEnd, LeadDays: t.Lead.Days, ByPerson: t.Refer == string(ByPerson),
		Areas: t.Areas,
	}, zips: c.zips(rs, p, t.Areas), asides: c.setAsides(f, p, t.SetAsides)}
	for i := range prog.asides {
		prog.info.SetAsides = append(prog.info.SetAsides, prog.asides[i].info)
	}
	switch t.Refer {
	case "", "by_rule":
		if len(t.Eligibility) == 0 {
			c.complain(p, "has no eligibility rule: without a sourced one it is refer: by_person")
		}
	case string(ByPerson):
	default:
		c.complain(p.at("refer"), "refer: %q is not by_rule or by_person", t.Refer)
	}
	for _, r := range t.Eligibility {
		prog.eligibility = append(prog.eligibility, c.hard(c.enter(f, r.ID), r))
	}
	c.overlapping(prog.eligibility)
	c.compatible(p, prog.eligibility)
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
		c.complain(p.at("kind"), "kind: %q is not bar or quota", t.Kind)
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
	c.counts[t.ID] = w.needs
	return w
}
