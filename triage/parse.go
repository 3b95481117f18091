package triage

import (
	"errors"
	"fmt"
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
}

type mark struct {
	line int
	id   string
}

// parse reads every file of src strictly. It goes on after a bad file, so that
// an author sees all mistakes at once.
func parse(src Source) ([]parsedFile, Problems) {
	var files []parsedFile
	var bad Problems
	names := make([]string, 0, len(src.Files))
	for name := range src.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := parsedFile{name: name}
		text := src.Files[name]
		var root yaml.Node
		if err := yaml.Unmarshal([]byte(text), &root); err == nil {
			f.mark(&root)
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

// mark notes where each mapping with an id, code or name begins.
func (f *parsedFile) mark(n *yaml.Node) {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			if key := n.Content[i].Value; key == "id" || key == "code" || key == "name" {
				f.marks = append(f.marks, mark{n.Content[i].Line, n.Content[i+1].Value})
				break
			}
		}
	}
	for _, child := range n.Content {
		f.mark(child)
	}
}

// line finds the n-th entry called id (0 = first); the file's first line when
// there is none, which happens only for a missing id.
func (f *parsedFile) line(id string, n int) int {
	found := 1
	for _, m := range f.marks {
		if m.id == id {
			found = m.line
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
	for _, msg := range messages {
		p := Problem{File: f.name, Message: msg}
		if m := yamlLine(msg); m != nil {
			p.Line, _ = strconv.Atoi(m[1]) // the pattern holds digits only
			p.Message = m[2]
		}
		for _, m := range f.marks {
			if m.line <= p.Line {
				p.RuleID = m.id
			}
		}
		if name, ok := strings.CutPrefix(p.Message, "field "); ok {
			key, _, _ := strings.Cut(name, " ")
			if strings.Contains(p.Message, "not found in type") {
				p.Message = fmt.Sprintf("unknown key %q", key)
			}
		}
		out = append(out, p)
	}
	return out
}

// yamlLine splits "line 7: what" into its parts; nil when msg has no line.
func yamlLine(msg string) []string {
	return regexp.MustCompile(`^line (\d+): (.*)$`).FindStringSubmatch(msg)
}
