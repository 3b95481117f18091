package ui

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/labstack/echo/v4"
)

// ShowToAll is Show for a page that is the same for everybody who reads it in one language. Anyone on the way may keep it for five minutes.
func ShowToAll(view View) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := Of(c.Request().Context())
		if r.flash != nil || c.QueryParam("lang") != "" { // this one also tells the browser something
			return render(c, http.StatusOK, view)
		}
		body, err := view(r)
		if err != nil {
			return err
		}
		var page bytes.Buffer
		if err := layout(body).Render(r.Context(), &page); err != nil {
			return fmt.Errorf("render a page: %w", err)
		}
		Protect(c)
		c.Response().Header().Set(echo.HeaderVary, "Cookie") // the language is kept there
		return Cached(c, echo.MIMETextHTMLCharsetUTF8, page.Bytes())
	}
}

// Cached answers what is the same for all. A change is not seen later than in five minutes.
func Cached(c echo.Context, contentType string, body []byte) error {
	sum := sha256.Sum256(body)
	tag := fmt.Sprintf("%q", base64.RawURLEncoding.EncodeToString(sum[:12]))
	h := c.Response().Header()
	h.Set(echo.HeaderCacheControl, "public, max-age=300")
	h.Set("ETag", tag)
	if c.Request().Header.Get("If-None-Match") == tag {
		return c.NoContent(http.StatusNotModified)
	}
	return c.Blob(http.StatusOK, contentType, body)
}
