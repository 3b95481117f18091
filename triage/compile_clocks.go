package triage

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

func (c *compiler) checkClock(p place, k Clock) {
	c.cited(p, "", k.Citation)
	if k.Amount < 1 || k.After == "" {
		c.complain(p, "amount and after are needed")
	}
	if k.Unit.minutes() == 0 {
		c.complain(p, "unit: %q is no unit", k.Unit)
	}
}

func (c *compiler) checkClocks(p place, k *Clocks) {
	k.FirstAttemptAfterDischarge.FromDischarge = true // by its name
	for _, one := range k.named() {
		p.id = "clocks." + one.name
		c.checkClock(p, one.clock)
		if one.clock.FromDischarge && one.name != "first_attempt_after_discharge" {
			c.complain(p, "from_discharge belongs to first_attempt_by")
		}
	}
	c.checkFirstAttempts(p, k.FirstAttemptBy)
	p.id = "clocks.urgent_hours"
	c.cited(p, "", k.UrgentHours.Citation)
	c.worded(p, "text", k.UrgentHours.Text, true)
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
