package ui

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// name carries the prefix with which browsers refuse a cookie that another host or an unencrypted page planted. Demo and tests
// speak plain http, where browsers know no such prefix.
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// SetCookie keeps a value in the browser, out of reach of scripts; life 0 until the browser is closed, below 0 not at all.
func SetCookie(c echo.Context, name, value string, life time.Duration, secure bool) {
	age := int(life.Seconds())
	if life < 0 {
		age = -1
	}
	c.SetCookie(&http.Cookie{Name: cookieName(name, secure), Value: value, Path: "/", MaxAge: age, //nolint:gosec // Secure is off where BASE_URL is http
		Secure: secure, HttpOnly: true, SameSite: http.SameSiteLaxMode})
}

// Cookie is what SetCookie kept, or "".
func Cookie(c echo.Context, name string, secure bool) string {
	kept, err := c.Cookie(cookieName(name, secure))
	if err != nil {
		return ""
	}
	return kept.Value
}

const sessionCookie = "doorstep"

// Token is the session's token that the browser sent, or "".
func Token(c echo.Context, secure bool) string { return Cookie(c, sessionCookie, secure) }

// Keep gives the browser the token of its session; "" takes it back. The cookie ends with the browser, the session by itself.
func (r *Request) Keep(token string) {
	life := time.Duration(0)
	if token == "" {
		life = -1
	}
	SetCookie(r.c, sessionCookie, token, life, r.ground.Secure)
}
