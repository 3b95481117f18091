package kit

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// uploadLimit is how long a file may take on a slow line.
const uploadLimit = 2 * time.Minute

// LongBody gives a request whose body is a file the time that a slow line needs, and ends it after that. The body stops after most bytes.
func LongBody(c echo.Context, most int64) (done func()) {
	r := c.Request()
	until := time.Now().Add(uploadLimit)
	control := http.NewResponseController(c.Response())
	_ = control.SetReadDeadline(until) // a server without deadlines has none to extend
	_ = control.SetWriteDeadline(until.Add(10 * time.Second))
	ctx, cancel := context.WithDeadline(context.WithoutCancel(r.Context()), until)
	r = r.WithContext(ctx)
	r.Body = http.MaxBytesReader(c.Response(), r.Body, most)
	c.SetRequest(r)
	return cancel
}

// Drain reads what is left of a body, up to some point: a browser that is answered while it still sends shows no answer.
func Drain(c echo.Context) { _, _ = io.Copy(io.Discard, c.Request().Body) }
