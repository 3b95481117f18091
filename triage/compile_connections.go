package triage

import (
	"cmp"
	"slices"
	"strings"
)

func (c *compiler) connections(rs *RuleSet) {
	seen := map[string]bool{}
	for i := range c.files {
		f := &c.files[i]
		for _, t := range f.content.Connections {
			p := c.enter(f, t.ID)
			if seen[t.Kind] {
				c.complain(p.at("kind"), "kind: a second connection of kind %q", t.Kind)
			}
			seen[t.Kind] = true
			rs.connections = append(rs.connections, c.connection(p, t))
		}
	}
	order := ConnectionKinds()
	slices.SortStableFunc(rs.connections, func(a, b connection) int {
		return cmp.Compare(slices.Index(order, a.info.Kind), slices.Index(order, b.info.Kind))
	})
}

func (c *compiler) connection(p place, t connectionText) connection {
	if !slices.Contains(ConnectionKinds(), t.Kind) {
		c.complain(p.at("kind"), "kind: %q is no kind of connection", t.Kind)
	}
	c.worded(p, "name", t.Name, true)
	if slices.Contains(askFirst(), t.Kind) && !t.AskFirst {
		c.complain(p, "%s needs ask_first: true", t.Kind)
	}
	out := connection{info: Connection{
		ID: t.ID, Kind: t.Kind, Name: t.Name, Text: t.Text, AskFirst: t.AskFirst,
		SuggestWhen: strings.TrimSpace(t.SuggestWhen), Citation: t.Citation,
	}}
	if out.info.SuggestWhen == "" {
		c.cited(p, "", t.Citation)
		c.worded(p, "text", t.Text, true)
		return out
	}
	if t.Kind == contraception {
		c.complain(p.at("suggest_when"), "suggest_when: no rule suggests contraception, a person asks")
	}
	out.rule = c.rule(p, ruleText{
		ID: t.ID, When: t.SuggestWhen, Text: t.Text, Justification: t.Justification, Citation: t.Citation,
	}, unknownIsNo)
	return out
}
