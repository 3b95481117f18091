package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/audit"
	"doorstep/auth"
	"doorstep/messages"
	"doorstep/providers"
	"doorstep/referral"
	"doorstep/report"
	"doorstep/rulebook"
	"doorstep/web/ui"
)

// Options is what API and pages are made of.
type Options struct {
	Accounts  *accounts.Service
	Providers *providers.Service
	Referrals *referral.Service
	Reports   *report.Service
	Rules     *rulebook.Service
	Messages  *messages.Service
	History   *audit.Service
	Ground    *ui.Ground
	Demo      *accounts.Demo // nil but in the demo and in browser tests: a door without a lock

	Log     *slog.Logger
	Metrics *Metrics
	Probes  Probes
	Proxies []netip.Prefix // reverse proxies whose X-Forwarded-For is believed

	// WithKey puts an idempotency key where the use cases look for it; the function it returns tells, once the use case has
	// ended, whether an earlier answer was given again.
	WithKey func(ctx context.Context, route, key string, bodyHash []byte) (context.Context, func() bool)
	// Refused notes for the history that somebody asked for what their role may not.
	Refused func(ctx context.Context, actor auth.Actor, p auth.Permission)
}

// Server is the API and the pages.
type Server struct {
	o    Options
	echo *echo.Echo
}

// New builds both. It listens to nothing yet.
func New(o Options) *Server {
	s := &Server{o: o, echo: echo.New()}
	s.echo.IPExtractor = addressOf(o.Proxies)
	s.echo.HTTPErrorHandler = func(err error, c echo.Context) { s.fail(c, err) }
	s.echo.Use(s.observe, protect, refuseKeyInURL)
	for _, r := range o.Routes() {
		enter := s.enter
		if r.Page {
			enter = s.enterPage
		}
		s.echo.Add(r.Method, r.Path, enter(r, s.once(r, r.Handler)))
	}
	return s
}

// ServeHTTP makes the server a handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.echo.ServeHTTP(w, r) }

// drain is how long running requests may take to end after a stop was asked for.
const drain = 20 * time.Second

// Serve answers on l until ctx ends, then takes no new connection and lets running requests end. An error means that it
// could not serve, or that requests were cut off.
func Serve(ctx context.Context, l net.Listener, h http.Handler, log *slog.Logger) error {
	srv := &http.Server{
		Handler:           h,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      20 * time.Second,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- srv.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	// Requests do not inherit ctx: a stop must not cancel what is being written.
	draining, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := srv.Shutdown(draining); err != nil {
		return errors.Join(fmt.Errorf("requests were still running %s after the stop and were cut off: %w", drain, err), srv.Close())
	}
	return nil
}
