package kit

import (
	"mime"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"doorstep/internal/fault"
)

// maxFields is far more than any page asks, and far less than would cost anything to read.
const maxFields = 2000

// Form reads the fields that a page sent. Faults: those of Body, Malformed for what is no text, 415 for another content type.
func Form(c echo.Context) (url.Values, error) {
	body, err := Body(c)
	if err != nil {
		return nil, err
	}
	media, _, err := mime.ParseMediaType(c.Request().Header.Get(echo.HeaderContentType))
	if len(body) > 0 && (err != nil || media != echo.MIMEApplicationForm) {
		return nil, echo.NewHTTPError(http.StatusUnsupportedMediaType, "Send this form from its page.")
	}
	values, err := url.ParseQuery(string(body))
	if err != nil || strings.Count(string(body), "&") >= maxFields {
		return nil, fault.New(fault.Malformed, "The form did not arrive as a browser sends it.")
	}
	for name, sent := range values {
		for _, text := range append([]string{name}, sent...) {
			if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
				return nil, fault.New(fault.Malformed, "The form holds characters that are no text.")
			}
		}
	}
	return values, nil
}
