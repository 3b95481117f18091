package e2e_test

import (
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"doorstep/auth"
)

// What the script adds: the summary of errors has the focus, j and k walk through a list unless switched off, and a button cannot send twice.
func TestWhatTheScriptAdds(t *testing.T) {
	t.Parallel()
	l := newLab(t)
	l.refer(nil)
	l.refer(nil)
	b := l.browser()
	focus := func() string {
		return get(b, chromedp.Evaluate[string](`document.activeElement.className + " " + document.activeElement.textContent.slice(0, 9)`))
	}
	b.visit("/sign-in")
	b.press("Sign in")
	if at := focus(); at != "ds-summary Something" {
		t.Errorf("after an error the focus is on %q", at)
	}
	b.as(l.seed.User(l.net.Hub, auth.TriageCoordinator)).visit("/cases")
	row := func() string {
		return get(b, chromedp.Evaluate[string](`Array.from(document.querySelectorAll("tr[data-row]")).findIndex(r => r.hasAttribute("aria-current")) + ""`))
	}
	for _, step := range []struct{ key, want string }{{"j", "0"}, {"j", "1"}, {"j", "1"}, {"k", "0"}} {
		b.run(chromedp.KeyEvent(step.key))
		if got := row(); got != step.want {
			t.Errorf("after %s the row is %s, not %s", step.key, got, step.want)
		}
	}
	b.run(chromedp.Click(chromedp.CSS("[data-keys]")))
	b.run(chromedp.KeyEvent("j"))
	if got := row(); got != "0" {
		t.Errorf("keys are switched off and walk to row %s", got)
	}
	if pressed := get(b, chromedp.Evaluate[string](`document.querySelector("[data-keys]").getAttribute("aria-pressed")`)); pressed != "false" {
		t.Errorf("the switch says %s", pressed)
	}
	b.run(chromedp.Click(chromedp.CSS("[data-keys]")), chromedp.KeyEvent("k"))
	b.run(chromedp.KeyEvent(kb.Enter), chromedp.WaitReady(chromedp.CSS(".ds-safety")))
	b.sees("How to reach her safely")
	if kept := get(b, chromedp.Evaluate[string](`Object.keys(sessionStorage).join()`)); kept != "" && kept != "htmx-current-path-for-history" {
		t.Errorf("the browser keeps %s", kept) // an address is in its history anyway; a page must not be
	}
}
