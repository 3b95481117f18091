package triage

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Example is one made-up family with what a pack must say of it: how its author
// proves, before and after a change, that the rules do what was meant. A pack
// keeps them as examples/*.yaml, outside the text that is versioned.
type Example struct {
	File   string  `yaml:"-"`
	About  string  `yaml:"about"`
	Facts  Facts   `yaml:"facts"`
	Places []Place `yaml:"places"` // absent: every program of the pack is open, in area and under agreement
	Expect Expect  `yaml:"expect"`
}

// Expect is the part of a decision that an example speaks of. What is left out
// may be anything; an empty list ([]) says that there is none. Lists stand in
// the order of the decision, those that name only a part in any.
type Expect struct {
	Tier     string             `yaml:"tier"` // its name
	Band     *int               `yaml:"band"`
	Next     string             `yaml:"next"`     // route or review
	Review   []string           `yaml:"review"`   // why a person looks first
	Route    []string           `yaml:"route"`    // programs by code or id, best first
	Flags    []string           `yaml:"flags"`    // what a worker must know beside it
	Programs map[string]Verdict `yaml:"programs"` // by code
	LastDay  map[string]string  `yaml:"last_day"` // of a first visit, by code, YYYY-MM-DD; "" = no window runs
	Alarms   []string           `yaml:"alarms"`   // kinds
	Fired    []string           `yaml:"fired"`    // these triggers hold, perhaps among others
	NotFired []string           `yaml:"not_fired"`
	Ask      []string           `yaml:"ask"` // these answers are missed, perhaps among others
}

// Examples reads examples/*.yaml of a pack's folder, in name order. A misspelt
// key is an error: an example that expects nothing would always pass.
func Examples(pack fs.FS) ([]Example, error) {
	names, err := fs.Glob(pack, "examples/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list the examples: %w", err)
	}
	out := make([]Example, 0, len(names))
	for _, name := range names {
		text, err := fs.ReadFile(pack, name)
		if err != nil {
			return nil, fmt.Errorf("read example %s: %w", name, err)
		}
		e := Example{File: path.Base(name)}
		if err := decodeStrict(text, &e); err != nil {
			return nil, fmt.Errorf("example %s: %w", name, err)
		}
		out = append(out, e)
	}
	return out, nil
}

// ReadFacts reads facts and places as an example writes them, for one case that
// somebody wants to have explained. Facts alone, without the key, are read too.
func ReadFacts(text []byte) (Example, error) {
	var e Example
	if err := decodeStrict(text, &e); err == nil && e.Facts.Today.IsValid() {
		return e, nil
	}
	var f Facts
	if err := decodeStrict(text, &f); err != nil {
		return e, fmt.Errorf("read the facts: %w", err)
	}
	return Example{Facts: f}, nil
}

func decodeStrict(text []byte, into any) error {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	return d.Decode(into)
}

// Decide decides the example, with every program open where it names no place.
func (e Example) Decide(rs *RuleSet) (Decision, error) {
	places := e.Places
	if places == nil {
		places = rs.openPlaces()
	}
	return rs.Decide(e.Facts, places)
}

// openPlaces is one open place a program, as if the whole community had room.
func (rs *RuleSet) openPlaces() []Place {
	var out []Place
	for _, p := range rs.programs {
		out = append(out, Place{ProgramID: p.info.Code, OrgID: "agency", Code: p.info.Code, InArea: true, AreaKnown: true,
			Intake: IntakeOpen, Free: 1, Funded: 10, Languages: []string{"en"}, AgreementValid: true})
	}
	return out
}

// Differences says, one line each, where a decision is not what was expected.
func (e Example) Differences(d Decision) []string {
	var out []string
	differ := func(what string, want, got any) {
		if fmt.Sprint(want) != fmt.Sprint(got) {
			out = append(out, fmt.Sprintf("%s: expected %s, got %s", what, shown(want), shown(got)))
		}
	}
	x := e.Expect
	if x.Tier != "" {
		differ("tier", x.Tier, d.TierName)
	}
	if x.Band != nil {
		differ("band", *x.Band, d.Band)
	}
	if x.Next != "" {
		differ("next", x.Next, d.Next)
	}
	if x.Review != nil {
		differ("review", x.Review, d.ReviewReasons)
	}
	if x.Flags != nil {
		differ("flags", x.Flags, d.Flags)
	}
	byID, byCode := map[string]string{}, map[string]ProgramVerdict{}
	for _, p := range d.Programs {
		byID[p.ProgramID], byCode[p.Code] = p.Code, p
	}
	if x.Route != nil {
		route := []string{}
		for _, id := range d.Route {
			if !slices.Contains(x.Route, id) {
				id = byID[id]
			}
			route = append(route, id)
		}
		differ("route", x.Route, route)
	}
	for _, code := range slices.Sorted(maps.Keys(x.Programs)) {
		differ("program "+code, x.Programs[code], byCode[code].Verdict)
	}
	for _, code := range slices.Sorted(maps.Keys(x.LastDay)) {
		last := ""
		if day := byCode[code].WindowClosesOn; day != nil {
			last = day.String()
		}
		differ("last day of "+code, x.LastDay[code], last)
	}
	if x.Alarms != nil {
		kinds := []string{}
		for _, a := range d.Alarms {
			kinds = append(kinds, a.Kind)
		}
		differ("alarms", x.Alarms, kinds)
	}
	return append(out, x.missing(d)...)
}

func (x Expect) missing(d Decision) []string {
	var out, fired, asked []string
	for _, f := range d.Fired {
		fired = append(fired, f.RuleID)
	}
	for _, m := range d.Missing {
		asked = append(asked, m.Name)
	}
	if x.Fired != nil && len(x.Fired) == 0 && len(fired) > 0 {
		out = append(out, "triggers: expected none, got "+shown(fired))
	}
	if x.Ask != nil && len(x.Ask) == 0 && len(asked) > 0 {
		out = append(out, "ask: expected nothing, got "+shown(asked))
	}
	for _, id := range x.Fired {
		if !slices.Contains(fired, id) {
			out = append(out, "trigger "+id+": expected to hold, does not")
		}
	}
	for _, id := range x.NotFired {
		if slices.Contains(fired, id) {
			out = append(out, "trigger "+id+": expected not to hold, does")
		}
	}
	for _, name := range x.Ask {
		if !slices.Contains(asked, name) {
			out = append(out, "ask "+name+": expected to be asked, is not")
		}
	}
	return out
}

func shown(v any) string {
	if list, is := v.([]string); is {
		if len(list) == 0 {
			return "none"
		}
		return strings.Join(list, ", ")
	}
	if s := fmt.Sprint(v); s != "" {
		return s
	}
	return "none"
}
