package triage

import "slices"

// stop is a condition under which rules offer nothing but what it spares. What
// it stops is not refused: a person may still offer it.
type stop struct {
	rule
	programs    []string // codes it spares
	connections []string // kinds it spares
}

// holding finds the stops that hold. A stop that waits for an answer does not,
// and its question is never listed.
func (rs *RuleSet) holding(in *answers) ([]*stop, error) {
	var out []*stop
	for i := range rs.stops {
		s := &rs.stops[i]
		o, err := s.eval(in)
		if err != nil {
			return nil, err
		}
		if o.met == Yes {
			out = append(out, s)
		}
	}
	return out, nil
}

// stopped leaves a program to a person. Its windows do not run and nothing is
// asked for its sake: after a loss, a date to be in time for would be a wound.
func (v *verdict) stopped(stops []*stop) bool {
	i := slices.IndexFunc(stops, func(s *stop) bool { return !slices.Contains(s.programs, v.program.info.Code) })
	if i < 0 {
		return false
	}
	s := stops[i]
	v.verdict = ByPerson
	v.reasons = []Reason{{RuleID: s.id, Met: No, Text: s.text, Source: s.source}}
	return true
}

func (c *compiler) stops(rs *RuleSet) {
	for i := range c.files {
		f := &c.files[i]
		for _, t := range f.content.Stops {
			p := c.enter(f, t.ID)
			c.unused(p, t.ruleText)
			s := stop{rule: c.rule(p, t.ruleText, unknownIsNo), programs: t.ExceptPrograms, connections: t.ExceptConnections}
			for _, code := range s.programs {
				if !slices.ContainsFunc(rs.programs, func(known program) bool { return known.info.Code == code }) {
					c.complain(p.at("except_programs"), "except_programs: there is no program %q", code)
				}
			}
			for _, kind := range s.connections {
				if !slices.Contains(ConnectionKinds(), kind) {
					c.complain(p.at("except_connections"), "except_connections: %q is no kind of connection", kind)
				}
			}
			rs.stops = append(rs.stops, s)
		}
	}
}
