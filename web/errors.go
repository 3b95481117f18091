package web

import (
	"errors"
	"math"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/internal/fault"
	"doorstep/web/kit"
	"doorstep/web/ui"
)

// status is the one map from kinds of fault to HTTP.
func status(k fault.Kind) int {
	switch k {
	case fault.Malformed:
		return http.StatusBadRequest
	case fault.Invalid:
		return http.StatusUnprocessableEntity
	case fault.Unauthenticated:
		return http.StatusUnauthorized
	case fault.Forbidden:
		return http.StatusForbidden
	case fault.NotFound:
		return http.StatusNotFound
	case fault.Conflict:
		return http.StatusConflict
	case fault.Stale:
		return http.StatusPreconditionFailed
	case fault.TooLarge:
		return http.StatusRequestEntityTooLarge
	case fault.TooMany:
		return http.StatusTooManyRequests
	case fault.Unavailable:
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

// problem is an error as RFC 9457 has it. Type and the codes are stable words for programs, the rest is for people.
type problem struct {
	Type     string        `json:"type"`
	Title    string        `json:"title"`
	Status   int           `json:"status"`
	Detail   string        `json:"detail"`
	Instance string        `json:"instance"`          // the request's id, which also stands in the log
	Errors   []fault.Field `json:"errors,omitempty"`  // every field that needs a correction
	Allowed  []string      `json:"allowed,omitempty"` // what may be done with the case instead
}

// problemOf says what may be said of err. Only a fault's own sentence reaches the caller; of an error that nobody foresaw,
// nothing does.
func problemOf(err error) problem {
	var known *fault.Error
	var routed *echo.HTTPError // echo's own refusals; its default handler would not unwrap ours
	switch {
	case errors.As(err, &known) && status(known.Kind) != http.StatusInternalServerError:
		code := status(known.Kind)
		return problem{Type: "urn:doorstep:problem:" + string(known.Kind), Title: http.StatusText(code), Status: code,
			Detail: known.Message, Errors: known.Fields, Allowed: known.Allowed}
	case errors.As(err, &routed) && routed.Code >= 400 && routed.Code < 500:
		return problem{Type: "about:blank", Title: http.StatusText(routed.Code), Status: routed.Code, Detail: sentence(routed)}
	}
	return problem{Type: "urn:doorstep:problem:" + string(fault.Internal), Title: http.StatusText(http.StatusInternalServerError),
		Status: http.StatusInternalServerError, Detail: "Something went wrong here. Try again with the same Idempotency-Key; if it happens again, tell us the id in \"instance\"."}
}

func sentence(routed *echo.HTTPError) string {
	switch routed.Code {
	case http.StatusNotFound:
		return "There is nothing at this address."
	case http.StatusMethodNotAllowed:
		return "This address does not take that method."
	}
	text, _ := routed.Message.(string)
	return text
}

// fail answers a request with its error and logs what a person must look at.
func (s *Server) fail(c echo.Context, err error) {
	p := problemOf(err)
	p.Instance = "urn:uuid:" + requestID(c)
	if p.Status >= http.StatusInternalServerError {
		s.o.Log.ErrorContext(c.Request().Context(), "request failed", "request", requestID(c), "route", pattern(c), "error", s.o.Probes.Redact(err))
	}
	if c.Response().Committed {
		return
	}
	h := c.Response().Header()
	var known *fault.Error
	if errors.As(err, &known) && known.RetryAfter > 0 {
		h.Set(echo.HeaderRetryAfter, strconv.Itoa(int(math.Ceil(known.RetryAfter.Seconds()))))
	}
	if s.o.Ground != nil && forPage(c) {
		s.failPage(c, p, err)
		return
	}
	if p.Status == http.StatusUnauthorized {
		h.Set(echo.HeaderWWWAuthenticate, `Bearer realm="doorstep"`)
	}
	if err := kit.Problem(c, p.Status, p); err != nil {
		s.o.Log.WarnContext(c.Request().Context(), "the answer did not leave", "request", requestID(c))
	}
}

// failPage is fail for people.
func (s *Server) failPage(c echo.Context, p problem, err error) {
	if _, begun := c.Get(pageKey).(bool); !begun {
		ui.Begin(c, s.o.Ground, accounts.Session{})
	}
	if err := ui.Fail(c, p.Status, err, requestID(c)); err != nil {
		s.o.Log.WarnContext(c.Request().Context(), "the answer did not leave", "request", requestID(c), "error", s.o.Probes.Redact(err))
	}
}
