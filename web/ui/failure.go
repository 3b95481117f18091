package ui

import (
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
	"doorstep/web/words"
)

// failure is an error as a page says it.
type failure struct {
	Status    int
	Message   string   // of the use case, where it helps: who was first, what is allowed
	Changed   []string // of a stale form: what happened since
	Again     string   // where to read it anew
	Reference string   // the request's id, which also stands in the log
}

// word is the part of the catalog that fits.
func (f failure) word() string {
	switch f.Status {
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusNotFound, http.StatusMethodNotAllowed:
		return "not_found"
	case http.StatusConflict:
		return "conflict"
	case http.StatusPreconditionFailed:
		return "stale"
	case http.StatusServiceUnavailable, http.StatusTooManyRequests:
		return "busy"
	}
	if f.Status < http.StatusInternalServerError {
		return "refused"
	}
	return "internal"
}

// Fail answers a request for a page with its error. status is what web's map says of it; a person who is not signed in goes to the door, and
// comes back to where they were.
func Fail(c echo.Context, status int, err error, reference string) error {
	r := Of(c.Request().Context())
	if status == http.StatusUnauthorized {
		return r.toDoor()
	}
	f := failure{Status: status, Reference: reference}
	var known *fault.Error
	if errors.As(err, &known) {
		switch known.Kind {
		case fault.NotFound, fault.Conflict, fault.Stale, fault.Malformed, fault.Invalid, fault.TooMany, fault.Forbidden:
			f.Message = r.InZone(known.Message)
		}
		if known.Kind == fault.Conflict && len(known.Allowed) > 0 { // a move in the words of the API says nothing to a person
			f.Message = r.T("failure.moved_on")
		}
		for _, field := range known.Fields {
			f.Changed = append(f.Changed, r.inWords(r.InZone(field.Detail)))
		}
		if known.Kind == fault.Conflict || known.Kind == fault.Stale {
			f.Again = r.back()
		}
	}
	return r.answer(status, Body{Title: words.Code(r.Context(), "failure", f.word()+"_title"), Public: !r.Session.Open(), Family: r.forFamily(), Content: failed(f)})
}

// moment is how use cases write one: for programs, in UTC.
const moment = "2006-01-02 15:04 MST"

var moments = regexp.MustCompile(`\d{4}-\d{2}-\d{2} \d{2}:\d{2} UTC`)

// InZone says the moments of a sentence as the reader's clock does.
func (r *Request) InZone(text string) string {
	return moments.ReplaceAllStringFunc(text, func(s string) string {
		at, err := time.Parse(moment, s)
		if err != nil {
			return s
		}
		return When(r.Context(), at)
	})
}

// inWords says a move that came between ("complete, by somebody ...") as the case page does.
func (r *Request) inWords(text string) string {
	what, rest, is := strings.Cut(text, ", by ")
	if !is {
		return text
	}
	action, fields, _ := strings.Cut(what, " (")
	if fields != "" {
		fields = " (" + fields
	}
	return words.Code(r.Context(), "action", action) + fields + " · " + rest
}

// back is the page from which a form was sent: the one that the browser names when it is ours, or the form's own address.
func (r *Request) back() string {
	from, err := url.Parse(r.c.Request().Referer())
	if err == nil && from.Host == r.c.Request().Host && from.Path != "" {
		return Local(from.Path)
	}
	return r.Path()
}

// toDoor leads to the sign-in page, or to the step on the way in that is still open. A form that was sent without a session is lost; its page is not.
func (r *Request) toDoor() error {
	next := r.c.Request().URL.RequestURI()
	if r.c.Request().Method != http.MethodGet {
		next = r.back()
	}
	to := "/sign-in"
	switch {
	case r.Session.AwaitsCode:
		to = "/sign-in/code"
	case r.Session.ID != uuid.Nil && !r.Session.Open():
		to = "/sign-in/role"
	default:
		r.Keep("")
	}
	if Local(next) != "/" {
		to += "?next=" + url.QueryEscape(Local(next))
	}
	if r.c.Request().Header.Get("HX-Request") != "" { // the whole page, not a part of it
		r.c.Response().Header().Set("HX-Redirect", to)
		return r.c.NoContent(http.StatusNoContent)
	}
	return r.c.Redirect(http.StatusSeeOther, to)
}

// forFamily: an error on a family's page is one, too.
func (r *Request) forFamily() bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(r.Path(), "/"), "/")
	return !r.Session.Open() && slices.Contains([]string{"start", "c", "wrong", "leave"}, first)
}
