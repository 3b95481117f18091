package triage

// CapacityRule says how long a program's word on its places is taken as it is.
// Without one in the pack, no word is ever called old.
type CapacityRule struct {
	FreshDays int `json:"fresh_days" yaml:"fresh_days"` // age in days, inclusive
	Citation  `yaml:",inline"`
}

// Capacity returns the pack's rule; FreshDays is 0 when it has none.
func (rs *RuleSet) Capacity() CapacityRule { return rs.capacity }

// age marks a place whose number of places nobody confirmed lately. An old word
// bars nothing: the place stands behind those that are known to be free.
func (pv *ProgramVerdict) age(rule CapacityRule, p *Place, today Date) {
	if rule.FreshDays == 0 {
		return
	}
	if p.CapacityConfirmedOn == nil {
		pv.CapacityStale = true
		return
	}
	if old := today.Since(*p.CapacityConfirmedOn); old > rule.FreshDays {
		pv.CapacityStale, pv.CapacityAgeDays = true, &old
	}
}

// explainAge says how old the word is that a promise would rest on.
func (pv *ProgramVerdict) explainAge() string {
	switch {
	case !pv.CapacityStale, pv.InArea == No, !pv.AgreementValid:
		return ""
	case pv.CapacityAgeDays == nil:
		return " Nobody has confirmed its number of free places: ask before you promise it."
	default:
		return " Its number of free places was last confirmed " + days(*pv.CapacityAgeDays) + " ago: ask before you promise it."
	}
}

// capacity takes the one capacity section, if the pack has one.
func (c *compiler) capacity(rs *RuleSet) {
	for i := range c.files {
		rule := c.files[i].content.Capacity
		if rule == nil {
			continue
		}
		p := place{file: &c.files[i], line: 1, id: "capacity"}
		if rs.capacity.FreshDays != 0 {
			c.complain(p, "a second capacity section")
		}
		c.cited(p, "", rule.Citation)
		if rule.FreshDays < 1 || rule.FreshDays > 400 {
			c.complain(p, "fresh_days: %d is not between 1 and 400", rule.FreshDays)
		}
		rs.capacity = *rule
	}
}
