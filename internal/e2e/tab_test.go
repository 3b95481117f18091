package e2e_test

import (
	"context"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"doorstep/auth"
)

func env(name string) string { return os.Getenv(name) }

// The widths at which each page is looked at: a small phone, and a desk.
const (
	phone = 320
	desk  = 1280
)

// patience is how long one step may take on a busy machine.
const patience = 15 * time.Second

// tab is one browser profile with one page open.
type tab struct {
	t   *testing.T
	l   *lab
	ctx context.Context

	mu       sync.Mutex
	problems []string // what the browser complained about
	scripts  bool
	pressed  int // clicks and single keys so far
}

// browser opens a fresh profile.
func (l *lab) browser() *tab {
	l.t.Helper()
	ctx, end := chromedp.NewContext(chrome.start(l.t), chromedp.WithNewBrowserContext())
	l.t.Cleanup(end)
	l.must(chromedp.Do(ctx)) // opens the tab, which lives as long as this context
	b := &tab{t: l.t, l: l, ctx: ctx, scripts: true}
	call(b, log.Enable, cdp.Empty{})
	b.width(desk, 900)
	entries := chromedp.Events(ctx, log.EntryAdded)
	go b.listen(entries)
	l.t.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, p := range b.problems {
			l.t.Errorf("the browser complained: %s", p)
		}
		if strings.Contains(l.log.String(), "a browser refused what a page asked for") {
			l.t.Error("the browser reported a breach of the content policy")
		}
	})
	return b
}

// listen keeps what the browser complains about. That a page answered 404 or 422 is no complaint.
func (b *tab) listen(entries iter.Seq2[log.EventEntryAdded, error]) {
	for e, err := range entries {
		if err != nil {
			return
		}
		if e.Entry.Level == log.EntryLevelError && !strings.Contains(e.Entry.Text, "Failed to load resource") {
			b.mu.Lock()
			b.problems = append(b.problems, e.Entry.Text)
			b.mu.Unlock()
		}
	}
}

func (b *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
}

// get is one action with its answer.
func get[R any](b *tab, action chromedp.Action[R]) R {
	b.t.Helper()
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	answer, err := chromedp.Run(ctx, action)
	if err != nil {
		b.t.Fatalf("in the browser: %v", err)
	}
	return answer
}

// call is one command of the debugger.
func call[P any](b *tab, command cdp.Command[P, cdp.Empty], params P) {
	b.t.Helper()
	b.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, command, params)
		return err
	}))
}

// width sets the size of the window in CSS pixels.
func (b *tab) width(w, h int64) {
	b.t.Helper()
	call(b, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w, Height: h, DeviceScaleFactor: 1, Mobile: w < 640})
}

// as gives the browser a session of this person, as the demo's door does.
func (b *tab) as(who auth.Actor) *tab {
	b.t.Helper()
	ticket, err := b.l.demo.SignIn(b.t.Context(), who.ID, who.OrgID, who.Role)
	b.l.must(err)
	call(b, network.SetCookie, network.SetCookieParams{Name: "doorstep", Value: ticket.Token, URL: b.l.url, SameSite: network.CookieSameSiteLax})
	return b
}

// noScript switches JavaScript off, for journeys that must work without.
func (b *tab) noScript() *tab {
	b.t.Helper()
	call(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.scripts = false
	return b
}

// visit opens a page of ours and waits until it stands.
func (b *tab) visit(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate(b.l.url+path), chromedp.WaitReady(chromedp.CSS("#main")))
}

// fill types into the field of that name, replacing what stands there.
func (b *tab) fill(name, text string) {
	b.t.Helper()
	selector := chromedp.CSS(fmt.Sprintf(`[name=%q]`, name))
	b.run(chromedp.Clear(selector), chromedp.SendKeys(selector, text))
}

// press clicks a button or link by its words, once, and waits until another page, or another middle of this one, stands.
func (b *tab) press(words string) {
	b.t.Helper()
	b.pressed++
	at := fmt.Sprintf(`//main//*[self::button or self::a][contains(normalize-space(.), %q)] | //header//*[self::button or self::a][contains(normalize-space(.), %q)]`, words, words)
	get(b, chromedp.Evaluate[string](`document.querySelector("#main").dataset.old = "yes"`))
	ctx, stop := context.WithTimeout(b.ctx, patience)
	defer stop()
	if err := chromedp.Do(ctx, chromedp.Click(at)); err != nil {
		b.t.Fatalf("there is no %q to press: %v", words, err)
	}
	if err := chromedp.Do(ctx, chromedp.WaitReady(chromedp.CSS("#main:not([data-old])"))); err != nil {
		b.t.Fatalf("nothing came of pressing %q: %v", words, err)
	}
	b.settle()
}

// settle waits for styles, fonts and scripts: what is clicked before would move away.
func (b *tab) settle() {
	b.t.Helper()
	if b.scripts {
		get(b, chromedp.Evaluate[bool](`new Promise(done => document.readyState === "complete" ? done(true) : addEventListener("load", () => done(true)))`, chromedp.EvalAwaitPromise))
	}
}

// text is what a reader sees in the page's middle.
func (b *tab) text() string {
	b.t.Helper()
	return get(b, chromedp.Text(chromedp.CSS("main")))
}

// sees demands words in the page's middle.
func (b *tab) sees(words ...string) {
	b.t.Helper()
	shown := b.text()
	for _, w := range words {
		if !strings.Contains(shown, w) {
			b.t.Errorf("the page does not say %q. It says:\n%s", w, shown)
		}
	}
}

// path is the address of the page.
func (b *tab) path() string {
	b.t.Helper()
	return strings.TrimPrefix(get(b, chromedp.Location()), b.l.url)
}

// state is check for a page that is looked at in another state already: the short form leaves it out.
func (b *tab) state(name string) {
	b.t.Helper()
	if full() || env("SHOTS") != "" {
		b.check(name)
	}
}

// check looks at the page as it stands on a phone and on a desk: axe, no sideways scroll, and a picture when SHOTS names a folder. The short form
// asks axe on the phone only, where everything stands below one another.
func (b *tab) check(name string) {
	b.t.Helper()
	for _, width := range []int64{phone, desk} {
		b.width(width, 900)
		if wide := get(b, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`)); wide > width {
			b.t.Errorf("%s at %d px scrolls sideways: it is %d px wide", name, width, wide)
		}
		if width == phone || full() {
			for _, v := range b.axe() {
				b.t.Errorf("%s at %d px: %s", name, width, v)
			}
		}
		b.shoot(fmt.Sprintf("%s-%d.png", name, width))
	}
}

func (b *tab) shoot(file string) {
	b.t.Helper()
	folder := env("SHOTS")
	if folder == "" {
		return
	}
	picture := get(b, chromedp.FullScreenshot(100))
	b.l.must(os.MkdirAll(folder, 0o750))
	b.l.must(os.WriteFile(filepath.Join(folder, file), picture, 0o600))
}

// inView demands that the main thing to press is seen without scrolling on a phone.
func (b *tab) inView(selector string) {
	b.t.Helper()
	b.width(phone, 640)
	seen := get(b, chromedp.Evaluate[bool](fmt.Sprintf(`(() => { const r = document.querySelector(%q).getBoundingClientRect();
		return r.width > 0 && r.left >= 0 && r.right <= innerWidth && r.top >= 0 && r.bottom <= innerHeight })()`, selector)))
	if !seen {
		b.t.Errorf("%s is not in view on a phone", selector)
	}
}
