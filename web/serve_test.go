package web_test

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"doorstep/web"
)

// A stop takes no new connection and lets what runs end: the answer that somebody waits for arrives whole.
func TestStopLetsRunningRequestsEnd(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running, goOn := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		close(running)
		<-goOn
		if r.Context().Err() != nil {
			t.Error("the stop canceled a running request")
		}
		_, _ = io.WriteString(rw, "whole")
	})
	ctx, stop := context.WithCancel(t.Context())
	served, answered := make(chan error, 1), make(chan string, 1)
	go func() { served <- web.Serve(ctx, l, handler, slog.New(slog.DiscardHandler)) }()
	go func() {
		answer, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer func() { _ = answer.Body.Close() }()
		text, _ := io.ReadAll(answer.Body)
		answered <- string(text)
	}()
	<-running
	stop()
	// The listener closes before Serve waits for what runs, so a refused connection shows that the stop has begun.
	for {
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	close(goOn)
	if got := <-answered; got != "whole" {
		t.Errorf("the running request got %q", got)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve: %v", err)
	}
}

func TestProbes(t *testing.T) {
	var database, redis error
	p := web.Probes{Log: slog.New(slog.DiscardHandler), Redact: error.Error,
		Database: func(context.Context) error { return database }, Redis: func(context.Context) error { return redis }}
	h := web.Aside(web.NewMetrics(noPool), p)
	ask := func(path string) string {
		answer := httptest.NewRecorder()
		h.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", path, nil))
		return http.StatusText(answer.Code) + " " + strings.TrimSpace(answer.Body.String())
	}
	expect := func(path, want string) {
		t.Helper()
		if got := ask(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	expect("/readyz", `OK {"database":"ok","redis":"ok","status":"ready"}`)
	redis = errors.New("dial tcp 10.0.0.7: refused")
	expect("/readyz", `OK {"database":"ok","redis":"degraded","status":"ready"}`)
	database = errors.New("dial tcp 10.0.0.8: refused")
	expect("/readyz", `Service Unavailable {"database":"away or not migrated","redis":"degraded","status":"not ready"}`)
	expect("/livez", `OK {"status":"alive"}`)
}
