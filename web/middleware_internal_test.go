package web

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
)

// broken is a server whose only interesting route misbehaves.
func broken(log *bytes.Buffer, h echo.HandlerFunc) *Server {
	s := New(Options{Log: slog.New(slog.NewJSONHandler(log, nil)), Metrics: NewMetrics(func() sql.DBStats { return sql.DBStats{} }),
		Probes: Probes{Redact: error.Error}})
	s.echo.GET("/broken", h)
	return s
}

func TestWhatNobodyForesawIsAFixedSentence(t *testing.T) {
	for name, h := range map[string]echo.HandlerFunc{
		"a panic":               func(echo.Context) error { panic("Canary Person") },
		"a panic with an error": func(echo.Context) error { panic(errors.New("Canary Person")) },
	} {
		var log bytes.Buffer
		answer := httptest.NewRecorder()
		broken(&log, h).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/broken", nil))
		if answer.Code != 500 || strings.Contains(answer.Body.String(), "Canary") || strings.Contains(answer.Body.String(), ".go") {
			t.Errorf("%s: %d %s", name, answer.Code, answer.Body)
		}
		id := answer.Header().Get(echo.HeaderXRequestID)
		if strings.Contains(log.String(), "Canary") || strings.Count(log.String(), id) != 2 || !strings.Contains(answer.Body.String(), id) {
			t.Errorf("%s: log %s", name, log.String())
		}
	}
}

func TestRequestsEndInTime(t *testing.T) {
	var left time.Duration
	var log bytes.Buffer
	answer := httptest.NewRecorder()
	broken(&log, func(c echo.Context) error {
		until, _ := c.Request().Context().Deadline()
		left = time.Until(until)
		f := fault.Wrap(fault.Unavailable, context.DeadlineExceeded, "Try again.")
		f.RetryAfter = 1500 * time.Millisecond
		return f
	}).ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), "GET", "/broken", nil))
	if left <= 0 || left > handlerLimit {
		t.Errorf("a handler has %s", left)
	}
	if answer.Code != 503 || answer.Header().Get(echo.HeaderRetryAfter) != "2" {
		t.Errorf("%d, Retry-After %q", answer.Code, answer.Header().Get(echo.HeaderRetryAfter))
	}
}
