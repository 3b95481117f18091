package e2e_test

import (
	"context"
	"os"
	"os/exec"
	"sync"
	"testing"

	"github.com/chromedp/chromedp"

	"doorstep/internal/dbtest"
)

func TestMain(m *testing.M) {
	code := dbtest.Main(m)
	chrome.stop()
	os.Exit(code)
}

// chrome is one browser for all tests of this process; each test has a profile of its own in it.
var chrome oneBrowser

type oneBrowser struct {
	once sync.Once
	ctx  context.Context
	end  []context.CancelFunc
	err  error
}

// find is where Debian, other distributions and macOS put the browser. The shell is the same Chromium without a desktop's window, which costs
// a third less time.
func find() string {
	for _, name := range []string{os.Getenv("CHROME"), "chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path
		}
	}
	return ""
}

func (b *oneBrowser) start(t *testing.T) context.Context {
	t.Helper()
	b.once.Do(func() {
		path := find()
		if path == "" {
			return
		}
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("force-color-profile", "srgb"),
			chromedp.Flag("hide-scrollbars", true),
			// One process for our one site, and none kept ready for the next: a fifth less time on two cores.
			chromedp.Flag("process-per-site", true), chromedp.Flag("disable-site-isolation-trials", true),
			chromedp.Flag("disable-features", "Translate,BlinkGenPropertyTrees,SpareRendererForSitePerProcess,BackForwardCache"))
		ctx, end := chromedp.NewExecAllocator(context.Background(), options...)
		b.end = append(b.end, end)
		b.ctx, end = chromedp.NewContext(ctx)
		b.end = append(b.end, end)
		b.err = chromedp.Do(b.ctx)
	})
	if b.ctx == nil {
		t.Fatal("Chromium is missing: run scripts/deps, which installs it or says how, or name one in CHROME.")
	}
	if b.err != nil {
		t.Fatalf("start Chromium: %v", b.err)
	}
	return b.ctx
}

func (b *oneBrowser) stop() {
	if b.ctx != nil {
		_ = chromedp.Cancel(b.ctx)
	}
	for i := len(b.end) - 1; i >= 0; i-- {
		b.end[i]()
	}
}
