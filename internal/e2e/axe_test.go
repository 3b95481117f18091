package e2e_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/chromedp/chromedp"
)

// axeFile is where scripts/deps puts axe-core. It is a tool of tests under the MPL and no part of Doorstep.
const axeFile = "../../.cache/axe-core-4.14.1.js"

// violation is what axe says of a rule that a page breaks.
type violation struct {
	ID, Help string
	Nodes    []struct {
		Target []any
		HTML   string `json:"html"`
	}
}

// axe runs every rule for WCAG 2.2 AA and good practice on the page as it stands. The script comes in by the debugger, which the page's
// content policy does not bind.
func (b *tab) axe() (out []string) {
	b.t.Helper()
	source, err := os.ReadFile(axeFile)
	if errors.Is(err, fs.ErrNotExist) {
		b.t.Fatal("axe-core is missing: run scripts/deps, which fetches it with npm or says how.")
	}
	b.l.must(err)
	if there := get(b, chromedp.Evaluate[bool](`"axe" in window`)); !there {
		get(b, chromedp.Evaluate[int](string(source)+";0"))
	}
	found := get(b, chromedp.Evaluate[[]violation](`axe.run(document, {runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"], preload: false})
		.then(r => r.violations)`, chromedp.EvalAwaitPromise))
	for _, v := range found {
		text := v.ID + ": " + v.Help
		for _, n := range v.Nodes[:min(3, len(v.Nodes))] {
			text += fmt.Sprintf("\n    %v %s", n.Target, strings.TrimSpace(n.HTML[:min(200, len(n.HTML))]))
		}
		out = append(out, text)
	}
	return out
}
