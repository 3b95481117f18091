package web

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"regexp"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
	"doorstep/web/kit"
)

// handlerLimit is how long a request may work. It is longer than a statement (5 s) and shorter than a client's patience.
const handlerLimit = 8 * time.Second

const (
	requestKey = "web.request"
	routeKey   = "web.route"
)

func requestID(c echo.Context) string {
	id, _ := c.Get(requestKey).(string)
	return id
}

// pattern is the route as written in routes.go: what logs and metrics show in place of the address, which holds ids.
func pattern(c echo.Context) string {
	if p, ok := c.Get(routeKey).(string); ok {
		return p
	}
	return "unmatched"
}

// observe is the outermost: it names the request, turns whatever comes back into an answer, and writes one line about it.
// An id that the caller sends is not taken over: it could carry anything into our log.
func (s *Server) observe(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		begun := time.Now()
		id := uuid.NewString()
		c.Set(requestKey, id)
		c.Response().Header().Set(echo.HeaderXRequestID, id)
		s.o.Metrics.running.Inc()
		defer s.o.Metrics.running.Dec()
		if err := rescue(next, c); err != nil {
			s.fail(c, err)
		}
		took, status, level := time.Since(begun), c.Response().Status, slog.LevelInfo
		s.o.Metrics.observe(methodLabel(c), pattern(c), status, took)
		if kit.Actor(c).Kind == "" && status < http.StatusBadRequest {
			level = slog.LevelDebug // probes, every few seconds
		}
		s.o.Log.Log(c.Request().Context(), level, "request", "request", id, "method", methodLabel(c), "route", pattern(c), "status", status,
			"ms", took.Milliseconds(), "bytes", c.Response().Size, "ip", c.RealIP(), "actor", kit.Actor(c))
		return nil
	}
}

// methodLabel: a method of the caller's invention must not become a label of its own.
func methodLabel(c echo.Context) string {
	if pattern(c) == "unmatched" {
		return "any"
	}
	return c.Request().Method
}

// rescue makes a panic an error like any other nobody foresaw. Its value may hold client data, its stack holds none.
func rescue(next echo.HandlerFunc, c echo.Context) (err error) {
	defer func() {
		if recover() != nil {
			err = fmt.Errorf("panic: %s", debug.Stack())
		}
	}()
	return next(c)
}

// protect sets what every answer carries, and ends the request in time.
func protect(next echo.HandlerFunc) echo.HandlerFunc {
	origin := http.NewCrossOriginProtection()
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set(echo.HeaderXContentTypeOptions, "nosniff")
		h.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'")
		h.Set(echo.HeaderReferrerPolicy, "no-referrer")
		h.Set(echo.HeaderStrictTransportSecurity, "max-age=31536000; includeSubDomains")
		if err := origin.Check(c.Request()); err != nil {
			return fault.New(fault.Forbidden, "This request comes from a page of another site.")
		}
		ctx, cancel := context.WithTimeout(c.Request().Context(), handlerLimit)
		defer cancel()
		c.SetRequest(c.Request().WithContext(ctx))
		return next(c)
	}
}

// aKey is the public half of an API key, as accounts writes it.
var aKey = regexp.MustCompile(`ds_[0-9a-f]{16}_`)

// refuseKeyInURL: an address ends up in proxies' logs and histories, so a key that was sent in one is lost, whether it
// would open or not. Saying so at once is the only way that its holder learns it.
func refuseKeyInURL(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		address := c.Request().RequestURI
		plain, err := url.PathUnescape(address)
		if err != nil {
			plain = address
		}
		if aKey.MatchString(address) || aKey.MatchString(plain) {
			return fault.New(fault.Malformed, "An API key stands in this address, where logs keep it. Have it revoked, and send the new one in the header Authorization: Bearer.")
		}
		return next(c)
	}
}

// enter lets in who may: it authenticates, then asks for the route's permission, before a byte of the body is read.
func (s *Server) enter(r Route, next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Set(routeKey, r.Path)
		if r.Kind == Public {
			return next(c)
		}
		ctx := c.Request().Context()
		actor, err := s.o.Accounts.Authenticate(ctx, bearer(c.Request()))
		if err != nil {
			return err
		}
		kit.SetActor(c, actor)
		if err := actor.Require(r.Permission); err != nil {
			s.o.Refused(ctx, actor, r.Permission)
			return err
		}
		return next(c)
	}
}

// bearer is the key that was presented, or "" when it was not presented in the one way that we take.
func bearer(r *http.Request) string {
	shown := r.Header.Values(echo.HeaderAuthorization)
	if len(shown) != 1 {
		return ""
	}
	scheme, key, _ := strings.Cut(shown[0], " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return key
}

// addressOf tells the caller's address from what proxies claim. Only a proxy that was named is believed: echo's default
// takes any X-Forwarded-For that anybody sends.
func addressOf(proxies []netip.Prefix) echo.IPExtractor {
	if len(proxies) == 0 {
		return echo.ExtractIPDirect()
	}
	trust := []echo.TrustOption{echo.TrustLoopback(false), echo.TrustLinkLocal(false), echo.TrustPrivateNet(false)}
	for _, p := range proxies {
		trust = append(trust, echo.TrustIPRange(&net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}))
	}
	return echo.ExtractIPFromXFFHeader(trust...)
}
