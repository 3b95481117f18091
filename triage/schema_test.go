package triage

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const schemaFile = "packs/pack.schema.json"

// packFiles lists every pack file, shipped or of a test.
func packFiles(t *testing.T) []string {
	t.Helper()
	var files []string
	for _, pattern := range []string{"packs/*/*.yaml", "testdata/packs/*.yaml"} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, found...)
	}
	return files
}

func TestEveryPackFileFitsTheSchema(t *testing.T) {
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft2020)
	schema, err := compiler.Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	files := packFiles(t)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		relative, err := filepath.Rel(filepath.Dir(file), schemaFile)
		if err != nil {
			t.Fatal(err)
		}
		if line := "# yaml-language-server: $schema=" + relative + "\n"; !strings.HasPrefix(string(text), line) {
			t.Errorf("%s does not begin with %q, so editors do not help", file, line)
		}
		var content any
		if err := yaml.Unmarshal(text, &content); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if err := schema.Validate(asJSONValue(t, content)); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
	for name, broken := range map[string]string{
		"a misspelt key":       "trigers: []",
		"no source":            "triggers: [{id: a, when: tobacco, text: W., read: 2026-11}]",
		"two dates":            "triggers: [{id: a, when: tobacco, text: W., source: x, read: 2026-11, effective: 2026}]",
		"a negative weight":    "points: [{trigger: a, points: -1, source: x, read: 2026-11}]",
		"a key of other rules": "triggers: [{id: a, when: tobacco, text: W., why_not: X., source: x, read: 2026-11}]",
	} {
		var content any
		if err := yaml.Unmarshal([]byte(broken), &content); err != nil {
			t.Fatal(err)
		}
		if schema.Validate(asJSONValue(t, content)) == nil {
			t.Errorf("%s fits the schema", name)
		}
	}
}

// asJSONValue turns what YAML read into what a schema judges: a day is a text.
func asJSONValue(t *testing.T, v any) any {
	t.Helper()
	text, err := json.Marshal(daysAsText(v))
	if err != nil {
		t.Fatal(err)
	}
	out, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func daysAsText(v any) any {
	switch v := v.(type) {
	case time.Time:
		return v.Format(time.DateOnly)
	case []any:
		for i := range v {
			v[i] = daysAsText(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = daysAsText(v[key])
		}
	}
	return v
}

// schemaNode is what of a schema must agree with the code.
type schemaNode struct {
	Ref         string                 `json:"$ref"`
	Type        string                 `json:"type"`
	Description string                 `json:"description"`
	Closed      *bool                  `json:"additionalProperties"`
	Properties  map[string]*schemaNode `json:"properties"`
	Items       *schemaNode            `json:"items"`
	Defs        map[string]*schemaNode `json:"$defs"`
}

// The schema and the reader name the same keys with the same types, so neither
// can learn a key without the other. A struct that serves several sections may
// have a narrower schema in each; together they hold all of its keys.
func TestSchemaAndReaderNameTheSameKeys(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var root schemaNode
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	c := comparison{t: t, defs: root.Defs, named: map[reflect.Type][]string{}, used: map[string]bool{}}
	c.compare("", &root, reflect.TypeFor[packFile]())
	for kind, named := range c.named {
		for i := range kind.NumField() {
			key, option, _ := strings.Cut(kind.Field(i).Tag.Get("yaml"), ",")
			if option != "inline" && !slices.Contains(named, key) {
				t.Errorf("the schema lacks the key %s of %s", key, kind)
			}
		}
	}
	for name := range root.Defs {
		if !c.used[name] {
			t.Errorf("nothing uses the definition %s", name)
		}
	}
}

type comparison struct {
	t     *testing.T
	defs  map[string]*schemaNode
	named map[reflect.Type][]string
	used  map[string]bool
}

func (c *comparison) compare(path string, n *schemaNode, kind reflect.Type) {
	said := n.Description
	if n.Ref != "" {
		name := strings.TrimPrefix(n.Ref, "#/$defs/")
		c.used[name] = true
		if n = c.defs[name]; n == nil {
			c.t.Fatalf("%s: no definition %s", path, name)
		}
		said += n.Description
	}
	if said == "" {
		c.t.Errorf("%s has no description", path)
	}
	want := map[reflect.Kind]string{reflect.Slice: "array", reflect.Int: "integer", reflect.Bool: "boolean", reflect.String: "string"}
	switch kind.Kind() {
	case reflect.Pointer:
		c.compare(path, n, kind.Elem())
	case reflect.Struct:
		c.compareStruct(path, n, kind)
	case reflect.Slice:
		if n.Items == nil {
			c.t.Fatalf("%s is no list in the schema", path)
		}
		if kind.Elem().Kind() == reflect.Struct {
			c.compare(path+"[]", n.Items, kind.Elem())
		}
		fallthrough
	default:
		if n.Type != "" && n.Type != want[kind.Kind()] { // an enum of texts says no type
			c.t.Errorf("%s is %s in the schema and %s in the reader", path, n.Type, kind)
		}
	}
}

func (c *comparison) compareStruct(path string, n *schemaNode, kind reflect.Type) {
	if n.Closed == nil || *n.Closed {
		c.t.Errorf("%s lets unknown keys pass", path)
	}
	rest := maps.Clone(n.Properties)
	c.compareFields(path, kind, rest)
	for key := range rest {
		c.t.Errorf("%s.%s is a key of the schema alone", path, key)
	}
}

// compareFields takes from rest what it finds; a key counts for the struct that
// declares it.
func (c *comparison) compareFields(path string, kind reflect.Type, rest map[string]*schemaNode) {
	c.named[kind] = append(c.named[kind], "")
	for i := range kind.NumField() {
		key, option, _ := strings.Cut(kind.Field(i).Tag.Get("yaml"), ",")
		if option == "inline" {
			c.compareFields(path, kind.Field(i).Type, rest)
			continue
		}
		if child := rest[key]; child != nil {
			delete(rest, key)
			c.named[kind] = append(c.named[kind], key)
			c.compare(path+"."+key, child, kind.Field(i).Type)
		}
	}
}

// Closed lists are written once in Go and once in the schema.
func TestSchemaAndReaderListTheSameKinds(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs map[string]struct {
			Properties map[string]struct {
				Enum []string `json:"enum"`
			} `json:"properties"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if got := schema.Defs["connection"].Properties["kind"].Enum; !slices.Equal(got, ConnectionKinds()) {
		t.Errorf("kinds of connections: %v", got)
	}
	for _, unit := range schema.Defs["clock"].Properties["unit"].Enum {
		if Unit(unit).minutes() == 0 {
			t.Errorf("%s is no unit", unit)
		}
	}
}
