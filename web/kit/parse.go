package kit

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"

	"doorstep/internal/fault"
)

const (
	maxDepth    = 32 // levels of nesting; a referral has five
	maxProblems = 50 // more help nobody
)

// Parse reads one JSON document into form. encoding/json alone forgives too much: it takes unknown keys, the last of two
// equal keys, keys in another case, text after the end, and it replaces what is no Unicode. So the document is walked
// beside the type of form first; only what the walk accepts is handed on. null means "left out" everywhere.
func Parse(body []byte, form any) error {
	if err := checkText(body); err != nil {
		return err
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	w := walk{dec: dec}
	if body[firstByte(body)] != '{' {
		w.refuse("", "type", "This must be an object.")
	} else if err := w.value(reflect.TypeOf(form).Elem(), "", 0); err != nil {
		return err
	}
	if len(w.problems) > 0 {
		f := fault.New(fault.Malformed, "The body does not fit what this address takes, in %d place(s).", len(w.problems))
		f.Fields = w.problems
		return f
	}
	if err := json.Unmarshal(body, form); err != nil {
		return fault.Wrap(fault.Malformed, err, "The body does not fit what this address takes.")
	}
	return nil
}

// checkText refuses what is not one JSON document of real Unicode text.
func checkText(body []byte) error {
	if !utf8.Valid(body) {
		return fault.New(fault.Malformed, "The body is not UTF-8.")
	}
	var broken *json.SyntaxError
	if err := json.Unmarshal(body, new(json.RawMessage)); errors.As(err, &broken) {
		return fault.New(fault.Malformed, "The body is not one JSON document: it breaks at byte %d.", broken.Offset)
	} else if err != nil {
		return fault.New(fault.Malformed, "The body is not one JSON document.")
	}
	if at := loneSurrogate(body); at >= 0 {
		return fault.New(fault.Malformed, "The escape at byte %d is half a character.", at)
	}
	return nil
}

// loneSurrogate finds the first \u escape that is half of a pair, or -1. In valid JSON a backslash begins an escape.
func loneSurrogate(body []byte) int {
	unit := func(i int) uint64 {
		if i+6 > len(body) || body[i] != '\\' || body[i+1] != 'u' {
			return 0
		}
		n, _ := strconv.ParseUint(string(body[i+2:i+6]), 16, 16)
		return n
	}
	for i := 0; i < len(body); i++ {
		if body[i] != '\\' {
			continue
		}
		switch u := unit(i); {
		case u >= 0xDC00 && u <= 0xDFFF:
			return i
		case u >= 0xD800 && u <= 0xDBFF:
			if low := unit(i + 6); low < 0xDC00 || low > 0xDFFF {
				return i
			}
			i += 11
		default:
			i++ // the character behind the backslash, which may be a backslash
		}
	}
	return -1
}

func firstByte(body []byte) int {
	return len(body) - len(bytes.TrimLeft(body, " \t\r\n"))
}

// walk compares a document with the type it is for and keeps every problem that it meets.
type walk struct {
	dec      *json.Decoder
	problems []fault.Field
}

func (w *walk) refuse(at, code, format string, args ...any) {
	if len(w.problems) < maxProblems {
		w.problems = append(w.problems, fault.Field{Pointer: at, Code: code, Detail: fmt.Sprintf(format, args...)})
	}
}

// value walks one value. t is nil where nothing is expected: what stands there is read past.
func (w *walk) value(t reflect.Type, at string, depth int) error {
	token, err := w.dec.Token()
	if err != nil {
		return fault.Wrap(fault.Malformed, err, "The body is not one JSON document.")
	}
	for t != nil && t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if depth == maxDepth {
		return fault.New(fault.Malformed, "The body is nested more than %d levels deep.", maxDepth)
	}
	switch token {
	case json.Delim('{'):
		return w.object(t, at, depth+1)
	case json.Delim('['):
		return w.array(t, at, depth+1)
	}
	if text, ok := token.(string); ok && strings.ContainsRune(text, 0) {
		w.refuse(at, "nul", "This holds the character U+0000, which is no text.")
	} else if t != nil && token != nil && !fits(t, token) {
		w.refuse(at, "type", "This must be %s.", wanted(t))
	}
	return nil
}

func (w *walk) object(t reflect.Type, at string, depth int) error {
	known := keysOf(t)
	if t != nil && known == nil {
		w.refuse(at, "type", "This must be %s.", wanted(t))
	}
	seen := map[string]bool{}
	for w.dec.More() {
		token, err := w.dec.Token()
		if err != nil {
			return fault.Wrap(fault.Malformed, err, "The body is not one JSON document.")
		}
		key, _ := token.(string)
		here := at + "/" + escape(key)
		var inner reflect.Type
		if known != nil {
			inner = known(key)
			if inner == nil {
				w.refuse(here, "unknown", "There is no such field.%s", spelled(t, key))
			}
		}
		if folded := strings.ToLower(key); seen[folded] {
			w.refuse(here, "twice", "This field stands here twice.")
		} else {
			seen[folded] = true
		}
		if strings.ContainsRune(key, 0) {
			w.refuse(here, "nul", "This name holds the character U+0000, which is no text.")
		}
		if err := w.value(inner, here, depth); err != nil {
			return err
		}
	}
	_, err := w.dec.Token() // the closing brace
	return err
}

func (w *walk) array(t reflect.Type, at string, depth int) error {
	var inner reflect.Type
	switch {
	case t == nil:
	case t.Kind() == reflect.Slice:
		inner = t.Elem()
	default:
		w.refuse(at, "type", "This must be %s.", wanted(t))
	}
	for i := 0; w.dec.More(); i++ {
		if err := w.value(inner, fmt.Sprintf("%s/%d", at, i), depth); err != nil {
			return err
		}
	}
	_, err := w.dec.Token() // the closing bracket
	return err
}
