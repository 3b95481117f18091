package ui

import (
	"context"
	"strings"

	"doorstep/internal/fault"
)

// Errors is what needs a correction on a form, in the order of the fault.
type Errors []Wrong

// Wrong is one field, or the whole form when Name is empty.
type Wrong struct{ Name, Text string }

func errorsOf(f *fault.Error) Errors {
	if len(f.Fields) == 0 {
		return Errors{{"", f.Message}}
	}
	var all Errors
	for _, field := range f.Fields {
		all = append(all, Wrong{nameOf(field.Pointer), field.Detail})
	}
	return all
}

// nameOf is the field behind a JSON pointer: "/infants/0/born_on" is "infants.0.born_on".
func nameOf(pointer string) string {
	name := strings.ReplaceAll(strings.TrimPrefix(pointer, "/"), "/", ".")
	return strings.ReplaceAll(strings.ReplaceAll(name, "~1", "/"), "~0", "~")
}

// WrongOf is what is wrong with a field, "" when nothing.
func WrongOf(ctx context.Context, name string) string {
	for _, w := range Of(ctx).errors {
		if w.Name == name && name != "" {
			return w.Text
		}
	}
	return ""
}

// Valued is what stands in a field: what was typed when the form is shown again, else what the page put there.
func Valued(ctx context.Context, name, begin string) string {
	r := Of(ctx)
	if r.sent == nil {
		return begin
	}
	return r.sent.Get(name)
}

// Chosen reports whether an option is ticked, likewise.
func Chosen(ctx context.Context, name, value string, begin ...string) bool {
	r := Of(ctx)
	among := begin
	if r.sent != nil {
		among = r.sent[name]
	}
	for _, one := range among {
		if one == value {
			return true
		}
	}
	return false
}
