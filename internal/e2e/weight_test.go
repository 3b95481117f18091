package e2e_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"doorstep/auth"
	"doorstep/internal/dbtest/seed"
	"doorstep/web"
)

// TestPageWeight prints what each page without an id in its address costs: bytes and requests of a first visit, bytes of the next, and the
// server's time. It is a measurement, run by `make pages`. Aims: a first visit at most 100 kB (public pages 70 kB) in 10 requests, the next 15 kB.
func TestPageWeight(t *testing.T) {
	if env("PAGES") == "" {
		t.Skip("a measurement: make pages")
	}
	l := newLab(t)
	for i := range 30 {
		id := l.refer(nil)
		if i < 3 {
			l.offer(id)
			l.claim(id)
		}
	}
	fmt.Printf("%-34s %-20s %9s %9s %9s %10s %10s\n", "page", "seen by", "first kB", "requests", "next kB", "median ms", "p95 ms")
	for _, r := range l.app.Routes() {
		if !r.Page || r.Method != http.MethodGet || strings.ContainsAny(r.Path, ":*.") || strings.HasSuffix(r.Path, "/file") || strings.HasSuffix(r.Path, "/leave") { // saves a file, or leads away
			continue
		}
		who, role := l.whoSees(r)
		if role == "" && r.Kind != web.Public && r.Kind != web.Door {
			t.Errorf("nobody may see %s", r.Path)
			continue
		}
		b := l.browser()
		if role != "" {
			b.as(who)
		}
		first, requests := b.weigh(r.Path)
		next, _ := b.weigh(r.Path)
		times := l.times(r.Path, who, role, 20)
		fmt.Printf("%-34s %-20s %9.1f %9d %9.1f %10.1f %10.1f\n", r.Path, role, first, requests, next, times[len(times)/2], times[len(times)*95/100])
	}
}

// whoSees is a person who may, of the organization where such people work.
func (l *lab) whoSees(r web.Route) (auth.Actor, auth.Role) {
	if r.Kind == web.Public || r.Kind == web.Door {
		return auth.Actor{}, ""
	}
	for _, at := range []struct {
		org  seed.Org
		role auth.Role
	}{{l.net.Hospital, auth.Referrer}, {l.net.Agencies[0], auth.AgencyManager}, {l.net.Hub, auth.TriageSupervisor}, {l.net.Hub, auth.ProgramManager},
		{l.net.Hub, auth.Administrator}, {l.net.Hub, auth.PrivacyOfficer}} {
		if r.Permission == "" || auth.May(at.role, r.Permission) {
			return l.seed.User(at.org, at.role), at.role
		}
	}
	return auth.Actor{}, ""
}

// weigh opens a page and adds up what came over the wire, in kB.
func (b *tab) weigh(path string) (kB float64, requests int) {
	b.t.Helper()
	call(b, network.Enable, network.EnableParams{})
	var mu sync.Mutex
	done := chromedp.Events(b.ctx, network.LoadingFinished)
	go func() {
		for e, err := range done {
			if err != nil {
				return
			}
			mu.Lock()
			kB += e.EncodedDataLength / 1000
			requests++
			mu.Unlock()
		}
	}()
	b.visit(path)
	b.settle()
	call(b, network.Disable, cdp.Empty{})
	mu.Lock()
	defer mu.Unlock()
	return kB, requests
}

// times are those of n requests by a program that holds a session, in milliseconds, sorted.
func (l *lab) times(path string, who auth.Actor, role auth.Role, n int) (ms []float64) {
	l.t.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	cookie := ""
	if role != "" {
		ticket, err := l.demo.SignIn(l.t.Context(), who.ID, who.OrgID, role)
		l.must(err)
		cookie = "doorstep=" + ticket.Token
	}
	for range n {
		q, err := http.NewRequestWithContext(l.t.Context(), http.MethodGet, l.url+path, nil)
		l.must(err)
		q.Header.Set("Cookie", cookie)
		began := time.Now()
		answer, err := client.Do(q)
		l.must(err)
		_, err = io.Copy(io.Discard, answer.Body)
		l.must(err)
		_ = answer.Body.Close()
		ms = append(ms, float64(time.Since(began).Microseconds())/1000)
	}
	slices.Sort(ms)
	return ms
}
