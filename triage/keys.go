package triage

import (
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// plainYAML turns what the YAML reader says of a misplaced key or value, in
// words of Go, into words for the author of a pack.
func plainYAML(message string) string {
	if m := regexp.MustCompile(`^field (.*) not found in type triage\.(\w+)$`).FindStringSubmatch(message); m != nil {
		known := keysOf(reflect.TypeFor[packFile](), m[2])
		if near := nearest(m[1], known); near != "" {
			return fmt.Sprintf("unknown key %q; did you mean %s?", m[1], near)
		}
		return fmt.Sprintf("unknown key %q: the keys here are %s", m[1], strings.Join(known, ", "))
	}
	m := regexp.MustCompile("^cannot unmarshal !!\\w+(?: `(.*)`)? into (.+)$").FindStringSubmatch(message)
	switch {
	case m == nil:
		return message
	case m[2] == "int":
		return fmt.Sprintf("%q is not a whole number", m[1])
	case m[2] == "bool":
		return fmt.Sprintf("%q is not true or false", m[1])
	case m[2] == "string":
		return "a text belongs here"
	case strings.HasPrefix(m[2], "[]"):
		return "a list belongs here"
	default:
		return "an entry with keys belongs here"
	}
}

// keysOf lists the YAML keys of the struct called name in or below t, sorted;
// none where there is no such struct.
func keysOf(t reflect.Type, name string) []string {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice:
		return keysOf(t.Elem(), name)
	case reflect.Struct:
	default:
		return nil
	}
	if t.Name() == name {
		return slices.Sorted(slices.Values(yamlKeys(t)))
	}
	for i := range t.NumField() {
		if keys := keysOf(t.Field(i).Type, name); keys != nil {
			return keys
		}
	}
	return nil
}

func yamlKeys(t reflect.Type) []string {
	var keys []string
	for i := range t.NumField() {
		key, option, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if option == "inline" {
			keys = append(keys, yamlKeys(t.Field(i).Type)...)
		} else {
			keys = append(keys, key)
		}
	}
	return keys
}

// nearest is the word that differs from a misspelt one in at most three letters
// and a third of its own; "" when there is none.
func nearest(wrong string, words []string) string {
	best, near := min(3, len(wrong)/3)+1, ""
	for _, word := range words {
		if d := distance(wrong, word); d < best {
			best, near = d, word
		}
	}
	return near
}
