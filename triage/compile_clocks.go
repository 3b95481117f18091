package triage

// clocks takes the one clocks section and demands every clock in it: a clock
// that is missing would silently never be due.
func (c *compiler) clocks(rs *RuleSet) {
	found := false
	for i := range c.files {
		f := &c.files[i]
		for n, r := range f.content.FirstContact {
			p := f.entry("first_contact", n)
			c.cited(p, "", r.Citation)
			if r.By != ContactByHub && r.By != ContactByAgency {
				c.complain(p.at("by"), "by: %q is not hub or agency", r.By)
			}
			rs.contacts = append(rs.contacts, r)
		}
		if f.content.Clocks == nil {
			continue
		}
		p := f.entry("clocks", 0)
		if found {
			c.complain(p, "a second clocks section")
		}
		found = true
		rs.clocks = *f.content.Clocks
		c.checkClocks(f, &rs.clocks)
	}
	if !found {
		c.complain(place{file: &c.files[0], line: 1}, "the pack has no clocks")
	}
}

func (c *compiler) checkClock(p place, k Clock) {
	c.cited(p, "", k.Citation)
	if k.Amount < 1 || k.Amount > mostNumber || k.After == "" {
		c.complain(p, "amount and after are needed, amount not above %d", mostNumber)
	}
	if k.Unit.minutes() == 0 {
		c.complain(p.at("unit"), "unit: %q is no unit", k.Unit)
	}
}

func (c *compiler) checkClocks(f *parsedFile, k *Clocks) {
	k.FirstAttemptAfterDischarge.FromDischarge = true // by its name
	for _, one := range k.named() {
		p := f.clock(one.name, 0)
		c.checkClock(p, one.clock)
		if one.clock.FromDischarge && one.name != "first_attempt_after_discharge" {
			c.complain(p.at("from_discharge"), "from_discharge belongs to first_attempt_by")
		}
	}
	c.checkFirstAttempts(f, k.FirstAttemptBy)
	p := f.clock("urgent_hours", 0)
	c.cited(p, "", k.UrgentHours.Citation)
	c.worded(p, "text", k.UrgentHours.Text, true)
	p = f.clock("attempts", 0)
	c.cited(p, "", k.Attempts.Citation)
	if k.Attempts.AtLeast > mostNumber || k.Attempts.WithinBusinessDays > mostNumber {
		c.complain(p, "at_least and within_business_days are not above %d", mostNumber)
	}
	if k.Attempts.AtLeast < 1 || k.Attempts.WithinBusinessDays < 1 {
		c.complain(p, "at_least and within_business_days are needed")
	}
	if len(k.AlarmLadder) == 0 {
		c.complain(f.clock("alarm_ladder", 0), "has no step")
	}
	for i, step := range k.AlarmLadder {
		p := f.clock("alarm_ladder", i)
		c.cited(p, "", step.Citation)
		if step.AfterMinutes < 0 || step.AfterMinutes > mostNumber {
			c.complain(p, "step %d: minutes are not between 0 and %d", i+1, mostNumber)
		}
		if step.Who == "" || i > 0 && step.AfterMinutes <= k.AlarmLadder[i-1].AfterMinutes {
			c.complain(p, "step %d needs who, and more minutes than the one before", i+1)
		}
	}
}

// clock finds a clock, or the n-th of a list of them; the section where it is
// missing.
func (f *parsedFile) clock(name string, n int) place {
	p := f.entry("clocks."+name, n)
	if p.keys == nil {
		p.line = f.entry("clocks", 0).line
	}
	return p
}
