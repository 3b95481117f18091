package kit

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/google/uuid"
)

// fits reports whether a JSON scalar can become a t without loss. Numbers are whole and exact: 1.0, 1e3 and what does not fit
// the type are refused rather than rounded.
func fits(t reflect.Type, token json.Token) bool {
	if reads(t) {
		text, err := json.Marshal(token)
		return err == nil && json.Unmarshal(text, reflect.New(t).Interface()) == nil
	}
	switch v := token.(type) {
	case string:
		return t.Kind() == reflect.String
	case bool:
		return t.Kind() == reflect.Bool
	case json.Number:
		if !reflect.Zero(t).CanInt() {
			return false
		}
		_, err := strconv.ParseInt(v.String(), 10, t.Bits())
		return err == nil
	}
	return false
}

// reads reports whether t reads its own JSON, as dates and ids do.
func reads(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.Unmarshaler]()) || p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// wanted says in words what belongs where a t is read.
func wanted(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[civil.Date]():
		return "a date as YYYY-MM-DD"
	case reflect.TypeFor[time.Time]():
		return "a time as in 2026-01-31T09:00:00Z"
	case reflect.TypeFor[uuid.UUID]():
		return "an id as this service gave it"
	}
	switch t.Kind() {
	case reflect.String:
		return "text"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	case reflect.Struct, reflect.Map:
		return "an object"
	}
	return "a whole number"
}

// keysOf returns what tells the type behind each key of an object that becomes a t (nil: no such key), or nil when t is no
// object. Keys are compared letter by letter: encoding/json would take "ROLE" for "role".
func keysOf(t reflect.Type) func(key string) reflect.Type {
	switch {
	case t == nil || reads(t):
		return nil
	case t.Kind() == reflect.Map:
		return func(string) reflect.Type { return t.Elem() }
	case t.Kind() != reflect.Struct:
		return nil
	}
	return func(key string) reflect.Type {
		for f := range t.Fields() {
			if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); name == key && name != "" && name != "-" {
				return f.Type
			}
		}
		return nil
	}
}

// spelled helps with a key that is right but for its case.
func spelled(t reflect.Type, key string) string {
	for f := range t.Fields() {
		if name, _, _ := strings.Cut(f.Tag.Get("json"), ","); strings.EqualFold(name, key) {
			return " Names are written in small letters."
		}
	}
	return ""
}

// escape writes a key as one step of a JSON pointer (RFC 6901). A key longer than any of ours is cut: an error must not
// carry a document back.
func escape(key string) string {
	if runes := []rune(key); len(runes) > 60 {
		key = string(runes[:60]) + "…"
	}
	return strings.ReplaceAll(strings.ReplaceAll(key, "~", "~0"), "/", "~1") // "~" first: a Replacer is built anew for each key
}
