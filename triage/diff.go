package triage

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Change is one entry of a pack that another version has otherwise, in words
// for people who read rules and not YAML.
type Change struct {
	Kind   string       `json:"kind"` // added, removed, changed
	What   string       `json:"what"` // "Trigger", "Rule of program nfp"
	ID     string       `json:"id"`
	Text   string       `json:"text,omitempty"` // the words of what was added or removed
	Fields []FieldShift `json:"fields"`         // changed only; what was added or removed stands as one
}

// FieldShift is one part of an entry that changed. From or To is empty when the
// part was not there.
type FieldShift struct {
	Field string `json:"field"` // "condition", "words"
	From  string `json:"from"`
	To    string `json:"to"`
}

// The kinds of change.
const (
	ChangeAdded   = "added"
	ChangeRemoved = "removed"
	ChangeChanged = "changed"
)

// String tells the change in a few short lines.
func (c Change) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s was %s.", c.What, c.ID, c.Kind)
	if c.Text != "" {
		b.WriteString(" " + c.Text)
	}
	for _, f := range c.Fields {
		switch {
		case f.From == "":
			fmt.Fprintf(&b, "\n  %s: now %q", f.Field, f.To)
		case f.To == "":
			fmt.Fprintf(&b, "\n  %s: was %q, is gone", f.Field, f.From)
		default:
			fmt.Fprintf(&b, "\n  %s: from %q to %q", f.Field, f.From, f.To)
		}
	}
	return b.String()
}

// Diff says what changed from one pack to another: in the order of the newer
// one, and what was removed last. What is written in another order, on other
// lines or with other comments has not changed; tiers have, since their order
// is a rule.
func Diff(from, to Source) []Change {
	old, out := map[string]*entry{}, []Change{}
	for _, e := range entries(from) {
		old[e.path] = e
	}
	added := map[string]bool{}
	for _, e := range entries(to) {
		was, known := old[e.path]
		delete(old, e.path)
		if !known {
			added[e.path] = true
			if !within(e.path, added) {
				out = append(out, e.change(ChangeAdded))
			}
			continue
		}
		if c := e.change(ChangeChanged); len(c.compare(was, e)) > 0 {
			out = append(out, c)
		}
	}
	gone := map[string]bool{}
	for path := range old {
		gone[path] = true
	}
	for _, e := range entries(from) {
		if gone[e.path] && !within(e.path, gone) {
			out = append(out, e.change(ChangeRemoved))
		}
	}
	return out
}

// within: what stands inside an added or removed entry came or went with it.
func within(path string, entries map[string]bool) bool {
	for i := range path {
		if path[i] == '/' && entries[path[:i]] {
			return true
		}
	}
	return false
}

func (e *entry) change(kind string) Change {
	c := Change{Kind: kind, What: e.what(), ID: e.id, Fields: []FieldShift{}}
	if kind != ChangeChanged {
		c.Text = e.fields["text"]
	}
	return c
}

func (c *Change) compare(was, is *entry) []FieldShift {
	keys := maps.Clone(was.fields)
	maps.Copy(keys, is.fields)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if a, b := was.fields[key], is.fields[key]; a != b {
			c.Fields = append(c.Fields, FieldShift{fieldWord(key), a, b})
		}
	}
	return c.Fields
}

// what an entry is, and of what it is a part.
func (e *entry) what() string {
	section, parts := strings.Split(e.section, "."), strings.Split(e.path, "/")
	word := sectionWord(section[len(section)-1])
	if len(section) == 1 || len(parts) < 4 {
		return word
	}
	return fmt.Sprintf("%s of %s %s", word, strings.ToLower(sectionWord(section[0])), parts[1])
}

func sectionWord(section string) string {
	words := map[string]string{
		"pack": "Header", "alarms": "Alarm", "triggers": "Trigger", "tiers": "Tier", "programs": "Program", "eligibility": "Rule",
		"windows": "Window", "fit": "Fit point", "notes": "Note", "set_asides": "Kept share", "clocks": "Clock", "stops": "Stop",
		"connections": "Connection", "areas": "Area", "instruments": "Form", "first_contact": "First contact",
		"alarm_ladder": "Step of the alarm ladder", "first_attempt_by": "Clock of a first attempt", "points": "Point",
	}
	if word, known := words[section]; known {
		return word
	}
	return spaced(section)
}

func fieldWord(key string) string {
	words := map[string]string{
		"when": "condition", "suggest_when": "condition", "text": "words", "why_not": "words when it does not hold", "when_no": "when it does not hold",
		"unknown": "when the answer is missing", "unknown_reason": "why so when the answer is missing", "read": "source read", "effective": "source effective",
		"justification": "why it may be asked", "note": "note for authors", "refer": "decided by", "last_gestational_day": "last day of pregnancy (day)",
		"by_age_months": "until the baby turns (months)", "under_age_months": "until the day before the baby turns (months)",
		"cutoff": "counts from", "share": "share kept (percent)", "lead.days": "days kept free before a window closes", "otherwise": "for all others",
	}
	if word, known := words[key]; known {
		return word
	}
	return strings.ToLower(spaced(key))
}

func spaced(key string) string {
	s := strings.NewReplacer("_", " ", ".", ", ").Replace(key)
	return strings.ToUpper(s[:1]) + s[1:]
}
