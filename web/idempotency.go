package web

import (
	"crypto/sha256"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
	"doorstep/web/kit"
	"doorstep/web/ui"
)

// once honours the header Idempotency-Key of a POST: what succeeded is answered again as it was, status and bytes, and marked
// with Idempotency-Replayed. The use case keeps the receipt in its own transaction; here the key only gets on its way.
func (s *Server) once(r Route, next echo.HandlerFunc) echo.HandlerFunc {
	if r.Method != http.MethodPost || r.Stream {
		return next
	}
	return func(c echo.Context) error {
		shown := c.Request().Header.Values("Idempotency-Key")
		if r.Page { // a hidden field of the form
			shown = nil
			if key := ui.FormKey(c); key != "" {
				shown = []string{key}
			}
		}
		if len(shown) == 0 {
			return next(c)
		}
		if len(shown) > 1 || !fitsKey(shown[0]) {
			return fault.New(fault.Malformed, "Idempotency-Key must stand there once, with 1 to 255 printable ASCII characters. A new random UUID for each new request is best.")
		}
		body, err := kit.Body(c)
		if err != nil {
			return err
		}
		// The address is part of what was asked: the same key and body for another case is another request.
		hash := sha256.Sum256(fmt.Appendf(nil, "%s\n%s", c.Request().URL.Path, body))
		ctx, replayed := s.o.WithKey(c.Request().Context(), r.Method+" "+r.Path, shown[0], hash[:])
		c.SetRequest(c.Request().WithContext(ctx))
		c.Response().Before(func() {
			if replayed() {
				c.Response().Header().Set("Idempotency-Replayed", "true")
			}
		})
		return next(c)
	}
}

func fitsKey(key string) bool {
	for i := range len(key) {
		if key[i] < ' ' || key[i] > '~' {
			return false
		}
	}
	return len(key) >= 1 && len(key) <= 255
}
