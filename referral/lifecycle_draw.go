package referral

import (
	"fmt"
	"strings"
)

// LifecycleMarkdown draws the table of moves as a page: a diagram and one row a move. docs/lifecycle.md is its output.
func LifecycleMarkdown() string {
	var b strings.Builder
	b.WriteString("# The life of a case\n\nDrawn by `doorstep lifecycle > docs/lifecycle.md` from the table in `referral/lifecycle.go`. " +
		"What is absent is forbidden.\n\n```mermaid\nstateDiagram-v2\n")
	for _, a := range table() {
		if a.from == nil {
			fmt.Fprintf(&b, "    [*] --> %s: %s\n", a.to[0], a.action)
		}
		for _, from := range a.from {
			for _, to := range a.to {
				if from != to {
					fmt.Fprintf(&b, "    %s --> %s: %s\n", from, to, a.action)
				}
			}
		}
	}
	b.WriteString("    closed --> [*]\n```\n\n| action | from | to | may be undone |\n|---|---|---|---|\n")
	for _, a := range table() {
		from, to := "(none)", "(stays)"
		if a.from != nil {
			from = join(a.from)
		}
		if a.to != nil {
			to = join(a.to)
		}
		undo := ""
		if a.undoable {
			undo = fmt.Sprintf("%.0f minutes, same person, newest move", UndoWindow.Minutes())
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", a.action, from, to, undo)
	}
	return b.String()
}

func join(statuses []Status) string {
	words := make([]string, len(statuses))
	for i, s := range statuses {
		words[i] = string(s)
	}
	return strings.Join(words, ", ")
}
