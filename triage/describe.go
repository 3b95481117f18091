package triage

import (
	"fmt"
	"slices"
	"strings"
)

// Description is a pack in the words of its own texts, for anyone who wants to
// know how the order is made and whom programs serve. It holds no condition.
type Description struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	// Questions are the facts that at least one rule reads, in the order of the
	// vocabulary; nothing else about a family can weigh.
	Questions   []FactUse      `json:"questions"`
	Alarms      []Line         `json:"alarms"`
	Tiers       []TierLines    `json:"tiers"` // soonest first
	Triggers    int            `json:"-"`     // how many there are: some count points and stand in no tier
	Programs    []ProgramLines `json:"programs"`
	Stops       []Line         `json:"stops"`
	Connections []Line         `json:"connections"`
	Clocks      []ClockLine    `json:"clocks"`
	Points      []Line         `json:"points"` // what a trigger counts; they order only where a tier says so
	// Local is every rule and number whose source is a choice of the community
	// that no publication backs. Closed lists of reasons decide nothing and are
	// left out.
	Local []Line `json:"local_policy"`
}

// Line is one text of a pack with its source.
type Line struct {
	ID     string `json:"id"`
	Text   string `json:"text"`
	Source string `json:"source"`
	Dated  string `json:"dated"` // "from 2017-01-01", "read 2026-11"
}

// FactUse is a fact and what it is asked for, each reason once.
type FactUse struct {
	Name  string   `json:"name"`
	Ask   string   `json:"ask"`             // completes "we ask about ..."
	Words string   `json:"words,omitempty"` // as staff ask her
	Why   []string `json:"why"`
	// Unasked facts are taken from what we are told and are asked of nobody.
	Unasked bool `json:"unasked,omitempty"`
}

// TierLines is a tier with what puts a family into it; none: all others.
type TierLines struct {
	Line
	Name    string `json:"name"`
	Because []Line `json:"because"`
}

// ProgramLines is a program with whom it serves and until when.
type ProgramLines struct {
	Code     string `json:"code"`
	Name     string `json:"name"`
	ByPerson bool   `json:"by_person"` // no rule ever sends a family there
	Serves   []Line `json:"serves"`
	Times    []Line `json:"times"`
	Kept     []Line `json:"kept_places"`
	Notes    []Line `json:"notes"`
}

// ClockLine is a service level.
type ClockLine struct {
	Line
	Amount string `json:"amount"`
	Unit   Unit   `json:"unit"`
	After  string `json:"after"`
}

// Describe tells the pack that the rule set was compiled from, which the caller
// has kept.
func (rs *RuleSet) Describe(src Source) Description {
	d := Description{Name: rs.name, Questions: rs.used(), Alarms: []Line{}, Tiers: []TierLines{}, Programs: []ProgramLines{},
		Stops: []Line{}, Connections: []Line{}, Clocks: []ClockLine{}, Points: []Line{}, Local: []Line{}}
	all := entries(src)
	triggers := map[string]Line{}
	for _, e := range all {
		if e.section == "triggers" {
			triggers[e.id] = e.line()
		}
	}
	d.Triggers = len(triggers)
	for _, e := range all {
		d.add(e, triggers)
		if strings.Contains(strings.ToLower(e.fields["source"]), "local policy") && !strings.HasPrefix(e.section, "reasons") && e.section != "points" {
			local := e.line()
			local.Text = strings.TrimSuffix(e.what()+" "+strings.ReplaceAll(local.ID, "_", " ")+": "+local.Text, ": ")
			d.Local = append(d.Local, local)
		}
	}
	return d
}

func (d *Description) add(e *entry, triggers map[string]Line) {
	if parent, _, nested := strings.Cut(e.section, "."); nested && parent == "programs" {
		d.addToProgram(e)
		return
	}
	switch e.section {
	case "pack":
		d.Title = e.fields["title"]
	case "alarms":
		d.Alarms = append(d.Alarms, e.line())
	case "stops":
		d.Stops = append(d.Stops, e.line())
	case "connections":
		d.Connections = append(d.Connections, e.line())
	case "clocks", "clocks.first_attempt_by":
		if e.fields["amount"] != "" {
			d.Clocks = append(d.Clocks, ClockLine{e.line(), e.fields["amount"], Unit(e.fields["unit"]), e.fields["after"]})
		}
	case "points":
		l := e.line()
		l.Text = triggers[e.id].Text + " This counts " + e.fields["points"] + "."
		d.Points = append(d.Points, l)
	case "tiers":
		t := TierLines{Line: e.line(), Name: e.fields["name"], Because: []Line{}}
		for _, id := range strings.Split(e.fields["triggers"], ", ") {
			if line, known := triggers[id]; known {
				t.Because = append(t.Because, line)
			}
		}
		t.Because = append(t.Because, e.sums()...)
		d.Tiers = append(d.Tiers, t)
	case "programs":
		d.Programs = append(d.Programs, ProgramLines{Code: e.id, Name: e.fields["name"], ByPerson: e.fields["refer"] == "by_person",
			Serves: []Line{}, Times: []Line{}, Kept: []Line{}, Notes: []Line{}})
	}
}

// addToProgram puts a part of a program to the program it was written under,
// which is the last that was opened.
func (d *Description) addToProgram(e *entry) {
	p := &d.Programs[len(d.Programs)-1]
	switch _, part, _ := strings.Cut(e.section, "."); part {
	case "eligibility":
		p.Serves = append(p.Serves, e.line())
	case "windows":
		p.Times = append(p.Times, e.line())
	case "set_asides":
		p.Kept = append(p.Kept, e.line())
	case "notes":
		p.Notes = append(p.Notes, e.line())
	}
}

// sums are the ways into a tier by what the triggers count together.
func (e *entry) sums() []Line {
	var out []Line
	for _, sum := range []struct{ key, text string }{
		{"points_at_least", "What she answered counts %s or more, all together."},
		{"impactability_at_least", "What visits can change counts %s or more, all together."},
	} {
		if n := e.fields[sum.key]; n != "" {
			out = append(out, Line{ID: sum.key, Text: fmt.Sprintf(sum.text, n)})
		}
	}
	return out
}

func (e *entry) line() Line {
	l := Line{ID: e.id, Text: e.fields["text"], Source: e.fields["source"]}
	if e.section == "clocks.first_attempt_by" { // a list whose entries have no names
		l.ID = strings.ReplaceAll(strings.TrimRight("first_attempt_by_"+e.fields["source_kind"]+"_"+e.fields["stage"], "_"), "__", "_")
	}
	switch {
	case e.fields["effective"] != "":
		l.Dated = "from " + e.fields["effective"]
	case e.fields["read"] != "":
		l.Dated = "read " + e.fields["read"]
	}
	return l
}

func (rs *RuleSet) used() []FactUse {
	why := make([][]string, len(rs.words.facts))
	note := func(rules []rule, of string) {
		for _, r := range rules {
			for _, v := range r.vars {
				if reason := of + r.text; !slices.Contains(why[v], reason) {
					why[v] = append(why[v], reason)
				}
			}
		}
	}
	note(rs.alarms, "")
	note(rs.triggers, "")
	for i := range rs.programs {
		p := &rs.programs[i]
		note(p.eligibility, p.info.Name+": ")
		note(p.fit, p.info.Name+": ")
		for _, aside := range p.asides {
			note([]rule{aside.rule}, p.info.Name+": ")
		}
	}
	for _, c := range rs.connections {
		note([]rule{c.rule}, c.info.Name+": ")
	}
	for _, s := range rs.stops {
		note([]rule{s.rule}, "")
	}
	out := []FactUse{}
	for i, f := range rs.words.facts {
		if len(why[i]) > 0 {
			out = append(out, FactUse{Name: f.Name, Ask: f.Label, Words: rs.questions[i].Ask, Why: why[i], Unasked: f.Told})
		}
	}
	return out
}
