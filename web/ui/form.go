package ui

import (
	"context"
	"strconv"
	"strings"
)

// FieldID is the id of a field in its page. The first option of a question carries the question's, so that a summary can lead there.
func FieldID(name string) string { return "f-" + strings.ReplaceAll(name, ".", "-") }

func optionID(name string, i int) string {
	if i == 0 {
		return FieldID(name)
	}
	return FieldID(name) + "-" + strconv.Itoa(i)
}

func actionOf(ctx context.Context, f FormTag) string {
	if f.Action != "" {
		return f.Action
	}
	return Of(ctx).Path()
}

func groupClass(ctx context.Context, name string) string {
	if WrongOf(ctx, name) != "" {
		return "usa-form-group usa-form-group--error"
	}
	return "usa-form-group"
}

func described(ctx context.Context, name, hint string) string {
	var ids []string
	if hint != "" {
		ids = append(ids, FieldID(name)+"-hint")
	}
	if WrongOf(ctx, name) != "" {
		ids = append(ids, FieldID(name)+"-error")
	}
	return strings.Join(ids, " ")
}

func kindOf(f Field) string {
	if f.Kind == "" {
		return "text"
	}
	return f.Kind
}
