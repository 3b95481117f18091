package triage

import (
	"errors"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parsedFile is one file with the lines its entries begin on, so that a fault
// found later can still be shown where it was written.
type parsedFile struct {
	name    string
	content packFile
	marks   []mark
	lost    bool // it is no YAML, so nothing of it was read
}

type mark struct {
	line int
	id   string
	keys map[string]int // the line of each key of the entry
}

// parse reads every file of src strictly. It goes on after a bad file, so that
// an author sees all mistakes at once.
func parse(src Source) ([]parsedFile, Problems) {
	var files []parsedFile
	var bad Problems
	for _, name := range src.names() {
		f := parsedFile{name: name}
		text := src.Files[name]
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(text), &root); err == nil {
			f.mark(&root, "")
			bad = append(bad, f.slips(&root)...)
		} else {
			f.lost = true
		}
		dec := yaml.NewDecoder(strings.NewReader(text))
		dec.KnownFields(true)
		switch err := dec.Decode(&f.content); {
		case errors.Is(err, io.EOF): // an empty file is no fault
		case err != nil:
			bad = append(bad, f.yamlProblems(err)...)
		default:
			if dec.Decode(new(yaml.Node)) == nil {
				bad = append(bad, Problem{File: name, Line: 1, Message: "more than one YAML document in a file"})
			}
		}
		files = append(files, f)
	}
	return files, bad
}

// unreadable are the problems of files that are no YAML. They are told alone: of
// what such a file holds nothing is known, so that half the pack would be called
// missing.
func (ps Problems) unreadable(files []parsedFile) Problems {
	var out Problems
	for _, p := range ps {
		if slices.ContainsFunc(files, func(f parsedFile) bool { return f.lost && f.name == p.File }) {
			out = append(out, p)
		}
	}
	return out
}

// mark notes where each entry begins and where its keys are. path is the keys
// that lead to n, joined by dots.
func (f *parsedFile) mark(n *yaml.Node, path string) {
	switch n.Kind {
	case yaml.MappingNode:
		keys, texts := map[string]int{}, map[string]string{}
		for i := 0; i+1 < len(n.Content); i += 2 {
			keys[n.Content[i].Value], texts[n.Content[i].Value] = n.Content[i].Line, n.Content[i+1].Value
		}
		if id, is := entryID(path, texts); is {
			f.marks = append(f.marks, mark{n.Line, id, keys})
		}
		for i := 0; i+1 < len(n.Content); i += 2 {
			f.mark(n.Content[i+1], strings.TrimPrefix(path+"."+n.Content[i].Value, "."))
		}
	default:
		for _, child := range n.Content {
			f.mark(child, path)
		}
	}
}

// entryID is the name under which problems speak of an entry: its own, or the
// place where it stands when it has none. An entry that lacks its id is "".
func entryID(path string, texts map[string]string) (id string, is bool) {
	section, rest, nested := strings.Cut(path, ".")
	switch {
	case path == "":
		return "", false
	case section == "points":
		return "points." + texts["trigger"], true
	case section == "questions":
		return "questions." + texts["fact"], true
	case section == "clocks", section == "first_contact":
		return path, !strings.Contains(rest, ".")
	case section == "reasons" && nested:
		return path + "." + texts["code"], !strings.Contains(rest, ".")
	case strings.HasSuffix(path, ".lead"), strings.HasSuffix(path, ".model_end"), strings.HasSuffix(path, "<<"):
		return "", false
	}
	for _, key := range []string{"id", "code", "name"} {
		if texts[key] != "" {
			return texts[key], true
		}
	}
	return "", true
}

// entry finds the n-th entry called id (0 = first); the file's first line when
// there is none.
func (f *parsedFile) entry(id string, n int) place {
	found := place{file: f, line: 1, id: id}
	for _, m := range f.marks {
		if m.id == id {
			found.line, found.keys = m.line, m.keys
			if n == 0 {
				break
			}
			n--
		}
	}
	return found
}

// yamlProblems places the decoder's complaints at the entry they belong to.
func (f *parsedFile) yamlProblems(err error) Problems {
	messages := []string{strings.TrimPrefix(err.Error(), "yaml: ")}
	var typeErr *yaml.TypeError
	if errors.As(err, &typeErr) {
		messages = typeErr.Errors
	}
	var out Problems
	for _, msg := range messages[:min(len(messages), mostFaults)] {
		p := Problem{File: f.name, Message: msg}
		if m := yamlLine(msg); m != nil {
			p.Line, _ = strconv.Atoi(m[1]) // the pattern holds digits only
			p.Message = m[2]
		}
		if !strings.HasSuffix(msg, "type triage.packFile") { // a section belongs to no entry
			p.RuleID = f.around(p.Line)
		}
		p.Message = plainYAML(p.Message)
		if f.lost {
			p.Message = "the file cannot be read from here on, or from a few lines below. Look for a line that does not begin under its neighbors, a tab, or a quote or bracket that is not closed (" + p.Message + ")"
		}
		out = append(out, p)
	}
	return out
}

// around is the entry that a line belongs to.
func (f *parsedFile) around(line int) string {
	id := ""
	for _, m := range f.marks {
		if m.line <= line {
			id = m.id
		}
	}
	return id
}

// slips finds what YAML takes without a word and the author did not mean: a
// fraction, which would be cut, and a condition that begins with !, which YAML
// reads as the name of a type.
func (f *parsedFile) slips(n *yaml.Node) Problems {
	var out Problems
	say := func(what string) {
		out = append(out, Problem{File: f.name, Line: n.Line, RuleID: f.around(n.Line), Message: what})
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!float" {
		say(strconv.Quote(n.Value) + " is not a whole number")
	}
	if strings.HasPrefix(n.Tag, "!") && !strings.HasPrefix(n.Tag, "!!") {
		say("begins with " + n.Tag + ", which means something else in YAML: put the condition in quotes")
	}
	for _, child := range n.Content {
		out = append(out, f.slips(child)...)
	}
	return out
}

var lineOfYAML = regexp.MustCompile(`^line (\d+): (.*)$`)

// yamlLine splits "line 7: what" into its parts; nil when msg has no line.
func yamlLine(msg string) []string {
	return lineOfYAML.FindStringSubmatch(msg)
}
