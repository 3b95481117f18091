package triage

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// entry is one thing of a pack as it is written: an alarm, a program, a rule of
// a program, a clock. Entries know nothing of what their keys mean, so that
// comparing and describing packs goes on when a pack learns a new section.
type entry struct {
	section string // the keys above it: "alarms", "programs.eligibility"
	path    string // unique in a pack: "programs/nfp/eligibility/nfp_pregnant"
	id      string // its id, code or name, or the trigger or fact that it is about; its place in the list when it has none
	fields  map[string]string
}

// entries lists what a pack holds in file and written order. Files that are not
// YAML hold nothing: Compile says so.
func entries(src Source) []*entry {
	var w entryWalk
	for _, name := range src.names() {
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(src.Files[name]), &root); err != nil || len(root.Content) == 0 {
			continue
		}
		for _, p := range pairs(root.Content[0]) {
			w.section(p.key, p.value)
		}
	}
	return w.found
}

type entryWalk struct{ found []*entry }

func (w *entryWalk) open(section, path, id string) *entry {
	e := &entry{section: section, path: path, id: id, fields: map[string]string{}}
	w.found = append(w.found, e)
	return e
}

// section is a list of entries, or a mapping of them by name (clocks, reasons).
func (w *entryWalk) section(name string, n *yaml.Node) {
	if n.Kind == yaml.SequenceNode {
		w.list(name, name, n)
		return
	}
	var own *entry
	for _, p := range pairs(n) {
		switch {
		case p.value.Kind == yaml.MappingNode:
			w.mapping(w.open(name, name+"/"+p.key, p.key), "", p.value)
		case p.value.Kind == yaml.SequenceNode && !plain(p.value):
			w.list(name+"."+p.key, name+"/"+p.key, p.value)
		default:
			if own == nil {
				own = w.open(name, name, name)
			}
			own.fields[p.key] = text(p.value)
		}
	}
}

func (w *entryWalk) list(section, path string, n *yaml.Node) {
	for i, item := range n.Content {
		item = resolve(item)
		id := strconv.Itoa(i + 1)
		for _, p := range pairs(item) {
			switch p.key {
			case "id", "code":
				id = p.value.Value
			case "name", "trigger", "fact":
				if id == strconv.Itoa(i+1) {
					id = p.value.Value
				}
			}
		}
		e := w.open(section, path+"/"+id, id)
		if section == "tiers" { // the order is the rule
			e.fields["place in the order"] = strconv.Itoa(i + 1)
		}
		w.mapping(e, "", item)
	}
}

func (w *entryWalk) mapping(e *entry, prefix string, n *yaml.Node) {
	for _, p := range pairs(n) {
		switch {
		case p.value.Kind == yaml.MappingNode:
			w.mapping(e, prefix+p.key+".", p.value)
		case p.value.Kind == yaml.SequenceNode && !plain(p.value):
			w.list(e.section+"."+prefix+p.key, e.path+"/"+prefix+p.key, p.value)
		default:
			e.fields[prefix+p.key] = text(p.value)
		}
	}
}

type pair struct {
	key   string
	value *yaml.Node
}

// pairs are the keys of a mapping, with what it merges from an anchor behind
// its own, which win.
func pairs(n *yaml.Node) []pair {
	n = resolve(n)
	if n.Kind != yaml.MappingNode {
		return nil
	}
	var own, merged []pair
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i].Value, resolve(n.Content[i+1])
		switch {
		case key == "<<" && value.Kind == yaml.SequenceNode:
			for _, from := range value.Content {
				merged = append(merged, pairs(from)...)
			}
		case key == "<<":
			merged = append(merged, pairs(value)...)
		default:
			own = append(own, pair{key, value})
		}
	}
	for _, m := range merged {
		if !slices.ContainsFunc(own, func(p pair) bool { return p.key == m.key }) {
			own = append(own, m)
		}
	}
	return own
}

func resolve(n *yaml.Node) *yaml.Node {
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}

// plain: a list of words, which is one value.
func plain(n *yaml.Node) bool {
	return !slices.ContainsFunc(n.Content, func(item *yaml.Node) bool { return resolve(item).Kind != yaml.ScalarNode })
}

// text is a value in one line.
func text(n *yaml.Node) string {
	if n.Kind != yaml.SequenceNode {
		return strings.Join(strings.Fields(n.Value), " ")
	}
	var words []string
	for _, item := range n.Content {
		words = append(words, resolve(item).Value)
	}
	return strings.Join(words, ", ")
}
