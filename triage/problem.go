package triage

import (
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with a rule pack, placed so that its author finds
// it. RuleID is empty when the fault is of the file.
type Problem struct {
	File    string `json:"file"`
	Line    int    `json:"line"` // 1-based, 0 when the fault has no line
	RuleID  string `json:"rule_id,omitempty"`
	Message string `json:"message"`
}

func (p Problem) String() string {
	if p.RuleID == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
	}
	return fmt.Sprintf("%s:%d: rule %s: %s", p.File, p.Line, p.RuleID, p.Message)
}

// Problems is the error of Compile: everything wrong at once, in file and line
// order. Get it back with errors.As.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	return "rule pack refused:\n" + strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return slices.Compact(ps)
}
