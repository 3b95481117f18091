package ui

import (
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"doorstep/accounts"
	"doorstep/auth"
	"doorstep/web/kit"
	"doorstep/web/static"
	"doorstep/web/words"
)

// Ground is what every page of a process shares.
type Ground struct {
	Static *static.Files
	Words  *words.Catalog
	Help   string // the telephone number of the help desk; empty when there is none
	Secure bool   // people reach us over https
	Demo   bool   // everybody is invented, and the door stands open

	Lines   string // numbers for somebody in danger beside 911 and 988, as people should read them
	LeaveTo string // where "Leave this page" leads
}

// NewGround reads the words and what pages load. Set the rest.
func NewGround() (*Ground, error) {
	files, err := static.Open()
	if err != nil {
		return nil, err
	}
	catalog, err := words.Load()
	return &Ground{Static: files, Words: catalog}, err
}

// Request is one request for a page: who asks, in which language and time zone, and what was said before. Components find it with Of.
type Request struct {
	Session accounts.Session // the zero Session on public pages
	Actor   auth.Actor
	Now     time.Time // business time
	Zone    *time.Location
	Lang    words.Lang

	c      echo.Context
	ground *Ground
	flash  *Flash
	errors Errors
	sent   url.Values // the fields as they came, when they are shown again
}

type requestKey struct{}

// Begin makes the Request of a page and puts it, with the words, into the request's context.
func Begin(c echo.Context, g *Ground, s accounts.Session) *Request {
	r := &Request{Session: s, Actor: s.Actor, Now: s.Now, Zone: time.UTC, c: c, ground: g}
	if r.Now.IsZero() {
		r.Now = time.Now().UTC() // nobody is signed in: only the copyright of a page could tell the difference
	}
	if zone, err := time.LoadLocation(s.Zone); err == nil {
		r.Zone = zone
	}
	r.Lang = language(c, g.Secure)
	r.flash = takeFlash(c, g.Secure)
	ctx := words.In(c.Request().Context(), g.Words, r.Lang)
	c.SetRequest(c.Request().WithContext(context.WithValue(ctx, requestKey{}, r)))
	return r
}

// Of is the Request of a component's context; an empty one where there is none.
func Of(ctx context.Context) *Request {
	if r, ok := ctx.Value(requestKey{}).(*Request); ok {
		return r
	}
	return &Request{Zone: time.UTC, ground: &Ground{}}
}

// Context is for calls of use cases.
func (r *Request) Context() context.Context { return r.c.Request().Context() }

// Echo is the request as the router has it, for what only it can do: streams, cookies.
func (r *Request) Echo() echo.Context { return r.c }

// Path is the address of this page, without its query.
func (r *Request) Path() string {
	if r.c == nil {
		return ""
	}
	return r.c.Request().URL.Path
}

// ID is the id in the path, of a thing called what.
func (r *Request) ID(what string) (uuid.UUID, error) { return kit.ID(r.c, what) }

// Param is a part of the path.
func (r *Request) Param(name string) string { return r.c.Param(name) }

// Query is the parameters of a list, of which only those in known may stand there. A form that is shown again has none.
func (r *Request) Query(known ...string) (map[string]string, error) {
	return kit.Query(r.c, append(known, "lang")...)
}

// Address is where the request comes from, for limits on guessing.
func (r *Request) Address() string { return r.c.RealIP() }

// T says a key. In templates words.T(ctx, ...) does the same.
func (r *Request) T(key string, args ...string) string {
	return r.ground.Words.Say(r.Lang, key, args...)
}

const langCookie = "lang"

// language is what ?lang= asks for, which the browser keeps, or what it kept. A page never guesses from where its reader lives.
func language(c echo.Context, secure bool) words.Lang {
	if asked, ok := words.Read(c.QueryParam("lang")); ok {
		SetCookie(c, langCookie, string(asked), 365*24*time.Hour, secure)
		return asked
	}
	if kept, ok := words.Read(Cookie(c, langCookie, secure)); ok {
		return kept
	}
	return words.English
}

// Local is path when it leads to a page of ours, else "/": nobody is sent elsewhere after signing in.
func Local(path string) string {
	u, err := url.Parse(path)
	if err != nil || u.IsAbs() || u.Host != "" || !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
