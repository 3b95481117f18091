package web

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
)

func TestProblemOf(t *testing.T) {
	for kind, want := range map[fault.Kind]int{
		fault.Malformed: 400, fault.Invalid: 422, fault.Unauthenticated: 401, fault.Forbidden: 403, fault.NotFound: 404, fault.Conflict: 409,
		fault.Stale: 412, fault.TooLarge: 413, fault.TooMany: 429, fault.Unavailable: 503, fault.Internal: 500, "of tomorrow": 500,
	} {
		f := fault.Wrap(kind, errors.New("cause with a name in it"), "Said to the caller.")
		f.Fields, f.Allowed = []fault.Field{{Pointer: "/a", Code: "c", Detail: "d"}}, []string{"claim"}
		p := problemOf(fmt.Errorf("claim case 1: %w", fmt.Errorf("deeper: %w", f)))
		if p.Status != want || p.Title != http.StatusText(want) {
			t.Errorf("%s: %d %q, want %d", kind, p.Status, p.Title, want)
		}
		if whole := fmt.Sprintf("%+v", p); strings.Contains(whole, "cause") || strings.Contains(whole, "claim case") {
			t.Errorf("%s tells what is for the log: %s", kind, whole)
		}
		if want != 500 && (p.Detail != "Said to the caller." || len(p.Errors) != 1 || len(p.Allowed) != 1 || p.Type != "urn:doorstep:problem:"+string(kind)) {
			t.Errorf("%s: %+v", kind, p)
		}
	}
	for name, test := range map[string]struct {
		err  error
		want int
	}{
		"unforeseen":            {errors.New("pq: something about Maria"), 500},
		"no route":              {echo.ErrNotFound, 404},
		"no such method":        {fmt.Errorf("routing: %w", echo.ErrMethodNotAllowed), 405},
		"echo's own limit":      {echo.ErrStatusRequestEntityTooLarge, 413},
		"wrong content type":    {echo.NewHTTPError(415, "Send JSON."), 415},
		"echo's own 5xx":        {echo.NewHTTPError(502, "upstream said Maria"), 500},
		"a message of any type": {echo.NewHTTPError(400, errors.New("Maria")), 400},
	} {
		if p := problemOf(test.err); p.Status != test.want || strings.Contains(p.Detail, "Maria") || p.Title == "" {
			t.Errorf("%s: %+v", name, p)
		}
	}
}
