package ui

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// Extend tells a script how long the session of this request lasts by now: asking is using it. Without a script the page leads on to where
// somebody begins.
func Extend(c echo.Context) error {
	r := Of(c.Request().Context())
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	if c.Request().Header.Get(echo.HeaderAccept) != echo.MIMEApplicationJSON {
		return c.Redirect(http.StatusSeeOther, Start(r.Actor.Role))
	}
	return c.JSON(http.StatusOK, map[string]int{"seconds": int(time.Until(r.Session.EndsAt).Seconds())})
}

// secondsLeft is machine time, as sessions are.
func secondsLeft(ctx context.Context) string {
	return strconv.Itoa(int(time.Until(Of(ctx).Session.EndsAt).Seconds()))
}

func idleSeconds(ctx context.Context) string {
	return strconv.Itoa(int(Of(ctx).Session.Idle.Seconds()))
}

func idleMinutes(ctx context.Context) string {
	return strconv.Itoa(int(Of(ctx).Session.Idle.Minutes()))
}
