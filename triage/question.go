package triage

import "slices"

// Question is how staff ask for one fact. A pack has one for every fact that its
// rules read and that somebody can be asked for, and no other: an answer that
// nobody uses is not asked of a family.
type Question struct {
	Fact string `json:"fact" yaml:"fact"` // see Vocabulary
	Ask  string `json:"ask" yaml:"ask"`   // the words, as spoken to her
	// Note is for staff: how to ask, or when not to.
	Note string `json:"note,omitempty" yaml:"note"`
}

// Questions returns the questions of the pack, in the order of the vocabulary.
func (rs *RuleSet) Questions() []Question {
	var out []Question
	for _, q := range rs.questions {
		if q.Ask != "" {
			out = append(out, q)
		}
	}
	return out
}

// questions checks that what is read is asked, and what is asked is read.
func (c *compiler) questions(rs *RuleSet) {
	read := c.readBy()
	rs.questions = make([]Question, len(c.words.facts))
	for i := range c.files {
		f := &c.files[i]
		for _, q := range f.content.Questions {
			p := f.entry("questions."+q.Fact, 0)
			v, known := c.words.index[q.Fact]
			if !known {
				c.complain(p.at("fact"), "%s", c.unknownFact(q.Fact))
				continue
			}
			if rs.questions[v].Fact != "" {
				p = f.entry("questions."+q.Fact, 1)
				c.complain(p, "is asked twice")
			}
			c.worded(p, "ask", q.Ask, true)
			if w := forbidden(q.Ask + " " + q.Note); w != "" {
				c.complain(p.at("ask"), "asks for %q under another name: race, ethnicity, nationality and immigration may not weigh", w)
			}
			c.worded(p, "note", q.Note, false)
			c.checkAsked(p, v, read)
			rs.questions[v] = q
		}
	}
	if slices.ContainsFunc(c.files, func(f parsedFile) bool { return f.lost }) {
		return // the question may stand there
	}
	for v, rule := range read {
		if rule != "" && rs.questions[v].Fact == "" && c.askable(v) {
			c.complain(c.find(rule).at("when").at("suggest_when"), "reads %s, and no question says how staff ask for it: add it to questions", c.words.facts[v].Name)
		}
	}
}

func (c *compiler) checkAsked(p place, v int, read []string) {
	f := c.words.facts[v]
	switch {
	case f.Told:
		c.complain(p.at("fact"), "is told and never asked for: the question itself would hurt")
	case f.AskedAs != "":
		c.complain(p.at("fact"), "is worked out from %s: ask for that", f.AskedAs)
	case f.Form:
		c.complain(p.at("fact"), "comes from a screening form: its own questions stand on the form")
	case read[v] == "" && !c.unread && !slices.Contains([]string{"stage", "zip", "spoken_language"}, f.Name): // routes read these by themselves
		c.complain(p.at("fact"), "no rule reads it: nobody uses the answer, so do not ask")
	}
}

// askable: one can ask her for it, in so many words.
func (c *compiler) askable(v int) bool {
	f := c.words.facts[v]
	return !f.Told && !f.Form && f.AskedAs == ""
}

// readBy names, for each fact as it is asked for, a rule that reads it.
func (c *compiler) readBy() []string {
	out := make([]string, len(c.words.facts))
	note := func(v int, rule string) {
		if v = c.words.asks[v]; out[v] == "" || rule < out[v] {
			out[v] = rule
		}
	}
	for id, cond := range c.conds {
		for _, v := range cond.vars {
			note(v, id)
		}
	}
	for id, v := range c.counts {
		note(v, id)
	}
	return out
}
