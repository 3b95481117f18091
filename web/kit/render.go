package kit

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// JSON answers with v. Nobody on the way may keep it.
func JSON(c echo.Context, status int, v any) error {
	return write(c, status, "application/json; charset=utf-8", v)
}

// Problem answers with a problem document (RFC 9457).
func Problem(c echo.Context, status int, v any) error {
	return write(c, status, "application/problem+json; charset=utf-8", v)
}

func write(c echo.Context, status int, contentType string, v any) error {
	body, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("render the answer: %w", err)
	}
	c.Response().Header().Set(echo.HeaderCacheControl, "no-store")
	return c.Blob(status, contentType, body)
}

// File hands out a file as it is. It is saved, never shown: what somebody scanned must not run as a page of ours.
func File(c echo.Context, name string, content []byte) error {
	h := c.Response().Header()
	h.Set(echo.HeaderContentDisposition, `attachment; filename="`+name+`"`)
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	h.Set(echo.HeaderCacheControl, "no-store")
	return c.Blob(http.StatusOK, echo.MIMEOctetStream, content)
}
