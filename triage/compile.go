package triage

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"go.yaml.in/yaml/v3"
)

// Compile checks a pack whole and returns its rule set, or [Problems] with
// everything that is wrong: unknown keys, misspelt facts, conditions that are
// not boolean or clash in type, cost, rules that can never be reached or say the
// same twice, doubled ids, missing sources, forbidden references, unexplained
// proxies, and questions that are missing or that nobody needs.
func Compile(src Source) (*RuleSet, error) {
	if len(src.Files) == 0 {
		return nil, Problems{{File: "(none)", Message: "the pack has no files"}}
	}
	if bad := tooLong(src); bad != nil {
		return nil, bad
	}
	c := &compiler{ids: map[string]bool{}, conds: map[string]*condition{}, counts: map[string]int{}}
	c.files, c.bad = parse(src)
	if bad := c.tooMany(); bad != nil {
		return nil, bad
	}
	if lost := c.bad.unreadable(c.files); len(lost) > 0 {
		return nil, lost.sorted()
	}
	rs := &RuleSet{hash: src.Hash()}
	c.forms(rs)
	c.zones(rs)
	rs.words = newVocabulary(rs.forms, rs.zones)
	c.words = rs.words
	env, err := newEnv(rs.words)
	if err != nil {
		return nil, fmt.Errorf("set up rule language: %w", err)
	}
	c.env = env
	c.header(rs)
	rs.alarms = c.rules(func(p *packFile) []ruleText { return p.Alarms }, c.alarm)
	rs.triggers = c.rules(func(p *packFile) []ruleText { return p.Triggers }, c.trigger)
	c.overlapping(rs.triggers)
	c.weights(rs)
	c.tiers(rs)
	c.areas(rs)
	c.programs(rs)
	c.connections(rs)
	c.levers(rs)
	c.stops(rs)
	c.talkOnly(rs)
	c.clocks(rs)
	c.capacity(rs)
	c.reasons(rs)
	c.questions(rs)
	c.compared()
	if len(c.bad) > 0 {
		return nil, c.bad.sorted()
	}
	rs.arrange()
	return rs, nil
}

// Instruments returns the shipped screening forms, by id, for intake to check
// answers when no rule set is at hand.
func Instruments() ([]Instrument, error) {
	b, err := fs.ReadFile(shipped, path.Join(sharedDir, sharedFile))
	if err != nil {
		return nil, fmt.Errorf("read shared instruments: %w", err)
	}
	var p packFile
	if err := yaml.Unmarshal(b, &p); err != nil {
		return nil, fmt.Errorf("shared instruments: %w", err)
	}
	return p.Instruments, nil
}

// compiler carries one compilation; it goes on after a fault.
type compiler struct {
	files  []parsedFile
	bad    Problems
	words  vocabulary
	env    *cel.Env
	ids    map[string]bool
	conds  map[string]*condition // by rule id
	counts map[string]int        // the fact that a window counts from, by its id
	trials int                   // made-up families so far, see mostTrials
	unread bool                  // some condition could not be read, so what it reads is not known
}

// place is where something is written, for the complaint about it.
type place struct {
	file *parsedFile
	line int
	id   string
	keys map[string]int
}

// at is the same place at one key of the entry; the entry itself lacks it.
func (p place) at(key string) place {
	if line, ok := p.keys[key]; ok {
		p.line = line
	}
	return p
}

func (c *compiler) complain(p place, format string, args ...any) {
	c.bad = append(c.bad, Problem{File: p.file.name, Line: p.line, RuleID: p.id, Message: fmt.Sprintf(format, args...)})
}

// The shapes of what every entry carries.
var (
	idShape   = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	dateShape = regexp.MustCompile(`^\d{4}(-\d{2}){0,2}$`)
)

// enter checks an id and books it; every id is unique over the whole pack, as
// decisions name rules by id alone.
func (c *compiler) enter(f *parsedFile, id string) place {
	p := f.entry(id, 0)
	switch {
	case id == "":
		c.complain(p, "an entry has no id")
	case !idShape.MatchString(id):
		c.complain(p, "id %q: use small letters, digits and _", id)
	case c.ids[id]:
		p = f.entry(id, 1)
		c.complain(p, "id is used twice")
	}
	if w := forbidden(id); w != "" {
		c.complain(p, "id refers to %q: race, ethnicity, nationality and immigration may not weigh", w)
	}
	c.ids[id] = true
	return p
}

// cited demands a source and exactly one date for it.
func (c *compiler) cited(p place, what string, cite Citation) {
	if strings.TrimSpace(cite.Source) == "" {
		c.complain(p.at("source"), "%sno source: say where it comes from, or \"local policy\" if it is your own choice", what)
	}
	switch {
	case cite.Effective == "" && cite.Read == "":
		c.complain(p, "%sneither effective nor read says how old the source is", what)
	case cite.Effective != "" && cite.Read != "":
		c.complain(p.at("read"), "%sgive effective or read, not both", what)
	case !dateShape.MatchString(cite.Effective + cite.Read):
		c.complain(p.at("read").at("effective"), "%s%q is not YYYY, YYYY-MM or YYYY-MM-DD", what, cite.Effective+cite.Read)
	}
}

// worded demands a text for staff that does not grade the family.
func (c *compiler) worded(p place, key, text string, needed bool) {
	if needed && strings.TrimSpace(text) == "" {
		c.complain(p.at(key), "no %s", key)
	}
	if labelling(text) {
		c.complain(p.at(key), "%s says \"risk\": say what was seen", key)
	}
}

// rules compiles one section over all files, in file and written order.
func (c *compiler) rules(section func(*packFile) []ruleText, build func(place, ruleText) rule) []rule {
	var out []rule
	for i := range c.files {
		f := &c.files[i]
		for _, t := range section(&f.content) {
			out = append(out, build(c.enter(f, t.ID), t))
		}
	}
	return out
}

func (c *compiler) header(rs *RuleSet) {
	for i := range c.files {
		if h := c.files[i].content.Pack; h != nil {
			p := c.files[i].entry(h.Name, 0)
			if rs.name != "" {
				c.complain(p, "a second pack header")
			}
			if h.Name == "" {
				c.complain(p, "the pack has no name")
			}
			rs.name = h.Name
		}
	}
	if rs.name == "" {
		c.complain(place{file: &c.files[0], line: 1}, "no file has a pack header with a name")
	}
}

func (c *compiler) forms(rs *RuleSet) {
	seen := map[string]bool{}
	for i := range c.files {
		f := &c.files[i]
		for _, form := range f.content.Instruments {
			p := c.enter(f, form.ID)
			c.cited(p, "", form.Citation)
			c.worded(p, "name", form.Name, true)
			c.formMeaning(p, form)
			top := form.Items * form.Max
			if form.Items < 1 || form.Items > 100 || form.Min < 0 || form.Max <= form.Min || form.Max > mostNumber || form.Cutoff <= form.Items*form.Min || form.Cutoff > top {
				c.complain(p, "items, min, max and cutoff do not make a form")
			}
			if form.SelfHarmItem < 0 || form.SelfHarmItem > form.Items {
				c.complain(p, "self_harm_item is not one of its items")
			}
			if !seen[form.ID] {
				rs.forms = append(rs.forms, form)
			}
			seen[form.ID] = true
		}
	}
	slices.SortFunc(rs.forms, func(a, b Instrument) int { return strings.Compare(a.ID, b.ID) })
}
